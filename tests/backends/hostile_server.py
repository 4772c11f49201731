"""A server process that answers as the model's name says: well, badly, late or never.

``python -m tests.backends.hostile_server`` prints its port, and ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import gzip
import itertools
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.backends.strict_schema import strict_problems

GOOD = {"heard": [], "slots": {}, "response": "shrug"}
FOREVER = 3600.0

Answer = Callable[[asyncio.StreamWriter, dict[str, Any]], Awaitable[None]]


def chat(content: object, finish: str = "stop", **message: Any) -> bytes:
    """The body of a chat completion."""
    said = {"role": "assistant", "content": content, **message}
    usage = {"prompt_tokens": 100, "completion_tokens": 10}
    return json.dumps({"choices": [{"index": 0, "message": said, "finish_reason": finish}], "usage": usage}).encode()


def head(length: int | None, status: str = "200 OK", *headers: str) -> bytes:
    size = [] if length is None else [f"content-length: {length}"]
    return "\r\n".join([f"HTTP/1.1 {status}", "content-type: application/json", *size, *headers, "", ""]).encode()


def typed(content_type: str, body: bytes) -> Answer:
    """Calls its answer what it is not, or is."""
    start = f"HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {len(body)}\r\n\r\n"

    async def answer(writer: asyncio.StreamWriter, asked: dict[str, Any]) -> None:
        writer.write(start.encode() + body)

    return answer


def whole(body: bytes, status: str = "200 OK", *headers: str) -> Answer:
    async def answer(writer: asyncio.StreamWriter, asked: dict[str, Any]) -> None:
        writer.write(head(len(body), status, *headers) + body)

    return answer


def late(seconds: float, then: Answer) -> Answer:
    """Says nothing for a while, and then answers."""

    async def answer(writer: asyncio.StreamWriter, asked: dict[str, Any]) -> None:
        await asyncio.sleep(seconds)
        await then(writer, asked)

    return answer


async def twice(writer: asyncio.StreamWriter, asked: dict[str, Any]) -> None:
    """Answers, and sends right after it what answers a request that nobody has made."""
    answer = head(len(GOOD_BODY)) + GOOD_BODY
    other = chat(json.dumps({**GOOD, "response": "greet"}))
    writer.write(answer + head(len(other)) + other)


def pieces(first: bytes, piece: bytes, seconds: float) -> Answer:
    """Begins, then goes on for ever, a piece at a time."""

    async def answer(writer: asyncio.StreamWriter, asked: dict[str, Any]) -> None:
        writer.write(first)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(seconds)

    return answer


def cut(data: bytes) -> Answer:
    """Sends so much and closes the connection."""

    async def answer(writer: asyncio.StreamWriter, asked: dict[str, Any]) -> None:
        writer.write(data)
        await writer.drain()
        writer.close()

    return answer


async def reset(writer: asyncio.StreamWriter, asked: dict[str, Any]) -> None:
    writer.transport.abort()


async def hang(writer: asyncio.StreamWriter, asked: dict[str, Any]) -> None:
    await asyncio.sleep(FOREVER)


async def obedient(writer: asyncio.StreamWriter, asked: dict[str, Any]) -> None:
    """Keeps to the schema, whichever envelope it came in; otherwise says the first thing that comes to mind."""
    schema = schema_of(asked)
    if "input" in asked:
        part = {"type": "output_text", "text": json.dumps(fitting(schema))}
        body = {"status": "completed", "output": [{"type": "message", "content": [part]}]}
        writer.write(head(len(data := json.dumps(body).encode())) + data)
    elif "tools" in asked:
        call = {"function": {"name": "npc_reply", "arguments": json.dumps(fitting(schema))}}
        data = chat(None, "tool_calls", tool_calls=[call])
        writer.write(head(len(data)) + data)
    else:
        data = chat(json.dumps(fitting(schema)) if schema else "Rules are rules, traveller.")
        writer.write(head(len(data)) + data)


async def strict(writer: asyncio.StreamWriter, asked: dict[str, Any]) -> None:
    """Takes no schema that breaks the rules of strict structured output, and keeps to the others."""
    schema = schema_of(asked)
    problems = ["no schema"] if schema is None else strict_problems(schema)
    if problems:
        error = {"message": f"Invalid schema: {problems[0]}", "code": "invalid_json_schema", "param": "response_format"}
        body = json.dumps({"error": error}).encode()
        writer.write(head(len(body), "400 Bad Request") + body)
    else:
        await obedient(writer, asked)


async def chat_only(writer: asyncio.StreamWriter, asked: dict[str, Any]) -> None:
    """An older server: knows `json_object`, rejects what it does not know."""
    kind = asked.get("response_format", {}).get("type")
    if "input" in asked or "tools" in asked or "grammar" in asked or "structured_outputs" in asked:
        body = b'{"error": {"message": "unknown parameter", "code": "unknown_parameter"}}'
        writer.write(head(len(body), "400 Bad Request") + body)
    elif kind == "json_schema":
        await whole(chat("Certainly! Here you are."))(writer, asked)
    else:
        await obedient(writer, asked)


def listening(pick: Callable[[list[str]], str], nods: Callable[[int], bool] = lambda number: True) -> Answer:
    """A small model that reads its prompt: hears the offered intents a word of whose id stands in the player's line,
    with the first number there. `pick` chooses among the allowed responses; where `nods` says no to the number of the
    request, nothing is heard."""
    requests = itertools.count(1)

    async def answer(writer: asyncio.StreamWriter, asked: dict[str, Any]) -> None:
        last = asked["messages"][-1]["content"]
        said = last.partition("<player_line>")[2].lower()
        offered = last.partition("Intents that make a difference now: ")[2].partition("\n")[0].split(", ")
        allowed = last.partition("Responses allowed now: ")[2].partition("\n")[0].split(", ")
        awake = nods(next(requests))
        heard = [name for name in offered if awake and any(word in said for word in name.split("_") if len(word) > 2)]
        numbers = [int(number) for number in re.findall(r"\d+", said)]
        slots = {
            intent: dict.fromkeys(part["anyOf"][0]["properties"], numbers[0]) if numbers and intent in heard else None
            for intent, part in schema_of(asked)["properties"]["slots"]["properties"].items()
        }
        reply = {"heard": heard, "slots": slots, "response": pick(allowed)}
        await whole(chat(json.dumps(reply)))(writer, asked)

    return answer


def schema_of(asked: dict[str, Any]) -> dict[str, Any] | None:
    match asked:
        case {"response_format": {"json_schema": {"schema": schema}}} | {"response_format": {"schema": schema}}:
            return schema
        case {"text": {"format": {"schema": schema}}} | {"structured_outputs": {"json": schema}}:
            return schema
        case {"tools": [{"function": {"parameters": schema}}]}:
            return schema
    return None


def fitting(schema: Any) -> Any:
    """The first value that fits a schema, as far as replies need it."""
    match schema:
        case {"enum": [first, *_]}:
            return first
        case {"anyOf": [*choices]}:
            return fitting(choices[-1])
        case {"type": "object", "properties": properties}:
            return {name: fitting(part) for name, part in properties.items()}
        case {"type": "array"}:
            return []
        case {"type": "integer"}:
            return schema.get("minimum", 1)
        case {"type": "null"}:
            return None
    return ""


GOOD_BODY = chat(json.dumps(GOOD))
BOMB = gzip.compress(b" " * 50_000_000)

ANSWERS: dict[str, Answer] = {
    "good": whole(GOOD_BODY),
    "wrong-type": typed("text/html", GOOD_BODY),
    "twice": twice,
    "obedient": obedient,
    "strict": strict,
    "chat-only": chat_only,
    "thinking": whole(chat(f"<think>Rules, rules.</think>\n{json.dumps(GOOD)}")),
    "fenced": whole(chat(f"```json\n{json.dumps(GOOD, indent=1)}\n```")),
    "reasoning-field": whole(chat("", reasoning_content=json.dumps(GOOD))),
    "thought-only": whole(chat("", reasoning="The player wants the key. I should")),
    "ignores-schema": whole(chat("Rules are rules, traveller.")),
    "invents": whole(chat(json.dumps({**GOOD, "response": "give_everything"}))),
    "another-form": whole(chat(json.dumps({"answer": "shrug"}))),
    "truncated": whole(chat('{"heard": ["gr', "length")),
    "refuses": whole(chat(None, refusal="I cannot.")),
    "filtered": whole(chat("", "content_filter")),
    "empty": whole(chat("")),
    "error-in-200": whole(b'{"error": {"code": "overloaded", "message": "later"}}'),
    "html": typed("text/html", b"<html>Bad gateway</html>"),
    "anothers": whole(chat(json.dumps({"heard": ["ask_wares"], "slots": {}, "response": "list_wares"}))),
    "not-utf-8": whole(b'{"choices": [{"message": {"content": "\xff\xfe"}}]}'),
    "late": late(3.0, whole(GOOD_BODY)),
    "endless-head": pieces(b"HTTP/1.1 200 OK\r\n", b"x-more: " + b"x" * 4_000 + b"\r\n", 0.0),
    "storm": whole(b"{}", "500 Internal Server Error"),
    "gateway-timeout": whole(b"", "504 Gateway Timeout"),
    "busy": whole(b"{}", "429 Too Many Requests", "retry-after: 120"),
    "redirect": whole(b"", "302 Found", "location: /v1/elsewhere"),
    "gzip-bomb": whole(BOMB, "200 OK", "content-encoding: gzip"),
    "endless": pieces(head(None, "200 OK", "connection: close") + b'{"choices": "', b"x" * 65_536, 0.0),
    "drips": pieces(head(1_000_000), b" ", 0.02),
    "half": cut(head(5_000) + b'{"choices": [{"mess'),
    "half-a-head": cut(b"HTTP/1.1 200 O"),
    "not-http": cut(b"\x00\x01\x02 no\r\n\r\n"),
    "reset": reset,
    "hang": hang,
}


MODELS: dict[str, Answer] = {
    "listens": listening(min),
    "picks-first": listening(lambda allowed: allowed[0]),
    "wavers": listening(min, lambda number: number % 3 != 0),
}
"""Models that do well enough to be tested against."""


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            request = await reader.readuntil(b"\r\n\r\n")
            lines = request.decode("latin-1").lower().split("\r\n")
            length = next(int(line.split(":")[1]) for line in lines if line.startswith("content-length:"))
            asked = json.loads(await reader.readexactly(length))
            await (ANSWERS | MODELS)[asked["model"]](writer, asked)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main() -> None:
    server = await asyncio.start_server(_serve, "127.0.0.1", 0, backlog=1_000)
    print(server.sockets[0].getsockname()[1], flush=True)

    def watch() -> None:
        sys.stdin.read()
        os._exit(0)  # with every answer that never ends

    threading.Thread(target=watch, daemon=True).start()
    await server.serve_forever()


@contextmanager
def hostile_server() -> Iterator[str]:
    """The server as a process of its own; gives its URL."""
    command = [sys.executable, "-m", "tests.backends.hostile_server"]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
        finally:
            process.stdin.close()
            process.wait(10)


if __name__ == "__main__":
    asyncio.run(main())

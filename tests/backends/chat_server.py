"""A real HTTP server on the loopback interface that speaks the Chat Completions dialect, well or badly."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATIENCE_SECONDS = 10.0


@dataclass(frozen=True)
class Asked:
    """A request as it came over the wire."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ChatServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append(Asked(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        behaviour = self.server.behaviours[min(len(self.server.asked), len(self.server.behaviours)) - 1]
        self.server.arrived.set()
        behaviour(self)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the tests' output is not an access log."""


Behaviour = Callable[[_Handler], None]


class ChatServer(ThreadingHTTPServer):
    """Answers each request with the next behaviour, the last one again and again.

    Attributes:
        asked: the requests so far.
        arrived: set once a request has come.
        hung_up: set once a client has closed its connection on a hanging answer.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, *behaviours: Behaviour) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behaviours = behaviours
        self.asked: list[Asked] = []
        self.arrived, self.hung_up = threading.Event(), threading.Event()
        self.url = f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: clients that hang up are what some tests are about."""

    def __enter__(self) -> ChatServer:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.shutdown()
        self.server_close()


def send(body: object, *, status: int = 200, content_type: str = "application/json", **headers: str) -> Behaviour:
    """Answers with a body: bytes as they are, anything else as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()

    def behave(handler: _Handler) -> None:
        handler.send_response(status)
        handler.send_header("content-type", content_type)
        handler.send_header("content-length", str(len(data)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(data)

    return behave


def completion(content: object, *, finish: str = "stop", refusal: object = None, **extra: Any) -> Behaviour:
    """Answers with a chat completion."""
    message = {"role": "assistant", "content": content, "refusal": refusal}
    choice = {"index": 0, "message": message, "finish_reason": finish, "logprobs": None}
    return send({"id": "c1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], **extra})


def failure(status: int, message: str = "", **error: Any) -> Behaviour:
    """Answers with an error in the form that the API gives it."""
    return send({"error": {"message": message, "type": "error", "param": None, "code": None, **error}}, status=status)


def hang(handler: _Handler) -> None:
    """Never answers; notes when the client gives up."""
    handler.connection.settimeout(PATIENCE_SECONDS)
    if handler.connection.recv(1) == b"":
        handler.server.hung_up.set()
    handler.close_connection = True


def drop_midway(handler: _Handler) -> None:
    """Begins an answer and closes the connection before its end."""
    handler.send_response(200)
    handler.send_header("content-type", "application/json")
    handler.send_header("content-length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"id": "c1", "choices": [{"mess')
    handler.close_connection = True


def drop_at_once(handler: _Handler) -> None:
    """Closes the connection without a word."""
    handler.close_connection = True

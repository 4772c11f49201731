"""What a request to a model carries, told apart from how it is worded: so that a recorded reply cannot go on passing
after the code has stopped sending something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from npc.backends.base import ModelRequest
from npc.backends.envelopes import ENVELOPES, body_of
from npc.logic.cast import Cast
from npc.prompts.data import LINE_LIMIT, player_line, quote, shown_value
from npc.prompts.describe import describe_character

SHORT = 64
"""Characters of a text in a body that are compared; a longer one is only there or not."""
TEXT = "…"


def sent_by(request: ModelRequest, cast: Cast, manner: Mapping[str, Any]) -> dict[str, Any]:
    """What a request carries, as JSON data for a recording: how it asks, the outline of the body, and which parts of
    the character and the moment stand in its messages."""
    carries = [part for part, texts in _parts(request, cast) if texts and _holds(request, texts)]
    body = _outline(body_of(manner, request.messages, request.schema)) if manner else {}
    return {"manner": dict(manner), "body": body, "carries": carries}


def lost(recorded: Mapping[str, Any], request: ModelRequest, cast: Cast) -> Iterator[str]:
    """In what the request as it would be sent now falls short of, or differs from, the recorded one; a sentence each.

    The wording of the prompt is not looked at.
    """
    parts = dict(_parts(request, cast))
    for part in recorded.get("carries", ()):
        if parts.get(part) and not _holds(request, parts[part]):
            yield f"the messages no longer hold the {part}"
    manner, before = recorded.get("manner"), recorded.get("body")
    if not (isinstance(manner, dict) and manner and isinstance(before, dict)):
        return
    if manner.keys() != {"model", "envelope", "cool"} or manner["envelope"] not in ENVELOPES:
        yield f"requests are no longer sent as {manner.get('envelope')}"
        return
    yield from _differences(before, _outline(body_of(manner, request.messages, request.schema)), "")


def _holds(request: ModelRequest, texts: Sequence[str]) -> bool:
    whole = "\n".join(message["content"] for message in request.messages)
    return all(text in whole for text in texts)


def _parts(request: ModelRequest, cast: Cast) -> Iterator[tuple[str, list[str]]]:
    """What messages should hold, by what people call it."""
    facts = request.facts if request.shown_facts is None else request.shown_facts
    declaration = cast.character(request.character).declaration
    told = describe_character(cast.catalog, declaration, list(facts), code="full", listed=True)
    yield "persona", [told["persona"]]
    yield "pseudocode", [told["pseudocode"]]
    yield "tables", [table["shown"] for table in told["tables"]]
    yield "effects", [effect["call"] for effect in told["effects"]]
    yield "facts", [fact["name"] for fact in told["facts"]]
    yield "values of the facts", [f"{name} = {shown_value(request.facts[name])}" for name in facts]
    yield "intents", [intent["id"] for intent in told["intents"]]
    yield "meanings of the intents", [intent["means"] for intent in told["intents"]]
    yield "examples of the intents", [text for intent in told["intents"] for text in intent["examples"]]
    yield "slots", [slot["name"] for intent in told["intents"] for slot in intent["slots"]]
    yield "responses", [response["id"] for response in told["responses"]]
    yield "texts of the responses", [text for response in told["responses"] for text in response["texts"]]
    yield "responses allowed now", [", ".join(request.allowed)]
    yield "intents that matter now", [", ".join(request.intents)] if request.intents else []
    yield "conversation so far", [quote(said[:LINE_LIMIT]) for said, _ in request.transcript if said]
    yield "player's line", [player_line(request.utterance)] if request.event is None else []
    yield "event", [] if request.event is None else [quote(request.event)]


def _outline(value: Any) -> Any:
    """A body without its long texts; of a schema, what it asks for."""
    if isinstance(value, Mapping):
        if value.get("type") == "object" and isinstance(value.get("properties"), Mapping):
            return {"schema of": sorted(value["properties"]), "required": sorted(value.get("required", ()))}
        return {name: TEXT if name == "content" and part else _outline(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_outline(part) for part in value]
    return TEXT if isinstance(value, str) and len(value) > SHORT else value


def _differences(before: Any, now: Any, path: str) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(now, dict):
        for name in dict.fromkeys((*before, *now)):
            place = f"{path}.{name}" if path else name
            if name not in now:
                yield f"{place} is no longer sent"
            elif name not in before:
                yield f"{place} is sent now, and was not"
            else:
                yield from _differences(before[name], now[name], place)
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for number, (old, new) in enumerate(zip(before, now, strict=True)):
            yield from _differences(old, new, f"{path}[{number}]")
    elif before != now:
        yield f"{path} was {before!r}, and is {now!r}"

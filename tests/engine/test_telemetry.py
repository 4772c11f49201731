"""OpenTelemetry, with the SDK's own doubles: what spans and metrics say of turns."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

import npc
from tests.engine.replies import reply

MODEL = "openai:gpt-4.1-mini"
LOCAL = "openai:llama3.2:3b@http://localhost:11434/v1"


class Named(npc.Backend):
    """Gives its answers under a name, with a usage."""

    def __init__(self, name: str, *answers: object) -> None:
        self.name, self.answers = name, list(answers)

    async def reply(self, request: npc.ModelRequest) -> npc.Reply:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return npc.Reply(answer, npc.Usage(900, 20, 768))  # type: ignore[arg-type]


class Told:
    """An observer, and what it told."""

    def __init__(self) -> None:
        self._spans, self._reader = InMemorySpanExporter(), InMemoryMetricReader()
        self.tracers = TracerProvider()
        self.tracers.add_span_processor(SimpleSpanProcessor(self._spans))
        self.meters = MeterProvider([self._reader])
        self.observer = npc.OpenTelemetry("player-1", tracer_provider=self.tracers, meter_provider=self.meters)

    @property
    def spans(self) -> dict[str, ReadableSpan]:
        return {span.name: span for span in self._spans.get_finished_spans()}

    def points(self, metric: str) -> list[Any]:
        data = self._reader.get_metrics_data()
        assert data is not None
        metrics = {m.name: m for r in data.resource_metrics for scope in r.scope_metrics for m in scope.metrics}
        return list(metrics[metric].data.data_points)


@pytest.fixture
def told() -> Iterator[Told]:
    made = Told()
    yield made
    made.tracers.shutdown()
    made.meters.shutdown()


async def test_a_turn_and_its_calls_are_spans(cast: npc.Cast, told: Told) -> None:
    """The turn is `invoke_agent`, each call below it `chat MODEL`, with tokens, server and errors."""
    backends = [Named(MODEL, npc.BackendError("timeout")), Named(LOCAL, reply("greet", "greet"))]
    session = npc.Session(cast, backends, observers=[told.observer])
    await session.say("warden", "hello, my name is Ann")
    turn, failed, worked = (
        told.spans[name] for name in ("invoke_agent warden", "chat gpt-4.1-mini", "chat llama3.2:3b")
    )
    assert turn.attributes is not None
    assert dict(turn.attributes) == {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.provider.name": "npc",
        "gen_ai.agent.name": "warden",
        "gen_ai.conversation.id": "player-1",
        "npc.verdict": "repaired",
        "npc.response": "greet",
        "npc.heard": ("greet",),
        "npc.backend": LOCAL,
        "error.type": "timeout",
    }
    assert failed.attributes is not None
    assert dict(failed.attributes) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4.1-mini",
        "server.address": "api.openai.com",
        "server.port": 443,
        "error.type": "timeout",
    }
    assert failed.status.status_code is StatusCode.ERROR
    assert worked.attributes is not None
    assert dict(worked.attributes) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "llama3.2:3b",
        "server.address": "localhost",
        "server.port": 11434,
        "gen_ai.usage.input_tokens": 900,
        "gen_ai.usage.output_tokens": 20,
        "gen_ai.usage.cache_read.input_tokens": 768,
    }
    for call in (failed, worked):
        assert call.kind is SpanKind.CLIENT
        assert call.parent is not None
        assert call.parent.span_id == turn.context.span_id
        assert turn.start_time <= call.start_time <= call.end_time
    assert failed.end_time <= worked.start_time + 1_000
    assert "Ann" not in "".join(span.to_json() for span in told.spans.values())


async def test_metrics_count_tokens_seconds_and_turns(cast: npc.Cast, told: Told) -> None:
    """The conventions' histograms, and turns by verdict."""
    session = npc.Session(cast, Named(MODEL, "not json", "no"), observers=[told.observer])
    await session.say("warden", "hello")
    tokens = {point.attributes["gen_ai.token.type"]: point for point in told.points("gen_ai.client.token.usage")}
    assert (tokens["input"].sum, tokens["input"].count, tokens["output"].sum) == (1_800, 2, 40)
    assert tokens["input"].explicit_bounds[:3] == (1, 4, 16)
    (seconds,) = told.points("gen_ai.client.operation.duration")
    assert seconds.count == 2
    assert seconds.attributes["error.type"] == "not-json"
    (turns,) = told.points("npc.turns")
    assert turns.value == 1
    assert dict(turns.attributes) == {
        "gen_ai.agent.name": "warden",
        "npc.verdict": "fallback",
        "error.type": "not-json",
    }
    assert told.spans["invoke_agent warden"].status.status_code is StatusCode.ERROR


async def test_the_current_span_is_the_parent(cast: npc.Cast, told: Told) -> None:
    """A game's own span holds those of its turns; events and tickets are told too; what is in the process is `npc`."""
    session = npc.Session(cast, npc.scripted(reply("greet", "greet")), observers=[told.observer])
    with told.tracers.get_tracer("game").start_as_current_span("frame") as frame:
        session.submit("warden", "hello").result()
    session.close()
    turn, call = told.spans["invoke_agent warden"], told.spans["chat scripted"]
    assert turn.parent is not None
    assert turn.parent.span_id == frame.get_span_context().span_id
    assert call.kind is SpanKind.INTERNAL
    assert call.attributes is not None
    assert call.attributes["gen_ai.provider.name"] == "npc"
    await session.event("warden", "approach")
    assert told.spans["invoke_agent warden"].attributes["npc.event"] == "approach"  # type: ignore[index]


async def test_an_observer_that_fails_costs_no_turn(cast: npc.Cast, caplog: pytest.LogCaptureFixture) -> None:
    """Its error is logged, and the next one is told all the same."""
    seen: list[npc.Turn] = []

    def broken(turn: npc.Turn) -> None:
        raise RuntimeError("no disk")

    session = npc.Session(cast, npc.scripted(reply("greet", "greet")), observers=[broken, seen.append])
    turn = await session.say("warden", "hello")
    assert seen == [turn]
    assert "an observer of turns failed" in caplog.text


def test_without_the_package_the_message_is_the_line_to_type() -> None:
    """`npc.OpenTelemetry` says what to install."""
    script = (
        "import sys; sys.modules['opentelemetry'] = None\nimport npc\n"
        "try: npc.OpenTelemetry()\nexcept npc.MissingExtra as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith('install it with: pip install "npc[otel]"')

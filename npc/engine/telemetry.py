"""OpenTelemetry: turns and model calls as spans and metrics, by the semantic conventions for generative AI.

Spans are written when a turn has ended, with the times that its trace holds; their parent is the span that is current
then. What players and characters say is not in them.
"""

from __future__ import annotations

from time import time_ns
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from npc.engine.turn import Attempt, Turn, Verdict
from npc.errors import MissingExtra

if TYPE_CHECKING:
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider

SCOPE = "npc"
OWN = "npc"
"""The provider of what answers within the process."""

PROVIDERS = {
    "api.openai.com": "openai",
    "api.anthropic.com": "anthropic",
    "generativelanguage.googleapis.com": "gcp.gemini",
    "api.mistral.ai": "mistral_ai",
    "api.groq.com": "groq",
    "api.deepseek.com": "deepseek",
    "api.x.ai": "x_ai",
}
"""Hosts whose provider has a name in the conventions; other servers go by the kind of their spec."""

TOKEN_BUCKETS = tuple(4.0**power for power in range(14))
SECOND_BUCKETS = tuple(0.01 * 2**power for power in range(14))


class OpenTelemetry:
    """An observer that tells OpenTelemetry of every turn: ``npc.Session(cast, observers=[npc.OpenTelemetry()])``.

    Args:
        conversation: what spans give as ``gen_ai.conversation.id``, such as a player's session.
        tracer_provider: None takes the global one.
        meter_provider: None takes the global one.

    Raises:
        MissingExtra: `opentelemetry-api` is not installed.
    """

    def __init__(
        self,
        conversation: str | None = None,
        *,
        tracer_provider: TracerProvider | None = None,
        meter_provider: MeterProvider | None = None,
    ) -> None:
        try:
            from opentelemetry import metrics, trace
        except ImportError:
            raise MissingExtra("Telemetry", "otel") from None
        self._conversation = conversation
        self._tracer = trace.get_tracer(SCOPE, tracer_provider=tracer_provider)
        meter = metrics.get_meter(SCOPE, meter_provider=meter_provider)
        self._tokens = meter.create_histogram(
            "gen_ai.client.token.usage",
            unit="{token}",
            description="Number of input and output tokens used.",
            explicit_bucket_boundaries_advisory=TOKEN_BUCKETS,
        )
        self._durations = meter.create_histogram(
            "gen_ai.client.operation.duration",
            unit="s",
            description="GenAI operation duration.",
            explicit_bucket_boundaries_advisory=SECOND_BUCKETS,
        )
        self._turns = meter.create_counter("npc.turns", unit="{turn}", description="Turns that ended.")

    def __call__(self, turn: Turn) -> None:
        """Tell of a turn that has just ended."""
        from opentelemetry import trace
        from opentelemetry.trace import SpanKind, Status, StatusCode

        end = time_ns()
        start = end - _ns(turn.trace.seconds)
        attributes = self._turn_attributes(turn)
        span = self._tracer.start_span(
            f"invoke_agent {turn.character}", kind=SpanKind.INTERNAL, attributes=attributes, start_time=start
        )
        if turn.verdict is Verdict.FALLBACK and turn.reason:
            span.set_status(Status(StatusCode.ERROR, turn.reason))
        context = trace.set_span_in_context(span)
        for attempt in turn.trace.attempts:
            self._tell_call(attempt, context, start)
        span.end(end)
        counted = {"gen_ai.agent.name": turn.character, "npc.verdict": str(turn.verdict)}
        self._turns.add(1, counted | ({"error.type": turn.reason} if turn.reason else {}))

    def _turn_attributes(self, turn: Turn) -> dict[str, Any]:
        attributes: dict[str, Any] = {
            "gen_ai.operation.name": "invoke_agent",
            "gen_ai.provider.name": OWN,
            "gen_ai.agent.name": turn.character,
            "npc.verdict": str(turn.verdict),
            "npc.response": turn.response,
            "npc.heard": sorted(turn.heard),
        }
        more = {
            "gen_ai.conversation.id": self._conversation,
            "npc.event": turn.event,
            "npc.backend": turn.backend,
            "error.type": turn.reason,
        }
        return attributes | {name: value for name, value in more.items() if value is not None}

    def _tell_call(self, attempt: Attempt, context: Any, turn_start: int) -> None:
        from opentelemetry.trace import SpanKind, Status, StatusCode

        common, model = _call_attributes(attempt.backend)
        if attempt.reason:
            common["error.type"] = attempt.reason
        usage = attempt.usage
        of_span = {
            "gen_ai.usage.input_tokens": usage.input_tokens,
            "gen_ai.usage.output_tokens": usage.output_tokens,
            "gen_ai.usage.cache_read.input_tokens": usage.cached_tokens,
            "npc.reask": attempt.again or None,
        }
        start = turn_start + _ns(attempt.begun)
        span = self._tracer.start_span(
            f"chat {model}",
            context=context,
            kind=SpanKind.INTERNAL if common["gen_ai.provider.name"] == OWN else SpanKind.CLIENT,
            attributes=common | {name: value for name, value in of_span.items() if value is not None},
            start_time=start,
        )
        if attempt.reason:
            span.set_status(Status(StatusCode.ERROR, attempt.reason))
        span.end(start + _ns(attempt.seconds))
        self._durations.record(attempt.seconds, common)
        for kind, count in (("input", usage.input_tokens), ("output", usage.output_tokens)):
            if count is not None:
                self._tokens.record(count, common | {"gen_ai.token.type": kind})


def _call_attributes(backend: str) -> tuple[dict[str, Any], str]:
    """What spans and metrics of a backend's calls share, and the model."""
    kind, _, rest = backend.partition(":")
    attributes: dict[str, Any] = {"gen_ai.operation.name": "chat", "gen_ai.provider.name": OWN}
    model = backend
    if kind == "openai" and rest:
        model, _, url = rest.partition("@")
        parts = urlsplit(url or "https://api.openai.com/v1")
        host = parts.hostname or ""
        attributes["gen_ai.provider.name"] = PROVIDERS.get(host, kind)
        attributes["server.address"] = host
        attributes["server.port"] = parts.port or (443 if parts.scheme == "https" else 80)
    attributes["gen_ai.request.model"] = model
    return attributes, model


def _ns(seconds: float) -> int:
    return int(seconds * 1_000_000_000)

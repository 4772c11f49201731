"""Price tables: what a million tokens of a backend cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from npc.catalog.reading import open_document
from npc.catalog.shapes import Maybe, Name, Shape
from npc.catalog.structure import check_shape
from npc.errors import CatalogError

SHIPPED = Path(__file__).with_name("prices.yaml")

Amount = Annotated[float, Field(ge=0, le=1_000_000, strict=False, allow_inf_nan=False)]


class Price(Shape):
    """What a million tokens of one backend cost."""

    input: Amount = Field(description="A million tokens of prompts.")
    output: Amount = Field(description="A million tokens of answers.")
    cached: Maybe[Amount] = Field(default=None, description="A million prompt tokens found in the provider's cache.")

    @property
    def free(self) -> bool:
        """Whether it costs nothing whatever is used."""
        return not (self.input or self.output or self.cached)

    def cost(self, input_tokens: int, output_tokens: int, cached_tokens: int) -> float:
        """What a call costs; cached tokens are among the input tokens."""
        cached = min(cached_tokens, input_tokens)
        rate = self.input if self.cached is None else self.cached
        return ((input_tokens - cached) * self.input + cached * rate + output_tokens * self.output) / 1_000_000


class PricesFile(Shape):
    """A price table: what backends cost, by the pattern that their names fit."""

    currency: Name = Field(description="What the prices are in, such as USD.")
    prices: dict[Name, Price] = Field(
        description="Pattern → prices of a million tokens. `*` stands for anything; the first pattern that fits counts."
    )


@dataclass(frozen=True)
class Prices:
    """A price table.

    Attributes:
        currency: what the prices are in.
        by_pattern: pattern → price, in the order in which they are tried.
    """

    currency: str
    by_pattern: Mapping[str, Price]

    def of(self, backend: str) -> Price | None:
        """The price of a backend by its name, such as ``openai:gpt-4.1-mini``; None where the table has none."""
        return next((price for pattern, price in self.by_pattern.items() if fnmatchcase(backend, pattern)), None)


def load_prices(path: str | Path) -> Prices:
    """Read a price table.

    Raises:
        CatalogError: the file cannot be read or holds something else; with every finding.
    """
    document = open_document(Path(path))
    shape = check_shape(document, PricesFile)
    if shape is None or document.has_errors:
        raise CatalogError(sorted(document.diagnostics, key=lambda d: (d.position, d.code)))
    return Prices(shape.currency, shape.prices)


@cache
def shipped_prices() -> Prices:
    """The table that comes with this package."""
    return load_prices(SHIPPED)

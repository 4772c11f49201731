"""Two versions of a cast compared: what characters do, what is declared, which seeds and recordings that touches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from npc.logic.cast import Cast
from npc.testing.difference.declared import DeclaredChange, declared_changes
from npc.testing.difference.report import Behaviour, compare_behaviour
from npc.testing.difference.touched import Touched, touched_recordings, touched_seeds


@dataclass(frozen=True, slots=True)
class CastDifference:
    """All that differs between two versions of a cast.

    Attributes:
        cast: the cast's id.
        behaviour: what characters do differently.
        declared: what is declared differently.
        touched: seeds and recordings that no longer hold as they stand.
    """

    cast: str
    behaviour: Behaviour
    declared: tuple[DeclaredChange, ...]
    touched: tuple[Touched, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        found = self.behaviour
        return not (found.changes or found.undecided or self.declared or self.touched)


def compare_casts(
    old: Cast,
    new: Cast,
    *,
    seeds: Sequence[Path] = (),
    recordings: Sequence[Path] = (),
    progress: Callable[[str, int], None] = lambda character, paths: None,
) -> CastDifference:
    """Compare two versions of a cast by what its characters do, not by text.

    Args:
        seeds: dialogue files whose conversations are run with both versions.
        recordings: folders of recorded replies.
        progress: told the character and the number of paths compared, every now and then.
    """
    behaviour = compare_behaviour(old, new, progress)
    touched = [*touched_seeds(old, new, seeds), *touched_recordings(old, new, recordings)]
    return CastDifference(
        new.catalog.world, behaviour, tuple(declared_changes(old.catalog, new.catalog)), tuple(touched)
    )

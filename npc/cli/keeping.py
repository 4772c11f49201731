"""What `npc play` keeps of a conversation: seeds, and the replies of a model beside them."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from npc.cli.places import WrongUse

if TYPE_CHECKING:
    import npc
    from npc.engine.session import BackendChoice


class Keeper:
    """Where the conversations of a terminal are kept.

    Args:
        cast: the cast.
        spec: what understands the player.
        file: the dialogue file that all is kept in, together with a model's replies; None: only what the player asks
            for is kept, in the cast's own file.

    Raises:
        WrongUse: the file is none that `npc test` would run with this cast.
    """

    def __init__(self, cast: npc.Cast, spec: str, file: Path | None) -> None:
        from npc.backends.specs import is_model, parts_of
        from npc.testing.from_play import default_file
        from npc.testing.recordings import Backends, Mode

        self._file, self._spec, self._cast = file or default_file(cast), spec, cast
        self._always = file is not None
        self._kept = 0
        self._model = any(is_model(part) for part in parts_of(spec))
        self._opened = Backends(spec, Mode.ALL)
        if file is not None:
            _check(cast, file)

    def backends(self) -> BackendChoice:
        """What understands the player; with a file, the replies of models go into recordings beside it."""
        from npc.testing.recordings import Log

        return self._opened.of(self._file, self._cast, Log()) if self._always and self._model else self._spec

    def keep(self, session: npc.Session, name: str | None) -> tuple[str, ...]:
        """Keep the conversation so far; what to tell of it.

        Raises:
            NpcError: it cannot be kept.
            OSError: it cannot be written.
        """
        import npc

        file = npc.save_seed(session, self._file, name)
        self._kept = len(session.records)
        again = f"npc test {shlex.quote(str(file))}"
        if self._model:
            again += f" --backend {shlex.quote(self._spec)}" + ("" if self._always else " --record once")
        return f"kept as a seed in {file}", f"next: {again}"

    def keep_rest(self, session: npc.Session) -> tuple[str, ...]:
        """Keep the conversation at its end, where all is to be kept and there is more than was kept last."""
        if not self._always or len(session.records) in (0, self._kept):
            return ()
        return self.keep(session, None)

    async def aclose(self) -> None:
        """Give back the backends."""
        await self._opened.aclose()


def _check(cast: npc.Cast, file: Path) -> None:
    from npc.testing import DialogueNotFound, find_cast_folder
    from npc.testing.places import SUFFIX

    if not file.name.endswith(SUFFIX):
        raise WrongUse(f"--record {file}: name a dialogue file, such as {file.name.partition('.')[0]}{SUFFIX}")
    folder = Path(cast.catalog.folder).resolve()
    try:
        found = find_cast_folder(file, folder.name).resolve()
    except DialogueNotFound:
        found = None
    if found != folder:
        example = Path("seeds") / folder.name / file.name
        raise WrongUse(f"--record {file}: npc test would not find the cast from there; write to {example}, say")

"""What is this export, and whose is it? Asked of every installed network, for whatever a person has downloaded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from kleos.events import Emit, silent
from kleos.files import Limits
from kleos.plugins import Loaded
from kleos.setup.looking import Guess, Looker, Recognised, Unrecognised
from kleos.setup.parts import put_together
from kleos.setup.unfolding import unfold

__all__ = ["Guess", "Recognised", "Recognition", "Unrecognised", "recognise"]


@frozen(kw_only=True)
class Recognition:
    """What came of looking at paths."""

    found: tuple[Recognised, ...]
    unknown: tuple[Unrecognised, ...]


def recognise(paths: Sequence[Path], loaded: Loaded, *, limits: Limits | None = None, emit: Emit = silent) -> Recognition:
    """Look at zips, folders and files (what is given twice counts once) and put together what belongs together.

    The networks in `loaded` are asked, each alone: one that raises is told as a `Fault` and counts as not sure at all.
    """
    looker = Looker(loaded=loaded, limits=limits or Limits(), emit=emit)
    looks: dict[Path, Recognised | Unrecognised] = {}
    for path in paths:
        for look in unfold(path, looker):
            where = look.paths[0] if isinstance(look, Recognised) else look.path
            looks.setdefault(where.resolve(), look)
    found, lost = put_together([look for look in looks.values() if isinstance(look, Recognised)], looker)
    unknown = [look for look in looks.values() if isinstance(look, Unrecognised)]
    return Recognition(found=tuple(found), unknown=(*unknown, *lost))

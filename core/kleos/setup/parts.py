"""The parts of one split export, told from several exports of one account."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from attrs import evolve

from kleos.config import BUILT_IN
from kleos.contract import Export
from kleos.errors import ExportError
from kleos.files import Limits, open_export
from kleos.setup.looking import Looker, Recognised, Unrecognised, path_settings
from kleos.setup.roster import same_owner

__all__ = ["put_together"]

_NUMBER = re.compile(r"[-_. ]*(?:part|pt)?[-_. ]*\(?\d{1,3}\)?\Z", re.IGNORECASE)
_COMPARED = 64
_HEAD = 1 << 16
_OVERLAP = 0.5


def put_together(found: Sequence[Recognised], looker: Looker) -> tuple[list[Recognised], list[Unrecognised]]:
    """Join the parts of one export into one entry, and tables of the same networks into one; the order stays that of the first of each.

    A part that does not say whose it is belongs to the only export that it may be a part of, or to the one whose file name differs in a
    number only; where that leaves several, it is given back as of no use.
    """
    joined: list[Recognised] = []
    lost: list[Unrecognised] = []
    # Those that say whose they are come first, so that the others find them.
    for one in sorted(found, key=lambda one: one.owned and one.owner is None):
        places = [place for place, other in enumerate(joined) if _belong_together(other, one, looker)]
        if len(places) > 1:
            whole = [joined[place] for place in places]
            places = [place for place in places if _stem(one) == _stem(joined[place])]
            if len(places) != 1 and one.owner is None:
                lost.append(_of_whom(one, whole))
                continue
        if len(places) == 1:
            joined[places[0]] = _join(joined[places[0]], one)
        else:
            joined.append(one)
    order = {path: place for place, one in enumerate(found) for path in one.paths}
    return sorted(joined, key=lambda one: min(order[path] for path in one.paths)), lost


def _belong_together(some: Recognised, more: Recognised, looker: Looker) -> bool:
    if (some.network, some.source) != (more.network, more.source):
        return False
    if some.source == BUILT_IN:
        return (some.networks, some.unnamed) == (more.networks, more.unnamed)
    if not some.owned or not (some.owner is None or more.owner is None or same_owner(some.owner, more.owner)):
        return False
    source = next(source for source in looker.loaded.networks[some.network].sources if source.name == some.source)
    try:
        path_settings(source, [*some.paths, *more.paths])
        return _are_parts(some.paths, more.paths, looker.limits)
    except ExportError:
        return False


def _are_parts(some: Sequence[Path], more: Sequence[Path], limits: Limits) -> bool:
    """Parts have different files; a few may stand in each of them (a manifest, a viewer). Two exports have the same files, other inside."""
    with open_export(some, limits) as first, open_export(more, limits) as second:
        mine, theirs = _by_name(first), _by_name(second)
        common = sorted({*mine} & {*theirs})
        sample = common[:: len(common) // _COMPARED + 1]
        unlike = sum(not _begin_alike(first.open(mine[name]), second.open(theirs[name])) for name in sample)
        differing = unlike / max(1, len(sample)) * len(common)
        own = min(len(first.names), len(second.names)) - (len(common) - differing)
        return own > 0 and differing <= _OVERLAP * own


def _by_name(export: Export) -> dict[str, str]:
    """Return file name → member, of names that occur once: a folder around all files is left out of one part's members, not the other's."""
    counts = Counter(member.rpartition("/")[2] for member in export.names)
    return {name: member for member in export.names if counts[name := member.rpartition("/")[2]] == 1}


def _begin_alike(one: BinaryIO, other: BinaryIO) -> bool:
    with one, other:
        return one.read(_HEAD) == other.read(_HEAD)


def _join(some: Recognised, more: Recognised) -> Recognised:
    return evolve(
        some, paths=(*some.paths, *more.paths), owner=some.owner or more.owner, sure=max(some.sure, more.sure), others=some.others
    )


def _stem(one: Recognised) -> str:
    """Return a file's name without its suffix and the number of the part."""
    return _NUMBER.sub("", one.paths[0].name.partition(".")[0])


def _of_whom(one: Recognised, whole: Sequence[Recognised]) -> Unrecognised:
    whose = " or ".join(other.owner.account if other.owner else other.paths[0].name for other in whole)
    hint = f'add it to the list of that export: {one.source} = {{ path = ["…", "{one.paths[0].name}"] }}'
    return Unrecognised(path=one.paths[0], reason=f"a part of a {one.network} export, of {whose}: it does not say", hint=hint)

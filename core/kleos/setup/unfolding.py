"""Folders: one export, or a place where several of them lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kleos.contract import account_key
from kleos.files.names import is_litter
from kleos.setup.looking import Looker, Recognised, Unrecognised

__all__ = ["unfold"]

_DEEPEST = 4
_MOST_FILES = 5_000
"""A folder with more files than this is looked at as a whole only."""
_ARCHIVES = (".zip", ".tar", ".tgz", ".tar.gz")

Found = Recognised | Unrecognised


def unfold(path: Path, looker: Looker, *, depth: int = 0) -> list[Found]:
    """Return what a path is, or, for a folder of several exports, what each of them is.

    A folder that as a whole belongs to one account is one export unless exports of other accounts, networks or sorts lie in it. A folder
    of bulk files is one source as long as all of its files are of use.
    """
    whole = looker.look(path)
    if not path.is_dir() or depth >= _DEEPEST or (isinstance(whole, Unrecognised) and whole.broken):
        return [whole]
    inside = _inside(path)
    if len(inside) > _MOST_FILES:
        return [whole]
    owned = isinstance(whole, Recognised) and whole.owned
    looks = {child: unfold(child, looker, depth=depth + 1) for child in inside if not owned or _may_be_export(child)}
    if owned and len({_whose(part) for parts in looks.values() for part in parts if isinstance(part, Recognised)}) < 2:
        return [whole]
    parts = [part for child in inside for part in looks.get(child) or unfold(child, looker, depth=depth + 1)]
    useful = [part for part in parts if isinstance(part, Recognised)]
    if not useful:
        return [whole]
    if isinstance(whole, Recognised) and len(useful) == len(parts) and {_whose(part) for part in useful} == {_whose(whole)}:
        return [whole]
    return [*_told(path, parts)]


def _inside(folder: Path) -> Sequence[Path]:
    """Return what lies in a folder, without links to folders, which could run in circles, and what file managers leave there."""
    try:
        children = sorted(folder.iterdir())
    except OSError:
        return ()
    return [
        child
        for child in children
        if not is_litter(child.name) and not child.name.startswith(".") and not (child.is_symlink() and child.is_dir())
    ]


def _may_be_export(path: Path) -> bool:
    return path.is_dir() or path.name.lower().endswith(_ARCHIVES)


def _whose(found: Recognised) -> tuple[str, str, str]:
    return found.network, found.source, account_key(found.owner.account) if found.owner else ""


def _told(folder: Path, parts: Sequence[Found]) -> Iterator[Found]:
    """Yield the parts, those that nobody knows together: a folder may hold thousands."""
    strangers = [part for part in parts if isinstance(part, Unrecognised) and part.unknown]
    yield from (part for part in parts if part not in strangers)
    if len(strangers) == 1:
        yield strangers[0]
    elif strangers:
        reason = f"no installed network knows {len(strangers):,} of the files in it, such as {strangers[0].path.name}"
        yield Unrecognised(path=folder, reason=reason, hint=strangers[0].hint, unknown=True)

"""Which files of an export hold what others did, and what is in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from attrs import frozen

from kleos.contract import Export
from kleos.errors import ExportError
from kleos_foursquare.export.splitting import split_object
from kleos_foursquare.shapes import Section, is_object

__all__ = ["File", "blocks", "bodies", "dated", "files", "has_tables_only", "place", "recognise"]

WHOLE = 8 << 20
"""Bytes up to which a JSON object is one page; an export has a thousand check-ins to a file, some hundred kilobytes."""
_PART = 4 << 20
_BLOCK = 1 << 20
_HEAD = 1 << 16
_LOOKED_AT = 20
"""Files of other names that are opened to recognise an export: archives of other networks have thousands."""
_ORDER: tuple[Section, ...] = ("friend", "comment", "tip", "list", "check-in")

# An export names its files alike in every language.
_NAMED: tuple[tuple[re.Pattern[str], Section | None], ...] = (
    (re.compile(r"checkins\d*\.json"), "check-in"),
    (re.compile(r"tips\d*\.json"), "tip"),
    (re.compile(r"lists\d*\.json"), "list"),
    (re.compile(r"users\d*\.json"), "friend"),
    (re.compile(r"comments\d*\.json"), "comment"),
    # What the owner did, or what nobody reacts to.
    (re.compile(r"(?:photos|visits|unconfirmed_visits|venueRatings|expertise|plans|shares|uniqueDevices|paymentProfiles)\d*\.json"), None),
)
_SAVED = re.compile(r".*\.(?:json|jsonl|ndjson)(?:\.gz)?", re.IGNORECASE | re.DOTALL)
_TABLE = re.compile(r"checkins\d*\.csv")

_CHECK_IN = re.compile(rb'"type"\s*:\s*"checkin"')
_MARKS: dict[Section, re.Pattern[bytes]] = {
    "check-in": _CHECK_IN,
    "tip": re.compile(rb'"agreeCount"\s*:'),
    "list": re.compile(rb'"listItems"\s*:'),
    "friend": re.compile(rb'"self"\s*:\s*\{.*"friends"\s*:', re.DOTALL),
}


@frozen
class File:
    """A file to be read."""

    name: str
    holds: Section
    """What the elements are that stand in an array of no name."""
    named: bool
    """Whether it is called as in an export; else it was known by what is in it: check-ins that were saved."""


def recognise(export: Export) -> float:
    """Tell how sure it is: 1 for an export, 0.9 for saved check-ins, from how the files begin."""
    found = 0.0
    for file in files(export, looked_at=_LOOKED_AT):
        if not file.named:
            found = max(found, 0.9)
        elif file.holds in _MARKS and _MARKS[file.holds].search(_head(export, file.name)):
            return 1.0
    return found


def files(export: Export, *, looked_at: int | None = None) -> list[File]:
    """Return the files that hold what others did, users first, check-ins last.

    Of the files that are not called as in an export, the first `looked_at` are opened to see whether they hold check-ins; None: all.
    """
    named = {name: holds for name in export.names for holds in _holds(name)}
    others = [name for name in export.names if name not in named and _SAVED.fullmatch(_last(name))]
    found = [File(name, holds, named=True) for name, holds in named.items() if holds is not None]
    found += [File(name, "check-in", named=False) for name in others[:looked_at] if _CHECK_IN.search(_head(export, name))]
    # Shorter names first: checkins2.json comes before checkins10.json.
    return sorted(found, key=lambda file: (_ORDER.index(file.holds), len(file.name), file.name))


def dated(export: Export, found: Sequence[File]) -> list[str]:
    """Return the names of all files that tell when something was done, by whomever: the `found` ones, and those of the owner's doings."""
    read = {file.name for file in found}
    return [name for name in export.names if name in read or _holds(name)]


def has_tables_only(export: Export) -> bool:
    """Tell whether the export is there as CSV, without the JSON."""
    return any(_TABLE.fullmatch(_last(name)) for name in export.names)


def bodies(export: Export, name: str) -> Iterator[tuple[bytes, bool]]:
    """Yield a file as JSON texts of some megabytes at most, and whether every line of one is a JSON text of its own.

    Raises `ExportError` for a file that breaks off, once what is whole of it has been given.
    """
    form = _form(export, name)
    if form == "array":
        yield from ((body, False) for body in export.elements(name))
    elif form == "lines":
        yield from ((body, True) for body in export.chunks(name))
    else:
        start = _start(export, name, WHOLE + 1)
        if len(start) <= WHOLE and is_object(_plain(start)):
            yield start, False
            return
        del start  # megabytes, and pages are to come
        yield from ((body, False) for body in split_object(blocks(export, name), place(export, name), _PART))


def place(export: Export, name: str) -> str:
    """Return where a file is, for messages."""
    return export.where if export.where.endswith(name) else f"{export.where}: {name}"


def blocks(export: Export, name: str) -> Iterator[bytes]:
    """Yield a file's bytes, unpacked, some at a time."""
    if _is_packed(name):
        yield from export.chunks(name)
        return
    with export.open(name) as stream:
        while block := stream.read(_BLOCK):
            yield block


def _form(export: Export, name: str) -> Literal["array", "lines", "object"]:
    head = _plain(_start(export, name, _HEAD))
    if head[:1] == b"[":
        return "array"
    if b"\n" not in head and len(head) > _HEAD // 2:
        head = _plain(_start(export, name, WHOLE))  # a line may be a whole answer of the API
    line, _, rest = head.partition(b"\n")
    return "lines" if rest.strip() and is_object(line) else "object"


def _plain(start: bytes) -> bytes:
    return start.removeprefix(b"\xef\xbb\xbf").lstrip()


def _holds(name: str) -> list[Section | None]:
    """Return what is in a file by its name: nothing for a name that is not of an export."""
    return [holds for pattern, holds in _NAMED if pattern.fullmatch(_last(name))]


def _last(name: str) -> str:
    return name.rpartition("/")[2]


def _head(export: Export, name: str) -> bytes:
    try:
        return _start(export, name, _HEAD)
    except ExportError:
        return b""


def _start(export: Export, name: str, length: int) -> bytes:
    if _is_packed(name):
        return next(export.chunks(name), b"")[:length]
    with export.open(name) as stream:
        return stream.read(length)


def _is_packed(name: str) -> bool:
    return name.lower().endswith(".gz")

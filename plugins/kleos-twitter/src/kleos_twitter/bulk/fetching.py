"""Files of collected tweets, as pages of whole lines or of whole elements of one array."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import frozen

from kleos.contract import Context, Export, Owner, Page
from kleos.errors import ExportError, ParseError
from kleos_twitter.bulk.parsing import form_of
from kleos_twitter.bulk.shapes import REFUSED, Shape
from kleos_twitter.kinds import NETWORK

__all__ = ["BulkSettings", "fetch", "recognise"]

_SUFFIXES = (".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz")
_HEAD = 1 << 16
_LOOKED_AT = 5


@frozen(kw_only=True)
class BulkSettings:
    """``[networks.twitter.bulk]``"""

    path: tuple[Path, ...]
    """A file (JSON or one JSON value a line, plain or gzipped), a folder or zip of such files, or a list of them."""


def fetch(settings: BulkSettings, owner: Owner | None, context: Context) -> Iterator[Page]:
    """Yield the files as pages. Raises `ExportError` for the first file without posts or cut off, once all others are given."""
    failures: list[ExportError] = []
    for path in settings.path:
        export = context.open_export(path)
        names = _names(export)
        if not names:
            failures.append(ExportError("expected JSON files (.json, .jsonl, .gz), found none", where=export.where, hint="give the files"))
        for done, name in enumerate(names):
            context.progress(done, len(names), "files")
            try:
                for page in _pages(export, name):
                    if context.stop.is_set():
                        return
                    yield page
            except ExportError as error:
                failures.append(error)
        context.progress(len(names), len(names), "files")
    if failures:
        more = f" (and {len(failures) - 1} more)" if len(failures) > 1 else ""
        raise ExportError(failures[0].message + more, where=failures[0].where, hint=failures[0].hint) from failures[0]


def recognise(export: Export) -> float:
    """Tell how sure it is that these are tweets, from the keys of the first page of some of its files."""
    shapes = set()
    for name in _names(export)[:_LOOKED_AT]:
        try:
            shapes.add(form_of(next(_bodies(export, name), (b"", 1))[0], name)[0])
        except (ExportError, ParseError):
            continue
    if shapes & {Shape.CLASSIC, Shape.STATUSES, Shape.ENVELOPE, Shape.FLAT}:
        return 0.9
    # Twitter's all the same, and refused with a sentence once it is read
    return 0.3 if shapes & (REFUSED.keys() - {Shape.OTHER}) else 0.0


def _names(export: Export) -> Sequence[str]:
    return export.names if len(export.names) == 1 else [name for name in export.names if name.lower().endswith(_SUFFIXES)]


def _pages(export: Export, name: str) -> Iterator[Page]:
    where = _where(export, name)
    for number, (body, line) in enumerate(_bodies(export, name)):
        if not number:
            _refuse(body, where)
        yield Page(network=NETWORK, source="bulk", where=where, owner=None, captured=None, body=body, context={"line": line})


def _where(export: Export, name: str) -> str:
    return export.where if export.where.endswith(name) else f"{export.where}: {name}"


def _refuse(body: bytes, where: str) -> None:
    try:
        shape, _ = form_of(body, where)
    except ParseError as error:
        raise ExportError(error.message, where=where, hint=error.hint) from error
    if shape in REFUSED:
        raise ExportError(REFUSED[shape], where=where, hint="leave this file out of bulk")


def _bodies(export: Export, name: str) -> Iterator[tuple[bytes, int]]:
    """Yield the file in pieces, each with the number of its first line (1 for all pieces of an array)."""
    head = _head(export, name)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ExportError(
            "expected UTF-8, found UTF-16", where=_where(export, name), hint="convert it: iconv -f UTF-16 -t UTF-8 old.jsonl > new.jsonl"
        )
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start and start[:1] not in (b"[", b"{"):
        raise ExportError(
            "expected JSON, found something else", where=_where(export, name), hint="give files of tweets as the API or twarc wrote them"
        )
    if start[:1] == b"[" and not _is_line(start):
        for body in export.elements(name):
            yield body, 1
        return
    line = 1
    for body in export.chunks(name):
        yield body, line
        line += body.count(b"\n")


def _is_line(start: bytes) -> bool:
    """Tell whether an array at the start of a file is one line of several, rather than the whole file."""
    first, newline, rest = start.partition(b"\n")
    try:
        return bool(newline and rest.strip()) and form_of(first, "")[0] is not None
    except ParseError:
        return False


def _head(export: Export, name: str) -> bytes:
    with export.open(name) as stream:
        head = stream.read(_HEAD)
    if not head.startswith(b"\x1f\x8b"):
        return head
    try:
        return zlib.decompressobj(wbits=31).decompress(head, _HEAD)
    except zlib.error:
        return b""

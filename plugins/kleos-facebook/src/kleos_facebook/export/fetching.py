"""The files of an export as pages of some megabytes, whatever their size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
from attrs import frozen

from kleos.contract import Context, Owner, Page
from kleos.contract import Export as Opened
from kleos.errors import ExportError, ParseError
from kleos_facebook.export.naming import Holds, holding
from kleos_facebook.export.shapes import Record, decoded, records
from kleos_facebook.export.splitting import split_object
from kleos_facebook.export.titles import Frame, frames_of
from kleos_facebook.kinds import NETWORK
from kleos_facebook.values import name_of

__all__ = ["Export", "fetch"]

_WHOLE = 1 << 20
"""Bytes up to which a file is one page."""
_PART = 1 << 20
_MOST_FRIENDS = 20_000
_MOST_TITLES = 2_000
_COMMENTS = b'"comments"'
_RECORD = msgspec.json.Decoder(Record)


@frozen(kw_only=True)
class Export:
    """``[networks.facebook.export]``"""

    path: Path | tuple[Path, ...]
    """The export: a folder, a zip, or all the parts of a split one."""


def fetch(settings: Export, owner: Owner | None, context: Context) -> Iterator[Page]:
    """Yield the files that hold what others did.

    Raises `ExportError` where there are none, and for the first that cannot be read or breaks off, once all others are given.
    """
    export = context.open_export(settings.path)
    files = holding(export.names, "album", "media", "posts", "wall", "pokes", "followers", "requests")
    if not files:
        raise _nothing(export)
    frames = _frames(export, owner) if any(what == "wall" for _, what in files) else ()
    failures: list[ExportError] = []
    for done, (name, what) in enumerate(files):
        context.progress(done, len(files), "files")
        try:
            for body in _pieces(export, name):
                if context.stop.is_set():
                    return
                if _may_tell(body, what):
                    told = {"frames": [list(frame) for frame in frames]} if what == "wall" else {}
                    yield Page(
                        network=NETWORK,
                        source="export",
                        where=f"{export.where}: {name}",
                        owner=owner,
                        captured=None,
                        body=body,
                        context={"holds": what, "file": name, **told},
                    )
        except ExportError as error:
            failures.append(error)
    context.progress(len(files), len(files), "files")
    if failures:
        more = f" (and {len(failures) - 1} more files have problems)" if len(failures) > 1 else ""
        raise ExportError(failures[0].message + more, where=failures[0].where, hint=failures[0].hint) from failures[0]


def _pieces(export: Opened, name: str) -> Iterator[bytes]:
    with export.open(name) as stream:
        head = stream.read(_WHOLE + 1)
    if len(head) <= _WHOLE:
        yield head
    elif head.lstrip()[:1] == b"[":
        yield from export.elements(name)
    else:
        with export.open(name) as stream:
            yield from split_object(stream, f"{export.where}: {name}", _PART)


def _may_tell(body: bytes, what: Holds) -> bool:
    """Tell whether a page is worth parsing: most photos have no comments. One that breaks off is, so that it is told."""
    return what not in ("album", "media", "posts") or _COMMENTS in body or not body.rstrip().endswith((b"]", b"}"))


def _frames(export: Opened, owner: Owner | None) -> Sequence[Frame]:
    """Return the sentences in which names stand on the timeline, learnt from those of friends."""
    friends: set[str] = set()
    for record in _few(export, "friends", _MOST_FRIENDS):
        name = name_of(record.name)
        if name:
            friends.add(name)
    friends -= set(owner.names if owner else ())
    titles = (name_of(record.title) for record in _few(export, "wall", _MOST_TITLES))
    return frames_of((title for title in titles if title), friends)


def _few(export: Opened, what: Holds, most: int) -> Iterator[Record]:
    left = most
    for name, _ in holding(export.names, what):
        for record in _readable(export, name):
            if not left:
                return
            left -= 1
            yield record


def _readable(export: Opened, name: str) -> Iterable[Record]:
    try:
        for body in _pieces(export, name):
            for raw in records(body, name):
                record = decoded(_RECORD, raw)
                if record is not None:
                    yield record
    except (ExportError, ParseError):
        return  # what is wrong with a file is told when it is read for its reactions


def _nothing(export: Opened) -> ExportError:
    html = any(name.lower().endswith((".html", ".htm")) for name in export.names)
    found = "an export in HTML" if html else "no album, wall post, poke or follower"
    return ExportError(
        f"expected an export of Facebook in JSON, found {found}",
        where=export.where,
        hint="ask for it again in the format JSON, with posts, connections and other activity; with split archives, give all parts",
    )

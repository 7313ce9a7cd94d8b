"""The source `takeout`: a Google Takeout tells whose channel it is, and nothing of what others did.

Its comments, chats, subscriptions and history are what the owner *gave*; its list of videos has no counts. So it is read for the channel's
id, handle and name only. Folders, files and columns are named in the account's language, hence files are known by what is in them.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import frozen

from kleos.contract import Context, Export, Flaw, Owner, Page, Profile, Row, Source
from kleos.errors import ExportError
from kleos_youtube.kinds import NETWORK
from kleos_youtube.values import CHANNEL

__all__ = ["TAKEOUT", "Takeout"]

_FOLDER = "youtube"
"""The brand is part of the folder's name in every language: "YouTube und YouTube Music"."""
_MOST_FILES = 200
_MOST_BYTES = 1 << 18
_MOST_ROWS = 500
_MOST_CHANNELS = 20
"""More channels than a person has: a longer list is of somebody else's."""
_COMMENT = re.compile(r"Ug[A-Za-z0-9_.-]+")
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_TITLES = ("channel title (original)", "channel title")


@frozen(kw_only=True)
class Takeout:
    """``[networks.youtube.takeout]``"""

    path: tuple[Path, ...]
    """The archive: a folder, a zip or tgz, or all the parts of a split one."""


@frozen
class _Channels:
    """What one file says of the owner's channels."""

    ids: Sequence[str]
    handles: Sequence[tuple[str, str]] = ()
    """(id, handle)"""
    names: Sequence[tuple[str, str]] = ()
    """(id, name)"""


def recognise(export: Export) -> float:
    """Tell how sure it is that this is a Takeout of YouTube; little where none of its files says whose."""
    if next(_files(export), None) is not None:
        return 1.0 if any(_in_folder(name) for name in export.names) else 0.8
    return 0.3 if any(_in_folder(name) for name in export.names) else 0.0


def owners(export: Export) -> Sequence[Owner]:
    """Return the owner with all of their channels: ids, handles, names. Empty where no file says so."""
    found = list(_files(export))
    counted = Counter(id_ for _, channels in found for id_ in channels.ids)
    # What a file of another kind was mistaken for stands in one file, one's own channel in many.
    least = max(counted.values(), default=0) / 2
    ids = [id_ for id_, count in counted.items() if count >= least]
    if not ids:
        return ()
    handles = [handle for _, channels in found for id_, handle in channels.handles if id_ in ids]
    names = [name for _, channels in found for id_, name in channels.names if id_ in ids]
    return (Owner(ids=ids, handles=dict.fromkeys(handles), names=dict.fromkeys(names)),)


def fetch(settings: Takeout, owner: Owner | None, context: Context) -> Iterator[Page]:
    """Yield the files that say something of the channel. Raises `ExportError` where there is none."""
    export = context.open_export(settings.path)
    found = [(name, channels) for name, channels in _files(export) if channels.handles or channels.names]
    for done, (name, _) in enumerate(found, 1):
        if context.stop.is_set():
            return
        yield Page(network=NETWORK, source="takeout", where=name, owner=owner, captured=None, body=_start(export, name))
        context.progress(done, len(found), "files about the channel: a Takeout holds no reactions of others")
    if not owners(export):
        raise ExportError(
            "expected a Takeout of YouTube, found no file that says whose channel it is",
            where=export.where,
            hint="choose YouTube, all of its data, at takeout.google.com, or give the channel's id as account and leave this source out",
        )


def parse(page: Page) -> Iterator[Row]:
    """Yield a `Profile` for each own channel with a handle or a name; a Takeout holds no reactions. Raises nothing."""
    rows = _rows(page.body)
    channels = _channels(rows)
    if channels is None:
        yield Flaw(where=page.where, reason="expected a table of the owner's channels, found something else")
        return
    handles, names = dict(channels.handles), dict(channels.names)
    for id_ in channels.ids:
        if id_ in handles or id_ in names:
            yield Profile(network=NETWORK, id=id_, handle=handles.get(id_), name=names.get(id_), captured=page.captured)


def _files(export: Export) -> Iterator[tuple[str, _Channels]]:
    """Yield the files that tell the owner's channels."""
    tables = [name for name in export.names if name.lower().endswith(".csv")]
    likely = [name for name in tables if _in_folder(name)] or tables
    for name in likely[:_MOST_FILES]:
        try:
            channels = _channels(_rows(_start(export, name)))
        except ExportError:
            continue
        if channels is not None:
            yield name, channels


def _in_folder(name: str) -> bool:
    return any(part.casefold().startswith(_FOLDER) for part in name.split("/")[:-1])


def _start(export: Export, name: str) -> bytes:
    with export.open(name) as stream:
        return stream.read(_MOST_BYTES)


def _rows(body: bytes) -> list[list[str]]:
    reader = csv.reader(io.StringIO(body.decode("utf-8-sig", "replace").replace("\0", ""), newline=""))
    rows: list[list[str]] = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append([cell.strip() for cell in row])
            if len(rows) > _MOST_ROWS:
                break
    except csv.Error:
        pass  # a cell beyond measure: what came before it will do
    return rows


def _channels(rows: Sequence[Sequence[str]]) -> _Channels | None:
    """Return the owner's channels as a file tells them, None for a file that does not.

    Own are the channels in a table of channels without addresses (the one of subscriptions has them), and those beside a comment's id.
    """
    if len(rows) < 2:
        return None
    header, body = [cell.casefold() for cell in rows[0]], rows[1:]
    if all(len(row) > 1 and _COMMENT.fullmatch(row[0]) and CHANNEL.fullmatch(row[1]) for row in body[:-1] or body):
        ids = dict.fromkeys(row[1] for row in body if len(row) > 1 and CHANNEL.fullmatch(row[1]))
        return _Channels(list(ids))
    own = [row for row in body if CHANNEL.fullmatch(row[0])]
    if len(own) != len(body) or len(own) > _MOST_CHANNELS or any(_ADDRESS.search(cell) for row in body for cell in row):
        return None
    title = next((header.index(name) for name in _TITLES if name in header), None)
    names = [] if title is None else [(row[0], row[title]) for row in own if len(row) > title and row[title]]
    # "Vanity URL" is in every language a word with URL in it.
    columns = [index for index, name in enumerate(header) if "url" in name]
    handles = [(row[0], row[index].removeprefix("@")) for row in own for index in columns if len(row) > index and row[index].strip("@")]
    return _Channels([row[0] for row in own], handles, names)


TAKEOUT = Source(
    name="takeout",
    title="Google Takeout (tells only whose channel it is: it holds no reactions of others)",
    settings=Takeout,
    recognise=recognise,
    owners=owners,
    fetch=fetch,
    parse=parse,
)

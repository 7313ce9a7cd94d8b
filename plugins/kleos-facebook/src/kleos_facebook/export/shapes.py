"""The records of an export, as far as they are read, and how they are found in a file.

Shapes as in the JSON Schemas of 2019 and in the code of importers since. Lists stay raw at first, so that one bad record costs only itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import msgspec

from kleos.errors import ParseError

__all__ = ["Album", "Comment", "Media", "Post", "Record", "album_in", "decoded", "records"]

Seconds = int | float | None
T = TypeVar("T")


class Comment(msgspec.Struct):
    """A comment under a photo or an album: ``{timestamp, comment, author, group?}``; the text is not read."""

    timestamp: Seconds = None
    author: str | None = None


class Media(msgspec.Struct):
    """A photo or a video: ``{uri, creation_timestamp, title?, comments?}``."""

    uri: str | None = None
    creation_timestamp: Seconds = None
    comments: list[msgspec.Raw] | None = None


class Album(msgspec.Struct):
    """``{name, photos, cover_photo, last_modified_timestamp, comments?}``"""

    name: str | None = None
    photos: list[msgspec.Raw] | None = None
    cover_photo: msgspec.Raw = msgspec.Raw(b"null")
    comments: list[msgspec.Raw] | None = None
    last_modified_timestamp: Seconds = None


class _Datum(msgspec.Struct):
    media: Media | None = None


class _Attachment(msgspec.Struct):
    data: list[_Datum] | None = None


class Post(msgspec.Struct):
    """One's own post; of interest are the photos in it."""

    attachments: list[_Attachment] | None = None

    @property
    def media(self) -> Iterator[Media]:
        """The photos and videos."""
        for attachment in self.attachments or ():
            for datum in attachment.data or ():
                if datum.media is not None:
                    yield datum.media


class Record(msgspec.Struct):
    """A wall post ``{timestamp, title}``, a poke ``{poker, pokee, timestamp}``, or a person ``{name, timestamp}``."""

    timestamp: Seconds = None
    title: str | None = None
    poker: str | None = None
    pokee: str | None = None
    name: str | None = None
    label_values: msgspec.Raw = msgspec.Raw(b"null")

    @property
    def generic(self) -> bool:
        """Whether it is in the newest shape, whose labels are in the account's language."""
        return bytes(self.label_values) != b"null"


_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ALBUM = msgspec.json.Decoder(Album)
_DEEPEST = 1
"""``{"wall_posts_sent_to_you": {"activity_log_data": […]}}``"""


def records(body: bytes, where: str) -> Sequence[msgspec.Raw]:
    """Return the records of a file: a bare list, or the lists of an object, whatever their keys (``pokes``, ``pokes_v2``).

    Raises `ParseError` for anything else.
    """
    try:
        return list(_lists(body, _DEEPEST))
    except (ValueError, RecursionError):
        raise ParseError(
            "expected JSON as Facebook writes it, found something else or text that breaks off",
            where=where,
            hint="download the export again, or leave the file out",
        ) from None


def album_in(body: bytes, where: str) -> Album:
    """Return an album; a bare list is a part of its photos. Raises `ParseError` for anything else."""
    if body.lstrip()[:1] == b"[":
        return Album(photos=list(records(body, where)))
    album = decoded(_ALBUM, body)
    if album is None:
        raise ParseError(
            "expected an album as Facebook writes it, found something else or text that breaks off",
            where=where,
            hint="download the export again, or leave the file out",
        )
    return album


def decoded(decoder: msgspec.json.Decoder[T], raw: bytes | msgspec.Raw) -> T | None:
    """Return a record; None where it is not of the type."""
    try:
        return decoder.decode(raw)
    except (ValueError, RecursionError):
        return None


def _lists(body: bytes | msgspec.Raw, deepest: int) -> Iterator[msgspec.Raw]:
    start = _start(body)
    if start == b"[":
        yield from _LIST.decode(body)
    else:
        for value in _OBJECT.decode(body).values():
            if _start(value) == b"[" or (deepest and _start(value) == b"{"):
                yield from _lists(value, deepest - 1)


def _start(text: bytes | msgspec.Raw) -> bytes:
    return bytes(memoryview(text)[:64]).lstrip()[:1]

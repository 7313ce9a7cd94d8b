"""What the dumps of yt-dlp and of youtube-comment-downloader hold, as far as it is read: texts, names and pictures are not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from kleos.errors import ParseError

__all__ = ["Comment", "Info", "comments_in", "info_in"]


class Comment(msgspec.Struct, gc=False):
    """A comment in either form: of yt-dlp with `id`, of youtube-comment-downloader with `cid`."""

    id: str = ""
    parent: str | None = None
    """The comment that it answers; "root" for none."""
    author_id: str | None = None
    author: str | None = None
    """The handle with its @; in dumps before 2023 the display name."""
    author_is_uploader: bool | None = None
    timestamp: float | None = None
    """Unix seconds, reckoned from "3 weeks ago": as coarse as that."""
    like_count: int | str | None = None
    cid: str = ""
    channel: str | None = None
    time_parsed: float | None = None
    votes: int | str | None = None
    """As YouTube shows it: "1.2K"."""


class Info(msgspec.Struct):
    """``<video>.info.json``, or what is left of it."""

    id: Any = None
    channel_id: Any = None
    uploader_id: Any = None
    """The handle with its @; in dumps before 2023 a user name or the channel's id."""
    channel: Any = None
    channel_follower_count: Any = None
    view_count: Any = None
    like_count: Any = None
    timestamp: Any = None
    upload_date: Any = None
    epoch: Any = None
    """Unix seconds of when the dump was made."""
    extractor_key: Any = None
    kind: Any = msgspec.field(default=None, name="_type")
    """"video" or "playlist"."""
    comments: msgspec.Raw = msgspec.Raw(b"null")


_INFO = msgspec.json.Decoder(Info)
_COMMENT = msgspec.json.Decoder(Comment)
_COMMENTS = msgspec.json.Decoder(list[Comment] | None)
_RAWS = msgspec.json.Decoder(list[msgspec.Raw] | None)


def info_in(body: bytes, where: str) -> Info:
    """Read an info.json. Raises `ParseError`."""
    try:
        return _INFO.decode(body)
    except (ValueError, RecursionError):
        raise _damaged("a JSON object", where) from None


def comments_in(body: bytes | msgspec.Raw, where: str, *, lines: bool = False) -> Iterator[Comment | None]:
    """Read an array of comments, or one a line; None for each that cannot be read. Raises `ParseError`."""
    try:
        yield from (_COMMENT.decode_lines(bytes(body)) if lines else _COMMENTS.decode(body)) or ()
        return
    except (ValueError, RecursionError):
        pass
    yield from (_comment(raw) for raw in (_lines(bytes(body)) if lines else _array(body, where)))


def _lines(body: bytes) -> Sequence[bytes]:
    return [line for line in body.split(b"\n") if line.strip()]


def _array(body: bytes | msgspec.Raw, where: str) -> Sequence[msgspec.Raw]:
    try:
        return _RAWS.decode(body) or ()
    except (ValueError, RecursionError):
        raise _damaged("an array of comments", where) from None


def _comment(raw: bytes | msgspec.Raw) -> Comment | None:
    try:
        return _COMMENT.decode(raw)
    except (ValueError, RecursionError):
        return None


def _damaged(what: str, where: str) -> ParseError:
    return ParseError(f"expected {what}, found something else or a file that breaks off", where=where, hint="make the dump again")

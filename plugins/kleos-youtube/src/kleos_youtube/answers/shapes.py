"""The answers of the Data API v3, as far as they are read.

Lists stay raw at first, so that one bad element costs only itself. Counts are texts in the API's JSON and numbers where others saved it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import msgspec

from kleos.errors import ParseError

__all__ = ["Answer", "Channel", "Comment", "PlaylistItem", "Thread", "Video", "decode", "elements"]

Count = str | int | None
T = TypeVar("T")


class _Camel(msgspec.Struct, rename="camel"):
    pass


class _AuthorId(_Camel):
    value: str | None = None


class _CommentSnippet(_Camel):
    author_channel_id: _AuthorId | None = None
    """Missing where the account is gone."""
    channel_id: str | None = None
    video_id: str | None = None
    parent_id: str | None = None
    like_count: Count = None
    published_at: str | None = None


class Comment(_Camel):
    """``youtube#comment``"""

    id: str
    snippet: _CommentSnippet

    @property
    def author(self) -> str | None:
        """The channel id of who wrote it."""
        found = self.snippet.author_channel_id
        return (found.value or None) if found else None


class _ThreadSnippet(_Camel):
    top_level_comment: Comment
    channel_id: str | None = None
    video_id: str | None = None
    total_reply_count: Count = None


class _Replies(_Camel):
    comments: list[msgspec.Raw] = []


class Thread(_Camel):
    """``youtube#commentThread``: a comment, and a few of the answers to it."""

    snippet: _ThreadSnippet
    replies: _Replies | None = None

    @property
    def comment(self) -> Comment:
        """The comment that the thread is about."""
        return self.snippet.top_level_comment

    @property
    def answers(self) -> Sequence[msgspec.Raw]:
        """The answers that came along: not always all of them."""
        return self.replies.comments if self.replies else ()


class _VideoSnippet(_Camel):
    channel_id: str | None = None
    published_at: str | None = None


class _VideoStatistics(_Camel):
    """Keys vanish where the owner hides the count."""

    view_count: Count = None
    like_count: Count = None


class Video(_Camel):
    """``youtube#video``"""

    id: str
    snippet: _VideoSnippet = msgspec.field(default_factory=_VideoSnippet)
    statistics: _VideoStatistics = msgspec.field(default_factory=_VideoStatistics)


class _ChannelSnippet(_Camel):
    title: str | None = None
    custom_url: str | None = None


class _ChannelStatistics(_Camel):
    subscriber_count: Count = None
    """Rounded to three digits."""
    hidden_subscriber_count: bool = False


class _Playlists(_Camel):
    uploads: str | None = None


class _ChannelContent(_Camel):
    related_playlists: _Playlists = msgspec.field(default_factory=_Playlists)


class Channel(_Camel):
    """``youtube#channel``"""

    id: str
    snippet: _ChannelSnippet = msgspec.field(default_factory=_ChannelSnippet)
    statistics: _ChannelStatistics = msgspec.field(default_factory=_ChannelStatistics)
    content_details: _ChannelContent = msgspec.field(default_factory=_ChannelContent)


class _PlaylistContent(_Camel):
    video_id: str | None = None


class PlaylistItem(_Camel):
    """``youtube#playlistItem``"""

    content_details: _PlaylistContent = msgspec.field(default_factory=_PlaylistContent)


class Answer(_Camel):
    """A page of a list."""

    kind: str
    """``youtube#commentThreadListResponse`` and the like."""
    items: list[msgspec.Raw] = []
    next_page_token: str | None = None


_ANSWER = msgspec.json.Decoder(Answer)


def decode(body: bytes, where: str) -> Answer:
    """Return a page of a list. Raises `ParseError` where it is none."""
    try:
        return _ANSWER.decode(body)
    except (ValueError, RecursionError):
        raise ParseError(
            "expected an answer of the YouTube Data API, found something else or one that breaks off", where=where, hint="collect it again"
        ) from None


def elements(raws: Sequence[msgspec.Raw], type_: type[T]) -> Iterator[tuple[int, T | None]]:
    """Yield the elements of a list with their numbers from 1; None for what is not of the type."""
    decoder = msgspec.json.Decoder(type_)
    for number, raw in enumerate(raws, 1):
        try:
            yield number, decoder.decode(raw)
        except (ValueError, RecursionError):
            yield number, None

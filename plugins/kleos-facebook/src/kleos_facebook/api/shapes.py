"""The answers of the Graph API, as far as they are read.

Lists stay raw at first, so that one bad element costs only itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar
from urllib.parse import parse_qsl, urlsplit

import msgspec

from kleos.errors import ParseError

__all__ = ["Answer", "Comment", "Post", "Reactor", "decode", "elements"]

More = tuple[tuple[str, str], ...]
T = TypeVar("T")

_PLACES = ("after", "until", "offset", "__paging_token")
"""What says where a list goes on. All else in the address of the next page is known, or a secret."""
_LONGEST_PLACE = 4_096


class _From(msgspec.Struct):
    id: str | None = None


class _Parent(msgspec.Struct):
    id: str | None = None
    by: _From | None = msgspec.field(default=None, name="from")


class Comment(msgspec.Struct):
    """``{id, from{id}, created_time, like_count, parent{id, from{id}}}``; `from` is missing where the token may not know it."""

    id: str
    created_time: str | None = None
    like_count: int | None = None
    by: _From | None = msgspec.field(default=None, name="from")
    parent: _Parent | None = None

    @property
    def author(self) -> str | None:
        """The id of who wrote it."""
        return (self.by.id or None) if self.by else None

    @property
    def answered(self) -> str | None:
        """The id of the comment that it answers."""
        return (self.parent.id or None) if self.parent else None

    @property
    def answered_author(self) -> str | None:
        """The id of who wrote that."""
        return (self.parent.by.id or None) if self.parent and self.parent.by else None


class Reactor(msgspec.Struct):
    """``{id}``: who it is."""

    id: str


class _Shares(msgspec.Struct):
    count: int | None = None


class _Summary(msgspec.Struct):
    total_count: int | None = None
    viewer_reaction: str | None = None


class _Edge(msgspec.Struct):
    summary: _Summary | None = None


class Post(msgspec.Struct):
    """``{id, from{id}, created_time, shares{count}, reactions{summary}, comments{summary}}``"""

    id: str
    created_time: str | None = None
    by: _From | None = msgspec.field(default=None, name="from")
    shares: _Shares | None = None
    reactions: _Edge | None = None
    comments: _Edge | None = None

    @property
    def author(self) -> str | None:
        """The id of who wrote it."""
        return (self.by.id or None) if self.by else None

    @property
    def reacted(self) -> int | None:
        """How many have reacted, the Page itself left out; None where it is not told."""
        summary = self.reactions.summary if self.reactions else None
        if summary is None or summary.total_count is None:
            return None
        own = summary.viewer_reaction not in (None, "", "NONE")
        return max(0, summary.total_count - own)

    @property
    def shared(self) -> int | None:
        """How often it was shared; None where it was not."""
        return self.shares.count if self.shares else None

    @property
    def commented(self) -> int | None:
        """How many comments there are, the Page's own among them; None where it is not told."""
        return self.comments.summary.total_count if self.comments and self.comments.summary else None


class _Paging(msgspec.Struct):
    next: str | None = None


class Answer(msgspec.Struct):
    """A page of a list (`data`), or a Page (`id`)."""

    data: list[msgspec.Raw] | None = None
    paging: _Paging | None = None
    id: str | None = None
    name: str | None = None
    username: str | None = None
    fan_count: int | None = None
    followers_count: int | None = None
    error: msgspec.Raw = msgspec.Raw(b"null")

    @property
    def more(self) -> More:
        """Where the list goes on, as parameters for the same question; empty at its end."""
        try:
            query = urlsplit((self.paging.next if self.paging else None) or "").query
            found = parse_qsl(query, max_num_fields=100)
        except ValueError:
            return ()
        return tuple((name, value) for name, value in found if name in _PLACES and len(value) <= _LONGEST_PLACE)


_ANSWER = msgspec.json.Decoder(Answer)


def decode(body: bytes, where: str) -> Answer:
    """Return a page of a list, or a Page. Raises `ParseError` where it is neither."""
    try:
        answer = _ANSWER.decode(body)
    except (ValueError, RecursionError):
        answer = Answer()
    if bytes(answer.error) != b"null" or (answer.data is None and not answer.id):
        raise ParseError(
            "expected an answer of the Graph API, found something else or one that breaks off", where=where, hint="collect it again"
        )
    return answer


def elements(raws: Sequence[msgspec.Raw] | None, type_: type[T]) -> Iterator[tuple[int, T | None]]:
    """Yield the elements of a list with their numbers from 1; None for what is not of the type."""
    decoder = msgspec.json.Decoder(type_)
    for number, raw in enumerate(raws or (), 1):
        try:
            yield number, decoder.decode(raw)
        except (ValueError, RecursionError):
            yield number, None

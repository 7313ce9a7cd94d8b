"""The answers of the Graph API, as far as they are read. Lists stay raw at first, so that one bad element costs only itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

import msgspec

from kleos.errors import ParseError

__all__ = ["Comment", "Discovery", "LinkedPage", "Listing", "Media", "Mentioned", "Metric", "User", "decode", "elements"]

T = TypeVar("T")
Id = str | int
Count = str | int | None


class User(msgspec.Struct):
    """An account. With the login of Instagram `user_id` is the account's id, and `id` one that only the app knows it by."""

    id: Id
    user_id: Id | None = None
    username: str | None = None
    name: str | None = None
    followers_count: Count = None

    @property
    def account(self) -> str:
        """The account's id."""
        return str(self.user_id or self.id)


class LinkedPage(msgspec.Struct):
    """A Page of Facebook, and the account of Instagram that is linked to it."""

    instagram_business_account: User | None = None


class _Cursors(msgspec.Struct):
    after: str | None = None


class _Paging(msgspec.Struct):
    cursors: _Cursors | None = None
    next: str | None = None


class Listing(msgspec.Struct):
    """A page of a list."""

    data: list[msgspec.Raw]
    paging: _Paging | None = None

    @property
    def after(self) -> str:
        """Where the next page begins; empty where nothing says so."""
        if self.paging is None:
            return ""
        told = self.paging.cursors.after if self.paging.cursors else None
        return told or next(iter(parse_qs(urlsplit(self.paging.next or "").query).get("after", ())), "")

    @property
    def goes_on(self) -> bool:
        """Whether the answer says that there is a next page; the list of tags never does."""
        return bool(self.paging and self.paging.next)


class _Owner(msgspec.Struct):
    id: Id | None = None


class Media(msgspec.Struct):
    """A post."""

    id: Id
    timestamp: str | None = None
    username: str | None = None
    owner: _Owner | None = None
    media_product_type: str | None = None
    like_count: Count = None
    """Missing where the owner hides it."""
    comments_count: Count = None


class _From(msgspec.Struct):
    id: Id | None = None
    username: str | None = None


class Comment(msgspec.Struct, rename={"author": "from"}):
    """A comment or an answer to one."""

    id: Id
    timestamp: str | None = None
    username: str | None = None
    author: _From | None = None
    like_count: Count = None
    parent_id: Id | None = None
    replies: Listing | None = None
    media: Media | None = None

    @property
    def handle(self) -> str | None:
        """The user name of who wrote it; None where Instagram does not tell."""
        return self.username or (self.author.username if self.author else None) or None

    @property
    def actor(self) -> str | None:
        """The id of who wrote it, else the user name."""
        return str(self.author.id) if self.author and self.author.id else self.handle


class Discovery(msgspec.Struct):
    """What everybody may know of a professional account."""

    business_discovery: User


class Mentioned(msgspec.Struct):
    """The post, or the comment, in which one was mentioned."""

    mentioned_media: Media | None = None
    mentioned_comment: Comment | None = None


class _Value(msgspec.Struct):
    value: Count = None


class Metric(msgspec.Struct):
    """One number of a post's insights."""

    name: str
    values: list[_Value] = []
    total_value: _Value | None = None

    @property
    def total(self) -> Count:
        """The number, in either form."""
        if self.total_value is not None:
            return self.total_value.value
        return self.values[0].value if self.values else None


def decode(body: bytes, type_: type[T], where: str) -> T:
    """Return an answer; raises `ParseError` for one of another shape, and for what is no JSON."""
    try:
        return msgspec.json.decode(body, type=type_)
    except (ValueError, RecursionError):
        raise ParseError("expected an answer of the Graph API, found something else or one that breaks off", where=where) from None


def elements(raw: Sequence[msgspec.Raw], type_: type[T]) -> Iterator[tuple[int, T | None]]:
    """Yield each element's number from 1, and the element; None for one that has another shape."""
    for number, one in enumerate(raw, 1):
        try:
            yield number, msgspec.json.decode(one, type=type_)
        except (ValueError, RecursionError):
            yield number, None

"""The answers of the API, as far as they are read. Every part may be missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

import msgspec

from kleos.errors import ParseError

__all__ = ["Answer", "Comment", "Post", "Reaction", "decode", "elements", "next_start"]

T = TypeVar("T")


class _Shape(msgspec.Struct, rename="camel"):
    """Unknown fields are left out."""


class Link(_Shape):
    rel: str | None = None
    href: str | None = None


class Paging(_Shape):
    start: int | None = None
    count: int | None = None
    total: int | None = None
    links: list[Link] | None = None


class Answer(_Shape):
    """A list, each element read on its own: a broken one costs only itself."""

    elements: list[msgspec.Raw]
    paging: Paging = msgspec.field(default_factory=Paging)


class Stamp(_Shape):
    """Who did something, and when (unix ms)."""

    actor: str | None = None
    time: int | None = None


class Post(_Shape):
    id: str
    lifecycle_state: str | None = None
    published_at: int | None = None
    created_at: int | None = None

    @property
    def posted(self) -> int | None:
        return self.created_at if self.published_at is None else self.published_at


class Reaction(_Shape):
    id: str | None = None
    created: Stamp = msgspec.field(default_factory=Stamp)


class Summary(_Shape):
    aggregated_total_comments: int | None = None
    total_first_level_comments: int | None = None


class Comment(_Shape):
    id: str | None = None
    comment_urn: str | None = None
    actor: str | None = None
    created: Stamp = msgspec.field(default_factory=Stamp)
    parent_comment: str | None = None
    """There for one that answers another: such ones are asked for with the comment that they answer."""
    comments_summary: Summary | None = None

    @property
    def author(self) -> str | None:
        return self.actor or self.created.actor

    @property
    def answers(self) -> int:
        """How many comments answer it, as far as the API says."""
        summary = self.comments_summary or Summary()
        return max(summary.aggregated_total_comments or 0, summary.total_first_level_comments or 0)


_DECODER = msgspec.json.Decoder(Answer)


def decode(body: bytes, where: str) -> Answer:
    """Return an answer; raises `ParseError` for what is no list of elements."""
    try:
        return _DECODER.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise ParseError("expected a list of LinkedIn's API, found something else, or one that breaks off", where=where) from None


def elements(answer: Answer, shape: type[T]) -> Iterator[tuple[int, T | None]]:
    """Yield the elements with their places, None for one that is not of the shape."""
    for place, raw in enumerate(answer.elements):
        try:
            yield place, msgspec.json.decode(raw, type=shape)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            yield place, None


def next_start(answer: Answer, start: int, asked: int) -> int | None:
    """Return where the next page begins, None after the last.

    A link to it decides where there are links; else the total, where it is told; else whether this page was full.
    """
    found = len(answer.elements)
    after = start + found
    for link in answer.paging.links or ():
        if link.rel == "next":
            told = _start_in(link.href)
            return max(after, told) if told is not None and told > start else after if found else None
    if not found:
        return None
    if answer.paging.total is not None and answer.paging.total > 0:
        return after if after < answer.paging.total else None
    return after if found >= (answer.paging.count or asked) else None


def _start_in(href: str | None) -> int | None:
    try:
        told = parse_qs(urlsplit(href or "").query).get("start", [""])[0]
    except ValueError:
        return None
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else None

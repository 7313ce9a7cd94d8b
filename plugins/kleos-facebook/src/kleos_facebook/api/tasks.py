"""The questions that are asked of the Graph API. Each is small enough to stand in a cursor; times are unix microseconds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec

__all__ = ["Comments", "Look", "Posts", "Reactions", "Shares", "Tagged", "Task", "Visitors"]

More = tuple[tuple[str, str], ...]
"""Where a list goes on: see `kleos_facebook.api.shapes.Answer.more`."""

_MANY = 100
_POSTS = 25
"""Posts come with counts, which Facebook adds up for every answer: of more it may say that it is too much."""


class _Task(msgspec.Struct, frozen=True, tag_field="ask"):
    """A question: where it is asked, its parameters, and what its answer does not repeat (see `kleos_facebook.api.parsing`)."""

    needs: ClassVar[str]
    """What the token has to be allowed for it."""

    @property
    def path(self) -> str:
        raise NotImplementedError

    def parameters(self) -> Mapping[str, Any]:
        raise NotImplementedError

    def context(self) -> Mapping[str, Any]:
        raise NotImplementedError


class Look(_Task, frozen=True, tag="look"):
    """Which Page is it, and how many follow it?"""

    needs = "pages_read_engagement"
    account: str
    """An id, a user name, or ``me``: the Page whose token it is."""

    @property
    def path(self) -> str:
        return self.account

    def parameters(self) -> Mapping[str, Any]:
        return {"fields": "id,name,username,followers_count,fan_count"}

    def context(self) -> Mapping[str, Any]:
        return {"ask": "look"}


class _OfPage(_Task, frozen=True):
    edge: ClassVar[str]
    page: str
    since: int
    """When the last whole pass over the Page began; 0 for never."""
    more: More = ()

    @property
    def path(self) -> str:
        return f"{self.page}/{self.edge}"

    def parameters(self) -> Mapping[str, Any]:
        return {"fields": "id,from{id},created_time", "limit": _MANY, **dict(self.more)}


class Posts(_OfPage, frozen=True, tag="posts"):
    """Which posts has the Page, and how many reactions, comments and shares has each? The newest first."""

    needs = "pages_read_engagement"
    edge = "posts"

    def parameters(self) -> Mapping[str, Any]:
        counts = "shares,reactions.limit(0).summary(true),comments.filter(stream).limit(0).summary(true)"
        return {"fields": f"id,created_time,{counts}", "limit": _POSTS, **dict(self.more)}

    def context(self) -> Mapping[str, Any]:
        return {"ask": "posts", "page": self.page}


class Visitors(_OfPage, frozen=True, tag="visitors"):
    """What have others written on the Page? The newest first, among the Page's own posts."""

    needs = "pages_read_user_content"
    edge = "feed"

    def context(self) -> Mapping[str, Any]:
        return {"ask": "visitors", "page": self.page}


class Tagged(_OfPage, frozen=True, tag="tagged"):
    """Which posts of others mention the Page? The newest first."""

    needs = "pages_read_user_content"
    edge = "tagged"

    def context(self) -> Mapping[str, Any]:
        return {"ask": "tagged", "page": self.page}


class _OfPost(_Task, frozen=True):
    edge: ClassVar[str]
    page: str
    post: str
    time: int | None
    """When it was posted."""
    more: More = ()

    @property
    def path(self) -> str:
        return f"{self.post}/{self.edge}"


class Reactions(_OfPost, frozen=True, tag="reactions"):
    """Who has reacted to a post?"""

    needs = "pages_read_engagement"
    edge = "reactions"

    def parameters(self) -> Mapping[str, Any]:
        return {"fields": "id", "limit": _MANY, **dict(self.more)}

    def context(self) -> Mapping[str, Any]:
        return {"ask": "reactions", "page": self.page, "post": self.post, "time": self.time}


class Comments(_OfPost, frozen=True, tag="comments"):
    """Who has commented on a post, or answered a comment on it? The newest first."""

    needs = "pages_read_user_content"
    edge = "comments"
    since: int = 0
    """What is older than this was asked for before."""

    def parameters(self) -> Mapping[str, Any]:
        fields = "id,from{id},created_time,like_count,parent{id,from{id}}"
        return {"fields": fields, "filter": "stream", "order": "reverse_chronological", "limit": _MANY, **dict(self.more)}

    def context(self) -> Mapping[str, Any]:
        return {"ask": "comments", "page": self.page, "post": self.post, "time": self.time}


class Shares(_OfPost, frozen=True, tag="shares"):
    """Who has shared a post, as far as they did it in public?"""

    needs = "pages_read_user_content"
    edge = "sharedposts"

    def parameters(self) -> Mapping[str, Any]:
        return {"fields": "id,from{id},created_time", "limit": _MANY, **dict(self.more)}

    def context(self) -> Mapping[str, Any]:
        return {"ask": "shares", "page": self.page, "post": self.post, "time": self.time}


Task = Look | Posts | Visitors | Tagged | Reactions | Comments | Shares

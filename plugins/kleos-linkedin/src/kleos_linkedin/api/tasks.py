"""The questions that are asked of the API. Each costs one request; each is small enough to stand in a cursor.

Their paths are written out with their queries: the API wants the brackets and colons of its own query language as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import msgspec

__all__ = ["MANY", "Comments", "Posts", "Reactions", "Replies", "Task"]

MANY = 100
"""As many elements as one answer is asked to have."""


class _Task(msgspec.Struct, frozen=True, tag_field="ask"):
    """A question about a page, its path, and what its answer does not repeat."""

    organization: str
    """The page's URN."""

    def path(self) -> str:
        raise NotImplementedError

    def context(self) -> Mapping[str, Any]:
        return {"ask": self.__struct_config__.tag, "organization": self.organization}


class Posts(_Task, frozen=True, tag="posts"):
    """Which posts did the page publish? The newest first."""

    start: int = 0

    def path(self) -> str:
        return f"/rest/posts?author={_urn(self.organization)}&q=author&sortBy=CREATED&{_paged(self.start)}"


class Reactions(_Task, frozen=True, tag="reactions"):
    """Who reacted to a post? The newest first."""

    post: str
    posted: int | None
    """Unix milliseconds."""
    since: int = 0
    """What was given before then (unix ms) is known."""
    start: int = 0

    def path(self) -> str:
        query = f"q=entity&sort=(value:REVERSE_CHRONOLOGICAL)&{_paged(self.start)}"
        return f"/rest/reactions/(entity:{_urn(self.post)})?{query}"

    def context(self) -> Mapping[str, Any]:
        return {**super().context(), "post": self.post, "posted": self.posted}


class Comments(_Task, frozen=True, tag="comments"):
    """Who wrote under a post?"""

    post: str
    posted: int | None
    start: int = 0

    def path(self) -> str:
        return f"/rest/socialActions/{_urn(self.post)}/comments?{_paged(self.start)}"

    def context(self) -> Mapping[str, Any]:
        return {**super().context(), "post": self.post, "posted": self.posted}


class Replies(_Task, frozen=True, tag="replies"):
    """Who answered a comment?"""

    post: str
    posted: int | None
    comment: str
    to_own: bool
    """Whether the comment is the page's own."""
    commented: int | None = None
    """When the comment was written, in unix milliseconds."""
    start: int = 0

    def path(self) -> str:
        return f"/rest/socialActions/{_urn(self.comment)}/comments?{_paged(self.start)}"

    def context(self) -> Mapping[str, Any]:
        told = {"post": self.post, "posted": self.posted, "comment": self.comment, "to_own": self.to_own, "commented": self.commented}
        return {**super().context(), **told}


Task = Posts | Reactions | Comments | Replies


def _urn(urn: str) -> str:
    return quote(urn, safe="")


def _paged(start: int) -> str:
    return f"start={start}&count={MANY}"

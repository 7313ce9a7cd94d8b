"""The questions that are asked of the Graph API. Each is small enough to stand in a cursor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec

from kleos_instagram.api.shapes import Discovery, Listing, Mentioned, User

__all__ = ["Accounts", "Audience", "Comments", "Insights", "Look", "Mention", "Posts", "Replies", "Tags", "Task", "ask_name"]

_MANY = 50
_USER = "id,username,name,followers_count"
_COMMENT = "id,timestamp,username,from{id,username},like_count"
_MEDIA = "id,timestamp,username,like_count,comments_count,media_product_type"


class _Task(msgspec.Struct, frozen=True, tag_field="ask"):
    """A question: where it goes, its parameters, the shape of its answer, and what the answer does not repeat (see `parsing`)."""

    answer: ClassVar[Any]

    @property
    def path(self) -> str:
        raise NotImplementedError

    def parameters(self) -> Mapping[str, str]:
        raise NotImplementedError

    def context(self) -> Mapping[str, Any]:
        return {}


class Look(_Task, frozen=True, tag="look"):
    """Who is it, and how many follow them?"""

    answer = User
    account: str
    """The account's id, or "me", which only the login of Instagram knows."""

    @property
    def path(self) -> str:
        return self.account

    def parameters(self) -> Mapping[str, str]:
        return {"fields": f"user_id,{_USER}" if self.account == "me" else _USER}


class Accounts(_Task, frozen=True, tag="accounts"):
    """Which accounts are linked to the Pages that the token may see?"""

    answer = Listing
    after: str = ""

    @property
    def path(self) -> str:
        return "me/accounts"

    def parameters(self) -> Mapping[str, str]:
        return _paged(f"instagram_business_account{{{_USER}}}", self.after)


class Posts(_Task, frozen=True, tag="posts"):
    """What has been posted, and how many liked it? The newest first."""

    answer = Listing
    user: str
    after: str = ""

    @property
    def path(self) -> str:
        return f"{self.user}/media"

    def parameters(self) -> Mapping[str, str]:
        return _paged(_MEDIA, self.after)

    def context(self) -> Mapping[str, Any]:
        return {"user": self.user}


class Comments(_Task, frozen=True, tag="comments"):
    """Who wrote what under a post? The newest first."""

    answer = Listing
    user: str
    media: str
    published: str | None
    """When the post was, as the API writes it."""
    since: int
    """What was written before (unix µs) is known."""
    after: str = ""

    @property
    def path(self) -> str:
        return f"{self.media}/comments"

    def parameters(self) -> Mapping[str, str]:
        return _paged(f"{_COMMENT},replies.limit({_MANY}){{{_COMMENT}}}", self.after)

    def context(self) -> Mapping[str, Any]:
        return {"user": self.user, "media": self.media, "published": self.published}


class Replies(_Task, frozen=True, tag="replies"):
    """Who answered a comment, beyond those that came along with it?"""

    answer = Listing
    user: str
    media: str
    published: str | None
    comment: str
    to_own: bool
    """Whether the comment is the owner's own."""
    since: int
    """As of its comment."""
    after: str = ""

    @property
    def path(self) -> str:
        return f"{self.comment}/replies"

    def parameters(self) -> Mapping[str, str]:
        return _paged(_COMMENT, self.after)

    def context(self) -> Mapping[str, Any]:
        told = {"user": self.user, "media": self.media, "published": self.published}
        return {**told, "comment": self.comment, "to_own": self.to_own}


class Insights(_Task, frozen=True, tag="insights"):
    """How many saved, shared and saw a post?"""

    answer = Listing
    user: str
    media: str
    published: str | None

    @property
    def path(self) -> str:
        return f"{self.media}/insights"

    def parameters(self) -> Mapping[str, str]:
        return {"metric": "saved,shares,views"}

    def context(self) -> Mapping[str, Any]:
        return {"user": self.user, "media": self.media, "published": self.published}


class Tags(_Task, frozen=True, tag="tags"):
    """In whose posts is the account tagged?"""

    answer = Listing
    user: str
    since: int
    after: str = ""

    @property
    def path(self) -> str:
        return f"{self.user}/tags"

    def parameters(self) -> Mapping[str, str]:
        return _paged("id,timestamp,username", self.after)

    def context(self) -> Mapping[str, Any]:
        return {"user": self.user}


class Mention(_Task, frozen=True, tag="mention"):
    """Who mentioned the account in this post, or in this comment?"""

    answer = Mentioned
    user: str
    media: str
    comment: str = ""

    @property
    def path(self) -> str:
        return self.user

    def parameters(self) -> Mapping[str, str]:
        if self.comment:
            return {"fields": f"mentioned_comment.comment_id({self.comment}){{id,timestamp,username,media{{id,username}}}}"}
        return {"fields": f"mentioned_media.media_id({self.media}){{id,timestamp,username}}"}

    def context(self) -> Mapping[str, Any]:
        return {"user": self.user}


class Audience(_Task, frozen=True, tag="audience"):
    """How many follow somebody? Instagram knows only professional accounts by their user names."""

    answer = Discovery
    user: str
    handle: str
    actor: str

    @property
    def path(self) -> str:
        return self.user

    def parameters(self) -> Mapping[str, str]:
        return {"fields": f"business_discovery.username({self.handle}){{id,username,followers_count}}"}

    def context(self) -> Mapping[str, Any]:
        return {"actor": self.actor}


Task = Look | Accounts | Posts | Comments | Replies | Insights | Tags | Mention | Audience


def ask_name(task: Task) -> str:
    """Return the word for what is asked, as cursors and pages have it."""
    return str(task.__struct_config__.tag)


def _paged(fields: str, after: str) -> Mapping[str, str]:
    return {"fields": fields, "limit": str(_MANY), **({"after": after} if after else {})}

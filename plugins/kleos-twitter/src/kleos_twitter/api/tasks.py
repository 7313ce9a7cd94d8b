"""The questions that are asked of the API. Each says the most that its answer can hold, and is small enough to stand in a cursor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import msgspec

__all__ = ["MANY", "Audiences", "Dialect", "Likes", "Look", "Me", "Mentions", "Own", "Quotes", "Replies", "Reposts", "Resource", "Task"]

MANY = 100
"""As many accounts as one question takes, and as many posts or accounts as one answer gives."""
_FEWEST_QUOTES = 10
"""The API gives no smaller page of quotes."""

Dialect = Literal["tweets", "posts"]
"""The words of a question: those of 2021, as documented, or those that X's own client of 2026 uses."""
Resource = Literal["own", "post", "user"]
"""What an answer holds, by what X takes for it."""

_USER = "public_metrics,username,name"


class _Task(msgspec.Struct, frozen=True, tag_field="ask"):
    resource: ClassVar[Resource]

    @property
    def path(self) -> str:
        """The address without host and parameters."""
        raise NotImplementedError

    @property
    def size(self) -> int:
        """How many posts or accounts the answer holds at the most."""
        raise NotImplementedError

    def parameters(self, dialect: Dialect) -> Mapping[str, str]:
        raise NotImplementedError

    def context(self) -> Mapping[str, Any]:
        """What the parser needs to know of the question."""
        return {"ask": type(self).__name__.lower()}


class Me(_Task, frozen=True, tag="me"):
    """Whose is the token?"""

    resource = "user"
    path = "/2/users/me"
    size = 1

    def parameters(self, dialect: Dialect) -> Mapping[str, str]:
        return {"user.fields": _USER}


class Look(_Task, frozen=True, tag="look"):
    """Which accounts are these? One field of the two is filled."""

    resource = "user"
    ids: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        return "/2/users" if self.ids else "/2/users/by"

    @property
    def size(self) -> int:
        return len(self.ids or self.handles)

    def parameters(self, dialect: Dialect) -> Mapping[str, str]:
        by = {"ids": ",".join(self.ids)} if self.ids else {"usernames": ",".join(self.handles)}
        return {**by, "user.fields": _USER}


class Audiences(_Task, frozen=True, tag="audiences"):
    """How many follow each of these accounts?"""

    resource = "user"
    path = "/2/users"
    users: tuple[str, ...]

    @property
    def size(self) -> int:
        return len(self.users)

    def parameters(self, dialect: Dialect) -> Mapping[str, str]:
        return {"ids": ",".join(self.users), "user.fields": "public_metrics"}


class _Listed(_Task, frozen=True):
    """A list of posts, the newest first, from `since` (an id) or `start` (a time) until before `until` (an id)."""

    user: str
    most: int
    since: str = ""
    start: str = ""
    until: str = ""
    token: str = ""

    @property
    def size(self) -> int:
        return self.most

    def parameters(self, dialect: Dialect) -> Mapping[str, str]:
        bounds = {"since_id": self.since, "start_time": "" if self.since else self.start, "until_id": self.until}
        return {"max_results": str(self.most), **_given(bounds), **_given({"pagination_token": self.token}), **_posts(dialect)}

    def context(self) -> Mapping[str, Any]:
        return {**super().context(), "subject": self.user}


class Own(_Listed, frozen=True, tag="own"):
    """What did they post, and what are the totals?"""

    resource = "own"

    @property
    def path(self) -> str:
        return f"/2/users/{self.user}/tweets"

    def parameters(self, dialect: Dialect) -> Mapping[str, str]:
        return {**super().parameters(dialect), "exclude": "retweets", **_posts(dialect, with_totals=True)}


class Mentions(_Listed, frozen=True, tag="mentions"):
    """Who named or answered them?"""

    resource = "own"

    @property
    def path(self) -> str:
        return f"/2/users/{self.user}/mentions"


class Replies(_Listed, frozen=True, tag="replies"):
    """Who answered them, without naming them as well? The search knows the last seven days."""

    resource = "post"
    path = "/2/tweets/search/recent"

    def parameters(self, dialect: Dialect) -> Mapping[str, str]:
        asked = dict(super().parameters(dialect))
        if self.token:
            asked["next_token"] = asked.pop("pagination_token")
        return {"query": f"to:{self.user} -is:retweet", **asked}


class _About(_Task, frozen=True):
    """Who reacted to a post of `user`; `more` since it was last asked. `made` is the post's time as text."""

    user: str
    post: str
    more: int
    made: str = ""
    token: str = ""

    @property
    def size(self) -> int:
        return min(self.more, MANY)

    def parameters(self, dialect: Dialect) -> Mapping[str, str]:
        return {"max_results": str(self.size), "user.fields": _USER, **_given({"pagination_token": self.token})}

    def context(self) -> Mapping[str, Any]:
        return {**super().context(), "subject": self.user, "item": self.post, "item_time": self.made}


class Quotes(_About, frozen=True, tag="quotes"):
    """Who quoted it?"""

    resource = "post"

    @property
    def path(self) -> str:
        return f"/2/tweets/{self.post}/quote_tweets"

    @property
    def size(self) -> int:
        return min(max(self.more, _FEWEST_QUOTES), MANY)

    def parameters(self, dialect: Dialect) -> Mapping[str, str]:
        return {"max_results": str(self.size), **_given({"pagination_token": self.token}), **_posts(dialect)}


class Reposts(_About, frozen=True, tag="reposts"):
    """Who reposted it?"""

    resource = "user"

    @property
    def path(self) -> str:
        return f"/2/tweets/{self.post}/retweeted_by"


class Likes(_About, frozen=True, tag="likes"):
    """Who liked it? The API knows 100 of them, and tells only the author."""

    resource = "user"

    @property
    def path(self) -> str:
        return f"/2/tweets/{self.post}/liking_users"


Task = Me | Look | Own | Mentions | Replies | Quotes | Reposts | Likes | Audiences


def _given(parameters: Mapping[str, str]) -> Mapping[str, str]:
    return {name: value for name, value in parameters.items() if value}


def _posts(dialect: Dialect, *, with_totals: bool = False) -> Mapping[str, str]:
    """Ask for who wrote a post, when, and to what; the words of 2026 have some of that only together with what it refers to."""
    totals = ",public_metrics" if with_totals else ""
    if dialect == "tweets":
        return {"tweet.fields": f"author_id,created_at,in_reply_to_user_id,referenced_tweets,entities{totals}"}
    return {
        "post.fields": f"created_at,entities{totals}",
        "expansions": "author_id,in_reply_to_user_id,referenced_posts",
        "user.fields": _USER,
    }

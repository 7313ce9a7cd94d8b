"""The records of the API v2, as far as they are read: a page, and the posts and accounts in it.

Read are the words of 2021 (tweets, retweet_count) and those of 2026 (posts, repost_count) alike. Nothing in them is watched by the garbage
collector but a page's own lists: it would take a tenth of the time.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

__all__ = ["Audience", "Envelope", "FlatPost", "Includes", "Mention", "Metrics", "Post", "User"]

Count = Annotated[int, msgspec.Meta(ge=0)]
Id = Annotated[str, msgspec.Meta(min_length=1)]


class Audience(msgspec.Struct, gc=False):
    """The numbers of an account."""

    followers_count: Count | None = None


class User(msgspec.Struct, gc=False):
    """An account."""

    id: Id
    username: str | None = None
    name: str | None = None
    public_metrics: Audience | None = None


class Mention(msgspec.Struct, gc=False):
    """An account named in a text; older pages give only its name."""

    username: str | None = None
    id: str | None = None
    start: int | None = None


class Entities(msgspec.Struct, gc=False):
    """What was recognised in a text."""

    mentions: tuple[Mention, ...] = ()


class Metrics(msgspec.Struct, gc=False):
    """The numbers of a post."""

    like_count: Count | None = None
    retweet_count: Count | None = None
    repost_count: Count | None = None
    reply_count: Count | None = None
    quote_count: Count | None = None
    bookmark_count: Count | None = None
    impression_count: Count | None = None


class Sort(msgspec.Struct, gc=False):
    """How one post refers to another."""

    type: str = ""


class Reference(Sort, gc=False, kw_only=True):
    """A post that another refers to, by its id and how; flattened, it is there itself."""

    id: Id
    author_id: str | None = None
    created_at: str | None = None
    author: User | None = None


class Original(Reference, gc=False, kw_only=True):
    """A post in a page's includes, or whole inside of another: its numbers are read, and not whom its text names."""

    referenced_tweets: tuple[Sort, ...] | None = None
    referenced_posts: tuple[Sort, ...] | None = None
    public_metrics: Metrics | None = None


class Post(msgspec.Struct, gc=False):
    """A post in a page's data."""

    id: Id
    author_id: str | None = None
    created_at: str | None = None
    in_reply_to_user_id: str | None = None
    referenced_tweets: tuple[Reference, ...] | None = None
    referenced_posts: tuple[Reference, ...] | None = None
    entities: Entities | None = None
    public_metrics: Metrics | None = None
    author: User | None = None


class Request(msgspec.Struct, gc=False):
    """What twarc notes of the request."""

    retrieved_at: str | None = None


class FlatPost(Post, gc=False):
    """A flattened line."""

    referenced_tweets: tuple[Original, ...] | None = None
    referenced_posts: tuple[Original, ...] | None = None
    in_reply_to_user: User | None = None
    twarc: Request | None = msgspec.field(default=None, name="__twarc")


class Includes(msgspec.Struct, gc=False):
    """A page's lookup table."""

    users: list[User] = []
    tweets: list[Original] = []
    posts: list[Original] = []


class Envelope(msgspec.Struct, gc=False):
    """A page: a list of posts, or a single one."""

    data: list[Post] | Post
    includes: Includes | None = None
    twarc: Request | None = msgspec.field(default=None, name="__twarc")

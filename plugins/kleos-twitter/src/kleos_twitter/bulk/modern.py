"""Posts as the API v2 gives them: pages with a lookup table of accounts and posts, or flattened to one post per line.

Read are the words of 2021 (tweets, retweet_count) and those of 2026 (posts, repost_count) alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

import msgspec

from kleos.contract import Flaw, account_key
from kleos_twitter.bulk.gathering import NEVER, Gathered
from kleos_twitter.times import microseconds, time_of_id

__all__ = ["Envelope", "FlatPost", "read_envelopes", "read_flat"]

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

    mentions: list[Mention] = []


class Metrics(msgspec.Struct, gc=False):
    """The numbers of a post."""

    like_count: Count | None = None
    retweet_count: Count | None = None
    repost_count: Count | None = None
    reply_count: Count | None = None
    quote_count: Count | None = None
    bookmark_count: Count | None = None
    impression_count: Count | None = None


class Post(msgspec.Struct, gc=False):
    """A post, as a line, in a page's data, in its includes, or inside of another (where `type` says how it is referred to)."""

    id: Id
    type: str = ""
    author_id: str | None = None
    created_at: str | None = None
    in_reply_to_user_id: str | None = None
    referenced_tweets: list[Post] | None = None
    referenced_posts: list[Post] | None = None
    entities: Entities | None = None
    public_metrics: Metrics | None = None
    author: User | None = None
    in_reply_to_user: User | None = None


class Request(msgspec.Struct, gc=False):
    """What twarc notes of the request."""

    retrieved_at: str | None = None


class FlatPost(Post, gc=False):
    """A flattened line."""

    twarc: Request | None = msgspec.field(default=None, name="__twarc")


class Includes(msgspec.Struct, gc=False):
    """A page's lookup table."""

    users: list[User] = []
    tweets: list[Post] = []
    posts: list[Post] = []


class Envelope(msgspec.Struct, gc=False):
    """A page: a list of posts, or a single one."""

    data: list[Post] | Post
    includes: Includes | None = None
    twarc: Request | None = msgspec.field(default=None, name="__twarc")


class _Lookup:
    """What a page says of the accounts and posts that its posts refer to by id or name."""

    def __init__(self, users: Sequence[User] = (), posts: Sequence[Post] = ()) -> None:
        self.users = {user.id: user for user in users}
        self.posts = {post.id: post for post in posts}
        self._ids: dict[str, str] | None = None

    def id_of(self, mention: Mention) -> str | None:
        """Return the id of a mentioned account, else its handle."""
        if mention.id:
            return mention.id
        if self._ids is None:
            self._ids = {account_key(user.username): user.id for user in self.users.values() if user.username}
        return self._ids.get(account_key(mention.username or ""), mention.username)


_NOTHING = _Lookup()


def read_envelopes(pages: Sequence[Envelope], into: Gathered) -> None:
    """Gather who reacted to whom, the totals of all posts but retweets, and the accounts seen.

    Totals and audiences are dated by the request, or where that is not told by the newest post of the page.
    """
    contents = [page.data if isinstance(page.data, list) else [page.data] for page in pages]
    times = iter(microseconds([post.created_at for posts in contents for post in posts]))
    requests = microseconds([page.twarc.retrieved_at if page.twarc else None for page in pages])
    for page, posts, requested in zip(pages, contents, requests, strict=True):
        own = [next(times) for _ in posts]
        captured = requested
        if captured is None:
            captured = max((time for time in own if time is not None), default=None)
        includes = page.includes or Includes()
        others = [*includes.tweets, *includes.posts]
        lookup = _Lookup(includes.users, [*others, *posts])
        for user in includes.users:
            _account(user, captured, into)
        for post in others:
            _totals(post, post.author_id, captured, into)
        for post, time in zip(posts, own, strict=True):
            _read(post, time, captured, lookup, into)


def read_flat(posts: Sequence[FlatPost], into: Gathered) -> None:
    """Gather the same from flattened posts, which hold what they refer to."""
    times = microseconds([post.created_at for post in posts])
    requests = microseconds([post.twarc.retrieved_at if post.twarc else None for post in posts])
    for post, time, requested in zip(posts, times, requests, strict=True):
        captured = time if requested is None else requested
        for inner in (post, *_references(post)):
            if inner.author is not None:
                _account(inner.author, captured, into)
            if inner is not post:
                _totals(inner, _author(inner), captured, into)
        if post.in_reply_to_user is not None:
            _account(post.in_reply_to_user, captured, into)
        _read(post, time, captured, _NOTHING, into)


def _read(post: Post, time: int | None, captured: int | None, lookup: _Lookup, into: Gathered) -> None:
    actor = _author(post)
    if actor is None:
        into.flaws.append(Flaw(where=f"post {post.id}", reason="a post without its author (the request did not ask for author_id)"))
        return
    if time is None:
        time = time_of_id(post.id)
        if post.created_at is not None:
            into.flaws.append(Flaw(where=f"post {post.id}", reason="a date that cannot be read"))
    user = post.author or lookup.users.get(actor)
    audience = user.public_metrics.followers_count if user is not None and user.public_metrics is not None else None
    add = into.reactions.append
    target, item, item_time = post.in_reply_to_user_id, None, None
    for reference in _references(post):
        original = lookup.posts.get(reference.id, reference)
        subject = _author(original)
        if reference.type == "retweeted":
            # the counts and mentions of a retweet repeat those of the original
            subject = subject or _retweeted_author(post, lookup)
            if subject is not None and subject != actor:
                add(("retweet", subject, actor, reference.id, time, post.id, original.created_at, audience))
            return
        if reference.type == "replied_to":
            target, item, item_time = target or subject, reference.id, original.created_at
        elif reference.type == "quoted" and subject is not None and subject != actor:
            add(("quote", subject, actor, reference.id, time, post.id, original.created_at, audience))
    if target and target != actor:
        add(("reply", target, actor, item, time, post.id, item_time, audience))
    if post.entities is not None and post.entities.mentions:
        # a reply names its target in the text as well: one reaction
        for name in _mentioned(post.entities.mentions, {actor, target, user.username if user is not None else None}, lookup, into):
            add(("mention", name, actor, None, time, post.id, None, audience))
    _totals(post, actor, captured, into)


def _mentioned(mentions: Sequence[Mention], seen: set[str | None], lookup: _Lookup, into: Gathered) -> Iterator[str]:
    for mention in mentions:
        name = lookup.id_of(mention)
        if name and name not in seen:
            seen.add(name)
            if mention.id and mention.username:
                into.called.add((name, mention.username))
            yield name


def _references(post: Post) -> Sequence[Post]:
    return post.referenced_tweets or post.referenced_posts or ()


def _author(post: Post) -> str | None:
    return post.author_id or (post.author.id if post.author is not None else None)


def _retweeted_author(post: Post, lookup: _Lookup) -> str | None:
    """Return who is named after ``RT @`` where the original is not in the page."""
    for mention in post.entities.mentions if post.entities is not None else ():
        if mention.start == len("RT "):
            return lookup.id_of(mention)
    return None


def _account(user: User, captured: int | None, into: Gathered) -> None:
    audience = user.public_metrics.followers_count if user.public_metrics is not None else None
    mark = (-1 if captured is None else captured, -1 if audience is None else audience, user.name or "")
    key = (user.id, user.username or "")
    if into.accounts.get(key, NEVER) < mark:
        into.accounts[key] = mark


def _totals(post: Post, subject: str | None, captured: int | None, into: Gathered) -> None:
    metrics = post.public_metrics
    if metrics is None or captured is None or subject is None or any(other.type == "retweeted" for other in _references(post)):
        return
    for kind, total in (
        ("like", metrics.like_count),
        ("retweet", metrics.retweet_count or metrics.repost_count),
        ("reply", metrics.reply_count),
        ("quote", metrics.quote_count),
        ("bookmark", metrics.bookmark_count),
        ("view", metrics.impression_count),
    ):
        if total:
            into.total(kind, post.id, (captured, total, subject, post.created_at or ""))

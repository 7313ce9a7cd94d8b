"""Posts of the API v2: pages with a lookup table of accounts and posts, or flattened to one post per line; what they say of reactions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain, compress, repeat
from operator import attrgetter

from kleos.contract import Flaw, account_key
from kleos_twitter.bulk.gathering import Gathered
from kleos_twitter.bulk.records import Audience, Envelope, FlatPost, Includes, Mention, Metrics, Original, Post, Reference, Sort, User
from kleos_twitter.times import microseconds

__all__ = ["read_answer", "read_envelopes", "read_flat"]


class _Lookup:
    """What a page says of the accounts and posts that its posts refer to by id or name."""

    def __init__(self, users: Sequence[User] = (), posts: Mapping[str, Post | Original] | None = None) -> None:
        self.users = {user.id: user for user in users}
        self.posts = posts or {}
        self._ids: dict[str, str] | None = None

    def id_of(self, mention: Mention) -> str | None:
        """Return the id of a mentioned account, else its handle."""
        if mention.id:
            return mention.id
        if self._ids is None:
            self._ids = {account_key(user.username): user.id for user in self.users.values() if user.username}
        return self._ids.get(account_key(mention.username or ""), mention.username)


_NOTHING = _Lookup()
_NO_INCLUDES = Includes()
_NO_AUDIENCE = Audience()
_NO_METRICS = Metrics()


def read_envelopes(pages: Sequence[Envelope], into: Gathered) -> None:
    """Gather who reacted to whom, the totals of all posts but retweets, and the accounts seen.

    Totals and audiences are dated by the request, or where that is not told by the newest post of the page.
    """
    contents = [page.data if isinstance(page.data, list) else [page.data] for page in pages]
    requests = microseconds([page.twarc.retrieved_at if page.twarc else None for page in pages], into.times)
    seen = _Seen()
    for page, posts, requested in zip(pages, contents, requests, strict=True):
        captured = requested
        if captured is None:
            times = microseconds([post.created_at for post in posts])
            captured = max((time for time in times if time is not None), default=None)
        _read_page(page, posts, captured, (), into, seen)
    seen.give(into)


def read_answer(page: Envelope, captured: int | None, known: Sequence[Post], into: Gathered) -> None:
    """Gather the same from one page that was captured then (unix µs); `known` are posts that it may refer to and does not hold."""
    posts = page.data if isinstance(page.data, list) else [page.data]
    seen = _Seen()
    _read_page(page, posts, captured, known, into, seen)
    seen.give(into)


def read_flat(posts: Sequence[FlatPost], into: Gathered) -> None:
    """Gather the same from flattened posts, which hold what they refer to."""
    captured = microseconds([post.twarc.retrieved_at if post.twarc else None for post in posts], into.times)
    if None in captured:
        times = microseconds([post.created_at for post in posts])
        captured = [time if requested is None else requested for time, requested in zip(times, captured, strict=True)]
    references = [post.referenced_tweets or post.referenced_posts or () for post in posts]
    inner = list(chain.from_iterable(references))
    dated = list(chain.from_iterable(map(repeat, captured, map(len, references))))
    seen = _Seen()
    seen.refer(posts, captured)
    seen.refer(inner, dated)
    users = chain((post.author for post in posts), (post.in_reply_to_user for post in posts), (post.author for post in inner))
    seen.meet([*users], [*captured, *captured, *dated])
    _read(posts, _NOTHING, into)
    seen.give(into)


class _Seen:
    """Accounts and posts, each with when it was captured (unix µs): handed on in columns, since a call for each would cost too much."""

    def __init__(self) -> None:
        self.users: list[User] = []
        self.met: list[int | None] = []
        """When each of the users was captured."""
        self.posts: list[Post | Original] = []
        """Posts that are no retweets: the counts of a retweet repeat those of the original."""
        self.captured: list[int | None] = []

    def meet(self, users: Sequence[User | None], captured: Sequence[int | None]) -> None:
        """Take the accounts that there are."""
        are_there = [user is not None for user in users]
        self.users += compress(users, are_there)  # type: ignore[arg-type]  # those that are there
        self.met += compress(captured, are_there)

    def refer(self, posts: Sequence[Post | Original], captured: Sequence[int | None]) -> None:
        """Take posts."""
        references = [post.referenced_tweets or post.referenced_posts for post in posts]
        are_counted = [not found or not _is_retweet(found) for found in references]
        self.posts += compress(posts, are_counted)
        self.captured += compress(captured, are_counted)

    def give(self, into: Gathered) -> None:
        """Hand everything on."""
        into.meet(
            [user.id for user in self.users],
            [user.username for user in self.users],
            [user.name for user in self.users],
            [(user.public_metrics or _NO_AUDIENCE).followers_count for user in self.users],
            self.met,
        )
        authors = [post.author_id or _author(post) for post in self.posts]
        numbers = [(post.public_metrics if author else None) or _NO_METRICS for post, author in zip(self.posts, authors, strict=True)]
        into.count(
            [post.id for post in self.posts],
            [author or "" for author in authors],
            [post.created_at for post in self.posts],
            self.captured,
            {kind: map(total_of, numbers) for kind, total_of in _TOTALS.items()},
        )
        into.settle()


_TOTALS: Mapping[str, Callable[[Metrics], int | None]] = {
    "like": attrgetter("like_count"),
    "retweet": lambda numbers: numbers.retweet_count or numbers.repost_count,
    "reply": attrgetter("reply_count"),
    "quote": attrgetter("quote_count"),
    "bookmark": attrgetter("bookmark_count"),
    "view": attrgetter("impression_count"),
}


def _read_page(  # noqa: PLR0917  # called for every page
    page: Envelope, posts: Sequence[Post], captured: int | None, known: Sequence[Post], into: Gathered, seen: _Seen
) -> None:
    includes = page.includes or _NO_INCLUDES
    seen.users += includes.users
    seen.met += [captured] * len(includes.users)
    several: Sequence[Sequence[Post | Original]] = (includes.tweets, includes.posts, posts)
    held = {post.id: post for post in chain.from_iterable(several)}
    seen.refer(list(held.values()), [captured] * len(held))
    _read(posts, _Lookup(includes.users, {**{post.id: post for post in known}, **held} if known else held), into)


def _read(posts: Sequence[Post], lookup: _Lookup, into: Gathered) -> None:
    first = into.post([post.id for post in posts], [post.created_at for post in posts])
    for place, post in enumerate(posts, first):
        actor = post.author_id or _author(post)
        if actor is None:
            into.flaws.append(Flaw(where=f"post {post.id}", reason="a post without its author (the request did not ask for author_id)"))
            continue
        references = post.referenced_tweets or post.referenced_posts
        mentions = post.entities.mentions if post.entities is not None else ()
        if references or mentions or post.in_reply_to_user_id:
            _react(post, place, actor, references or (), mentions, lookup, into)


def _react(  # noqa: PLR0917  # called for every other post
    post: Post, place: int, actor: str, references: Sequence[Reference], mentions: Sequence[Mention], lookup: _Lookup, into: Gathered
) -> None:
    user = post.author or lookup.users.get(actor)
    numbers = None if user is None else user.public_metrics
    audience = None if numbers is None else numbers.followers_count
    add = into.react
    target, item, item_time = post.in_reply_to_user_id, None, None
    for reference in references:
        original = lookup.posts.get(reference.id, reference)
        subject = original.author_id or _author(original)
        sort = reference.type
        if sort == "retweeted":
            # the mentions of a retweet repeat those of the original
            subject = subject or _retweeted_author(mentions, lookup)
            if subject is not None and subject != actor:
                add(("retweet", subject, actor, reference.id, audience, place, original.created_at))
            return
        if sort == "replied_to":
            target, item, item_time = target or subject, reference.id, original.created_at
        elif sort == "quoted" and subject is not None and subject != actor:
            add(("quote", subject, actor, reference.id, audience, place, original.created_at))
    if target and target != actor:
        add(("reply", target, actor, item, audience, place, item_time))
    if mentions:
        # a reply names its target in the text as well: one reaction
        seen = {actor, target, None if user is None else user.username}
        for mention in mentions:
            name = mention.id or lookup.id_of(mention)
            if name and name not in seen:
                seen.add(name)
                if mention.id and mention.username:
                    into.call((name, mention.username))
                add(("mention", name, actor, None, audience, place, None))


def _is_retweet(references: Sequence[Sort]) -> bool:
    return references[0].type == "retweeted" or (len(references) > 1 and "retweeted" in [other.type for other in references])


def _author(post: Post | Reference) -> str | None:
    return post.author_id or (post.author.id if post.author is not None else None)


def _retweeted_author(mentions: Sequence[Mention], lookup: _Lookup) -> str | None:
    """Return who is named after ``RT @`` where the original is not in the page."""
    return next((lookup.id_of(mention) for mention in mentions if mention.start == len("RT ")), None)

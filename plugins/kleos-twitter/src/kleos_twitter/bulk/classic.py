"""Tweets as the API v1.1 gave them: the actor in `user`, what it reacted to embedded."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Annotated

import msgspec

from kleos.contract import Flaw, account_key
from kleos_twitter.bulk.gathering import Gathered
from kleos_twitter.times import microseconds, time_of_id

__all__ = ["Statuses", "Tweet", "read"]

Count = Annotated[int, msgspec.Meta(ge=0)]
Id = Annotated[str, msgspec.Meta(min_length=1)]

_NO_ID = (None, "", "-1")
"""What stands for the id of a mentioned account that does not exist."""

_AUTHOR = re.compile(r"https?://[^/]+/(\w+)/status/")


class User(msgspec.Struct, gc=False):
    """Who wrote a tweet, as it was when the tweet was captured."""

    id_str: Id
    screen_name: str | None = None
    name: str | None = None
    followers_count: Count | None = None


class Mention(msgspec.Struct, gc=False):
    """An account named in a text."""

    id_str: str | None = None
    screen_name: str | None = None


class Entities(msgspec.Struct, gc=False):
    """What was recognised in a text."""

    user_mentions: tuple[Mention, ...] = ()


class Extended(msgspec.Struct, gc=False):
    """The whole of a long tweet in a stream: its entities stand for those of the shortened text."""

    entities: Entities | None = None


class Permalink(msgspec.Struct, gc=False):
    """The address of a quoted tweet: it names the author, even where the tweet itself is gone."""

    expanded: str | None = None


class Original(msgspec.Struct, gc=False):
    """A tweet inside of another: what was retweeted or quoted."""

    id_str: Id
    user: User
    created_at: str | None = None
    favorite_count: Count | None = None
    retweet_count: Count | None = None
    reply_count: Count | None = None
    quote_count: Count | None = None


class Tweet(Original, gc=False):
    """A line."""

    in_reply_to_status_id_str: str | None = None
    in_reply_to_user_id_str: str | None = None
    in_reply_to_screen_name: str | None = None
    retweeted_status: Original | None = None
    quoted_status: Original | None = None
    quoted_status_id_str: str | None = None
    quoted_status_permalink: Permalink | None = None
    entities: Entities | None = None
    extended_tweet: Extended | None = None


class Statuses(msgspec.Struct, gc=False):
    """A search page."""

    statuses: list[Tweet]


def read(tweets: Sequence[Tweet], into: Gathered) -> None:
    """Gather who reacted to whom, the totals of all posts but retweets, and the accounts seen.

    Totals and audiences are dated by the tweet that they came with: v1.1 does not say when it was asked.
    """
    times = microseconds([tweet.created_at for tweet in tweets], into.times)
    posts: list[Original] = []
    captured: list[int | None] = []
    actors: list[User] = []
    met: list[int | None] = []
    for tweet, created in zip(tweets, times, strict=True):
        time = created
        if time is None:
            time = time_of_id(tweet.id_str)
            if tweet.created_at is not None:
                into.flaws.append(Flaw(where=f"tweet {tweet.id_str}", reason="a date that cannot be read"))
        if tweet.retweeted_status is not None:
            # the counts, mentions and quotes of a retweet repeat those of the original
            actors.append(tweet.user)
            met.append(time)
            posts.append(tweet.retweeted_status)
            captured.append(time)
            _shared("retweet", tweet, tweet.retweeted_status, time, into)
            continue
        posts.append(tweet)
        captured.append(time)
        if tweet.quoted_status is not None:
            posts.append(tweet.quoted_status)
            captured.append(time)
            _shared("quote", tweet, tweet.quoted_status, time, into)
        elif tweet.quoted_status_id_str is not None:
            _quoted_by_address(tweet, time, into)
        if tweet.in_reply_to_user_id_str or tweet.in_reply_to_screen_name:
            _replied(tweet, time, into)
        entities = tweet.entities
        if tweet.extended_tweet is not None and tweet.extended_tweet.entities is not None:
            entities = tweet.extended_tweet.entities
        if entities is not None and entities.user_mentions:
            _mentioned(tweet, entities.user_mentions, time, into)
    _give(posts, captured, actors, met, into)


def _give(
    posts: Sequence[Original], captured: Sequence[int | None], actors: Sequence[User], met: Sequence[int | None], into: Gathered
) -> None:
    """Hand on accounts, and posts with their authors and totals, in columns: a call for each would cost as much again."""
    users = [*(post.user for post in posts), *actors]
    into.meet(
        [user.id_str for user in users],
        [user.screen_name for user in users],
        [user.name for user in users],
        [user.followers_count for user in users],
        [*captured, *met],
    )
    into.count(
        [post.id_str for post in posts],
        [post.user.id_str for post in posts],
        [post.created_at for post in posts],
        captured,
        {kind: map(total_of, posts) for kind, total_of in _TOTALS.items()},
    )


_TOTALS: Mapping[str, Callable[[Original], int | None]] = {
    "like": attrgetter("favorite_count"),
    "retweet": attrgetter("retweet_count"),
    "reply": attrgetter("reply_count"),
    "quote": attrgetter("quote_count"),
}


def _shared(kind: str, tweet: Tweet, original: Original, time: int | None, into: Gathered) -> None:
    user, subject = tweet.user, original.user.id_str
    if subject != user.id_str:
        into.reactions.append((kind, subject, user.id_str, original.id_str, time, tweet.id_str, original.created_at, user.followers_count))


def _quoted_by_address(tweet: Tweet, time: int | None, into: Gathered) -> None:
    """A quoted tweet that is gone: its address still names the author."""
    link, user = tweet.quoted_status_permalink, tweet.user
    found = _AUTHOR.match(link.expanded) if link is not None and link.expanded else None
    if found is not None and found[1] != "i" and not _is_called(user, found[1]):
        into.reactions.append(("quote", found[1], user.id_str, tweet.quoted_status_id_str, time, tweet.id_str, None, user.followers_count))


def _replied(tweet: Tweet, time: int | None, into: Gathered) -> None:
    user, subject, handle = tweet.user, tweet.in_reply_to_user_id_str, tweet.in_reply_to_screen_name
    if subject and handle:
        into.called.add((subject, handle))
    if not (subject == user.id_str if subject else _is_called(user, handle)):
        into.reactions.append(
            ("reply", subject or handle or "", user.id_str, tweet.in_reply_to_status_id_str, time, tweet.id_str, None, user.followers_count)
        )


def _mentioned(tweet: Tweet, mentions: Sequence[Mention], time: int | None, into: Gathered) -> None:
    user, handle = tweet.user, tweet.in_reply_to_screen_name
    seen = {user.id_str, tweet.in_reply_to_user_id_str}
    for mention in mentions:
        is_known = mention.id_str not in _NO_ID
        subject = mention.id_str if is_known else mention.screen_name
        # a reply names its target in the text as well: one reaction
        if not subject or subject in seen or (handle is not None and mention.screen_name == handle):
            continue
        seen.add(subject)
        if is_known and mention.screen_name:
            into.called.add((subject, mention.screen_name))
        into.reactions.append(("mention", subject, user.id_str, None, time, tweet.id_str, None, user.followers_count))


def _is_called(user: User, handle: str | None) -> bool:
    return account_key(handle or "") == account_key(user.screen_name or "")

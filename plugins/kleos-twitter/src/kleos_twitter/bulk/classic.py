"""Tweets as the API v1.1 gave them: the actor in `user`, what it reacted to embedded."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Annotated

import msgspec

from kleos.contract import account_key
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
    ids, made = [tweet.id_str for tweet in tweets], [tweet.created_at for tweet in tweets]
    first = into.post(ids, made)
    times = [time_of_id(id_) if time is None else time for id_, time in zip(ids, microseconds(made, into.times), strict=True)]
    posts: list[Original] = []
    captured: list[int | None] = []
    actors: list[User] = []
    met: list[int | None] = []
    for place, (tweet, time) in enumerate(zip(tweets, times, strict=True), first):
        if tweet.retweeted_status is not None:
            # the counts, mentions and quotes of a retweet repeat those of the original
            actors.append(tweet.user)
            met.append(time)
            posts.append(tweet.retweeted_status)
            captured.append(time)
            _shared("retweet", tweet, place, tweet.retweeted_status, into)
            continue
        posts.append(tweet)
        captured.append(time)
        if tweet.quoted_status is not None:
            posts.append(tweet.quoted_status)
            captured.append(time)
            _shared("quote", tweet, place, tweet.quoted_status, into)
        elif tweet.quoted_status_id_str is not None:
            _quoted_by_address(tweet, place, into)
        if tweet.in_reply_to_user_id_str or tweet.in_reply_to_screen_name:
            _replied(tweet, place, into)
        entities = tweet.entities
        if tweet.extended_tweet is not None and tweet.extended_tweet.entities is not None:
            entities = tweet.extended_tweet.entities
        if entities is not None and entities.user_mentions:
            _mentioned(tweet, place, entities.user_mentions, into)
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
    into.settle()


_TOTALS: Mapping[str, Callable[[Original], int | None]] = {
    "like": attrgetter("favorite_count"),
    "retweet": attrgetter("retweet_count"),
    "reply": attrgetter("reply_count"),
    "quote": attrgetter("quote_count"),
}


def _shared(kind: str, tweet: Tweet, place: int, original: Original, into: Gathered) -> None:
    user, subject = tweet.user, original.user.id_str
    if subject != user.id_str:
        into.react((kind, subject, user.id_str, original.id_str, user.followers_count, place, original.created_at))


def _quoted_by_address(tweet: Tweet, place: int, into: Gathered) -> None:
    """A quoted tweet that is gone: its address still names the author."""
    link, user = tweet.quoted_status_permalink, tweet.user
    found = _AUTHOR.match(link.expanded) if link is not None and link.expanded else None
    if found is not None and found[1] != "i" and not _is_called(user, found[1]):
        into.react(("quote", found[1], user.id_str, tweet.quoted_status_id_str, user.followers_count, place, None))


def _replied(tweet: Tweet, place: int, into: Gathered) -> None:
    user, subject, handle = tweet.user, tweet.in_reply_to_user_id_str, tweet.in_reply_to_screen_name
    if subject and handle:
        into.call((subject, handle))
    if not (subject == user.id_str if subject else _is_called(user, handle)):
        into.react(("reply", subject or handle or "", user.id_str, tweet.in_reply_to_status_id_str, user.followers_count, place, None))


def _mentioned(tweet: Tweet, place: int, mentions: Sequence[Mention], into: Gathered) -> None:
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
            into.call((subject, mention.screen_name))
        into.react(("mention", subject, user.id_str, None, user.followers_count, place, None))


def _is_called(user: User, handle: str | None) -> bool:
    return account_key(handle or "") == account_key(user.screen_name or "")

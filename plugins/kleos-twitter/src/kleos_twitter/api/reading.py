"""What a plan reads in posts: how they are ordered, and how often they were reacted to."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from kleos_twitter.bulk.records import Post

__all__ = ["newest_id", "oldest_id", "owned_post"]


def newest_id(ids: Collection[str]) -> str:
    """Return the greatest of ids, which grow with time; empty where there is none."""
    return max((id_ for id_ in ids if id_.isascii() and id_.isdigit()), key=int, default="")


def oldest_id(ids: Collection[str]) -> str:
    """Return the least of ids; empty where there is none."""
    return min((id_ for id_ in ids if id_.isascii() and id_.isdigit()), key=int, default="")


def owned_post(post: Post) -> Mapping[str, int]:
    """Return the totals that people may stand behind; none for a retweet, whose totals are the original's."""
    metrics = post.public_metrics
    if metrics is None or any(other.type == "retweeted" for other in post.referenced_tweets or post.referenced_posts or ()):
        return {}
    return {
        "quotes": metrics.quote_count or 0,
        "reposts": metrics.retweet_count or metrics.repost_count or 0,
        "likes": metrics.like_count or 0,
    }

"""The reactions that Twitter knows, by the names that its API gives them."""

from __future__ import annotations

from collections.abc import Mapping

from kleos.contract import Kind, Role

__all__ = ["KINDS", "NETWORK"]

NETWORK = "twitter"

KINDS: Mapping[str, Kind] = {
    "like": Kind(role=Role.LIKE, title="like", once=True),
    "retweet": Kind(role=Role.SHARE, title="repost", once=True),
    "quote": Kind(role=Role.SHARE, title="quote"),
    "reply": Kind(role=Role.REPLY, title="reply"),
    "mention": Kind(role=Role.MENTION, title="mention"),
    "bookmark": Kind(role=Role.ENDORSE, title="bookmark", once=True),
    "listed": Kind(role=Role.ENDORSE, title="list membership", once=True),
    "view": Kind(role=Role.VIEW, title="view"),
    "follow": Kind(role=Role.FOLLOW, title="follower", once=True),
}

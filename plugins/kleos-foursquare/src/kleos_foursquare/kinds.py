"""The reactions that Foursquare and Swarm know."""

from __future__ import annotations

from collections.abc import Mapping

from kleos.contract import Kind, Role

__all__ = ["AGREE", "COMMENT", "FOLLOW", "FRIEND", "KINDS", "LIKE", "LIST_FOLLOW", "NETWORK", "VIEW"]

NETWORK = "foursquare"

LIKE = "like"
"""Somebody liked one's check-in."""
COMMENT = "comment"
"""Somebody wrote under one's check-in."""
AGREE = "agree"
"""Somebody agreed with one's tip: the thumb that the API calls a like of it, and the export its `agreeCount`."""
LIST_FOLLOW = "list_follow"
"""Somebody follows a list of places that one has made: they keep it for themselves."""
VIEW = "view"
"""Somebody saw one's tip."""
FRIEND = "friend"
FOLLOW = "follow"

KINDS: Mapping[str, Kind] = {
    LIKE: Kind(role=Role.LIKE, title="like of a check-in", once=True),
    COMMENT: Kind(role=Role.REPLY, title="comment on a check-in"),
    AGREE: Kind(role=Role.ENDORSE, title="agreement with a tip", once=True),
    LIST_FOLLOW: Kind(role=Role.ENDORSE, title="follow of a list", once=True),
    VIEW: Kind(role=Role.VIEW, title="view of a tip"),
    FRIEND: Kind(role=Role.FOLLOW, title="friend", once=True),
    FOLLOW: Kind(role=Role.FOLLOW, title="follower", once=True),
}

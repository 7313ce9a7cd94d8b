"""The reactions that YouTube knows, by the names that its API gives them."""

from __future__ import annotations

from collections.abc import Mapping

from kleos.contract import Kind, Role

__all__ = ["COMMENT", "KINDS", "LIKE", "NETWORK", "REPLY", "VIEW"]

NETWORK = "youtube"

COMMENT = "comment"
"""Somebody wrote under one's video, whether at the top or in the thread of a third person: the item is the video."""
REPLY = "reply"
"""Somebody answered one's own comment under one's own video: the item is that comment."""
LIKE = "like"
VIEW = "view"

KINDS: Mapping[str, Kind] = {
    COMMENT: Kind(role=Role.REPLY, title="comment"),
    REPLY: Kind(role=Role.REPLY, title="reply to a comment"),
    LIKE: Kind(role=Role.LIKE, title="like", once=True),
    VIEW: Kind(role=Role.VIEW, title="view"),
}

"""The reactions that Facebook knows, in its own words."""

from __future__ import annotations

from collections.abc import Mapping

from kleos.contract import Kind, Role

__all__ = ["COMMENT", "FOLLOW", "FRIEND_REQUEST", "KINDS", "MENTION", "NETWORK", "POKE", "REACTION", "REPLY", "SHARE", "WALL_POST"]

NETWORK = "facebook"

REACTION = "reaction"
"""Like, love, care, haha, wow, sad or angry: a person has one of them on an item, and may change it, so they are one kind."""
COMMENT = "comment"
"""Somebody wrote under one's photo or post, or in the thread of a third person: the item is the photo or post."""
REPLY = "reply"
"""Somebody answered a comment that the Page itself had written: the item is that comment."""
SHARE = "share"
WALL_POST = "wall_post"
"""Somebody wrote on one's timeline, or a visitor on one's Page."""
MENTION = "mention"
"""Somebody tagged the Page in a post of their own."""
POKE = "poke"
FOLLOW = "follow"
FRIEND_REQUEST = "friend_request"

KINDS: Mapping[str, Kind] = {
    REACTION: Kind(role=Role.LIKE, title="reaction", once=True),
    COMMENT: Kind(role=Role.REPLY, title="comment"),
    REPLY: Kind(role=Role.REPLY, title="reply to a comment"),
    SHARE: Kind(role=Role.SHARE, title="share"),
    # Written to the person, not in answer to anything: it says their name, as a mention does.
    WALL_POST: Kind(role=Role.MENTION, title="wall post"),
    MENTION: Kind(role=Role.MENTION, title="mention"),
    # One click without a word, and about nothing that the person made: less than a like.
    POKE: Kind(role=Role.LIKE, title="poke", weight=0.5),
    FOLLOW: Kind(role=Role.FOLLOW, title="follower", once=True),
    FRIEND_REQUEST: Kind(role=Role.FOLLOW, title="friend request", once=True),
}

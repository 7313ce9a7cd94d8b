"""The reactions that Instagram knows, by the names that people give them."""

from __future__ import annotations

from collections.abc import Mapping

from kleos.contract import Kind, Role

__all__ = [
    "COMMENT",
    "FOLLOW",
    "FOLLOW_REQUEST",
    "KINDS",
    "LIKE",
    "MENTION",
    "NETWORK",
    "REPLY",
    "SAVE",
    "SHARE",
    "STORY_REPLY",
    "TAG",
    "VIEW",
]

NETWORK = "instagram"

LIKE = "like"
"""The item is the post, or one's own comment under it."""
COMMENT = "comment"
"""Somebody wrote under one's post, at the top or in the thread of a third person: the item is the post."""
REPLY = "reply"
"""Somebody answered one's own comment under one's own post: the item is that comment."""
STORY_REPLY = "story_reply"
SHARE = "share"
SAVE = "save"
TAG = "tag"
"""Somebody tagged one in a picture or video of theirs."""
MENTION = "mention"
"""Somebody wrote one's @name in a caption or a comment of theirs."""
VIEW = "view"
FOLLOW = "follow"
FOLLOW_REQUEST = "follow_request"

KINDS: Mapping[str, Kind] = {
    LIKE: Kind(role=Role.LIKE, title="like", once=True),
    COMMENT: Kind(role=Role.REPLY, title="comment"),
    REPLY: Kind(role=Role.REPLY, title="reply to a comment"),
    STORY_REPLY: Kind(role=Role.REPLY, title="reply to a story"),
    SHARE: Kind(role=Role.SHARE, title="share"),
    SAVE: Kind(role=Role.ENDORSE, title="save", once=True),
    TAG: Kind(role=Role.MENTION, title="tag in a picture"),
    MENTION: Kind(role=Role.MENTION, title="mention"),
    VIEW: Kind(role=Role.VIEW, title="view"),
    FOLLOW: Kind(role=Role.FOLLOW, title="follower", once=True),
    FOLLOW_REQUEST: Kind(role=Role.FOLLOW, title="follow request"),
}

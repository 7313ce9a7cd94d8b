"""The reactions that LinkedIn knows."""

from __future__ import annotations

from collections.abc import Mapping

from kleos.contract import Kind, Role

__all__ = [
    "COMMENT",
    "ENDORSEMENT",
    "ENGAGEMENT",
    "IMPRESSION",
    "INVITATION",
    "KINDS",
    "NETWORK",
    "REACTION",
    "RECOMMENDATION",
    "REPLY",
    "REPOST",
]

NETWORK = "linkedin"

ENDORSEMENT = "endorsement"
"""Somebody vouched for a skill with a click: the item is the skill."""
RECOMMENDATION = "recommendation"
"""Somebody wrote a recommendation for the profile: there is no item."""
REACTION = "reaction"
"""Like, celebrate, support, love, insightful or funny. One kind, since a person has one of them per post and may change it."""
COMMENT = "comment"
"""Somebody wrote under a post, or in the thread of a third person: the item is the post."""
REPLY = "reply"
"""Somebody answered one's own comment under one's own post: the item is that comment."""
REPOST = "repost"
ENGAGEMENT = "engagement"
"""Reactions, comments and reposts of a post in one sum, which is all that a member's analytics tell."""
IMPRESSION = "impression"
INVITATION = "invitation"

KINDS: Mapping[str, Kind] = {
    ENDORSEMENT: Kind(role=Role.ENDORSE, title="skill endorsement", once=True),
    # A page of text against a click. Three is a judgement, not a measurement.
    RECOMMENDATION: Kind(role=Role.ENDORSE, title="recommendation", weight=3.0),
    REACTION: Kind(role=Role.LIKE, title="reaction", once=True),
    COMMENT: Kind(role=Role.REPLY, title="comment"),
    REPLY: Kind(role=Role.REPLY, title="reply to a comment"),
    REPOST: Kind(role=Role.SHARE, title="repost"),
    # The sum does not say what it is made of; a click without a word is the least that each of them was.
    ENGAGEMENT: Kind(role=Role.LIKE, title="engagement"),
    IMPRESSION: Kind(role=Role.VIEW, title="impression"),
    INVITATION: Kind(role=Role.FOLLOW, title="invitation to connect", once=True),
}

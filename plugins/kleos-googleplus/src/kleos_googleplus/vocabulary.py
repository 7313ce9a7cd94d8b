"""The names by which the core knows the network and its reactions."""

from __future__ import annotations

__all__ = ["COMMENT", "NETWORK", "PLUSONE", "POLL_VOTE", "RESHARE"]

NETWORK = "googleplus"
PLUSONE = "plusone"
COMMENT = "comment"
RESHARE = "reshare"
POLL_VOTE = "poll_vote"

"""What an answer that is no success means, and what to do about it.

None of the network's own sentences is repeated, only its words for a reason: the sentences can hold the key.
"""

from __future__ import annotations

import re

import msgspec

from kleos.errors import FetchError

__all__ = ["AGAIN", "FINAL", "GONE", "LATER", "STALE", "failure", "reason_of"]

LATER = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "backendError", "internalError", "SERVICE_UNAVAILABLE"})
"""Reasons to ask once more after a while."""
STALE = frozenset({"invalidPageToken", "processingFailure"})
"""Reasons to begin a list again: its pages have moved."""
GONE = frozenset({"commentNotFound", "commentThreadNotFound", "parentCommentNotFound", "playlistNotFound", "videoNotFound"})
"""Reasons to leave a question out: what it is about was there a moment ago. A channel without uploads has no list of them."""
AGAIN = frozenset({500, 502, 503, 504, 429})
"""Statuses to ask once more after a while."""

_WORD = re.compile(r"[A-Za-z_]{3,60}")

_KEY = (
    "YouTube refuses the key: it is not valid, or has expired",
    "make a new key at console.cloud.google.com, Credentials",
)
_SWITCH = (
    "the YouTube Data API v3 is not switched on for the project of this key",
    "switch it on at console.cloud.google.com, APIs & Services, Library, and wait some minutes",
)
_LIMITED = (
    "the key is limited to other APIs, addresses or sites",
    "allow it the YouTube Data API v3 and this machine at console.cloud.google.com, APIs & Services, Credentials",
)
_SPENT = (
    "Google's quota for today is used up",
    "what was collected is kept; run again after midnight Pacific time, and it goes on from there",
)
_MEANINGS = {
    "API_KEY_INVALID": _KEY,
    "keyInvalid": _KEY,
    "keyExpired": _KEY,
    "authError": _KEY,
    "accessNotConfigured": _SWITCH,
    "SERVICE_DISABLED": _SWITCH,
    "API_KEY_SERVICE_BLOCKED": _LIMITED,
    "API_KEY_IP_ADDRESS_BLOCKED": _LIMITED,
    "API_KEY_HTTP_REFERRER_BLOCKED": _LIMITED,
    "ipRefererBlocked": _LIMITED,
    "quotaExceeded": _SPENT,
    "dailyLimitExceeded": _SPENT,
    "commentsDisabled": ("the channel's comments are switched off", "the counts of its videos are collected all the same"),
    "channelNotFound": ("YouTube knows no such channel", "correct the account: its id begins with UC, its handle with @"),
    "channelClosed": ("the channel is closed", "leave it out of accounts"),
    "channelSuspended": ("the channel is suspended", "leave it out of accounts"),
}

FINAL = frozenset(reason for reason, meaning in _MEANINGS.items() if meaning in (_KEY, _SWITCH, _LIMITED, _SPENT))
"""Reasons to ask nothing more."""


def reason_of(body: bytes) -> str:
    """Return the machine-readable reason in an error of Google's; empty where there is none."""
    try:
        error = msgspec.json.decode(body)["error"]
        words = [part.get("reason") for key in ("details", "errors") for part in error.get(key) or () if isinstance(part, dict)]
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        return ""
    # The newer list, `details`, comes first and is the more exact; it is there only for some errors.
    return next((word for word in words if isinstance(word, str) and _WORD.fullmatch(word)), "")


def failure(status: int, reason: str, where: str) -> FetchError:
    """Return the error for an answer that is no success."""
    meaning = _MEANINGS.get(reason) or (_KEY if status == 401 else None)
    if meaning is None:
        told = f"{status}, {reason}" if reason else f"{status}"
        meaning = (f"YouTube refuses to answer ({told})", "what was collected is kept; run again, and if it stays so, report it")
    return FetchError(meaning[0], where=where, hint=meaning[1])

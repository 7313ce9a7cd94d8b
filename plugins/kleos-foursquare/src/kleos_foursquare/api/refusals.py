"""What an answer that is no success means, and what to do about it.

None of the network's own sentences is repeated, only its words for a reason: a sentence can hold the token.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import msgspec

from kleos.asking import AskAgainError, seconds_asked
from kleos.errors import FetchError

__all__ = ["GONE", "failure", "is_limit", "limit_reached", "meta_of"]

GONE = frozenset({400, 403, 404, 410})
"""Statuses for which a question about a single thing is left out: it is deleted, or nobody may see it any more."""

_WORD = re.compile(r"[a-z_]{3,40}")
_LIMIT = "rate_limit_exceeded"
_REFUSED = (
    "Foursquare refuses the token: it is not valid, or has been revoked",
    "make a new token as the README of kleos-foursquare says; what was collected is kept",
)
_MEANINGS = {
    "invalid_auth": _REFUSED,
    "not_authorized": (
        "Foursquare does not allow this token to see that",
        "make the token with the account whose check-ins are to be collected; what was collected is kept",
    ),
    "deprecated": (
        "Foursquare no longer answers this question",
        "see whether there is a newer kleos-foursquare; what was collected is kept",
    ),
}


class _Meta(msgspec.Struct, frozen=True):
    code: int = 0
    reason: str | None = msgspec.field(default=None, name="errorType")


class _Answer(msgspec.Struct):
    meta: _Meta = _Meta()


def meta_of(body: bytes) -> tuple[int, str] | None:
    """Return the status and the reason that stand in an answer itself (0 and empty where they do not); None for what is no answer."""
    try:
        meta = msgspec.json.decode(body, type=_Answer).meta
    except (ValueError, RecursionError):
        return None
    return meta.code, meta.reason if meta.reason and _WORD.fullmatch(meta.reason) else ""


def is_limit(status: int, reason: str, headers: Mapping[str, str]) -> bool:
    """Tell whether a refusal means that enough has been asked for this hour: Foursquare says 403 then, as for what is private."""
    return reason == _LIMIT or (status == 403 and headers.get("x-ratelimit-remaining", "").strip() == "0")


def limit_reached(headers: Mapping[str, str], where: str) -> AskAgainError:
    """Return the error for a limit that is reached, with how long Foursquare asks to wait."""
    seconds = seconds_asked(headers)
    when = "in an hour" if seconds is None else f"in {math.ceil(seconds / 60):,} minutes"
    error = FetchError(
        "as many questions as Foursquare allows an hour have been asked",
        where=where,
        hint=f"what was collected is kept; run again {when}, and it goes on from there",
    )
    return AskAgainError(error, seconds)


def failure(status: int, reason: str, where: str) -> FetchError:
    """Return the error for an answer that is no success."""
    meaning = _MEANINGS.get(reason) or (_REFUSED if status == 401 else None)
    if meaning is None:
        told = f"{status}, {reason}" if reason else f"{status}"
        meaning = (f"Foursquare refuses to answer ({told})", "what was collected is kept; run again, and if it stays so, report it")
    return FetchError(meaning[0], where=where, hint=meaning[1])

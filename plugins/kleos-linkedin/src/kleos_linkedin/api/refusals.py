"""What an answer that is no success means, and what to do about it.

None of the network's own sentences is repeated: they can hold what was sent.
"""

from __future__ import annotations

from kleos.errors import FetchError

__all__ = ["ABOUT_ONE", "GONE", "failure"]

ABOUT_ONE = frozenset({400, 404, 410})
"""Statuses that concern this one question, as far as one can see: others may be answered."""
GONE = frozenset({404, 410})
"""Statuses for what was there a moment ago: a post that was deleted."""

_KEPT = "what was collected is kept; run again, and it goes on from there"

_MEANINGS = {
    401: (
        "LinkedIn refuses the token: it is not valid, or has expired",
        "make a new one in the developer portal (OAuth 2.0 tools); a token lasts about two months",
    ),
    403: (
        "LinkedIn does not allow this token to read the page",
        "the app needs the product Community Management API, the token the permission r_organization_social, and whose token it is has to "
        "administer the page",
    ),
    404: ("LinkedIn knows nothing of that kind", "correct the account: urn:li:organization: and the number of the page"),
    426: (
        "LinkedIn does not serve the version of its API that was asked for",
        "set version to one that its documentation lists as supported (YYYYMM)",
    ),
}


def failure(status: int, where: str) -> FetchError:
    """Return the error for an answer that is no success."""
    message, hint = _MEANINGS.get(status, (f"LinkedIn refuses to answer ({status})", f"{_KEPT}; if it stays so, report it"))
    return FetchError(message, where=where, hint=hint)

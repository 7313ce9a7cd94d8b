"""What an answer that is no success means, and what to do about it.

None of the network's own sentences is repeated, only its numbers: the sentences can hold what was asked, the token among it.
"""

from __future__ import annotations

import msgspec
from attrs import frozen

from kleos.errors import FetchError

__all__ = ["Refusal", "failure", "refusal_in"]

_THROTTLED = frozenset({4, 17, 32, 341, 613, *range(80_000, 80_015)})
_PASSING = frozenset({1, 2})
_TOKEN = frozenset({102, 190, 463, 467})
_BLOCKED = frozenset({368})
_PERMISSION = frozenset({3, 10, *range(200, 300)})
_GONE = frozenset({803})
_INVALID = 100
_NOT_THERE = 33
"""The subcode of 100 for what does not exist, or may not be seen."""
_LARGEST = 10**9

_KEPT = "what was collected is kept; run again"
_RENEW = "make a new token of the Page (README of kleos-facebook), and put it where the configuration looks for it"


class _Error(msgspec.Struct):
    code: int | None = None
    error_subcode: int | None = None


class _Answer(msgspec.Struct):
    error: _Error | None = None


@frozen
class Refusal:
    """An error of the Graph API: its HTTP status, its code and its subcode; 0 where it has none."""

    status: int
    code: int = 0
    subcode: int = 0

    @property
    def throttled(self) -> bool:
        """Whether too much was asked."""
        return self.code in _THROTTLED

    @property
    def passes(self) -> bool:
        """Whether to ask again may help."""
        return self.code in _PASSING

    @property
    def final(self) -> bool:
        """Whether nothing more will be answered: the token is refused, or the app is blocked."""
        return self.code in _TOKEN | _BLOCKED or (self.status == 401 and self.code not in _PERMISSION)

    @property
    def forbidden(self) -> bool:
        """Whether the token may not ask such questions."""
        return self.code in _PERMISSION

    @property
    def gone(self) -> bool:
        """Whether what was asked about is not there, or not to be seen."""
        return self.code in _GONE or (self.code == _INVALID and self.subcode == _NOT_THERE) or self.status == 404

    @property
    def invalid(self) -> bool:
        """Whether the question makes no sense to the API: a place in a list that has passed, a field or a list that it has not."""
        return self.code == _INVALID and self.subcode != _NOT_THERE


def refusal_in(status: int, body: bytes) -> Refusal:
    """Read the error in an answer."""
    try:
        error = msgspec.json.decode(body, type=_Answer).error or _Error()
    except (ValueError, RecursionError):
        error = _Error()
    code, subcode = (number if number is not None and 0 < number < _LARGEST else 0 for number in (error.code, error.error_subcode))
    return Refusal(status, code, subcode)


def failure(refusal: Refusal, where: str, *, needs: str) -> FetchError:
    """Return a refusal as an error for people; `needs` is the permission that the question takes."""
    message, hint = _meaning(refusal, needs)
    return FetchError(message, where=where, hint=hint)


def _meaning(refusal: Refusal, needs: str) -> tuple[str, str]:
    told = ", ".join(str(number) for number in (refusal.status, refusal.code, refusal.subcode) if number)
    meanings = (
        (refusal.throttled, "Facebook keeps asking to come back later", f"{_KEPT} in an hour, and it goes on from there"),
        (refusal.passes, "Facebook has a fault of its own", f"{_KEPT} in an hour, and it goes on from there"),
        (
            refusal.code in _BLOCKED,
            "Facebook has blocked the app or the Page for a while",
            "see the app's alerts at developers.facebook.com",
        ),
        (refusal.final, "Facebook refuses the token: it is not valid, or has expired", _RENEW),
        (refusal.forbidden, "the token may not ask this", f"give the app the permission {needs}, then {_RENEW}"),
        (refusal.gone, "there is no such thing, or the token may not see it", "correct page, or the person's accounts"),
        (True, f"Facebook refuses to answer ({told})", f"{_KEPT}, and if it stays so, report it"),
    )
    return next((message, hint) for holds, message, hint in meanings if holds)

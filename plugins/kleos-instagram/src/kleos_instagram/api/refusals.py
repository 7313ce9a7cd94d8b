"""What an answer that is no success means, and what to do about it.

None of the network's own sentences is repeated, only its codes: the sentences can hold the token.
"""

from __future__ import annotations

import msgspec
from attrs import frozen

from kleos.errors import FetchError

__all__ = ["Refusal", "refusal_of"]

_THROTTLED = frozenset({4, 17, 32, 341, 613, 80002})
_PASSING = frozenset({1, 2})
_TOKEN = frozenset({102, 104, 190, 463, 467})
_PERMISSION = frozenset({3, 10, 12, 15, *range(200, 300)})
_GONE_CODES = frozenset({24, 110, 803})
_GONE_SUBCODES = frozenset({33, 2108006, 2207013, 2207024})
"""An object that is no longer there; a post from before the account was professional; a user name that is no professional account."""

_KEPT = "what was collected is kept"


@frozen(kw_only=True)
class Refusal:
    """An answer that is no success. `code` and `subcode` are Meta's own, 0 where it gives none."""

    status: int
    code: int = 0
    subcode: int = 0
    transient: bool = False

    @property
    def is_throttled(self) -> bool:
        """Whether too much has been asked."""
        return self.code in _THROTTLED

    @property
    def is_passing(self) -> bool:
        """Whether to ask once more may help."""
        return self.is_throttled or self.transient or self.code in _PASSING

    @property
    def is_final(self) -> bool:
        """Whether no question would be answered: the token is refused."""
        return self.status == 401 or self.code in _TOKEN

    @property
    def is_forbidden(self) -> bool:
        """Whether the token lacks a permission."""
        return self.code in _PERMISSION

    @property
    def is_gone(self) -> bool:
        """Whether what was asked about is not there, which for this one question is an answer."""
        return not self.is_final and (self.status == 404 or self.code in _GONE_CODES or self.subcode in _GONE_SUBCODES)

    @property
    def is_stale(self) -> bool:
        """Whether the next page of a list may have moved."""
        return self.code == 100 and not self.is_gone

    def error(self, where: str) -> FetchError:
        """Return it as an error for people."""
        if self.is_final:
            found = "Instagram refuses the token: it has expired, was withdrawn, or is not valid"
            hint = "make a new one (the README of kleos-instagram says how); tokens end after 60 days unless they are refreshed"
        elif self.is_throttled:
            found = f"Instagram's limit for an hour is used up (code {self.code})"
            hint = f"{_KEPT}; run again in an hour, and it goes on from there"
        elif self.is_forbidden:
            found = f"the token may not ask this (code {self.code})"
            hint = "give the token the permissions that the README of kleos-instagram lists, or switch this off in the configuration"
        elif self.is_passing:
            found = f"Instagram has a fault of its own (code {self.code})"
            hint = f"{_KEPT}; run again in an hour, and it goes on from there"
        else:
            codes = ", ".join(f"{name} {number}" for name, number in (("code", self.code), ("subcode", self.subcode)) if number)
            found = f"Instagram refuses to answer ({self.status}{', ' + codes if codes else ''})"
            hint = f"{_KEPT}; run again, and if it stays so, see whether the account is a professional one"
        return FetchError(found, where=where, hint=hint)


class _Error(msgspec.Struct):
    code: int = 0
    error_subcode: int = 0
    is_transient: bool = False


class _Body(msgspec.Struct):
    error: _Error


def refusal_of(status: int, body: bytes) -> Refusal | None:
    """Return what an answer refuses; None for a success. Some errors come with the status of a success."""
    try:
        error = msgspec.json.decode(body, type=_Body).error
    except (ValueError, RecursionError):
        return None if status == 200 else Refusal(status=status)
    return Refusal(status=status, code=error.code, subcode=error.error_subcode, transient=error.is_transient)

"""How a check ends when it does not pass."""

from __future__ import annotations

__all__ = ["BrokenContractError", "NotCheckedError"]


class BrokenContractError(AssertionError):
    """The plugin breaks its contract: what was found, where, and what its author should do about it."""

    def __init__(self, found: str, advice: str) -> None:
        super().__init__(f"{found}\nwhat to do: {advice}")
        self.found = found
        self.advice = advice


class NotCheckedError(Exception):
    """The check has nothing to look at, because of a failure that another check tells."""

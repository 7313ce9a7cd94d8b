"""What a cursor holds."""

from __future__ import annotations

import msgspec

from kleos_twitter.api.tasks import Dialect, Task

__all__ = ["State", "read_cursor"]


class State(msgspec.Struct):
    """Where the questions stand. Times are unix µs; people other than the owner are in it only until they have been asked about."""

    accounts: list[str] = []
    """Whose plan it is, as configured: ids and handles."""
    began: int = 0
    people: list[str] = []
    """The ids of the accounts, as far as this pass has found them."""
    newest: dict[str, dict[str, str]] = {}
    """Account → "mentions", "replies" → the newest post that was read; "next mentions" for the pass under way."""
    counts: dict[str, dict[str, int]] = {}
    """Own post → "quotes", "reposts", "likes" → the total when it was last asked who is behind it."""
    todo: list[Task] = []
    authors: list[str] = []
    """Accounts whose audience is to be asked for."""
    dialect: Dialect = "tweets"
    credit: float = 0.0
    mark: float = 0.0
    """See `spending.Purse`."""


def read_cursor(cursor: str | None, accounts: list[str]) -> State:
    """Return where the last run stopped; the beginning for other accounts, or a cursor that cannot be read."""
    try:
        state = msgspec.json.decode(cursor or "{}", type=State)
    except (ValueError, RecursionError):
        state = State()
    return state if state.accounts == accounts else State(accounts=accounts)

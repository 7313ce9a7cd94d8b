"""What stands in Mastodon's JSON, checked: texts, whole numbers, times and addresses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from kleos.contract import Owner, account_key

__all__ = ["UNREADABLE", "address", "count", "keys", "moment", "text"]

UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError)
"""What the functions of this module, and looking into values that are not as expected, may raise."""


def address(account: Mapping[str, Any], domain: str) -> str:
    """Return who an account of the API is, the same on every server: ``ada@mastodon.example``.

    Ids do not do: each server numbers all accounts for itself. Accounts of the server that was asked come without its `domain`.
    """
    name = text(account["acct"]).removeprefix("@")
    return name if "@" in name else f"{name}@{text(domain)}"


def keys(owner: Owner | None) -> frozenset[str]:
    """Return every id and handle of an owner, as accounts are compared."""
    return frozenset(account_key(account) for account in (*owner.ids, *owner.handles)) if owner else frozenset()


def text(value: object) -> str:
    """Return a text that says something and can be stored (no half of a surrogate pair)."""
    if not isinstance(value, str) or not value.strip():
        raise TypeError("expected a text")
    value.encode()
    return value


def count(value: object) -> int:
    """Return a number of reactions or followers."""
    if type(value) is not int or not 0 <= value < 2**63:
        raise TypeError("expected a whole number of at least 0")
    return value


def moment(value: object) -> datetime:
    """Return a time in UTC, which is what a time without a zone is taken to be in."""
    time = datetime.fromisoformat(text(value))
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)

"""Foursquare's times, counts and ids, as the export and the API write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

__all__ = ["BAD", "EARLIEST", "LATEST", "count", "from_microseconds", "handle_in", "identity", "known", "moment", "to_microseconds"]

BAD = -1
"""Returned for a time or a count that is there and cannot be."""

EARLIEST = 1_230_768_000
"""2009, when Foursquare began; unix seconds."""
LATEST = 7_258_118_400
"""2200; unix seconds."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LARGEST = 10**12
_ADDRESS = re.compile(r"https?://(?:www\.)?(?:foursquare|swarmapp)\.com/(?!(?:user|v|item|list)(?:/|\Z))([A-Za-z0-9_.-]{1,64})(?:/|\Z)")


def from_microseconds(time: int) -> datetime:
    """Return unix microseconds as a time."""
    return _EPOCH + timedelta(microseconds=time)


def to_microseconds(time: datetime) -> int:
    """Return a zone-aware time as unix microseconds."""
    return (time - _EPOCH) // _MICROSECOND


def moment(written: str | float | None) -> int | None:
    """Return the unix microseconds of ``2024-11-24 04:28:50.000000`` (UTC, the export) or of unix seconds (the API).

    None where missing, `BAD` where it cannot be: before 2009, after 2199, or no time at all.
    """
    if written is None or written == "":
        return None
    if isinstance(written, str):
        try:
            time = datetime.fromisoformat(written)
            found = to_microseconds(time if time.tzinfo else time.replace(tzinfo=UTC))
        except (ValueError, OverflowError):
            return BAD
        return found if EARLIEST <= found // 1_000_000 < LATEST else BAD
    # Compared before it is converted: infinity has no int, and NaN fails every comparison.
    return int(written * 1_000_000) if EARLIEST <= written < LATEST else BAD


def known(time: int | None) -> int | None:
    """Return a time that may be `BAD` as one that may be missing."""
    return None if time == BAD else time


def count(number: int | None) -> int | None:
    """Return a count, `BAD` for one that cannot be."""
    return number if number is None or 0 <= number <= _LARGEST else BAD


def identity(id_: str | int | None) -> str | None:
    """Return an id as a text; None for none. (The export writes some ids as numbers.)"""
    return (str(id_).strip() or None) if id_ is not None and id_ != "" else None


def handle_in(address: object) -> str | None:
    """Return the user name in the address of a profile (or of what is below it), None where it has only the number."""
    found = _ADDRESS.match(address) if isinstance(address, str) else None
    return found[1] if found else None

"""YouTube's ids, times and counts, in every form in which its API and the programs around it write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

__all__ = ["BAD", "CHANNEL", "count", "from_microseconds", "microseconds", "moment", "seconds", "text", "to_microseconds"]

CHANNEL = re.compile(r"UC[A-Za-z0-9_-]{22}")
"""A channel's id. Upper and lower case differ."""

BAD = -1
"""Returned for a time or a count that is there and cannot be."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_EARLIEST_SECOND = 1_104_537_600  # 2005, when YouTube began
_LATEST_SECOND = 7_258_118_400  # 2200

_WHOLE = re.compile(r"\d{1,18}|\d{1,3}(?:[.,'\s\u202f\u00a0]\d{3}){1,5}", re.ASCII)
_SHORT = re.compile(r"(\d{1,6})(?:[.,](\d{1,3}))?\s*([KMB])", re.ASCII | re.IGNORECASE)
_SCALES = {"K": 3, "M": 6, "B": 9}
_MISSING = ("", "--", "None")
_LARGEST = 10**12


def from_microseconds(time: int) -> datetime:
    """Return unix microseconds as a time."""
    return _EPOCH + timedelta(microseconds=time)


def to_microseconds(time: datetime) -> int:
    """Return a zone-aware time as unix microseconds."""
    return (time - _EPOCH) // _MICROSECOND


def moment(written: object) -> int | None:
    """Return the unix microseconds of ``2026-01-02T03:04:05Z`` in any of its forms; None where missing, `BAD` where it cannot be."""
    if written is None or written == "":
        return None
    if not isinstance(written, str):
        return BAD
    try:
        time = datetime.fromisoformat(written)
        found = to_microseconds(time if time.tzinfo else time.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return BAD
    return found if _EARLIEST_SECOND <= found // 1_000_000 < _LATEST_SECOND else BAD


def seconds(number: float | None) -> int | None:
    """Return unix seconds as microseconds; None where missing, `BAD` before 2005 and after 2199."""
    if number is None:
        return None
    # Compared before it is converted: infinity has no int, and NaN fails every comparison.
    return int(number * 1_000_000) if _EARLIEST_SECOND <= number < _LATEST_SECOND else BAD


def microseconds(time: int | None) -> int | None:
    """Return a time that may be `BAD` as one that may be missing."""
    return None if time == BAD else time


def count(value: object) -> int | None:
    """Return a count: a number, digits, or shortened as YouTube shows it ("1.2K"); None where missing, `BAD` where it cannot be."""
    if value is None:
        return None
    if value == "0":
        return 0  # most comments have no likes
    if isinstance(value, str) and value.strip() in _MISSING:
        return None
    total = _read(value.strip()) if isinstance(value, str) else value
    return total if isinstance(total, int) and not isinstance(total, bool) and 0 <= total <= _LARGEST else BAD


def _read(digits: str) -> int:
    if _WHOLE.fullmatch(digits):
        return int(re.sub(r"\D", "", digits))
    short = _SHORT.fullmatch(digits)
    if short is None:
        return BAD
    fraction = short[2] or ""
    return int(short[1] + fraction) * int(10 ** (_SCALES[short[3].upper()] - len(fraction)))


def text(value: object) -> str | None:
    """Return a text without surrounding blanks; None for an empty one and for anything else."""
    return (value.strip() or None) if isinstance(value, str) else None

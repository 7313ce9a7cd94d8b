"""Instagram's texts, handles, times and counts, in every form in which its exports and its API write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

__all__ = ["BAD", "HANDLE", "count", "from_microseconds", "moment", "repaired", "seconds", "text", "to_microseconds"]

HANDLE = re.compile(r"[A-Za-z0-9._]{1,30}")
"""A user name."""

BAD = -1
"""Returned for a time or a count that is there and cannot be."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_EARLIEST_SECOND = 1_286_323_200  # 6 October 2010, when Instagram began
_LATEST_SECOND = 7_258_118_400  # 2200

_SIGN = r"[.,'’٬\u202f\u00a0 ]"
# Groups of three, or of two and three as in India: the last one has three. A single sign and two digits would be a fraction.
_GROUPED = re.compile(rf"\d{{1,3}}(?:{_SIGN}\d{{2,3}}){{0,5}}{_SIGN}\d{{3}}|\d{{1,18}}")
_SEPARATOR = re.compile(_SIGN)
_MISSING = ("", "-", "--", "—", "None")
_LARGEST = 10**12


def repaired(written: str) -> str:
    """Return a text of an export as it was meant: Meta writes the bytes of UTF-8 as if each were a letter. Others stay as they are."""
    try:
        return written.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return written


def text(value: object) -> str | None:
    """Return a text, or a number as one, without surrounding blanks; None for an empty one and for anything else."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**30:
        return str(value)
    return (value.strip() or None) if isinstance(value, str) else None


def count(value: object) -> int | None:
    """Return a count: a number, or digits with any language's signs between them; None where missing, `BAD` where it cannot be."""
    if value is None:
        return None
    if isinstance(value, str):
        written = value.strip()
        if written in _MISSING:
            return None
        value = int(_SEPARATOR.sub("", written)) if _GROUPED.fullmatch(written) else BAD
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST else BAD


def seconds(number: float | None) -> int | None:
    """Return unix seconds, or milliseconds, as microseconds; None where missing or 0, `BAD` before 2010 and after 2199."""
    if number is None or number == 0:
        return None
    # Compared before it is converted: infinity has no int, and NaN fails every comparison.
    if _EARLIEST_SECOND <= number < _LATEST_SECOND:
        return int(number * 1_000_000)
    if _EARLIEST_SECOND * 1000 <= number < _LATEST_SECOND * 1000:
        return int(number * 1000)
    return BAD


def moment(written: object) -> int | None:
    """Return the unix microseconds of ``2026-01-02T03:04:05+0000``; None where missing, `BAD` where it cannot be."""
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


def from_microseconds(time: int | None) -> datetime | None:
    """Return unix microseconds as a time; None for one that is missing or `BAD`."""
    return None if time is None or time == BAD else _EPOCH + timedelta(microseconds=time)


def to_microseconds(time: datetime) -> int:
    """Return a zone-aware time as unix microseconds."""
    return (time - _EPOCH) // _MICROSECOND

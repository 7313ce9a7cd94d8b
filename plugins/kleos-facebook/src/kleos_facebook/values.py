"""Facebook's texts, times and counts, in the forms in which its exports and its API write them."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta

__all__ = ["BAD", "count", "from_microseconds", "moment", "name_of", "repaired", "seconds", "to_microseconds"]

BAD = -1
"""Returned for a time or a count that is there and cannot be."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_EARLIEST_SECOND = 1_072_915_200  # 2004, when Facebook began
_LATEST_SECOND = 7_258_118_400  # 2200
_MILLISECONDS = 10**11
"""From here on a number of seconds is one of milliseconds."""
_LARGEST = 10**12


def repaired(text: str) -> str:
    r"""Return a text as it was written: exports print each byte of its UTF-8 as a character of its own ("Ã©", ``\u00c3\u00a9``, for "é").

    A text that cannot have come about that way is returned as it is.
    """
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def name_of(value: object) -> str | None:
    """Return a name of an export, repaired and in one form, so that equal names are equal texts; None for anything else."""
    if not isinstance(value, str):
        return None
    # Repaired before blanks are looked at: some bytes of broken letters are blanks.
    return " ".join(unicodedata.normalize("NFC", repaired(value)).split()) or None


def seconds(number: float | None) -> int | None:
    """Return unix seconds, or milliseconds, as microseconds; None where missing or 0, `BAD` before 2004 and after 2199."""
    if not number:
        return None
    # Compared before it is converted: the largest numbers of a JSON have no float, and infinity has no int.
    if not 0 < number < _LATEST_SECOND * 1000:
        return BAD
    whole = number / 1000 if number >= _MILLISECONDS else number
    return int(whole * 1_000_000) if _EARLIEST_SECOND <= whole < _LATEST_SECOND else BAD


def moment(written: str | None) -> int | None:
    """Return the unix microseconds of ``2026-01-02T03:04:05+0000``; None where missing, `BAD` where it cannot be."""
    if not written:
        return None
    try:
        time = datetime.fromisoformat(written)
        found = to_microseconds(time if time.tzinfo else time.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return BAD
    return found if _EARLIEST_SECOND <= found // 1_000_000 < _LATEST_SECOND else BAD


def count(value: object) -> int | None:
    """Return a count; None where missing, `BAD` where it cannot be."""
    if value is None:
        return None
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST else BAD


def from_microseconds(time: int) -> datetime:
    """Return unix microseconds as a time."""
    return _EPOCH + timedelta(microseconds=time)


def to_microseconds(time: datetime) -> int:
    """Return a zone-aware time as unix microseconds."""
    return (time - _EPOCH) // _MICROSECOND

"""Lengths of time, sizes, moments and weights, as people write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from fractions import Fraction
from pathlib import Path
from typing import Annotated

from kleos.config.rules import Rule, expected

__all__ = ["Count", "Duration", "Moment", "Ratio", "Size", "Weight", "moment"]

_SECOND = 1_000_000
_UNITS = {"s": _SECOND, "m": 60 * _SECOND, "h": 3600 * _SECOND, "d": 86_400 * _SECOND, "w": 7 * 86_400 * _SECOND}
_DURATION = re.compile(r"([0-9]{1,15})\s*([smhdw])\Z")
_LONGEST = 36_500 * _UNITS["d"]

_SIZE = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,6})?)\s*(?:([KMGT])I?)?B\Z")
_LARGEST = 2**63 - 1


def _duration(value: object, folder: Path) -> int:
    """Return microseconds for "90d", "13w", "96h", "30m" or "345600s"."""
    match = _DURATION.match(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise expected("a length of time", value, 'write it like "90d", "13w", "96h", "30m" or "345600s"')
    length = int(match[1]) * _UNITS[match[2]]
    if not 0 < length <= _LONGEST:
        raise expected("a length of time above 0 and up to 36500d", value)
    return length


def _size(value: object, folder: Path) -> int:
    """Return bytes for "2GB", "1.5 GB", "512MiB" or a whole number. Units are powers of 1024, as in `kleos.files`."""
    if isinstance(value, int) and not isinstance(value, bool):
        size = value
    else:
        match = _SIZE.match(value.strip().upper()) if isinstance(value, str) else None
        if match is None:
            raise expected("a size", value, 'write it like "2GB", "512MB", or as a whole number of bytes')
        power = "KMGT".index(match[2]) + 1 if match[2] else 0
        size = int(Fraction(match[1]) * 1024**power)
    if not 0 < size <= _LARGEST:
        raise expected("a size above 0", value)
    return size


def moment(value: object, *, whole_day: time) -> datetime:
    """Return a TOML date or time, or an ISO 8601 text, as a time in UTC.

    Without a zone it is UTC. A bare date stands for the time `whole_day` of that day, in UTC. Raises `WrongValueError`.
    """
    if isinstance(value, str):
        value = _parsed(value)
    if isinstance(value, datetime):
        try:
            return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
        except OverflowError:
            raise expected("a time between the years 1 and 9999 UTC", value) from None
    if isinstance(value, date):
        return datetime.combine(value, whole_day, tzinfo=UTC)
    raise expected("a date or time", value, "write it like 2026-03-31 or 2026-03-31T18:00:00Z")


def _parsed(text: str) -> date | str:
    for parse in (date.fromisoformat, datetime.fromisoformat):
        try:
            return parse(text.strip())
        except ValueError:
            continue
    return text


def _as_of(value: object, folder: Path) -> datetime:
    return moment(value, whole_day=time.max)


def _weight(value: object, folder: Path) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LARGEST:
        raise expected("a finite number of at least 0", value)
    return float(value)


def _count(value: object, folder: Path) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= _LARGEST:
        raise expected("a whole number of at least 1", value)
    return value


def _ratio(value: object, folder: Path) -> float:
    ratio = _weight(value, folder)
    if ratio < 1:
        raise expected("a ratio of at least 1", value)
    return ratio


Duration = Annotated[int, Rule(_duration)]
"""Microseconds, above 0."""
Size = Annotated[int, Rule(_size)]
"""Bytes, above 0."""
Moment = Annotated[datetime, Rule(_as_of)]
"""A time in UTC up to and including which something holds: a bare date means its last microsecond."""
Weight = Annotated[float, Rule(_weight)]
Count = Annotated[int, Rule(_count)]
Ratio = Annotated[float, Rule(_ratio)]

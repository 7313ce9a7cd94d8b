"""Twitter's two forms of a time, read the same in every locale.

``Fri Mar 06 13:02:05 +0000 2026`` in archives and the API v1.1, ``2026-03-06T13:02:05.000Z`` in the API v2.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["from_microseconds", "microseconds", "moment", "time_of_id", "to_microseconds"]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CLASSIC = re.compile(r".{3} ([A-Z][a-z]{2}) (\d\d) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d) (\d{4})", re.ASCII | re.DOTALL)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_SNOWFLAKE_EPOCH = 1_288_834_974_657
"""Unix milliseconds of 2010-11-04, from which Twitter counts the time inside of its ids (Twitter Engineering: Announcing Snowflake)."""
_FIRST_SNOWFLAKE = 29_700_859_247

_MANY = 16
"""Texts from which on columns of digits are faster than one text after the other."""


def moment(text: object) -> datetime | None:
    """Return a time in either form; None for anything else, such as a date in the year 0, and for times before 1970."""
    if not isinstance(text, str):
        return None
    try:
        found = _CLASSIC.fullmatch(text)
        if found is None:
            time = datetime.fromisoformat(text)
            time = (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
        else:
            month, day, hour, minute, second, sign, hours, minutes, year = found.groups()
            zone = timedelta(hours=int(hours), minutes=int(minutes))
            time = datetime(int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second), tzinfo=UTC)
            time = time - zone if sign == "+" else time + zone
    except (ValueError, OverflowError):
        return None
    return time if time >= _EPOCH else None


def from_microseconds(time: int) -> datetime:
    """Return unix microseconds as a time."""
    return _EPOCH + timedelta(microseconds=time)


def to_microseconds(time: datetime) -> int:
    """Return a zone-aware time as unix microseconds."""
    return (time - _EPOCH) // _MICROSECOND


def time_of_id(id_: str | None) -> int | None:
    """Return the unix microseconds that an id was made at; None for ids from before November 2010, which do not tell."""
    if id_ is None or not id_.isascii() or not id_.isdigit() or len(id_) > 19 or int(id_) <= _FIRST_SNOWFLAKE:
        return None
    return ((int(id_) >> 22) + _SNOWFLAKE_EPOCH) * 1000


def microseconds(texts: Sequence[str | None], known: dict[str | None, int | None] | None = None) -> list[int | None]:
    """Return the unix microseconds of many times; None where a text is missing or is no time to `moment`.

    `known` remembers what was read before: the same times come again and again.
    """
    known = {} if known is None else known
    new = dict.fromkeys(texts).keys() - known.keys()
    if len(new) >= _MANY:
        for width, read in ((30, _classic), (24, _modern)):
            same = [text for text in new if text is not None and len(text) == width and text.isascii()]
            known.update(zip(same, read(same) if same else (), strict=True))
    for text in new:
        if known.get(text) is None:
            slow = moment(text)
            known[text] = None if slow is None else to_microseconds(slow)
    return list(map(known.__getitem__, texts))


def _classic(texts: list[str]) -> list[int | None]:
    import numpy as np

    signs = _signs(texts)
    codes = np.array([int.from_bytes(name.encode(), "big") for name in _MONTHS])
    are_months = (signs[:, 4:7].astype(np.int64) @ (1 << 16, 1 << 8, 1))[:, None] == codes
    marks = np.frombuffer(b"   :: +0000 ", dtype=np.uint8)
    regular = are_months.any(axis=1) & (signs[:, (3, 7, 10, 13, 16, 19, *range(20, 26))] == marks).all(axis=1)
    century, year, *rest = _pairs(signs, (26, 28, 8, 11, 14, 17), regular)
    return _combine(century * 100 + year, are_months.argmax(axis=1) + 1, rest, 0, regular)


def _modern(texts: list[str]) -> list[int | None]:
    import numpy as np

    signs = _signs(texts)
    regular = (signs[:, (4, 7, 10, 13, 16, 19, 23)] == np.frombuffer(b"--T::.Z", dtype=np.uint8)).all(axis=1)
    century, year, month, *rest, tens = _pairs(signs, (0, 2, 5, 8, 11, 14, 17, 20), regular)
    last = signs[:, 22] - np.uint8(ord("0"))
    regular &= last <= 9
    return _combine(century * 100 + year, month, rest, tens * 10 + last, regular)


def _signs(texts: list[str]) -> NDArray[Any]:
    import numpy as np

    return np.frombuffer("".join(texts).encode("ascii"), dtype=np.uint8).reshape(len(texts), -1)


def _pairs(signs: NDArray[Any], starts: Sequence[int], regular: NDArray[Any]) -> list[NDArray[Any]]:
    """Return the numbers of two digits that start in some columns; lines with other signs are no longer regular."""
    import numpy as np

    digits = signs[:, [place for start in starts for place in (start, start + 1)]] - np.uint8(ord("0"))  # other signs become larger than 9
    regular &= (digits <= 9).all(axis=1)
    pairs = digits[:, ::2].astype(np.int64) * 10 + digits[:, 1::2]
    return list(pairs.T)


def _combine(
    years: NDArray[Any], months: NDArray[Any], rest: Sequence[NDArray[Any]], milliseconds: NDArray[Any] | int, regular: NDArray[Any]
) -> list[int | None]:
    """Put times together; `rest` are days, hours, minutes and seconds."""
    import numpy as np

    days, hours, minutes, seconds = rest
    firsts = ((years - 1970) * 12 + months - 1).astype("datetime64[M]")
    dates = firsts.astype("datetime64[D]") + (days - 1)
    regular = regular & (years >= 1970) & (months > 0) & (months < 13) & (dates.astype("datetime64[M]") == firsts)
    regular &= (hours <= 23) & (minutes <= 59) & (seconds <= 59)
    times = (((dates.astype(np.int64) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000_000 + milliseconds * 1000
    return [time if right else None for time, right in zip(times.tolist(), regular.tolist(), strict=True)]

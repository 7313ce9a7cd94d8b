"""Twitter's two forms of a time, read the same in every locale.

``Fri Mar 06 13:02:05 +0000 2026`` in archives and the API v1.1, ``2026-03-06T13:02:05.000Z`` in the API v2.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Times", "from_microseconds", "microseconds", "moment", "time_of_id", "to_microseconds"]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CLASSIC = re.compile(r".{3} ([A-Z][a-z]{2}) (\d\d) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d) (\d{4})", re.ASCII | re.DOTALL)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_SNOWFLAKE_EPOCH = 1_288_834_974_657
"""Unix milliseconds of 2010-11-04, from which Twitter counts the time inside of its ids (Twitter Engineering: Announcing Snowflake)."""
_FIRST_SNOWFLAKE = 29_700_859_247

_MISSING = "\0"
"""Stands for each sign of a time that is missing."""
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


class Times:
    """Many times as text, each taken while it is at hand, to be read all at once: a call for a few hundred costs as much as the reading."""

    def __init__(self) -> None:
        self._parts: list[tuple[int, str, Sequence[str | None]]] = []
        """The width of the texts and all of them as one, or 0, nothing, and texts of several widths."""

    def add(self, texts: Sequence[str | None]) -> None:
        """Take texts; None is a missing time."""
        widths = set(map(len, filter(None, texts)))
        width = widths.pop() if len(widths) == 1 else 0
        whole = ""
        if width in _FORMS:
            missing = _MISSING * width
            whole = "".join([text or missing for text in texts])
        self._parts.append((width, whole, ()) if whole.isascii() and whole else (0, "", texts))

    def are_there(self) -> list[bool]:
        """Return for each time whether it was told."""
        return [bool(text and not text.startswith(_MISSING)) for text in self._texts()]

    def read(self) -> list[int | None]:
        """Return unix microseconds; None where a time is missing or is none to `moment`."""
        found: list[int | None] = []
        for width, parts in groupby(self._parts, key=itemgetter(0)):
            if width:
                found += _at_once("".join(whole for _, whole, _ in parts), width)
            else:
                found += microseconds([text for *_, texts in parts for text in texts])
        return found

    def _texts(self) -> Iterator[str | None]:
        for width, whole, texts in self._parts:
            if width:
                yield from (whole[at : at + width] for at in range(0, len(whole), width))
            else:
                yield from texts


def microseconds(texts: Sequence[str | None], known: dict[str | None, int | None] | None = None) -> list[int | None]:
    """Return the unix microseconds of many times; None where a text is missing or is no time to `moment`.

    `known` remembers what was read before, for times that come again and again.
    """
    known = {} if known is None else known
    new = dict.fromkeys(texts).keys() - known.keys()
    if len(new) >= _MANY:
        for width in _FORMS:
            same = [text for text in new if text is not None and len(text) == width and text.isascii()]
            known.update(zip(same, _at_once("".join(same), width) if same else (), strict=True))
    for text in new:
        if known.get(text) is None:
            known[text] = _one(text)
    return list(map(known.__getitem__, texts))


def _one(text: str | None) -> int | None:
    slow = moment(text)
    return None if slow is None else to_microseconds(slow)


def _at_once(whole: str, width: int) -> list[int | None]:
    """Return the same for texts of one width that stand one behind the other in ASCII."""
    import numpy as np

    signs = np.frombuffer(whole.encode("ascii"), dtype=np.uint8).reshape(-1, width)
    times, regular = _FORMS[width](np.ascontiguousarray(signs.T))
    found: list[int | None] = times.tolist()
    blank = signs[:, 0] == ord(_MISSING)
    for place in np.flatnonzero(~regular & blank).tolist():
        found[place] = None
    for place in np.flatnonzero(~regular & ~blank).tolist():
        found[place] = _one(whole[place * width : (place + 1) * width])
    return found


def _classic(signs: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    import numpy as np

    high, middle, low = signs[4:7].astype(np.int32)
    name = (high << 16) + (middle << 8) + low
    months = np.zeros(len(name), dtype=np.uint8)
    for number, month in enumerate(_MONTHS, 1):
        months[name == int.from_bytes(month.encode(), "big")] = number
    regular = _are(signs, (3, 7, 10, 13, 16, 19, *range(20, 26)), b"   :: +0000 ")
    century, year, *rest = _pairs(signs, (26, 28, 8, 11, 14, 17), regular)
    return _combine(century, year, months, rest, regular)


def _modern(signs: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    import numpy as np

    regular = _are(signs, (4, 7, 10, 13, 16, 19, 23), b"--T::.Z")
    century, year, month, *rest, tens = _pairs(signs, (0, 2, 5, 8, 11, 14, 17, 20), regular)
    last = signs[22] - np.uint8(ord("0"))
    regular &= last <= 9
    times, regular = _combine(century, year, month, rest, regular)
    return times + (tens * np.int64(10) + last) * 1000, regular


_FORMS: Mapping[int, Callable[[NDArray[Any]], tuple[NDArray[Any], NDArray[Any]]]] = {30: _classic, 24: _modern}
"""How texts of a width are read when there are many: from their signs, uint8[width, texts], to times and which of these are right."""


def _are(signs: NDArray[Any], places: Sequence[int], expected: bytes) -> NDArray[Any]:
    import numpy as np

    are: NDArray[Any] = (signs[list(places)] == np.frombuffer(expected, dtype=np.uint8)[:, None]).all(axis=0)
    return are


def _pairs(signs: NDArray[Any], starts: Sequence[int], regular: NDArray[Any]) -> list[NDArray[Any]]:
    """Return the numbers of two digits that start at some places; texts with other signs there are no longer regular."""
    import numpy as np

    digits = signs[[place for start in starts for place in (start, start + 1)]] - np.uint8(ord("0"))  # other signs become larger than 9
    regular &= (digits <= 9).all(axis=0)
    return list(digits[::2] * np.uint8(10) + digits[1::2])


def _combine(
    century: NDArray[Any], year: NDArray[Any], month: NDArray[Any], rest: Sequence[NDArray[Any]], regular: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Put times together from uint8 numbers; `rest` are days, hours, minutes and seconds."""
    import numpy as np

    days, hours, minutes, seconds = rest
    years = century * np.int32(100) + year
    firsts = ((years - 1970) * 12 + month - 1).astype("datetime64[M]")
    dates = firsts.astype("datetime64[D]") + (days.astype(np.int64) - 1)
    regular = regular & (years >= 1970) & (month > 0) & (month < 13) & (dates.astype("datetime64[M]") == firsts)
    regular &= (hours <= 23) & (minutes <= 59) & (seconds <= 59)
    clock = hours * np.int32(3600) + minutes * np.int32(60) + seconds
    return (dates.astype(np.int64) * 86_400 + clock) * 1_000_000, regular

"""Dates as LinkedIn writes them: always the same in some files, in the account's language in others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

__all__ = ["DAY_FIRST", "MONTH_FIRST", "Votes", "moment"]

MONTH_FIRST = "month first"
"""``04/15/24, 09:25 PM``: what LinkedIn writes in English of the United States, and what every file at hand has."""
DAY_FIRST = "day first"
"""``15/04/2024 21:25``, ``15.04.24``: most other languages."""

_YEAR_FIRST = re.compile(
    r"(?P<year>[0-9]{4})(?P<sign>[-/.])(?P<one>[0-9]{1,2})(?P=sign)(?P<two>[0-9]{1,2})(?:(?:,? |T)(?P<clock>[0-9].*))?", re.DOTALL
)
_YEAR_LAST = re.compile(
    r"(?P<one>[0-9]{1,2})(?P<sign>[-/.]) ?(?P<two>[0-9]{1,2})(?P=sign) ?(?P<year>[0-9]{4}|[0-9]{2})(?:,? (?P<clock>[0-9].*))?", re.DOTALL
)
_CLOCK = re.compile(
    r"(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})(?:[:.](?P<second>[0-9]{2})(?:\.[0-9]{1,9})?)?"
    r"(?: ?(?P<half>[AaPp])\.? ?[Mm]\.?)?(?: ?(?:UTC|GMT|Z|\+00:?00))?"
)
_EARLIEST = datetime(2003, 5, 5, tzinfo=UTC)
"""The day on which LinkedIn began."""
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_CLOSE = timedelta(hours=36)
"""A date of no zone may be a day off."""


class Votes:
    """What the dates of one file tell of the order in which it writes day and month."""

    def __init__(self) -> None:
        self._votes: Counter[str] = Counter()

    def look(self, texts: Iterable[str]) -> None:
        """Take the dates of a column into account."""
        for text, times in Counter(texts).items():
            parts = _YEAR_LAST.fullmatch(_plain(text))
            if parts is None:
                continue
            if parts["sign"] != "/" or int(parts["one"]) > 12 >= int(parts["two"]):
                self._votes[DAY_FIRST] += times
            elif int(parts["two"]) > 12 >= int(parts["one"]):
                self._votes[MONTH_FIRST] += times

    def compare(self, text: str, near: datetime) -> None:
        """Take a date into account of which something else tells about when it is."""
        read = {order: moment(text, order) for order in (MONTH_FIRST, DAY_FIRST)}
        fits = [order for order, time in read.items() if time is not None and abs(time - near) <= _CLOSE]
        if len(fits) == 1:
            self._votes[fits[0]] += 1

    @property
    def order(self) -> str:
        """The order that most of the dates allow; `MONTH_FIRST` where they do not tell."""
        return DAY_FIRST if self._votes[DAY_FIRST] > self._votes[MONTH_FIRST] else MONTH_FIRST


def moment(text: str, order: str) -> datetime | None:
    """Return a date, with its time of day where there is one, in UTC: LinkedIn says so, or says no zone.

    Beside the forms that depend on `order`, the one with the year first is understood (``2021/08/11 11:00:31 UTC``). None for an
    empty text, for anything else, and for what lies before LinkedIn or after 2199.
    """
    plain = _plain(text)
    parts = _YEAR_FIRST.fullmatch(plain)
    month_first = True
    if parts is None:
        parts = _YEAR_LAST.fullmatch(plain)
        month_first = order == MONTH_FIRST
    if parts is None:
        return None
    clock = _clock(parts["clock"])
    if clock is None:
        return None
    month, day = (int(parts["one"]), int(parts["two"])) if month_first else (int(parts["two"]), int(parts["one"]))
    year = int(parts["year"])
    try:
        time = datetime(year if year > 99 else 2000 + year, month, day, *clock, tzinfo=UTC)
    except ValueError:
        return None
    return time if _EARLIEST <= time < _LATEST else None


def _clock(text: str | None) -> tuple[int, int, int] | None:
    """Return hour, minute and second, midnight where no time of day is told; None for one that cannot be read."""
    if text is None:
        return 0, 0, 0
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"] in "Pp" else 0)
    return hour, int(found["minute"]), int(found["second"] or 0)


def _plain(text: str) -> str:
    # Newer programs write narrow and unbreakable blanks, and marks of direction.
    return " ".join(text.replace("\u200e", "").replace("\u200f", "").split())

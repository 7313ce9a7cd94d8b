"""When an export was made. It does not say so itself: not before the newest thing in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from kleos.contract import Export
from kleos.errors import ExportError
from kleos_foursquare.export.files import blocks
from kleos_foursquare.values import BAD, from_microseconds, moment, to_microseconds

__all__ = ["newest"]

_TIME = re.compile(rb'"(?:createdAt|updatedAt|sharedAt|time)"\s*:\s*(?:"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)|(\d{9,10})(?![\d.]))')
_OVERLAP = 128
"""Bytes of a block that are looked at again with the next one: longer than what is looked for."""


def newest(export: Export, names: Sequence[str], now: datetime) -> datetime | None:
    """Return the newest time in files, None where there is none; times after `now` are those of a wrong clock.

    The files are streamed. One that cannot be read to its end counts as far as it can: reading it for what is in it tells the failure.
    """
    latest = to_microseconds(now)
    found = [time for name in names for time in _newest(export, name, latest)]
    return from_microseconds(max(found)) if found else None


def _newest(export: Export, name: str, latest: int) -> list[int]:
    last_text, last_second = from_microseconds(latest).strftime("%Y-%m-%d %H:%M:%S").encode(), latest // 1_000_000
    newest_text, newest_second = b"", 0
    rest = b""
    try:
        for block in blocks(export, name):
            window = rest + block
            found = _TIME.findall(window)
            newest_text = max([newest_text, *(text for text, _ in found if text <= last_text)])
            newest_second = max([newest_second, *(int(number) for _, number in found if number and int(number) <= last_second)])
            rest = window[-_OVERLAP:]
    except ExportError:
        pass
    times = (moment(newest_text.decode()), moment(newest_second or None))
    return [time for time in times if time is not None and time != BAD]

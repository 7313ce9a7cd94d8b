"""How much of what Meta allows has been used, as its answers say in their headers, in percent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec
from attrs import frozen

__all__ = ["NEARLY_ALL", "Usage", "usage_of"]

NEARLY_ALL = 95.0
"""Percent from which on nothing more is asked: who goes on at 100 waits longer, and so do all that the app is used for."""

_SHARES = ("call_count", "total_time", "total_cputime")


@frozen(kw_only=True)
class Usage:
    """What the headers of one answer say."""

    percent: float = 0.0
    seconds: float | None = None
    """How long until Meta answers again, where it says so."""

    @property
    def is_nearly_all(self) -> bool:
        """Whether to ask nothing for a while."""
        return self.percent >= NEARLY_ALL or bool(self.seconds)


def usage_of(headers: Mapping[str, str]) -> Usage:
    """Read ``X-App-Usage`` and ``X-Business-Use-Case-Usage``; what is not there, or not as expected, says nothing.

    Source: developers.facebook.com/docs/graph-api/overview/rate-limiting. The estimated time to regain access is in minutes.
    """
    parts = [part for name in ("x-app-usage", "x-page-usage", "x-business-use-case-usage") for part in _parts(headers.get(name, ""))]
    percent = max((_number(part.get(name)) for part in parts for name in _SHARES), default=0.0)
    minutes = max((_number(part.get("estimated_time_to_regain_access")) for part in parts), default=0.0)
    return Usage(percent=percent, seconds=60 * minutes or None)


def _parts(written: str) -> Iterator[Mapping[str, object]]:
    """Yield each object with numbers in it: the one of an app, or those below the ids of accounts."""
    try:
        found = msgspec.json.decode(written)
    except (ValueError, RecursionError):
        return
    if isinstance(found, dict):
        yield found
        lists: Iterable[object] = found.values()
        yield from (part for one in lists if isinstance(one, list) for part in one if isinstance(part, dict))


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e6 else 0.0

"""How much of its allowance an app has used, as every answer of the Graph API says it in its headers.

``X-App-Usage`` and ``X-Page-Usage`` are JSON objects of percentages; ``X-Business-Use-Case-Usage`` maps ids to lists of such objects, with
the minutes until access is regained. https://developers.facebook.com/docs/graph-api/overview/rate-limiting
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from attrs import frozen

__all__ = ["Usage", "usage_in"]

_SHARES = ("call_count", "total_cputime", "total_time")
_REGAIN = "estimated_time_to_regain_access"
_OF_THE_APP = ("x-app-usage", "x-page-usage")
_OF_BUSINESSES = "x-business-use-case-usage"


@frozen
class Usage:
    """The fullest of all allowances."""

    percent: float = 0.0
    regain: float = 0.0
    """Seconds until access is regained; 0 where it is not lost."""


def usage_in(headers: Mapping[str, str]) -> Usage:
    """Read the headers of an answer; what is missing or makes no sense says nothing."""
    found = [usage for name in _OF_THE_APP for usage in _objects(_json(headers.get(name)))]
    businesses = _json(headers.get(_OF_BUSINESSES))
    for usages in businesses.values() if isinstance(businesses, dict) else ():
        found += [usage for entry in (usages if isinstance(usages, list) else ()) for usage in _objects(entry)]
    return Usage(
        percent=max((_number(usage.get(share)) for usage in found for share in _SHARES), default=0.0),
        regain=max((60 * _number(usage.get(_REGAIN)) for usage in found), default=0.0),
    )


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        yield value


def _json(text: str | None) -> object:
    try:
        return msgspec.json.decode(text or "null")
    except (ValueError, RecursionError):
        return None


def _number(value: object) -> float:
    try:
        return max(0.0, float(value)) if isinstance(value, int | float | str) else 0.0
    except (ValueError, OverflowError):
        return 0.0

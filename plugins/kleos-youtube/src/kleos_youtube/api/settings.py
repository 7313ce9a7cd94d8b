"""``[networks.youtube.api]``"""

from __future__ import annotations

import re
from typing import Any

from attrs import Attribute, field, frozen

from kleos.secrets import Secret

__all__ = ["ApiSettings"]

_HOST = re.compile(r"https://[^\s/?#@]+/?|http://(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?/?")


def _safe_host(instance: Any, attribute: Attribute[Any], value: str) -> None:
    if not _HOST.fullmatch(value):
        raise ValueError("expected https:// and a host (http:// only for this machine, since the key goes there)")


def _positive(instance: Any, attribute: Attribute[Any], value: int | None) -> None:
    if value is not None and value < 1:
        raise ValueError(f"expected a whole number of at least 1, found {value}")


def _not_negative(instance: Any, attribute: Attribute[Any], value: int) -> None:
    if not 0 <= value <= 36_500:
        raise ValueError(f"expected a number of days from 0 to 36500, found {value}")


@frozen(kw_only=True)
class ApiSettings:
    """``[networks.youtube.api]``"""

    key: Secret
    """An API key of a Google Cloud project in which the YouTube Data API v3 is switched on."""
    host: str = field(default="https://youtube.googleapis.com", validator=_safe_host)
    """Where the API is."""
    daily_units: int = field(default=10_000, validator=_positive)
    """As many units as may be used a day, over all runs; Google's own limit where it grants no more. A question costs one."""
    max_pages: int | None = field(default=None, validator=_positive)
    """As many answers as one run may take; the next run goes on from there."""
    look_back_days: int = field(default=30, validator=_not_negative)
    """How old threads may be, seen from the last run, to be looked at again for late replies."""

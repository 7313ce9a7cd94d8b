"""``[networks.youtube.api]``"""

from __future__ import annotations

from typing import Any

from attrs import Attribute, field, frozen

from kleos.asking import safe_host
from kleos.contract import AMOUNT
from kleos.secrets import Secret

__all__ = ["ApiSettings"]


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
    host: str = field(default="https://youtube.googleapis.com", validator=safe_host)
    """Where the API is."""
    daily_units: int = field(default=10_000, validator=_positive)
    """As many units as may be used a day, over all runs; Google's own limit where it grants no more. A question costs one."""
    max_pages: int | None = field(default=None, validator=_positive, metadata={AMOUNT: True})
    """As many answers as one run may take; the next run goes on from there."""
    look_back_days: int = field(default=30, validator=_not_negative, metadata={AMOUNT: True})
    """How old threads may be, seen from the last run, to be looked at again for late replies."""

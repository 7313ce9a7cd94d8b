"""``[networks.foursquare.api]``"""

from __future__ import annotations

from typing import Any

from attrs import Attribute, field, frozen

from kleos.asking import safe_host
from kleos.secrets import Secret

__all__ = ["ApiSettings"]


def _positive(instance: Any, attribute: Attribute[Any], value: int | None) -> None:
    if value is not None and value < 1:
        raise ValueError(f"expected a whole number of at least 1, found {value}")


def _days(instance: Any, attribute: Attribute[Any], value: int) -> None:
    if not 0 <= value <= 36_500:
        raise ValueError(f"expected a number of days from 0 to 36500, found {value}")


@frozen(kw_only=True)
class ApiSettings:
    """``[networks.foursquare.api]``"""

    token: Secret
    """An OAuth token of the person's own account; it does not expire."""
    host: str = field(default="https://api.foursquare.com", validator=safe_host)
    """Where the API is."""
    daily_questions: int = field(default=5_000, validator=_positive)
    """As many questions as may be asked a day, over all runs. Foursquare itself allows 500 an hour."""
    max_pages: int | None = field(default=None, validator=_positive)
    """As many answers as one run may take; the next run goes on from there."""
    look_back_days: int = field(default=30, validator=_days)
    """How old check-ins may be, seen from the last run, to be looked at again for late likes and comments."""
    name_days: int = field(default=365, validator=_days)
    """How old check-ins and tips may be to be asked for one by one, for the names that the lists leave out; older ones are counted."""

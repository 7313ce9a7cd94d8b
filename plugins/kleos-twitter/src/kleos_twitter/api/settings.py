"""``[networks.twitter.api]``"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal, get_args

from attrs import Attribute, field, frozen

from kleos.asking import safe_host
from kleos.contract import AMOUNT
from kleos.secrets import Secret

__all__ = ["ApiSettings", "Wish"]

Wish = Literal["mentions", "replies", "posts", "quotes", "reposts", "likes", "audiences"]
"""What can be asked for. Own posts are read for their totals; quotes, reposts and likes need them to know which posts to ask about."""


def _number(least: float, most: float) -> Callable[[Any, Attribute[Any], float | None], None]:
    def check(instance: Any, attribute: Attribute[Any], value: float | None) -> None:
        if value is not None and not (math.isfinite(value) and least <= value <= most):
            raise ValueError(f"expected a number from {least:g} to {most:g}, found {value}")

    return check


def _wishes(instance: Any, attribute: Attribute[Any], value: tuple[Wish, ...]) -> None:
    if not value or set(value) - set(get_args(Wish)):
        raise ValueError(f"expected some of {', '.join(get_args(Wish))}")


@frozen(kw_only=True)
class ApiSettings:
    """``[networks.twitter.api]``"""

    token: Secret
    """A bearer token: an app's own, or that of a user (OAuth 2.0), which alone is told who liked."""
    limit_usd: float = field(default=5.0, validator=_number(0, 1e6))
    """As many US dollars as may be spent a calendar month (UTC), over all runs."""
    ask: tuple[Wish, ...] = field(default=get_args(Wish), validator=_wishes, metadata={AMOUNT: True})
    """What to ask for."""
    days: int = field(default=30, validator=_number(1, 3650), metadata={AMOUNT: True})
    """How far back a first run looks for mentions, and how old own posts may be to be looked at again."""
    usd_per_post: float = field(default=0.005, validator=_number(0, 1000), metadata={AMOUNT: True})
    """What X takes for a post of somebody else that it gives."""
    usd_per_user: float = field(default=0.010, validator=_number(0, 1000), metadata={AMOUNT: True})
    """What X takes for an account that it gives."""
    usd_per_own: float = field(default=0.005, validator=_number(0, 1000), metadata={AMOUNT: True})
    """What X takes for an own post or a mention; 0.001 where the token is of the account that owns the app ("owned reads")."""
    page_size: int = field(default=100, validator=_number(10, 100), metadata={AMOUNT: True})
    """As many posts as one question asks for, and as many as are charged for ahead."""
    max_pages: int | None = field(default=None, validator=_number(1, 1e9), metadata={AMOUNT: True})
    """As many answers as one run may take; the next run goes on from there."""
    host: str = field(default="https://api.x.com", validator=safe_host)
    """Where the API is."""

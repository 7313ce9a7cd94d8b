"""``[networks.facebook.api]``"""

from __future__ import annotations

import re
from typing import Any

from attrs import Attribute, field, frozen

from kleos.asking import safe_host
from kleos.secrets import Secret

__all__ = ["PAGE", "ApiSettings"]

PAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{1,79}")
"""A Page's id, or its user name."""
_VERSION = re.compile(r"v\d{1,3}\.\d{1,2}", re.ASCII)


def _is_page(instance: Any, attribute: Attribute[Any], value: str | None) -> None:
    if value is not None and not PAGE.fullmatch(value):
        raise ValueError("expected a Page's id or its user name: letters, digits, dots and hyphens")


def _is_version(instance: Any, attribute: Attribute[Any], value: str) -> None:
    if not _VERSION.fullmatch(value):
        raise ValueError('expected a version such as "v26.0"')


def _positive(instance: Any, attribute: Attribute[Any], value: int | None) -> None:
    if value is not None and value < 1:
        raise ValueError(f"expected a whole number of at least 1, found {value}")


def _not_negative(instance: Any, attribute: Attribute[Any], value: int) -> None:
    if not 0 <= value <= 36_500:
        raise ValueError(f"expected a number of days from 0 to 36500, found {value}")


@frozen(kw_only=True)
class ApiSettings:
    """``[networks.facebook.api]``"""

    token: Secret
    """The token of a Page that you administer."""
    page: str | None = field(default=None, validator=_is_page)
    """The Page's id or user name; default: the numbers among the person's accounts, else their user names, else the token's own Page."""
    host: str = field(default="https://graph.facebook.com", validator=safe_host)
    """Where the API is."""
    version: str = field(default="v26.0", validator=_is_version)
    """The version of the API."""
    daily_requests: int = field(default=4_000, validator=_positive)
    """As many requests as may be made a day, over all runs."""
    max_pages: int | None = field(default=None, validator=_positive)
    """As many answers as one run may take; the next run goes on from there."""
    look_back_days: int = field(default=30, validator=_not_negative)
    """How old posts may be, seen from the last run, to be looked at again for late reactions."""

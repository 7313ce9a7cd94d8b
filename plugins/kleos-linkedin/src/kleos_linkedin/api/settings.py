"""``[networks.linkedin.api]``"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

from attrs import Attribute, field, frozen

from kleos.asking import safe_host
from kleos.secrets import Secret

__all__ = ["UNIT", "ApiSettings", "version_for"]

UNIT: Final = "requests"

_VERSION = re.compile(r"20[0-9]{2}(?:0[1-9]|1[0-2])(?:\.[0-9]{2})?")
_MONTHS_BACK = 3


def _version(instance: Any, attribute: Attribute[Any], value: str | None) -> None:
    if value is not None and not _VERSION.fullmatch(value):
        raise ValueError(f"expected year and month as LinkedIn writes its versions (YYYYMM), found {value!r}")


def _positive(instance: Any, attribute: Attribute[Any], value: int | None) -> None:
    if value is not None and value < 1:
        raise ValueError(f"expected a whole number of at least 1, found {value}")


def _days(instance: Any, attribute: Attribute[Any], value: int) -> None:
    if not 0 <= value <= 36_500:
        raise ValueError(f"expected a number of days from 0 to 36500, found {value}")


@frozen(kw_only=True)
class ApiSettings:
    """``[networks.linkedin.api]``"""

    token: Secret
    """An access token with the permission r_organization_social, of somebody who administers the page."""
    host: str = field(default="https://api.linkedin.com", validator=safe_host)
    """Where the API is."""
    version: str | None = field(default=None, validator=_version)
    """The version of the API to ask for, as in the header LinkedIn-Version; default: that of three months ago."""
    daily_requests: int = field(default=1_000, validator=_positive)
    """As many questions as may be asked a day, over all runs. LinkedIn tells an app its own limits in the developer portal."""
    max_pages: int | None = field(default=None, validator=_positive)
    """As many answers as one run may take; the next run goes on from there."""
    look_back_days: int = field(default=90, validator=_days)
    """How old a post may be, seen from the last run, to be asked about again."""


def version_for(settings: ApiSettings, now: datetime) -> str:
    """Return the version to ask for. There is one for every month, and each is served for about a year."""
    if settings.version is not None:
        return settings.version
    years, month = divmod(now.year * 12 + now.month - 1 - _MONTHS_BACK, 12)
    return f"{years}{month + 1:02}"

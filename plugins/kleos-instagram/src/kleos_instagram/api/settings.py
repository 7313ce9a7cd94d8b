"""``[networks.instagram.api]``"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final, Literal

from attrs import Attribute, field, frozen, validators

from kleos.asking import safe_host
from kleos.secrets import Secret

__all__ = ["ApiSettings"]

_HOSTS: Final = {"instagram": "https://graph.instagram.com", "facebook": "https://graph.facebook.com"}


def _positive(instance: Any, attribute: Attribute[Any], value: int | None) -> None:
    if value is not None and value < 1:
        raise ValueError(f"expected a whole number of at least 1, found {value}")


def _days(instance: Any, attribute: Attribute[Any], value: int) -> None:
    if not 0 <= value <= 36_500:
        raise ValueError(f"expected a number of days from 0 to 36500, found {value}")


def _people(instance: Any, attribute: Attribute[Any], value: int) -> None:
    if not 0 <= value <= 5000:
        raise ValueError(f"expected a number of people from 0 to 5000, found {value}")


def _version(instance: Any, attribute: Attribute[Any], value: str | None) -> None:
    if value is not None and not re.fullmatch(r"v\d{1,3}\.\d{1,2}", value):
        raise ValueError(f'expected a version such as "v26.0", found {value!r}')


@frozen(kw_only=True)
class ApiSettings:
    """``[networks.instagram.api]``"""

    token: Secret
    """An access token for the professional account."""
    login: Literal["instagram", "facebook"] = "instagram"
    """Which login the token is from: "instagram" (graph.instagram.com) or "facebook" (graph.facebook.com, through a Page)."""
    host: str | None = field(default=None, validator=validators.optional(safe_host))
    """Where the API is, if not at the login's own host."""
    version: str | None = field(default=None, validator=_version)
    """The version of the API; without one Meta uses the oldest that your app still may."""
    daily_questions: int = field(default=10_000, validator=_positive)
    """As many questions as may be asked a day, over all runs."""
    max_pages: int | None = field(default=None, validator=_positive)
    """As many answers as one run may take; the next run goes on from there."""
    look_back_days: int = field(default=90, validator=_days)
    """How old posts may be, seen from the last run, to be looked at again for late comments and new counts."""
    insights: bool = True
    """Whether to ask for saves, shares and views: one question for each post."""
    audiences: int = field(default=500, validator=_people)
    """Of how many new commenters a run asks how many follow them, one question each; only with login = "facebook"."""
    mentions: tuple[Path, ...] = ()
    """Files of saved webhook notifications, which alone tell where one was mentioned; only with login = "facebook"."""

    @property
    def address(self) -> str:
        """The host without a slash behind it."""
        return (self.host or _HOSTS[self.login]).rstrip("/")

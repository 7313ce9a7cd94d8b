"""The Graph API, with the token of a Page: reactions, comments and shares of its posts, what visitors write, and who mentions it."""

from __future__ import annotations

from kleos.contract import Charge, Source
from kleos_facebook.api.client import UNIT
from kleos_facebook.api.fetching import fetch
from kleos_facebook.api.parsing import parse
from kleos_facebook.api.settings import ApiSettings

__all__ = ["API"]

API = Source(
    name="api",
    title="Graph API (Pages)",
    settings=ApiSettings,
    fetch=fetch,
    parse=parse,
    live=True,
    charges=(Charge(unit=UNIT, setting="daily_requests"),),
)

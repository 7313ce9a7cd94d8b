"""LinkedIn's Community Management API: reactions and comments to the posts of a page, with who gave them."""

from __future__ import annotations

from kleos.contract import Charge, Source
from kleos_linkedin.api.answers import parse
from kleos_linkedin.api.fetching import SOURCE, fetch
from kleos_linkedin.api.settings import UNIT, ApiSettings

__all__ = ["API"]

API = Source(
    name=SOURCE,
    title="Community Management API (pages)",
    settings=ApiSettings,
    fetch=fetch,
    parse=parse,
    live=True,
    charges=(Charge(unit=UNIT, setting="daily_requests"),),
)

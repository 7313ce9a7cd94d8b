"""The source `api`: the Graph API of professional accounts. Comments with who wrote them, tags, mentions, counts, audiences."""

from __future__ import annotations

from kleos.contract import Charge, Source
from kleos_instagram.api.client import UNIT
from kleos_instagram.api.fetching import fetch
from kleos_instagram.api.parsing import parse
from kleos_instagram.api.settings import ApiSettings

__all__ = ["API"]

API = Source(
    name="api",
    title="Instagram Graph API (professional accounts)",
    settings=ApiSettings,
    fetch=fetch,
    parse=parse,
    live=True,
    charges=(Charge(unit=UNIT, setting="daily_questions"),),
)

"""The X API v2, which is paid by what it gives: mentions, replies, quotes, reposts and likes with who gave them, totals, audiences."""

from __future__ import annotations

from kleos.contract import Charge, Source
from kleos_twitter.api.fetching import fetch
from kleos_twitter.api.parsing import parse
from kleos_twitter.api.settings import ApiSettings
from kleos_twitter.api.spending import UNIT

__all__ = ["API"]

API = Source(
    name="api",
    title="X API v2",
    settings=ApiSettings,
    fetch=fetch,
    parse=parse,
    live=True,
    charges=(Charge(unit=UNIT, setting="limit_usd"),),
)

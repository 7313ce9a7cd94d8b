"""The YouTube Data API v3, with an API key: comments and replies with who wrote them, likes and views as counts, audiences."""

from __future__ import annotations

from kleos.contract import Charge, Source
from kleos_youtube.answers.parsing import parse
from kleos_youtube.api.client import UNIT
from kleos_youtube.api.fetching import fetch
from kleos_youtube.api.settings import ApiSettings

__all__ = ["API"]

API = Source(
    name="api",
    title="YouTube Data API v3",
    settings=ApiSettings,
    fetch=fetch,
    parse=parse,
    live=True,
    charges=(Charge(unit=UNIT, setting="daily_units"),),
)

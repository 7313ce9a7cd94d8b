"""The API of Foursquare and Swarm, v2, with an OAuth token: likes and comments with who gave them, counts of all else."""

from __future__ import annotations

from kleos.contract import Charge, Source
from kleos_foursquare.api.fetching import UNIT, fetch
from kleos_foursquare.api.settings import ApiSettings
from kleos_foursquare.parsing import parse

__all__ = ["API"]

API = Source(
    name="api",
    title="Foursquare API v2",
    settings=ApiSettings,
    fetch=fetch,
    parse=parse,
    live=True,
    charges=(Charge(unit=UNIT, setting="daily_questions"),),
)

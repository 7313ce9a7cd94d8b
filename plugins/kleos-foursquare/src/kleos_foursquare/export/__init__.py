"""A data export of Foursquare or Swarm, or check-ins that a program has saved from the API."""

from __future__ import annotations

from kleos.contract import Source
from kleos_foursquare.export.fetching import DataExport, fetch
from kleos_foursquare.export.files import recognise
from kleos_foursquare.export.owning import owners
from kleos_foursquare.parsing import parse

__all__ = ["EXPORT"]

EXPORT = Source(
    name="export",
    title="data export (JSON), or check-ins saved from the API",
    settings=DataExport,
    fetch=fetch,
    parse=parse,
    recognise=recognise,
    owners=owners,
)

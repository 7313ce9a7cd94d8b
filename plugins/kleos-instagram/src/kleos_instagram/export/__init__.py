"""The source `export`: what "Download your information" gives. Of professional accounts it tells how many reacted to each post."""

from __future__ import annotations

from kleos.contract import Source
from kleos_instagram.export.fetching import ExportSettings, fetch
from kleos_instagram.export.owning import owners
from kleos_instagram.export.parsing import parse
from kleos_instagram.export.sorting import recognise

__all__ = ["EXPORT"]

EXPORT = Source(
    name="export",
    title="Download your information (JSON): counts for professional accounts, followers for all",
    settings=ExportSettings,
    recognise=recognise,
    owners=owners,
    fetch=fetch,
    parse=parse,
)

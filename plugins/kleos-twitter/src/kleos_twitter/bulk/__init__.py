"""Tweets collected as JSON by whatever means: twarc, the API's own answers, streams."""

from __future__ import annotations

from kleos.contract import Source
from kleos_twitter.bulk.fetching import BulkSettings, fetch, recognise
from kleos_twitter.bulk.parsing import parse

__all__ = ["BULK"]

BULK = Source(
    name="bulk",
    title="collected tweets (JSON of the API v1.1 or v2)",
    settings=BulkSettings,
    fetch=fetch,
    parse=parse,
    recognise=recognise,
    owned=False,
)

"""A Download-Your-Information export in JSON, of any of the three generations of its folders."""

from __future__ import annotations

from kleos.contract import Source
from kleos_facebook.export.fetching import Export, fetch
from kleos_facebook.export.owning import owners, recognise
from kleos_facebook.export.parsing import parse

__all__ = ["EXPORT"]

EXPORT = Source(
    name="export",
    title="Download Your Information (JSON)",
    settings=Export,
    recognise=recognise,
    owners=owners,
    fetch=fetch,
    parse=parse,
)

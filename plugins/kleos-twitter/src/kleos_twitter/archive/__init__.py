"""The personal archive: "Download an archive of your data", of every age since 2018."""

from __future__ import annotations

from kleos.contract import Source
from kleos_twitter.archive.fetching import ArchiveSettings, fetch
from kleos_twitter.archive.owning import owners, recognise
from kleos_twitter.archive.parsing import parse

__all__ = ["ARCHIVE"]

ARCHIVE = Source(
    name="archive",
    title="your archive",
    settings=ArchiveSettings,
    fetch=fetch,
    parse=parse,
    recognise=recognise,
    owners=owners,
)

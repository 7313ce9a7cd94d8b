"""The data export of a member: endorsements and recommendations received, and invitations."""

from __future__ import annotations

from kleos.contract import Source
from kleos_linkedin.archive.fetching import SOURCE, ArchiveSettings, fetch, recognise
from kleos_linkedin.archive.owner import owners
from kleos_linkedin.archive.parsing import parse

__all__ = ["EXPORT"]

EXPORT = Source(
    name=SOURCE,
    title="Data export of a member (zip of CSV)",
    settings=ArchiveSettings,
    recognise=recognise,
    owners=owners,
    fetch=fetch,
    parse=parse,
)

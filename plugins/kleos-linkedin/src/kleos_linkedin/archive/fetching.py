"""The source `export`: from an archive to pages. Only what others did is handed on, and nothing of the owner's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from attrs import frozen

from kleos.contract import Context, Export, Owner, Page
from kleos.errors import ExportError
from kleos_linkedin.archive.people import Survey, survey
from kleos_linkedin.archive.records import pieces
from kleos_linkedin.archive.tables import CONNECTIONS, ENDORSEMENTS, INVITATIONS, RECOMMENDATIONS, TABLES, find
from kleos_linkedin.kinds import NETWORK

__all__ = ["SOURCE", "ArchiveSettings", "fetch", "recognise"]

SOURCE = "export"

_RECEIVED = (ENDORSEMENTS.name, RECOMMENDATIONS.name, INVITATIONS.name)
_MADE = re.compile(r"LinkedInDataExport_(\d{2})-(\d{2})-(\d{4})", re.IGNORECASE)


@frozen(kw_only=True)
class ArchiveSettings:
    """``[networks.linkedin.export]``"""

    path: Path | tuple[Path, ...]
    """The archive: a folder, a zip, or all the parts of one that came in several."""
    endorsement_statuses: tuple[str, ...] = ("ACCEPTED",)
    """Endorsements of these statuses count, as the column "Endorsement Status" has them."""
    recommendation_statuses: tuple[str, ...] = ("VISIBLE",)
    """Recommendations of these statuses count, as the column "Status" has them."""


def recognise(export: Export) -> float:
    """Tell how sure it is that this is an export of LinkedIn; files are known by name or columns, whatever the language."""
    found = find(export)
    if ENDORSEMENTS.name in found or (RECOMMENDATIONS.name in found and len(found) > 1):
        return 1.0
    # Other services have invitations, recommendations and profiles, too.
    return {0: 0.0, 1: 0.6 if CONNECTIONS.name in found or INVITATIONS.name in found else 0.3}.get(len(found), 0.9)


def fetch(settings: ArchiveSettings, owner: Owner | None, context: Context) -> Iterator[Page]:
    """Yield endorsements, recommendations and invitations in pieces of whole records, and how many connections there are.

    Raises `ExportError` where there is none of these files, or one cannot be read; then all others have been given.
    """
    export = context.open_export(settings.path)
    found = find(export)
    if not found:
        raise ExportError(
            "expected an export of LinkedIn, found none of its tables",
            where=export.where,
            hint="give the zip as it came, or its folder: Endorsement_Received_Info.csv and Recommendations_Received.csv are in it",
        )
    known = survey(export, found)
    made = _made(export.where)
    if known.connections is not None:
        where = f"{export.where}: {found[CONNECTIONS.name][0]}"
        told = {"table": CONNECTIONS.name, "connections": known.connections}
        yield Page(network=NETWORK, source=SOURCE, where=where, owner=owner, captured=made, body=b"", context=told)
    names = [(table, name) for table in _RECEIVED for name in found.get(table, ())]
    failures: list[ExportError] = []
    for done, (table, name) in enumerate(names, 1):
        more = _context(table, settings, known)
        try:
            for piece in pieces(export, name, TABLES[table]):
                where = f"{export.where}: {name}"
                told = {"table": table, "line": piece.line, **more}
                yield Page(network=NETWORK, source=SOURCE, where=where, owner=owner, captured=made, body=piece.body, context=told)
                if context.stop.is_set():
                    return
        except ExportError as error:
            failures.append(error)
        context.progress(done, len(names), "files")
    if failures:
        raise failures[0]
    if not {ENDORSEMENTS.name, RECOMMENDATIONS.name} & set(found):
        raise ExportError(
            "this export holds no endorsements and no recommendations received",
            where=export.where,
            hint="if you have some, ask LinkedIn for the larger data archive: the smaller ones can leave them out",
        )


def _context(table: str, settings: ArchiveSettings, known: Survey) -> Mapping[str, Any]:
    """Return what the parser needs from elsewhere, the same for every piece of a table."""
    if table == ENDORSEMENTS.name:
        return {"statuses": list(settings.endorsement_statuses)}
    if table == RECOMMENDATIONS.name:
        statuses = list(settings.recommendation_statuses)
        return {"statuses": statuses, "order": known.orders[table], "accounts": dict(known.accounts)}
    return {"order": known.orders[table]}


def _made(where: str) -> datetime | None:
    """Return when LinkedIn made the export, which the name of its zip tells (month first)."""
    found = _MADE.search(where)
    try:
        return datetime(int(found[3]), int(found[1]), int(found[2]), tzinfo=UTC) if found else None
    except ValueError:
        return None

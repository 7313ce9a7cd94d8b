"""The built-in source of every network: canonical tables, file by file."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

import kleos
from kleos.collect.admit import BATCH, admit
from kleos.collect.adopt import adopt_only_subject
from kleos.collect.faults import Faults, Origin
from kleos.collect.flaws import find_flaws
from kleos.collect.report import Outcome, SourceReport
from kleos.collect.session import Session
from kleos.collect.table import Reading, read_table
from kleos.config import SourceConfig, TableSettings
from kleos.contract import Network
from kleos.errors import ExportError
from kleos.store import PageMark

__all__ = ["collect_tables"]


@frozen
class _Imported:
    outcome: Outcome
    skipped: bool = False
    unfinished: str | None = None


def collect_tables(session: Session, configured: SourceConfig, network: Network) -> tuple[list[SourceReport], str | None]:
    """Import the tables of one source, each taken as given: rows of it that are alike are as many reactions.

    Returns a report, and the digest of the claims under which rows were left out (None: none were).
    """
    settings: TableSettings = configured.settings
    where = ", ".join(map(str, settings.path))
    report = SourceReport(network=network.name, source=configured.source, key_path=configured.key_path, where=where)
    task = f"{network.name} {configured.source} {where}"
    faults = Faults(Origin(plugin=network.name, distribution="kleos", version=kleos.__version__), session.tell, session.strict)
    unfinished = None
    pace = session.pace(task)
    for path in settings.path:
        if session.stop.is_set():
            break
        try:
            imported = _import(session, path, settings, network, faults)
        except (ExportError, OSError) as error:
            faults.failed("fetch", str(path), error)
            continue
        report = evolve(
            report,
            pages=report.pages + 1,
            skipped_pages=report.skipped_pages + imported.skipped,
            outcome=report.outcome + imported.outcome,
        )
        unfinished = imported.unfinished or unfinished
        pace.took(path.stat().st_size, imported.outcome.rows)
    faults.flush()
    pace.finish()
    return [report], unfinished


def _import(session: Session, path: Path, settings: TableSettings, network: Network, faults: Faults) -> _Imported:
    name, connection = network.name, session.connection
    reading = Reading(
        declared={name: tuple(network.kinds)},
        others=tuple(other for other in session.loaded.networks if other != name),
        aliases=dict.fromkeys(network.aliases, name),
        network=name,
        columns={str(name): theirs for name, theirs in settings.columns.items()},
        kinds=settings.kinds,
        time_unit=settings.time_unit,
    )
    digest = _digest(path, reading)
    mark = session.store.seen(digest, session.claims.digest(name))
    if mark is not None:
        outcome = Outcome(rows=mark.rows, kept=mark.kept, self_reactions=mark.self_reactions, unclaimed=mark.unclaimed)
        return _Imported(outcome, skipped=True)

    table = read_table(connection, [path], reading)
    rows, flaws = find_flaws(connection, table)
    for flaw in flaws:
        faults.count("clean", flaw.where, flaw.reason, flaw.count)
    # Filtered afterwards: a condition pushed down into the reading of a CSV makes DuckDB 2.0 several times slower.
    given = f"SELECT *, 0 AS page, actor IS NULL AND captured IS NOT NULL AS tally FROM {table.relation}"  # noqa: S608 - ours
    connection.execute(f"CREATE OR REPLACE TEMP TABLE kleos_given AS {given}")
    connection.execute("DELETE FROM kleos_given WHERE problem IS NOT NULL")
    if len(session.config.people) == 1:
        adopt_only_subject(session, name, "kleos_given", next(iter(session.config.people)))
    pseudonyms = session.store.pseudonyms
    admitted = admit(connection, "kleos_given", network=name, claims=session.claims, pseudonyms=pseudonyms, as_given=True)
    left_out = sum(flaw.count for flaw in flaws if flaw.left_out)
    claimed, self_reactions = admitted.claimed[0], admitted.self_reactions[0]
    outcome = Outcome(
        rows=rows,
        kept=claimed - self_reactions,
        self_reactions=self_reactions,
        unclaimed=rows - left_out - claimed,
        left_out=left_out,
    )
    claims = session.claims.digest(name) if outcome.unclaimed or outcome.self_reactions else None
    marks = [
        PageMark(digest=digest, claims=claims, rows=rows, kept=outcome.kept, self_reactions=self_reactions, unclaimed=outcome.unclaimed)
    ]
    # A table with flaws gets no mark: it is read again, and they are told, by every run.
    session.store.append(session.run, name, "interactions", connection, BATCH, pages=[] if flaws else marks)
    return _Imported(outcome, unfinished=claims)


def _digest(path: Path, reading: Reading) -> str:
    """Everything that decides what rows a table gives."""
    told: list[Any] = [
        kleos.__version__,
        path.suffixes,
        {network: list(kinds) for network, kinds in reading.declared.items()},
        dict(reading.aliases),
    ]
    told += [reading.network, dict(reading.columns), dict(reading.kinds), reading.time_unit]
    digest = hashlib.blake2b(json.dumps(told).encode(errors="replace"), digest_size=20)
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()

"""A population made ready to be scored: its rows in blocks, its people and accounts numbered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import attrs
import numpy as np

from kleos.config import Config, Population
from kleos.errors import NoDataError
from kleos.events import Emit, Note, Progress
from kleos.pipeline.moments import moment_of
from kleos.pipeline.populations.blocks import Blocks, Plan
from kleos.pipeline.populations.encoding import Encoded, encode, encoded_chunks
from kleos.pipeline.populations.given import LEAST, interactions_to_tables, read_accounts, read_interactions, span
from kleos.pipeline.populations.journal import Journal, key_of
from kleos.pipeline.populations.opened import Opened, keep, reopen
from kleos.pipeline.populations.parquet import IrregularError, Tables, is_wholly_parquet, open_tables, read_tables
from kleos.pipeline.prepare import resolve
from kleos.pipeline.workers import workers
from kleos.plugins import Loaded
from kleos.scoring.accounts import Accounts, kinds_scored
from kleos.scoring.resolved import NetworkForm, Resolved
from kleos.store import Connection, from_micros, quoted, to_micros

__all__ = ["Opened", "open_codes", "open_population"]

LONGEST = 90 * 86_400 * 1_000_000
"""The default window is the data's span, at most 90 days (µs)."""


def open_population(
    config: Config,
    wanted: Population,
    loaded: Loaded,
    connection: Connection,
    folder: Path,
    *,
    emit: Emit,
    now: int,
    strict: bool = False,
    shared: bool = False,
) -> tuple[Opened, Journal]:
    """Read the tables of `[population]`: Parquet with whole numbers for ids the quick way, anything else the careful way.

    `folder` takes what does not fit the memory where no journal is kept; `now` in µs. Where an interrupted run has read them already, the
    journal tells. With `shared` the rows and the journal go to disk, beside `out`, whatever the memory: others are to read them. Raises
    `NoDataError` where there is no usable row.
    """
    resolved = resolve(config, loaded)
    place = wanted.out.with_name(wanted.out.name + ".parts") if wanted.out is not None else None
    journal = Journal(place, key_of(config, wanted, loaded, resolved), shared=shared)
    if journal.has("rows"):
        emit(Note(text=f"going on with an interrupted run: its rows are in {journal.folder}"))
        return _again(config, wanted, loaded, resolved=resolved, connection=connection, journal=journal, emit=emit), journal
    opened = _read(
        config, wanted, loaded, resolved=resolved, connection=connection, folder=folder, journal=journal, emit=emit, now=now, strict=strict
    )
    if journal.folder is not None and journal.folder.exists():
        assert wanted.out is not None
        if opened.prefix is None:
            connection.execute(f"COPY people_codes TO {quoted(str(journal.folder / 'people.parquet'))} (FORMAT parquet)")
        keep(opened, journal)
    return opened, journal


def _read(
    config: Config,
    wanted: Population,
    loaded: Loaded,
    *,
    resolved: Resolved,
    connection: Connection,
    folder: Path,
    journal: Journal,
    emit: Emit,
    now: int,
    strict: bool,
) -> Opened:
    network = loaded.networks.get(wanted.network or "")
    if network is not None and is_wholly_parquet(wanted):
        try:
            tables = open_tables(wanted, tuple(network.kinds))
            if tables.newest is not None and tables.newest > now:
                raise IrregularError("a time is in the future")
            if tables.rows:
                return _quickly(
                    config,
                    wanted,
                    loaded,
                    resolved=resolved,
                    tables=tables,
                    connection=connection,
                    folder=folder,
                    journal=journal,
                    emit=emit,
                    now=now,
                )
        except ImportError:
            emit(Note(text="pip install 'kleos[population]' to read Parquet with numeric ids some times faster (pyarrow)"))
        except IrregularError as reason:
            emit(Note(text=f"the tables are read the careful way, which is slower: {reason}"))
    return _carefully(
        config, wanted, loaded, resolved=resolved, connection=connection, folder=folder, journal=journal, emit=emit, now=now, strict=strict
    )


def _quickly(
    config: Config,
    wanted: Population,
    loaded: Loaded,
    *,
    resolved: Resolved,
    tables: Tables,
    connection: Connection,
    folder: Path,
    journal: Journal,
    emit: Emit,
    now: int,
) -> Opened:
    as_of, reason, window = _times(config, tables.newest, tables.oldest, now)
    assert wanted.network is not None
    forms = (resolved.form(loaded.networks[wanted.network]),)
    whole = Plan(
        tables.ids, tables.rows, 1, tables.ids, window, workers(config), wanted.memory // 2, folder, counted="count" in tables.names
    )
    plan = _plan(whole, journal)
    blocks = Blocks(plan, kinds_scored(forms), emit)
    seen, acted = np.zeros(tables.ids, dtype=np.bool_), np.zeros(tables.ids, dtype=np.bool_)
    with blocks.filling(tables.rows):
        read_tables(tables, as_of=as_of, window=window, threads=plan.threads, seen=seen, acted=acted, use=blocks.add)
    prefix = f"{wanted.network}:"
    _number(connection, prefix, tables.ids)
    # Nothing is left to be joined: only what does not fit the arrays goes through the database.
    connection.execute(f"SET memory_limit = '{max(LEAST, wanted.memory // 4)}B'")
    start = np.array([0, tables.ids], dtype=np.int64)
    return Opened(
        blocks=blocks,
        accounts=Accounts(start=start, audience=None, holder=None, given=blocks.given),
        wanted=seen | acted if wanted.all_accounts else seen,
        forms=forms,
        resolved=resolved,
        clock=resolved.clock(window),
        as_of=as_of,
        as_of_reason=reason,
        window=window,
        prefix=prefix,
    )


def _carefully(
    config: Config,
    wanted: Population,
    loaded: Loaded,
    *,
    resolved: Resolved,
    connection: Connection,
    folder: Path,
    journal: Journal,
    emit: Emit,
    now: int,
    strict: bool,
) -> Opened:
    emit(Progress(task="population", unit="rows"))
    rows = read_interactions(connection, wanted, loaded, emit=emit, strict=strict)
    if not rows:
        where = ", ".join(map(str, wanted.interactions))
        raise NoDataError("the table of [population] has no usable row", where=where, hint="look at the faults above")
    read_accounts(connection, wanted)
    emit(Progress(task="population", done=rows, total=rows, unit="rows", finished=True))
    interactions_to_tables(connection)
    as_of, reason, window = _times(config, *span(connection, now), now)
    names = [row[0] for row in connection.execute("SELECT DISTINCT network FROM reactions ORDER BY network").fetchall()]
    forms = tuple(resolved.form(loaded.networks[name]) for name in names)
    encoded = encode(connection, forms, everybody=wanted.all_accounts, as_of=as_of, window=window)
    for table in ("canonical", "owned", "reactions"):  # the codes are all that is needed from here on
        connection.execute(f"DROP TABLE {table}")
    sizes = (encoded.people, encoded.rows, len(forms), len(encoded.accounts))
    plan = _plan(Plan(*sizes, window, workers(config), wanted.memory // 2, folder), journal)
    blocks = Blocks(plan, kinds_scored(forms), emit)
    with blocks.filling(encoded.rows):
        return open_codes(connection, encoded, blocks, plan, forms=forms, resolved=resolved, as_of=as_of, reason=reason)


def open_codes(
    connection: Connection,
    encoded: Encoded,
    blocks: Blocks,
    plan: Plan,
    *,
    forms: tuple[NetworkForm, ...],
    resolved: Resolved,
    as_of: int,
    reason: str,
) -> Opened:
    """Deal the table `coded` to the blocks, and drop it: a population that is ready to be scored."""
    with ThreadPoolExecutor(plan.threads) as pool:
        for _ in pool.map(blocks.add, encoded_chunks(connection, encoded.rows)):
            pass
    connection.execute("DROP TABLE coded")
    return Opened(
        blocks=blocks,
        accounts=attrs.evolve(encoded.accounts, given=blocks.given),
        wanted=None,
        forms=forms,
        resolved=resolved,
        clock=resolved.clock(plan.window),
        as_of=as_of,
        as_of_reason=reason,
        window=plan.window,
    )


def _plan(plan: Plan, journal: Journal) -> Plan:
    """Put the rows where the journal is, if they go to disk and one is kept."""
    if journal.folder is None or not (plan.on_disk or journal.shared):
        return plan
    return plan._replace(folder=journal.open(), shared=journal.shared)


def _again(
    config: Config, wanted: Population, loaded: Loaded, *, resolved: Resolved, connection: Connection, journal: Journal, emit: Emit
) -> Opened:
    """Return a population that was read by a run before this one."""
    assert journal.folder is not None
    opened = reopen(journal, loaded.networks, resolved, threads=workers(config), memory=wanted.memory // 2, emit=emit)
    if opened.prefix is None:
        source = quoted(str(journal.folder / "people.parquet"))
        connection.execute(f"CREATE OR REPLACE VIEW people_codes AS FROM read_parquet({source})")
    else:
        _number(connection, opened.prefix, opened.blocks.people)
    return opened


def _number(connection: Connection, prefix: str, people: int) -> None:
    """Make the view `people_codes` of people whose names are a prefix and their numbers."""
    names = f"SELECT range::UINTEGER AS code, {quoted(prefix)} || range AS person FROM range({people})"  # noqa: S608
    connection.execute(f"CREATE OR REPLACE VIEW people_codes AS {names}")


def _times(config: Config, newest: int | None, oldest: int | None, now: int) -> tuple[int, str, int]:
    """Return as_of (µs), its reason, and the window (µs)."""
    moment, reason = moment_of(config.run, live=False, newest=newest, now=from_micros(now))
    as_of = to_micros(moment)
    return as_of, reason, config.run.window or min(LONGEST, max(1, as_of - (now if oldest is None else oldest)))

"""The days before a run, scored one by one from one reading of the store."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from kleos.config import Config
from kleos.events import Emit, Note, Progress
from kleos.kernel.layout import Influence
from kleos.kernel.replicates import replicated
from kleos.pipeline.backfill.span import Day, Span, read_span
from kleos.pipeline.prepare import Prepared, say_compiling
from kleos.pipeline.record import record_day
from kleos.pipeline.telling import result_of
from kleos.pipeline.workers import workers
from kleos.scoring.influence import table_digest, told_influence
from kleos.scoring.interval import intervals
from kleos.scoring.reactions import Reactions
from kleos.scoring.result import RunResult
from kleos.scoring.strength import measure, score_networks
from kleos.store import Connection, Store, from_micros, to_micros

__all__ = ["fill"]

WORTH_COMPILING = 2_000_000
"""Rows times days from which on it is quicker to compile the fold of all replicates (10 s, once) than to fold 200 times a day."""
REASON = "the end of a past day"


def fill(
    config: Config,
    store: Store,
    connection: Connection,
    prepared: Prepared,
    *,
    days: int,
    emit: Emit,
    stop: threading.Event | None = None,
) -> int:
    """Record the `days` days before that of `prepared`, and return how many were.

    `connection` holds the tables that `prepare` read. A day is scored as of its end, as ``--as-of`` would do it: with everything that the
    store holds now. Left out are days that have records of the same model for everybody, and days before the oldest reaction: nothing
    is known of those. People who have a record keep it.
    """
    known = _recorded(store, prepared, days)
    wanted = [day for day in _days(prepared.as_of, days) if not known.get(day, frozenset()) >= prepared.people.keys()]
    task = f"backfill of {days} days"
    if not wanted:
        emit(Note(text=f"nothing to backfill: the {days} days before are recorded with this model already"))
        return 0
    spans = [_read(connection, prepared, reactions) for reactions, _ in prepared.tables]
    earliest = min((moment for span in spans if (moment := span.earliest) is not None), default=None)
    kept = [day for day in wanted if earliest is not None and to_micros(_end(day)) >= earliest]
    at_once = _pays(spans, len(kept))
    if at_once:
        say_compiling(emit, "replicates._replicate_range")
    done = 0
    for day in kept:
        if stop is not None and stop.is_set():
            break
        emit(Progress(task=task, done=done, total=len(kept), unit="days"))
        result, then = _scored(prepared, spans, _end(day), threads=workers(config), at_once=at_once)
        people = [person for person in result.people if person.id not in known.get(day, ())]
        record_day(store, evolve(result, people=tuple(people)), then)
        done += 1
    emit(Progress(task=task, done=done, total=len(kept), unit="days", finished=True))
    _say(emit, wanted, kept, earliest, prepared.window)
    return done


def _days(as_of: datetime, days: int) -> list[date]:
    return [as_of.astimezone(UTC).date() - timedelta(days=back) for back in range(days, 0, -1)]


def _end(day: date) -> datetime:
    return datetime.combine(day, time.max, tzinfo=UTC)


def _recorded(store: Store, prepared: Prepared, days: int) -> Mapping[date, frozenset[str]]:
    """Return who has a record of this model, by day."""
    first, *_, last = [*_days(prepared.as_of, days), prepared.as_of.date()]
    found: dict[date, set[str]] = {}
    for record in store.scores(since=first, until=last):
        if record.digest == prepared.resolved.id.digest and record.day is not None:
            found.setdefault(record.day, set()).add(record.person)
    return {day: frozenset(people) for day, people in found.items()}


def _read(connection: Connection, prepared: Prepared, reactions: Reactions) -> Span:
    told = connection.execute("SELECT actor, audience FROM audiences WHERE network = ?", [reactions.form.network.name]).fetchall()
    return read_span(connection, reactions.form, list(prepared.people), dict(told))


def _pays(spans: Sequence[Span], days: int) -> bool:
    rows = sum(len(span.named.count) + len(span.anonymous.count) for span in spans)
    computed = any(np.any(span.form.form.computed & (span.form.form.value > 0)) for span in spans)
    # What a plugin computes has to be asked for in each replicate.
    return rows * days >= WORTH_COMPILING and not computed


def _scored(prepared: Prepared, spans: Sequence[Span], moment: datetime, *, threads: int, at_once: bool) -> tuple[RunResult, Prepared]:
    """Return everybody's scores as of a time, and what they are told from."""
    slices = [span.day(to_micros(moment), prepared.window) for span in spans]
    resolved, clock = prepared.resolved, prepared.clock
    tables = [(part.reactions, told_influence(part.reactions, resolved.model.influence)) for part in slices]
    networks = [measure(reactions, influence, clock, resolved, threads=threads) for reactions, influence in tables]
    then = evolve(
        prepared,
        as_of=moment,
        as_of_reason=REASON,
        tables=tables,
        influence_digest=table_digest(tables),
        scores=score_networks(networks, resolved, len(prepared.people)),
        counted=sorted((row for part in slices for row in part.counted), key=lambda row: (row.person, row.network, row.kind)),
    )
    found = _replicates(slices, tables, then, threads) if at_once else None
    bounds = intervals(tables, then.scores, clock, resolved, threads=threads, found=found)
    return result_of(then, bounds), then


def _replicates(slices: Sequence[Day], tables: Sequence[tuple[Reactions, Influence]], then: Prepared, threads: int) -> NDArray[np.float64]:
    """Return float64[N, R, P]: the strength that each replicate finds."""
    return np.stack(
        [
            replicated(
                reactions.named,
                reactions.anonymous,
                influence,
                then.clock,
                reactions.form.in_any,
                reactions.form.form,
                part.draws,
                threads=threads,
            )
            for part, (reactions, influence) in zip(slices, tables, strict=True)
        ]
    )


def _say(emit: Emit, wanted: Sequence[date], kept: Sequence[date], earliest: int | None, window: int) -> None:
    """Tell what cannot be seen in the records: where the data begin, the curve rises because of it."""
    if len(kept) < len(wanted):
        emit(Note(text=f"{len(wanted) - len(kept)} days lie before the oldest reaction in the store, and were left out"))
    if earliest is not None and kept and to_micros(_end(kept[0])) - window < earliest:
        begin, whole = from_micros(earliest).date(), from_micros(earliest + window).date()
        emit(Note(text=f"the store's reactions begin on {begin}: scores before {whole} rest on less than a whole window"))

"""A run for the people of a configuration."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path

from attrs import evolve

from kleos.collect import Collected
from kleos.collect import collect as import_all
from kleos.config import BUILT_IN, Config
from kleos.errors import NoDataError
from kleos.events import Emit, Event, Fault, Note
from kleos.pipeline.overlap import with_moves
from kleos.pipeline.prepare import prepare
from kleos.pipeline.record import recent_records, record_day, with_deltas
from kleos.pipeline.telling import result_of
from kleos.pipeline.workers import workers
from kleos.plugins import Loaded
from kleos.scoring.interval import intervals
from kleos.scoring.result import RunResult
from kleos.store import Store, connect

__all__ = ["collect_only", "run"]


def run(
    config: Config,
    loaded: Loaded,
    *,
    emit: Emit,
    now: datetime,
    stop: threading.Event | None = None,
    collect: bool = True,
    record: bool = True,
    keep: bool = False,
    strict: bool = False,
    backfill: int = 0,
) -> RunResult:
    """Collect what is new, score everybody in the configuration, record the scores, and return them.

    `collect` false scores what the store holds; `record` false leaves no trace of the scores. `backfill` is a
    number of days before the run's own that are recorded, too (`kleos.pipeline.backfill`). Faults and notes are both emitted and part
    of the result. Raises `NoDataError` where no source gave anything to read, `StoreError` and `ModelError`; with `strict` any failure
    of a plugin.
    """
    heard = _Heard(emit)
    with Store.open(config.run.store) as store, connect() as connection:
        collected = import_all(config, loaded, store, emit=heard, now=now, stop=stop, keep=keep, strict=strict) if collect else None
        prepared = prepare(config, loaded, store, connection, now=now, emit=heard)
        if not prepared.counted and (collected is None or not _anything(collected)):
            raise NoDataError(
                "no source gave a usable row" if collected else "the store holds no reactions to anybody in the configuration",
                where=str(config.where or ""),
                hint="look at the faults above; `kleos doctor` checks every source" if collected else "`kleos collect` first",
            )
        if backfill and record:
            # Imported here: most runs have no use for the means of it.
            from kleos.pipeline.backfill import fill

            fill(config, store, connection, prepared, days=backfill, emit=heard, stop=stop)
        bounds = intervals(prepared.tables, prepared.scores, prepared.clock, prepared.resolved, threads=workers(config))
        records = recent_records(store, prepared.as_of)
        result = with_deltas(records, result_of(prepared, bounds))
        result = with_moves(
            records,
            result,
            prepared,
            loaded=loaded,
            store=store,
            connection=connection,
            threads=workers(config),
            emit=heard,
            record=record,
        )
        if record:
            record_day(store, result, prepared)
    return evolve(result, faults=tuple(heard.faults), notes=tuple(heard.notes))


def collect_only(
    config: Config,
    loaded: Loaded,
    *,
    emit: Emit,
    now: datetime,
    stop: threading.Event | None = None,
    keep: bool = False,
    strict: bool = False,
    replay: Path | None = None,
) -> Collected:
    """Import what the sources have, or the pages that were kept in a folder, and score nobody."""
    with Store.open(config.run.store) as store:
        return import_all(config, loaded, store, emit=emit, now=now, stop=stop, keep=keep, strict=strict, replay=replay)


def _anything(collected: Collected) -> bool:
    """Whether some row could be used, or an export was in order and told of no reaction: then its owner has a score, 1."""
    if any(report.outcome.kept or report.outcome.self_reactions for report in collected.sources):
        return True
    return not collected.faults and any(report.pages for report in collected.sources if report.source != BUILT_IN)


class _Heard:
    """Passes events on, and remembers the faults and notes of the run."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self.faults: list[Fault] = []
        self.notes: list[str] = []

    def __call__(self, event: Event) -> None:
        if isinstance(event, Fault):
            self.faults.append(event)
        elif isinstance(event, Note):
            self.notes.append(event.text)
        self._emit(event)

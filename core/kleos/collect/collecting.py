"""`collect`: every source of a configuration, from wherever it is into the store."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from attrs import frozen

from kleos.collect.claims import Claims
from kleos.collect.pages import collect_pages
from kleos.collect.replaying import by_source, replay_pages
from kleos.collect.report import Collected, SourceReport
from kleos.collect.session import Session
from kleos.collect.tables import collect_tables
from kleos.config import BUILT_IN, Config, SourceConfig
from kleos.contract import Source
from kleos.errors import ExportError
from kleos.events import Emit
from kleos.plugins import Loaded
from kleos.store import Store, connect
from kleos.store.raw import KeptPage, kept_pages

__all__ = ["collect"]

_ROUNDS = 4


@frozen
class _Job:
    """A source to be collected: `do` returns its reports, and the digest of the claims under which rows were left out (None: none were)."""

    network: str
    do: Callable[[], tuple[list[SourceReport], str | None]]
    once: bool = False
    """An API is asked once."""


def collect(
    config: Config,
    loaded: Loaded,
    store: Store,
    *,
    now: datetime,
    emit: Emit,
    stop: threading.Event | None = None,
    keep: bool = False,
    strict: bool = False,
    replay: Path | None = None,
) -> Collected:
    """Collect from every source; what fails becomes a `Fault`, and the others go on.

    `now` is zone-aware. `stop` ends the collecting after the page at hand; `keep` keeps raw pages in the store; `strict` raises the first
    failure instead of telling it. With `replay` no source is asked or read: the pages come from a folder where they were kept. Raises
    `StoreError` where the store cannot be written, another process writes it, or no pages are kept in `replay`.
    """
    kept = None if replay is None else kept_pages(replay)
    with connect(threads=config.run.threads) as connection:
        session = Session(
            config=config,
            loaded=loaded,
            store=store,
            connection=connection,
            run=store.begin_run(now),
            now=now,
            emit=emit,
            stop=stop or threading.Event(),
            keep=keep,
            strict=strict,
            claims=Claims.of(config, store),
        )
        reports = _collect_all(session, _jobs(session) if kept is None else _replays(session, kept))
    _tell_strangers(session, reports)
    return Collected(
        run=session.run,
        sources=tuple(report for parts in reports for report in parts),
        faults=tuple(session.faults),
        live=any(_is_live(session, configured) for configured in config.sources),
        interrupted=session.stop.is_set(),
    )


def _jobs(session: Session) -> list[_Job]:
    return [
        _Job(configured.network, partial(_collect_one, session, configured), once=_is_live(session, configured))
        for configured in session.config.sources
    ]


def _replays(session: Session, kept: Sequence[KeptPage]) -> list[_Job]:
    return [_Job(pages[0].network, partial(replay_pages, session, pages)) for pages in by_source(kept)]


def _collect_all(session: Session, jobs: Sequence[_Job]) -> list[list[SourceReport]]:
    """One source may teach whose another's rows are: those that left rows out are looked at again, until nothing new is learnt.

    So the order of the sources does not matter.
    """
    reports: list[list[SourceReport]] = [[] for _ in jobs]
    unfinished: dict[int, str | None] = dict.fromkeys(range(len(jobs)), "")
    for _ in range(_ROUNDS):
        for index, looked_with in unfinished.items():
            job = jobs[index]
            if looked_with not in (None, session.claims.digest(job.network)) and not session.stop.is_set():
                reports[index], unfinished[index] = job.do()
        unfinished = {index: looked_with for index, looked_with in unfinished.items() if looked_with is not None and not jobs[index].once}
        session.repeating = True
    return reports


def _collect_one(session: Session, configured: SourceConfig) -> tuple[list[SourceReport], str | None]:
    network = session.loaded.networks.get(configured.network)
    if network is None:
        return [], None
    if configured.source == BUILT_IN:
        return collect_tables(session, configured, network)
    source = _source(session, configured)
    return ([], None) if source is None else collect_pages(session, configured, network, source)


def _source(session: Session, configured: SourceConfig) -> Source | None:
    network = session.loaded.networks.get(configured.network)
    return next((source for source in network.sources if source.name == configured.source), None) if network else None


def _is_live(session: Session, configured: SourceConfig) -> bool:
    source = _source(session, configured)
    return source is not None and source.live


def _tell_strangers(session: Session, reports: list[list[SourceReport]]) -> None:
    """A source none of whose rows is about anybody in the configuration is a mistake more often than not."""
    session.repeating = False
    for parts in reports:
        for report in parts:
            outcome = report.outcome
            if outcome.unclaimed and not outcome.kept and not outcome.self_reactions:
                error = ExportError(
                    f"none of its {outcome.unclaimed:,} reactions is to an account of a person in the configuration",
                    hint=f'add accounts = {{ {report.network} = "…" }} to the person whose they are',
                )
                session.faults_of(report.network).failed("owners", report.where, error)

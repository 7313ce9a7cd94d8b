"""A source read through without a store: what is in it, from when to when, and about whom."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from attrs import field, frozen

from kleos.collect.check import GOOD, check
from kleos.collect.faults import Faults, Origin
from kleos.collect.flaws import find_flaws
from kleos.collect.staged import stage
from kleos.collect.table import Reading, read_table
from kleos.contract import Context, Export, Owner, Page, Source
from kleos.events import Fault
from kleos.files import Limits, open_export
from kleos.plugins import Loaded
from kleos.setup.census import Census, Counted
from kleos.store import Connection, connect

__all__ = ["MOST_SUBJECTS", "TOP", "Means", "Survey", "survey_source", "survey_table"]

TOP = 10
"""Accounts of a network that are named where nobody owns the data."""
MOST_SUBJECTS = 20 * TOP
"""Accounts of one source that are compared with those of others: those with most reactions over all of them are hardly further down."""
_MEMORY = 1 << 30


@frozen(kw_only=True)
class Means:
    """What reading takes."""

    loaded: Loaded
    now: datetime
    limits: Limits = field(factory=Limits)
    stop: threading.Event = field(factory=threading.Event)
    progress: Callable[[int], None] = lambda rows: None
    """Told the rows read so far."""


@frozen(kw_only=True)
class Survey:
    """What a source holds."""

    counted: Counted
    rows: int
    pages: int
    complete: bool
    """False where reading was not to take any longer, or was interrupted."""
    faults: Sequence[Fault]
    """What could not be read, as a run would tell it."""

    @property
    def flaws(self) -> str:
        """How much could not be read, and the first of it; empty where nothing is wrong."""
        if not self.faults:
            return ""
        count, first = sum(fault.count for fault in self.faults), self.faults[0]
        return f"{count:,} {'rows or files have flaws' if count > 1 else 'row or file has a flaw'}, first {first.where}: {first.error}"


def survey_source(network: str, source: Source, settings: Any, owner: Owner | None, means: Means, *, most: int | None = None) -> Survey:
    """Fetch and parse a source's pages, as a run does; `most` ends it after the page that makes so many bytes."""
    declared = means.loaded.networks[network]
    faults, told = _faults(means.loaded, network)
    rows = pages = size = 0
    complete = True
    with _calculator() as connection, ExitStack() as stack:
        census = Census(connection, {network: declared}, means.now)

        def opened(paths: Any) -> Export:
            return stack.enter_context(open_export(paths, means.limits))

        context = Context(open_export=opened, stop=means.stop, now=means.now)
        for page in _pages(network, lambda: source.fetch(settings, owner, context), faults):
            staged = stage(page, source.parse)
            if staged.failure is not None:
                faults.failed("parse", page.where, staged.failure)
            for flaw in staged.flaws:
                faults.count("parse", flaw.where, flaw.reason)
            check(connection, [staged], network=network, kinds=declared.kinds, faults=faults)
            census.add(GOOD, network=network)
            census.meet(network, staged.profiles)
            rows += staged.rows
            pages += 1
            size += len(page.body)
            means.progress(rows)
            if (most is not None and size >= most) or means.stop.is_set():
                complete = False
                break
        faults.flush()
        return Survey(counted=census.counted(MOST_SUBJECTS), rows=rows, pages=pages, complete=complete, faults=told)


def survey_table(paths: Sequence[Path], network: str, reading: Reading, means: Means) -> Survey:
    """Read canonical tables. Raises `ExportError` for one that cannot be read at all."""
    faults, told = _faults(means.loaded, network)
    with _calculator() as connection:
        census = Census(connection, means.loaded.networks, means.now)
        table = read_table(connection, paths, reading)
        rows, flaws = find_flaws(connection, table)
        for flaw in flaws:
            faults.count("clean", flaw.where, flaw.reason, flaw.count)
        faults.flush()
        census.add(table.relation)
        means.progress(rows)
        return Survey(counted=census.counted(MOST_SUBJECTS), rows=rows, pages=len(paths), complete=True, faults=told)


@contextmanager
def _calculator() -> Iterator[Connection]:
    with tempfile.TemporaryDirectory(prefix="kleos-") as spill, connect(memory=_MEMORY, spill=Path(spill)) as connection:
        yield connection


def _faults(loaded: Loaded, network: str) -> tuple[Faults, list[Fault]]:
    told: list[Fault] = []
    return Faults(Origin.of(loaded, network), told.append), told


def _pages(network: str, fetched: Callable[[], Iterator[Page]], faults: Faults) -> Iterator[Page]:
    """Yield pages until the source fails."""
    try:
        for page in fetched():
            if not isinstance(page, Page) or page.network != network or not isinstance(page.body, bytes):
                raise TypeError(f"expected a Page of {network} with a body of bytes, found {type(page).__name__}")
            yield page
    except (Exception, SystemExit) as error:
        faults.failed("fetch", network, error)

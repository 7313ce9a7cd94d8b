"""The population of a configuration, as a world that can be tampered with."""

from __future__ import annotations

import itertools
from datetime import datetime
from threading import Lock

import attrs
import numpy as np
from numpy.typing import NDArray

from kleos.config import Config
from kleos.errors import UsageError
from kleos.events import Emit
from kleos.insight.attacking.world import Acting, Rows, World
from kleos.kernel.records import AGE_BITS, AGE_MASK, ITEMLESS, KIND_BITS, MAX_NETWORKS, NOBODY, Records
from kleos.pipeline.populations.given import calculator
from kleos.pipeline.populations.opening import Opened, open_population
from kleos.pipeline.workers import workers
from kleos.plugins import Loaded
from kleos.store import to_micros

__all__ = ["world_of"]


def world_of(config: Config, loaded: Loaded, *, emit: Emit, now: datetime) -> World:
    """Read the table of `[population]`; nothing is written. All rows are held in memory, about 60 bytes each.

    Raises `UsageError` without a `[population]`, `NoDataError` for a table without a usable row.
    """
    if config.population is None:
        raise UsageError(
            "an attack on real people needs a population", where=str(config.where or ""), hint="add [population] with interactions"
        )
    wanted = attrs.evolve(config.population, out=None)
    with calculator(wanted, workers(config)) as (connection, folder):
        opened, _ = open_population(config, wanted, loaded, connection, folder, emit=emit, now=to_micros(now))
        return World(
            forms=opened.forms,
            resolved=opened.resolved,
            window=opened.window,
            people=opened.blocks.people,
            accounts=_accounts(opened),
            rows=_rows(opened),
        )


def _accounts(opened: Opened) -> list[Acting]:
    known = opened.accounts
    audience = np.full(len(known), np.nan) if known.audience is None else known.audience
    found = []
    for first, last in itertools.pairwise(known.start.tolist()):
        # Where the table tells no holders, an account's number is its person's.
        holder = np.arange(last - first) if known.holder is None else known.holder[first:last]
        found.append(Acting(audience[first:last], holder))
    return found


def _rows(opened: Opened) -> Rows:
    blocks, start = opened.blocks, opened.accounts.start
    found: list[Rows] = []
    lock = Lock()

    def take(part: int, records: Records, spans: NDArray[np.int64]) -> None:
        for first, last in spans.tolist():
            rows = _plain(records, slice(first, last), part, blocks.bits, start)
            with lock:
                found.append(rows)

    for _ in blocks.each(take, "reading"):
        pass
    columns = [attrs.asdict(rows, recurse=False) for rows in found]
    return Rows(**{name: np.concatenate([column[name] for column in columns]) for name in columns[0]})


def _plain(records: Records, which: slice, part: int, bits: int, start: NDArray[np.int64]) -> Rows:
    """Return some records of a part as rows; a stamp's fields are told in `kleos.kernel.records`."""
    stamp, actor = records.stamp[which], records.actor[which]
    slot = (stamp >> AGE_BITS).astype(np.int64)
    network = slot >> KIND_BITS & MAX_NETWORKS - 1
    return Rows(
        network=network,
        person=records.person[which].astype(np.int64) << bits | part,
        account=np.where(actor == NOBODY, -1, actor.astype(np.int64) - start[network]),
        kind=slot & (1 << KIND_BITS) - 1,
        item=records.item[which].copy(),
        itemless=stamp >= ITEMLESS,
        age=(stamp & AGE_MASK).astype(np.int64),
        reactions=records.reactions[which].copy() if len(records.reactions) else np.ones(len(actor), dtype=np.int64),
    )

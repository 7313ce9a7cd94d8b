"""Tables of reactions as scoring reads them, and what a `[people]` run makes of them."""

from __future__ import annotations

import atexit
import random
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import attrs
import duckdb
from attrs import frozen
from hypothesis import strategies as st

from kleos.contract import Metric, Network
from kleos.kernel.layout import Influence
from kleos.scoring.influence import told_influence
from kleos.scoring.interval import intervals
from kleos.scoring.model import Model
from kleos.scoring.reactions import Reactions, gather
from kleos.scoring.resolved import Resolved, resolve_model
from kleos.scoring.strength import Scores, measure, score_networks
from slow_twins.small import DAY, METRICS, MODEL, NETWORKS, WINDOW

__all__ = ["AS_OF", "AUDIENCES", "PEOPLE", "Row", "Run", "likes", "rows", "run", "shuffled", "table"]

AS_OF = 1_700_000_000_000_000
PEOPLE = ("ada", "bob")
AUDIENCES = {"loud": 20_000, "quiet": 20, "alone": 0}


@frozen
class Row:
    """A row of the table `reactions`; times in microseconds."""

    network: str = "birdsong"
    person: str = "ada"
    kind: str = "cheer"
    actor: str | None = None
    item: str | None = None
    time: int | None = AS_OF
    item_time: int | None = None
    captured: int | None = None
    count: int = 1

    @property
    def age(self) -> int:
        """How long before `AS_OF` it was; untimed: half the window."""
        times = [time for time in (self.time, self.item_time, self.captured) if time is not None]
        return AS_OF - times[0] if times else WINDOW // 2


@frozen(kw_only=True, eq=False)
class Run:
    """What was scored, and with what."""

    scores: Scores
    tables: Sequence[tuple[Reactions, Influence]]
    resolved: Resolved
    threads: int

    @property
    def score(self) -> list[float]:
        """One score for each of the people."""
        scores: list[float] = self.scores.score.tolist()
        return scores

    def intervals(self) -> list[list[float]]:
        """Lower and upper bound for each of the people."""
        bounds: list[list[float]] = intervals(
            self.tables, self.scores, self.resolved.clock(WINDOW), self.resolved, threads=self.threads
        ).tolist()
        return bounds

    def bits(self) -> bytes:
        """Every number of the scores."""
        parts = (self.scores.score, self.scores.log_odds, self.scores.network_points, self.scores.metric_points)
        return b"".join(part.tobytes() for part in parts)


def table(rows: Iterable[Row], threads: int = 1) -> duckdb.DuckDBPyConnection:
    """Return a connection to the table `reactions`. The database is one for all calls, for speed: the next call replaces the table."""
    columns = {"network": "VARCHAR", "person": "VARCHAR", "kind": "VARCHAR", "actor": "VARCHAR", "item": "VARCHAR"}
    columns |= dict.fromkeys(("time", "item_time", "captured", "count"), "BIGINT")
    values = list(zip(*map(attrs.astuple, rows), strict=True)) or [()] * len(columns)
    made = ", ".join(f"unnest(${name}::{type_}[]) AS {name}" for name, type_ in columns.items())
    connection = _database(threads).cursor()
    connection.execute(f"CREATE OR REPLACE TABLE reactions AS SELECT {made}", dict(zip(columns, map(list, values), strict=True)))
    return connection


@cache
def _database(threads: int) -> duckdb.DuckDBPyConnection:
    atexit.register(_database.cache_clear)  # DuckDB complains aloud of connections that outlive it
    return duckdb.connect(config={"threads": threads})


def run(
    rows: Iterable[Row],
    *,
    people: Sequence[str] = PEOPLE,
    audiences: Mapping[str, int] | None = None,
    networks: Sequence[Network] = NETWORKS,
    model: Model = MODEL,
    metrics: Mapping[str, Metric] = METRICS,
    threads: int = 1,
) -> Run:
    """Score people as a `[people]` run does."""
    resolved = resolve_model(model, metrics)
    tables = []
    with table(rows, threads) as connection:
        for network in networks:
            form = resolved.form(network)
            told = AUDIENCES if audiences is None else audiences
            reactions = gather(connection, form, people, told, as_of=AS_OF, window=WINDOW)
            tables.append((reactions, told_influence(reactions, model.influence)))
    clock = resolved.clock(WINDOW)
    strengths = [measure(reactions, influence, clock, resolved, threads=threads) for reactions, influence in tables]
    return Run(scores=score_networks(strengths, resolved, len(people)), tables=tables, resolved=resolved, threads=threads)


def likes(number: int, person: str = "ada", network: str = "birdsong", kind: str = "cheer") -> list[Row]:
    """Return reactions by that many people, to ten items over thirty days."""
    return [Row(network, person, kind, f"fan {i}", f"item {i % 10}", AS_OF - i % 30 * DAY) for i in range(number)]


def shuffled(rows: Sequence[Row], seed: int = 1) -> list[Row]:
    """Return the rows in another order."""
    return random.Random(seed).sample(rows, len(rows))


_TIMES = st.one_of(
    st.none(),
    st.sampled_from([AS_OF, AS_OF - WINDOW, AS_OF + 1, AS_OF - WINDOW - 1]),
    st.integers(-5, 100).map(lambda days: AS_OF - days * DAY),
)


def rows(people: Sequence[str] = (*PEOPLE, "stranger")) -> st.SearchStrategy[Row]:
    """Draw a row: of any kind, named or not, with and without times, inside the window and outside."""
    kinds = [(network.name, kind) for network in NETWORKS for kind in network.kinds]
    return st.builds(
        lambda place, **values: Row(network=place[0], kind=place[1], **values),
        st.sampled_from(kinds),
        person=st.sampled_from(people),
        actor=st.one_of(st.none(), st.sampled_from(("loud", "quiet", "alone", "eve", "dan", "fay"))),
        item=st.one_of(st.none(), st.sampled_from(("x", "y", "z"))),
        time=_TIMES,
        item_time=_TIMES,
        captured=_TIMES,
        count=st.integers(1, 5),
    )

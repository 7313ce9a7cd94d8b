"""A run for everybody in a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from kleos.config import Config, Population
from kleos.errors import NoDataError
from kleos.events import Emit, Progress
from kleos.kernel.layout import Clock, Influence
from kleos.pipeline.given import calculator, read_accounts, read_interactions
from kleos.pipeline.moments import moment_of
from kleos.pipeline.output import write_table
from kleos.pipeline.prepare import broken_metrics, resolve, say_compiling, say_what_is_missing
from kleos.pipeline.workers import workers
from kleos.plugins import Loaded
from kleos.scoring.calibrate import REFERENCE_ACTORS
from kleos.scoring.influence import earned_influence
from kleos.scoring.people import natural_values
from kleos.scoring.reactions import Reactions, gather
from kleos.scoring.resolved import Resolved
from kleos.scoring.result import ModelId
from kleos.scoring.spread import spreads
from kleos.scoring.strength import NetworkStrength, Scores, measure, score_networks
from kleos.store import Connection, from_micros, to_micros

__all__ = ["PopulationResult", "PopulationTables", "open_population", "population", "weigh_population"]

LONGEST = 90 * 86_400 * 1_000_000
"""The default window is the data's span, at most 90 days (µs)."""
PERCENTILES = (5, 25, 50, 75, 90, 95, 99)


@frozen(kw_only=True)
class PopulationResult:
    """What came of scoring a population."""

    out: Path | None
    size: int
    """People scored."""
    mean: float
    percentiles: Mapping[int, float]
    """Percentile → score, over everybody scored."""
    reference_size: int
    """Those with at least 5 distinct actors: over them the model promises a mean of 40 and 63 for the top 5 %."""
    reference_mean: float
    reference_top: float
    """The score that marks their top 5 %."""
    as_of: datetime
    as_of_reason: str
    window: float
    """Seconds."""
    model: ModelId
    source: str
    """The tables' names."""
    scores: Sequence[float] = field(repr=False)
    """Sorted, lowest first: what a percentile over this population is read off."""


@frozen(kw_only=True, eq=False)
class PopulationTables:
    """A population in the engine's arrays."""

    people: Sequence[str]
    tables: Sequence[Reactions]
    """One per network, by name."""
    holders: Sequence[NDArray[np.int64]]
    """int64[A] per network: the person behind an actor, −1 for one who is not scored."""
    resolved: Resolved
    clock: Clock
    as_of: int
    """µs."""
    as_of_reason: str
    window: int
    """µs."""


def population(config: Config, loaded: Loaded, *, emit: Emit, now: datetime, strict: bool = False) -> PopulationResult:
    """Score everybody in the table of `[population]`, and write the scores where the configuration says.

    Raises `NoDataError` for a table without a usable row; bad rows are counted as faults.
    """
    assert config.population is not None
    threads = workers(config)
    with calculator(config.population, threads) as connection:
        opened = open_population(config, config.population, loaded, connection, emit=emit, now=now, strict=strict)
        say_what_is_missing(opened.resolved, emit)
        say_compiling(emit)
        tables, strengths = weigh_population(opened, emit=emit, threads=threads)
        for fault in broken_metrics(loaded, strengths):
            emit(fault)
        scores = score_networks(strengths, opened.resolved, len(opened.people))
        bounds = spreads(tables, scores, opened.resolved)
        if config.population.out is not None:
            metrics = natural_values(tables, scores, opened.resolved, opened.clock, threads=threads)
            write_table(connection, config.population.out, _columns(opened, scores, bounds, metrics))
    reference = scores.score[scores.actors >= REFERENCE_ACTORS]
    marks = np.percentile(scores.score, PERCENTILES).tolist()
    return PopulationResult(
        out=config.population.out,
        size=len(opened.people),
        mean=float(scores.score.mean()),
        percentiles=dict(zip(PERCENTILES, marks, strict=True)),
        reference_size=len(reference),
        reference_mean=float(reference.mean()) if len(reference) else float("nan"),
        reference_top=float(np.percentile(reference, 95)) if len(reference) else float("nan"),
        as_of=from_micros(opened.as_of),
        as_of_reason=opened.as_of_reason,
        source=", ".join(path.name for path in config.population.interactions),
        scores=np.sort(scores.score).tolist(),
        window=opened.window / 1_000_000,
        model=opened.resolved.id,
    )


def open_population(
    config: Config, wanted: Population, loaded: Loaded, connection: Connection, *, emit: Emit, now: datetime, strict: bool = False
) -> PopulationTables:
    """Read the table and the accounts, and put them into arrays."""
    emit(Progress(task="population", unit="rows"))
    rows = read_interactions(connection, wanted, loaded, emit=emit, strict=strict)
    if not rows:
        where = ", ".join(map(str, wanted.interactions))
        raise NoDataError("the table of [population] has no usable row", where=where, hint="look at the faults above")
    read_accounts(connection, wanted)
    emit(Progress(task="population", done=rows, total=rows, unit="rows", finished=True))
    connection.execute(_OWNED)
    connection.execute(_REACTIONS)
    newest, oldest = _span(connection, to_micros(now))
    moment, reason = moment_of(config.run, live=False, newest=newest, now=now)
    as_of = to_micros(moment)
    if oldest is None:
        oldest = to_micros(now)
    window = config.run.window or min(LONGEST, max(1, as_of - oldest))
    resolved = resolve(config, loaded)
    clock = resolved.clock(window)
    people = [row[0] for row in connection.execute(_PEOPLE, {"everybody": wanted.all_accounts}).fetchall()]
    place = {person: number for number, person in enumerate(people)}
    tables, holders = [], []
    for (name,) in connection.execute("SELECT DISTINCT network FROM reactions ORDER BY network").fetchall():
        told = dict(connection.execute(_AUDIENCES, {"network": name}).fetchall())
        reactions = gather(connection, resolved.form(loaded.networks[name]), people, told, as_of=as_of, window=window)
        owner = dict(connection.execute("SELECT account, person FROM accounts WHERE network = ?", [name]).fetchall())
        tables.append(reactions)
        holders.append(np.array([place.get(owner.get(actor, f"{name}:{actor}"), -1) for actor in reactions.actors], dtype=np.int64))
    return PopulationTables(
        people=people,
        tables=tables,
        holders=holders,
        resolved=resolved,
        clock=clock,
        as_of=as_of,
        as_of_reason=reason,
        window=window,
    )


def weigh_population(
    opened: PopulationTables, *, emit: Emit, threads: int
) -> tuple[list[tuple[Reactions, Influence]], list[NetworkStrength]]:
    """Make the influence table of a population, and everybody's strengths with it."""
    emit(Progress(task="influence", unit="rounds"))
    influences = earned_influence(opened.tables, opened.holders, opened.clock, opened.resolved, threads=threads)
    tables = list(zip(opened.tables, influences, strict=True))
    strengths = [measure(reactions, influence, opened.clock, opened.resolved, threads=threads) for reactions, influence in tables]
    emit(Progress(task="influence", unit="rounds", finished=True))
    return tables, strengths


# Whose each row is, and whose reaction: an account that the accounts table does not name is a person of its own.
_OWNED = """
    CREATE OR REPLACE TABLE owned AS
    SELECT c.*, coalesce(s.person, c.network || ':' || c.subject) AS person, coalesce(a.person, c.network || ':' || c.actor) AS reactor
    FROM canonical c
    LEFT JOIN accounts s ON c.network = s.network AND c.subject = s.account
    LEFT JOIN accounts a ON c.network = a.network AND c.actor = a.account
"""

# Reactions to own linked accounts are left out. A table of interactions is taken as given, but for its tallies: the newest one less the
# reactions that are listed one by one.
_REACTIONS = """
    CREATE OR REPLACE TABLE reactions AS
    WITH listed AS (
        SELECT * FROM owned WHERE (actor IS NOT NULL AND person <> reactor) OR (actor IS NULL AND captured IS NULL)
    ), tallies AS (
        SELECT network, person, subject, kind, item, max({'captured': captured, 'total': count}) AS newest, min(item_time) AS item_time
        FROM owned WHERE actor IS NULL AND captured IS NOT NULL GROUP BY ALL
    ), sums AS (
        SELECT network, person, subject, kind, item, sum(count) AS count FROM listed GROUP BY ALL
    )
    SELECT network, person, kind, actor, item, time, item_time, captured, count, audience FROM listed
    UNION ALL
    SELECT t.network, t.person, t.kind, NULL, t.item, NULL, t.item_time, t.newest.captured,
           (t.newest.total - coalesce(s.count, 0))::BIGINT AS count, NULL
    FROM tallies t LEFT JOIN sums s ON t.network = s.network AND t.person = s.person AND t.subject = s.subject AND t.kind = s.kind
        AND t.item IS NOT DISTINCT FROM s.item
    WHERE t.newest.total > coalesce(s.count, 0)
"""

# Every subject and everyone in the accounts table; on request those who only act, too.
_PEOPLE = """
    SELECT person FROM owned UNION SELECT person FROM accounts
    UNION SELECT reactor FROM owned WHERE $everybody AND reactor IS NOT NULL
    ORDER BY person
"""

_AUDIENCES = """
    SELECT actor, max({'told': told, 'audience': audience}).audience FROM (
        SELECT actor, coalesce(captured, time, item_time, 0) AS told, audience FROM reactions
        WHERE network = $network AND actor IS NOT NULL AND audience IS NOT NULL
        UNION ALL SELECT account, 9223372036854775807, audience FROM accounts WHERE network = $network AND audience IS NOT NULL
    ) GROUP BY actor
"""


def _span(connection: Connection, now: int) -> tuple[int | None, int | None]:
    """Return the newest and the oldest time of a reaction (µs), None where nothing has a time; times after `now` are no evidence."""
    found = connection.execute(
        "SELECT max(t), min(t) FROM (SELECT coalesce(time, item_time, captured) AS t FROM reactions) WHERE t <= ?", [now]
    ).fetchone()
    assert found is not None
    return found[0], found[1]


def _columns(
    opened: PopulationTables, scores: Scores, bounds: NDArray[np.float64], metrics: NDArray[np.float64]
) -> dict[str, NDArray[np.generic]]:
    """Return the table of scores: person, score, percentile, odds, lo, hi, and one column per metric, summed over networks."""
    people = np.empty(len(opened.people), dtype=object)
    people[:] = opened.people
    ranks = np.searchsorted(np.sort(scores.score), scores.score)  # how many rank lower
    return {
        "person": people,
        "score": scores.score,
        "percentile": 100.0 * ranks / max(1, len(people)),
        "odds": np.exp(scores.log_odds),
        "lo": bounds[:, 0],
        "hi": bounds[:, 1],
        **{metric.name: np.ascontiguousarray(metrics[:, m]) for m, metric in enumerate(opened.resolved.metrics)},
    }

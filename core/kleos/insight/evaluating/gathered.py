"""A population's reactions, gathered once and scored as of any moment: what a model is measured on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import attrs
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.config import Config
from kleos.errors import NoDataError, UsageError
from kleos.events import Emit, Progress
from kleos.insight.evaluating.rows import Rows
from kleos.pipeline.moments import moment_of
from kleos.pipeline.populations.blocks import Blocks, Plan
from kleos.pipeline.populations.encoding import encode
from kleos.pipeline.populations.given import calculator, interactions_to_tables, read_accounts, read_interactions, span
from kleos.pipeline.populations.journal import Journal
from kleos.pipeline.populations.opening import LONGEST, Opened, open_codes
from kleos.pipeline.populations.scoring import score_parts
from kleos.pipeline.prepare import broken_metric, resolve, say_compiling, say_what_is_missing
from kleos.pipeline.workers import workers
from kleos.plugins import Loaded
from kleos.scoring.accounts import kinds_scored
from kleos.scoring.earned import earned_influence
from kleos.scoring.resolved import NetworkForm, Resolved
from kleos.store import Connection, from_micros, to_micros

__all__ = ["Gathered", "Standing", "gathered"]


@frozen(kw_only=True, eq=False)
class Standing:
    """Everybody's score at one moment; the people are those of `Gathered.rows`."""

    odds: NDArray[np.float64]
    """float64[P]; 0 for those who received nothing."""
    score: NDArray[np.float64]
    """float64[P]."""
    actors: NDArray[np.int64]
    """int64[P]: distinct actors, added up over networks."""


@frozen(kw_only=True, eq=False)
class Gathered:
    """A population's reactions, in the tables of `kleos.pipeline.populations.given`, and those that have a time of their own in memory."""

    rows: Rows
    """Of kinds that count, with a time of their own."""
    untimed: int
    """Reactions of which only the item or the capture is dated, or nothing: they may lie on either side of a cut, so they are on none."""
    resolved: Resolved
    """The model of the configuration."""
    forms: tuple[NetworkForm, ...]
    config: Config
    loaded: Loaded
    emit: Emit
    connection: Connection
    folder: Path
    now: int
    """µs."""

    @property
    def first(self) -> int:
        """When the oldest of the rows was given (µs)."""
        return int(self.rows.time.min())

    @property
    def last(self) -> int:
        """When the newest of the rows was given (µs)."""
        return int(self.rows.time.max())

    def names(self) -> list[str]:
        """Return everybody's name, in the order of their numbers."""
        return [str(row[0]) for row in self.connection.execute("SELECT person FROM people_codes ORDER BY code").fetchall()]

    def window(self, cut: int) -> int:
        """Return the window at a cut (µs): the configuration's, else all that lies before it, at most 90 days."""
        return self.config.run.window or max(1, min(LONGEST, cut - self.first))

    def at(self, cut: int, window: int, resolved: Resolved | None = None) -> Opened:
        """Return the population as a run would find it that knows nothing of what came at `cut` or later; both in µs.

        Everybody who ever gave or received something is in it, under the same number at every cut. `resolved` is the model to weigh by,
        the configuration's if None.
        """
        self.connection.execute(f"CREATE OR REPLACE VIEW reactions AS SELECT * FROM all_reactions WHERE time < {cut:d}")  # noqa: S608
        return self._opened(cut - 1, "the cut", window, resolved)

    def whole(self, resolved: Resolved | None = None) -> Opened:
        """Return the population as `kleos run` finds it, reactions without a time of their own included."""
        newest, oldest = span(self.connection, self.now)
        moment, reason = moment_of(self.config.run, live=False, newest=newest, now=from_micros(self.now))
        as_of = to_micros(moment)
        window = self.config.run.window or min(LONGEST, max(1, as_of - (self.now if oldest is None else oldest)))
        self.connection.execute("CREATE OR REPLACE VIEW reactions AS FROM all_reactions")
        return self._opened(as_of, reason, window, resolved)

    def standing(self, opened: Opened) -> Standing:
        """Score everybody in what `at` or `whole` returned; metrics that fail are emitted as faults."""
        q, _ = earned_influence(opened.blocks, opened.accounts, opened.forms, opened.resolved)
        people = opened.blocks.people
        odds, score, actors = np.zeros(people), np.ones(people), np.zeros(people, dtype=np.int64)
        broken: dict[tuple[str, str], str] = {}
        for piece in score_parts(opened, q, Journal(None, ""), metrics=False):
            odds[piece.code], score[piece.code], actors[piece.code] = piece.odds, piece.score, piece.actors
            broken.update(piece.broken)
        for (metric, network), reason in sorted(broken.items()):
            self.emit(broken_metric(self.loaded, metric, network, reason))
        return Standing(odds=odds, score=score, actors=actors)

    def _opened(self, as_of: int, reason: str, window: int, resolved: Resolved | None) -> Opened:
        model = self.resolved if resolved is None else resolved
        forms = tuple(model.form(form.network) for form in self.forms)
        encoded = encode(self.connection, forms, everybody=True, as_of=as_of, window=window)
        assert self.config.population is not None
        sizes = (encoded.people, encoded.rows, len(forms), len(encoded.accounts))
        # A folder for each, since blocks are files by number.
        folder = Path(mkdtemp(dir=self.folder))
        plan = Plan(*sizes, window, workers(self.config), self.config.population.memory // 2, folder)
        blocks = Blocks(plan, kinds_scored(forms), self.emit)
        return open_codes(self.connection, encoded, blocks, plan, forms=forms, resolved=model, as_of=as_of, reason=reason)


@contextmanager
def gathered(config: Config, loaded: Loaded, *, emit: Emit, now: int) -> Iterator[Gathered]:
    """Yield the reactions of the configuration's `[population]`; those after `[run] as_of`, else after `now` (µs), are left out.

    Raises `UsageError` without a `[population]`, and `NoDataError` where there is no usable row.
    """
    wanted = config.population
    if wanted is None:
        raise UsageError(
            "this needs a population", where=str(config.where or ""), hint="add a table [population] with interactions to the configuration"
        )
    with calculator(attrs.evolve(wanted, out=None), workers(config)) as (connection, folder):
        resolved = resolve(config, loaded)
        say_compiling(emit, "parts.fold_part")
        say_what_is_missing(resolved, emit)
        emit(Progress(task="population", unit="rows"))
        rows = read_interactions(connection, wanted, loaded, emit=emit)
        if not rows:
            where = ", ".join(map(str, wanted.interactions))
            raise NoDataError("the table of [population] has no usable row", where=where, hint="look at the faults above")
        read_accounts(connection, wanted)
        emit(Progress(task="population", done=rows, total=rows, unit="rows", finished=True))
        interactions_to_tables(connection)
        connection.execute("ALTER TABLE reactions RENAME TO all_reactions")
        until = now if config.run.as_of is None else to_micros(config.run.as_of)
        connection.execute("DELETE FROM all_reactions WHERE coalesce(time, item_time, captured) > ?", [until])
        connection.execute("CREATE VIEW reactions AS FROM all_reactions")
        names = [row[0] for row in connection.execute("SELECT DISTINCT network FROM reactions ORDER BY network").fetchall()]
        forms = tuple(resolved.form(loaded.networks[name]) for name in names)
        encode(connection, forms, everybody=True, as_of=0, window=0)  # numbers the people
        scored = [(form.network.name, kind) for form in forms for kind, counts in zip(form.kinds, form.in_any, strict=True) if counts]
        connection.execute("CREATE TABLE kinds_that_count (network VARCHAR, kind VARCHAR)")
        if scored:
            connection.executemany("INSERT INTO kinds_that_count VALUES (?, ?)", scored)
        yield Gathered(
            rows=_rows(connection),
            untimed=_number(connection, _UNTIMED),
            resolved=resolved,
            forms=forms,
            config=config,
            loaded=loaded,
            emit=emit,
            connection=connection,
            folder=folder,
            now=now,
        )


def _rows(connection: Connection) -> Rows:
    """Return the reactions that count, ordered by what is in them: sums of floats should not depend on the order of the files."""
    found = connection.execute(_ROWS).fetchnumpy()
    person, actor, time, count = (np.asarray(found[name]).astype(np.int64) for name in ("person", "actor", "time", "count"))
    return Rows(people=_number(connection, "SELECT count(*) FROM people_codes"), person=person, actor=actor, time=time, count=count)


_UNTIMED = "SELECT coalesce(sum(count), 0) FROM all_reactions JOIN kinds_that_count USING (network, kind) WHERE time IS NULL"

_ROWS = """
    SELECT p.code AS person, coalesce(a.code, -1)::BIGINT AS actor, r.time, r.count
    FROM (
        SELECT r.person, coalesce(x.person, r.network || ':' || r.actor) AS reactor, r.time, r.count
        FROM all_reactions r JOIN kinds_that_count USING (network, kind)
        LEFT JOIN accounts x ON x.network = r.network AND x.account = r.actor
        WHERE r.time IS NOT NULL AND r.count > 0
    ) r
    JOIN people_codes p ON p.person = r.person
    LEFT JOIN people_codes a ON a.person = r.reactor
    ORDER BY ALL
"""


def _number(connection: Connection, query: str) -> int:
    found = connection.execute(query).fetchone()
    assert found is not None
    return int(found[0])

"""One network's reactions, read once for a whole span of days: a day's arrays and counts are slices of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.kernel.layout import ANONYMOUS_LIMIT, DAYS, Anonymous, Named
from kleos.kernel.replicates import Draws, drawn_often
from kleos.pipeline.backfill.counting import Counts, counts_of
from kleos.pipeline.backfill.rows import UNTIMED, Rows
from kleos.scoring.interval import REPLICATES
from kleos.scoring.reactions import Reactions, Tallied, hashes_of
from kleos.scoring.resolved import NetworkForm
from kleos.store import Connection

__all__ = ["Day", "Span", "read_span"]


@frozen(eq=False)
class Day:
    """A network as of one day: what `gather` and `count_rows` would say, but for the names of items."""

    reactions: Reactions
    draws: Draws
    counted: Sequence[Tallied]


@frozen(eq=False)
class Span:
    """A network's reactions to P people at all times, by A actors, with G different (person, kind, item) without a name."""

    form: NetworkForm
    named: Rows
    """By (person, actor, item)."""
    anonymous: Rows
    actors: NDArray[np.object_]
    audience: NDArray[np.float64]
    """float64[A], NaN where none was told."""
    hashes: NDArray[np.uint64]
    """uint64[A]."""
    block_hashes: NDArray[np.uint64]
    """uint64[G]."""
    drawn: NDArray[np.uint8]
    """uint8[A, R]: how often each replicate draws each actor."""
    block_drawn: NDArray[np.uint8]
    """uint8[G, R]."""
    item_start: NDArray[np.int64]
    """int64[P + 1]: the number of each person's first item."""
    counts: Counts

    @property
    def earliest(self) -> int | None:
        """The time (µs) of the oldest reaction that has one, None without any."""
        found = [rows.moment[rows.source != UNTIMED] for rows in (self.named, self.anonymous)]
        return min((int(moments.min()) for moments in found if len(moments)), default=None)

    def day(self, as_of: int, window: int) -> Day:
        """Return the arrays and counts as of a time (unix µs) over a window (µs)."""
        people = len(self.item_start) - 1
        age = self.named.ages(as_of, window)
        named = self.named.chosen(rows := self.named.inside(age, window))
        loose_age = self.anonymous.ages(as_of, window)
        loose = self.anonymous.chosen(blocks := self.anonymous.inside(loose_age, window))
        actor_code = _dense(len(self.actors), named.actor)
        actors = np.flatnonzero(actor_code[:-1] >= 0)
        item_code = _dense(int(self.item_start[-1]), named.item, loose.item)
        # Numbers run on from person to person; codes begin anew.
        before = np.append(0, np.cumsum(item_code[:-1] >= 0))[self.item_start]

        def coded(rows: Rows) -> NDArray[np.int32]:
            return np.where(rows.item < 0, -1, item_code[rows.item] - before[rows.person]).astype(np.int32)

        anonymous, group = _blocks(loose, coded(loose), loose_age[blocks], window, people)
        reactions = Reactions(
            form=self.form,
            named=Named(_starts(named.person, people), named.kind, actor_code[named.actor], coded(named), age[rows], named.count),
            anonymous=anonymous,
            actors=self.actors[actors].tolist(),
            items=(),
            audience=self.audience[actors],
            hashes=self.hashes[actors],
            block_hashes=self.block_hashes[group],
        )
        return Day(reactions, Draws(self.drawn, self.block_drawn, actors, group), self.counts.day(as_of, window))


def read_span(connection: Connection, form: NetworkForm, people: Sequence[str], audiences: Mapping[str, int]) -> Span:
    """Read one network from the table `reactions`; `audiences` tells the followers of actors, by their text."""
    name = form.network.name
    for table, column, values in (("people_codes", "person", people), ("kind_codes", "kind", form.kinds)):
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT unnest($v) AS {column}, unnest(range(len($v))) AS code", {"v": list(values)}
        )
    connection.execute(_SPAN, {"network": name})
    connection.execute(_NUMBERS)
    actors = _texts(connection, "SELECT actor FROM span_actors ORDER BY number")
    items = _texts(connection, "SELECT item FROM span_items ORDER BY number")
    owners = connection.execute("SELECT person FROM span_items ORDER BY number").fetchnumpy()["person"]
    named = _rows(connection, "actor_number", "actor IS NOT NULL ORDER BY person, actor_number, item_number")
    loose = _rows(connection, "-1", "actor IS NULL ORDER BY person, kind, item_number")
    new = np.ones(len(loose.person), dtype=np.bool_)
    new[1:] = (loose.person[1:] != loose.person[:-1]) | (loose.kind[1:] != loose.kind[:-1]) | (loose.item[1:] != loose.item[:-1])
    anonymous = Rows(loose.person, loose.kind, (np.cumsum(new) - 1).astype(np.int32), *loose.columns()[3:])
    hashes = hashes_of([f"{name}\0{actor}" for actor in actors])
    block_hashes = hashes_of(
        [
            f"{name}\0{people[person]}\0{form.kinds[kind]}\0{'' if item < 0 else items[item]}"
            for person, kind, item in zip(*(column[new].tolist() for column in (loose.person, loose.kind, loose.item)), strict=True)
        ]
    )
    return Span(
        form=form,
        named=named,
        anonymous=anonymous,
        actors=actors,
        audience=np.array([audiences.get(actor, np.nan) for actor in actors], dtype=np.float64),
        hashes=hashes,
        block_hashes=block_hashes,
        drawn=drawn_often(hashes, REPLICATES),
        block_drawn=drawn_often(block_hashes, REPLICATES),
        item_start=_starts(np.asarray(owners), len(people)),
        counts=counts_of(form, people, named, anonymous),
    )


_SPAN = """
    CREATE OR REPLACE TEMP TABLE span_rows AS
    SELECT p.code AS person, k.code AS kind, actor, item, coalesce(time, item_time, captured, 0) AS moment, count,
           CASE WHEN time IS NOT NULL THEN 0 WHEN item_time IS NOT NULL THEN 1 WHEN captured IS NOT NULL THEN 2 ELSE 3 END AS source
    FROM reactions JOIN people_codes p USING (person) JOIN kind_codes k USING (kind) WHERE network = $network
"""

_NUMBERS = """
    CREATE OR REPLACE TEMP TABLE span_actors AS
    SELECT actor, row_number() OVER (ORDER BY actor) - 1 AS number FROM (SELECT DISTINCT actor FROM span_rows WHERE actor IS NOT NULL);
    CREATE OR REPLACE TEMP TABLE span_items AS
    SELECT person, item, row_number() OVER (ORDER BY person, item) - 1 AS number
    FROM (SELECT DISTINCT person, item FROM span_rows WHERE item IS NOT NULL);
"""


def _rows(connection: Connection, actor: str, which: str) -> Rows:
    found = connection.execute(
        f"""
        SELECT person, kind, {actor} AS actor_number, coalesce(i.number, -1) AS item_number, moment, source, count
        FROM span_rows LEFT JOIN (SELECT actor, number AS actor_number FROM span_actors) USING (actor)
        LEFT JOIN span_items i USING (person, item) WHERE {which}
        """  # noqa: S608  # built from constants
    ).fetchnumpy()
    types = (np.int32, np.int16, np.int32, np.int32, np.int64, np.int8, np.int64)
    return Rows(*(np.ascontiguousarray(np.asarray(column), dtype=kind) for column, kind in zip(found.values(), types, strict=True)))


def _texts(connection: Connection, query: str) -> NDArray[np.object_]:
    rows = connection.execute(query).fetchall()
    column = np.empty(len(rows), dtype=object)
    column[:] = [text for (text,) in rows]
    return column


def _dense(size: int, *used: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return int32[size + 1]: the codes of those of 0..size − 1 that are used, in their order; −1 for others, and for −1 itself."""
    there = np.zeros(size + 1, dtype=np.bool_)
    for numbers in used:
        there[numbers] = True
    there[-1] = False
    return np.where(there, np.cumsum(there) - 1, -1).astype(np.int32)


def _starts(people: NDArray[Any], size: int) -> NDArray[np.int64]:
    """Return int64[size + 1]: where each person's rows begin in the sorted column `people`."""
    return np.searchsorted(people, np.arange(size + 1)).astype(np.int64)


def _blocks(rows: Rows, item: NDArray[np.int32], age: NDArray[np.int64], window: int, people: int) -> tuple[Anonymous, NDArray[np.int64]]:
    """Add up what is alike: one block for each (person, kind, item, age), and the group that it belongs to."""
    code = np.where(item < 0, -1 - np.minimum(age * DAYS // window, DAYS - 1), item).astype(np.int32)
    order = np.lexsort((age, code, rows.kind, rows.person))
    rows, code, age = rows.chosen(order), code[order], age[order]
    new = np.ones(len(order), dtype=np.bool_)
    for column in (rows.person, rows.kind, code, age):
        new[1:] &= column[1:] == column[:-1]
    new[1:] = ~new[1:]
    first = np.flatnonzero(new)
    sums = np.add.reduceat(rows.count, first) if len(first) else rows.count
    blocks = Anonymous(
        start=_starts(rows.person[first], people),
        kind=rows.kind[first],
        item=code[first],
        age=age[first],
        reactions=np.minimum(sums, ANONYMOUS_LIMIT),
    )
    return blocks, rows.actor[first].astype(np.int64)

"""From the table of reactions to the engine's arrays: codes for text, ages for times, and a count of what was left out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.kernel.layout import ANONYMOUS_LIMIT, DAYS, Anonymous, Named
from kleos.scoring.resolved import NetworkForm

__all__ = ["AGE_SOURCES", "Reactions", "Tallied", "count_rows", "gather", "hashes_of", "newest"]

AGE_SOURCES = ("time", "item_time", "captured", "unknown")
"""What a reaction's age was taken from, best first."""


@frozen(kw_only=True, eq=False)
class Reactions:
    """One network's reactions within the window, as the engine reads them."""

    form: NetworkForm
    named: Named
    anonymous: Anonymous
    actors: Sequence[str]
    """The text behind the actor codes."""
    items: Sequence[Sequence[str]]
    """For each person, the text behind the item codes."""
    audience: NDArray[np.float64]
    """float64[A]: the newest told audience, NaN where none was told."""
    hashes: NDArray[np.uint64]
    """uint64[A]: of (network, actor as stored), for the bootstrap."""
    block_hashes: NDArray[np.uint64]
    """uint64[B]: of (network, person, kind, item)."""


@frozen(kw_only=True)
class Tallied:
    """How many reactions of one person, network and kind there are, and where they went."""

    person: str
    network: str
    kind: str
    imported: int
    outside_window: int
    after_as_of: int
    named: int
    """Scored reactions whose actor is known."""
    ages: Mapping[str, int]
    """Scored reactions by the source of their age."""


def newest(connection: duckdb.DuckDBPyConnection, now: int) -> int | None:
    """Return the newest of all times in the table, as unix microseconds, None without any; times after `now` are no evidence."""
    found = connection.execute(
        "SELECT max(t) FROM (SELECT unnest([time, item_time, captured]) AS t FROM reactions) WHERE t <= ?", [now]
    ).fetchone()
    return None if found is None else found[0]


def count_rows(connection: duckdb.DuckDBPyConnection, as_of: int, window: int) -> list[Tallied]:
    """Count the reactions per person, network and kind: imported = scored + outside the window + after `as_of`."""
    of_source = ", ".join(f"sum(count) FILTER (inside AND age_source = '{source}')" for source in AGE_SOURCES)
    rows = connection.execute(
        f"""
        SELECT person, network, kind, sum(count), sum(count) FILTER (outside), sum(count) FILTER (after),
               sum(count) FILTER (inside AND actor IS NOT NULL), {of_source}
        FROM ({_aged()}) GROUP BY ALL ORDER BY ALL
        """,  # noqa: S608  # built from constants
        {"as_of": as_of, "window": window},
    ).fetchall()
    return [
        Tallied(
            person=row[0],
            network=row[1],
            kind=row[2],
            imported=int(row[3] or 0),
            outside_window=int(row[4] or 0),
            after_as_of=int(row[5] or 0),
            named=int(row[6] or 0),
            ages={source: int(row[7 + place] or 0) for place, source in enumerate(AGE_SOURCES)},
        )
        for row in rows
    ]


def gather(
    connection: duckdb.DuckDBPyConnection,
    form: NetworkForm,
    people: Sequence[str],
    audiences: Mapping[str, int],
    *,
    as_of: int,
    window: int,
) -> Reactions:
    """Return one network's reactions from the table `reactions`, coded, sorted and cut to the window (microseconds).

    `audiences` tells the followers of actors, by their text. A reaction without any time is taken to lie in the middle of the window:
    its time is unknown, not zero.
    """
    name = form.network.name
    for table, column, values in (("people_codes", "person", people), ("kind_codes", "kind", form.kinds)):
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT unnest($v) AS {column}, unnest(range(len($v))) AS code",
            {"v": list(values)},
        )
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE coded AS
        SELECT p.code::INTEGER AS person, k.code::SMALLINT AS kind, actor, item, age::BIGINT AS age, count::BIGINT AS reactions,
               CASE WHEN item IS NULL THEN -1
                    ELSE dense_rank() OVER (PARTITION BY p.code ORDER BY item NULLS LAST) - 1 END::INTEGER AS item_code
        FROM ({_aged()}) JOIN people_codes p USING (person) JOIN kind_codes k USING (kind)
        WHERE inside AND network = $network AND count > 0
        """,  # noqa: S608  # built from constants
        {"as_of": as_of, "window": window, "network": name},
    )
    named = connection.execute(
        """
        SELECT person, kind, (dense_rank() OVER (ORDER BY actor) - 1)::INTEGER AS actor, item_code AS item, age, reactions
        FROM coded WHERE actor IS NOT NULL ORDER BY person, actor, item
        """
    ).fetchnumpy()
    anonymous = connection.execute(
        f"""
        SELECT person, kind, CASE WHEN item_code < 0 THEN -1 - least(age * {DAYS} // $window, {DAYS - 1})
                                  ELSE item_code END::INTEGER AS code,
               age, least(sum(reactions), {ANONYMOUS_LIMIT})::BIGINT AS reactions, coalesce(first(item), '') AS item
        FROM coded WHERE actor IS NULL GROUP BY person, kind, code, age ORDER BY person, kind, code, age
        """,  # noqa: S608  # built from constants
        {"window": window},
    ).fetchnumpy()
    actors = [row[0] for row in connection.execute("SELECT DISTINCT actor FROM coded WHERE actor IS NOT NULL ORDER BY actor").fetchall()]
    items: list[list[str]] = [[] for _ in people]
    for person, item in connection.execute(
        "SELECT DISTINCT person, item FROM coded WHERE item IS NOT NULL ORDER BY person, item"
    ).fetchall():
        items[person].append(item)
    return Reactions(
        form=form,
        named=Named(
            start=_starts(named["person"], len(people)),
            kind=_column(named["kind"], np.int16),
            actor=_column(named["actor"], np.int32),
            item=_column(named["item"], np.int32),
            age=_column(named["age"], np.int64),
            reactions=_column(named["reactions"], np.int64),
        ),
        anonymous=Anonymous(
            start=_starts(anonymous["person"], len(people)),
            kind=_column(anonymous["kind"], np.int16),
            item=_column(anonymous["code"], np.int32),
            age=_column(anonymous["age"], np.int64),
            reactions=_column(anonymous["reactions"], np.int64),
        ),
        actors=actors,
        items=items,
        audience=np.array([audiences.get(actor, np.nan) for actor in actors], dtype=np.float64),
        hashes=hashes_of([f"{name}\0{actor}" for actor in actors]),
        block_hashes=hashes_of(
            [
                f"{name}\0{people[person]}\0{form.kinds[kind]}\0{item}"
                for person, kind, item in zip(anonymous["person"], anonymous["kind"], anonymous["item"], strict=True)
            ]
        ),
    )


def _aged() -> str:
    """Return the query that gives every reaction its age and says whether it is inside the window of `$as_of` and `$window`."""
    return """
        SELECT *, age BETWEEN 0 AND $window AS inside, age > $window AS outside, age < 0 AS after
        FROM (
            SELECT *,
                   CASE WHEN time IS NOT NULL THEN $as_of - time WHEN item_time IS NOT NULL THEN $as_of - item_time
                        WHEN captured IS NOT NULL THEN $as_of - captured ELSE $window // 2 END AS age,
                   CASE WHEN time IS NOT NULL THEN 'time' WHEN item_time IS NOT NULL THEN 'item_time'
                        WHEN captured IS NOT NULL THEN 'captured' ELSE 'unknown' END AS age_source
            FROM reactions
        )"""


def _starts(people: NDArray[Any], size: int) -> NDArray[np.int64]:
    """Return int64[size + 1]: where each person's rows begin in the sorted column `people`."""
    return np.searchsorted(np.asarray(people), np.arange(size + 1)).astype(np.int64)


def _column(values: NDArray[Any], type_: type[Any]) -> NDArray[Any]:
    return np.ascontiguousarray(np.asarray(values), dtype=type_)


def hashes_of(texts: Sequence[str]) -> NDArray[np.uint64]:
    """Return uint64[N]: the hashes by which the bootstrap draws actors and blocks."""
    joined = b"".join(hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts)
    return np.frombuffer(joined, dtype="<u8").astype(np.uint64)

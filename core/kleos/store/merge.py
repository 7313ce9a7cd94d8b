"""Merging: what any number of overlapping segments say together.

The merged rows are a function of the *set* of stored rows: neither the order of imports, nor how they were split, nor a second import of
the same thing changes them. That makes the union of segments a join-semilattice, and `condense` a homomorphism of it: rows may be condensed
before they are written, again and in any grouping, without a change to what `merged` makes of them.

A stored row has subject, actor, kind, item, id (text), time, item_time, captured, told (µs), count, audience and copy. `told` is when the
audience was told. Rows come in four sorts:

* with an id: one reaction per (kind, subject, id);
* with an actor: a reaction by (actor, item, time); untimed ones are numbered by `copy`, 1..c within one import;
* without actor, id and captured: `count` anonymous reactions;
* without actor and id, with captured: a tally, the network's running total at that time.
"""

from __future__ import annotations

__all__ = ["COLUMNS", "condense", "merged"]

COLUMNS = {
    "subject": "VARCHAR",
    "actor": "VARCHAR",
    "kind": "VARCHAR",
    "item": "VARCHAR",
    "id": "VARCHAR",
    "time": "BIGINT",
    "item_time": "BIGINT",
    "captured": "BIGINT",
    "told": "BIGINT",
    "count": "BIGINT",
    "audience": "BIGINT",
    "copy": "BIGINT",
}
"""The columns of a segment with their SQL types, in file order; times are unix microseconds."""

_LONG_AGO = "-9223372036854775808"

# The newest telling of an audience, the larger one of two told at once, as a value with an order of its own.
_VOICE = f"CASE WHEN audience IS NOT NULL THEN {{'told': coalesce(told, {_LONG_AGO}), 'audience': audience}} END"

# No reaction is none, but a total of none is the newest word on an item.
_SAYS_SOMETHING = "(count > 0 OR (actor IS NULL AND id IS NULL AND captured IS NOT NULL))"

# How copies of one reaction that differ are joined: each of these is commutative, associative and idempotent.
_JOINED = "min(item_time) AS item_time, min(captured) AS captured, max(count) AS count, max(voice) AS voice"


def condense(table: str) -> str:
    """Return a query for the rows of `table` without those that add nothing: the same sort of row with the same identity.

    `table` has `COLUMNS`; so has the result, sorted by (subject, time) and then completely, so that equal rows make equal files.
    """
    # Only of tallies does captured tell two rows apart.
    return f"""
        WITH voiced AS (
            SELECT *, {_VOICE} AS voice, CASE WHEN actor IS NULL AND id IS NULL THEN captured END AS taken
            FROM {table} WHERE {_SAYS_SOMETHING}
        ), joined AS (
            SELECT subject, actor, kind, item, id, time, taken, copy, {_JOINED} FROM voiced
            GROUP BY subject, actor, kind, item, id, time, taken, copy
        )
        SELECT subject, actor, kind, item, id, time, item_time, captured,
            nullif(voice.told, {_LONG_AGO}) AS told, count, voice.audience AS audience, copy
        FROM joined ORDER BY subject, time, kind, actor, item, id, captured, copy
    """  # noqa: S608 - table names of ours


def merged(table: str) -> str:
    """Return a query for the reactions that the rows of `table` amount to.

    `table` has `COLUMNS` and network, person, once (whether an actor can do this kind only once per item); its actors' handles have been
    mapped to ids, and self-reactions are gone. The result has network, person, subject, kind, actor, item, time, item_time, captured, count
    and audience. In the order in which the rules apply:

    1. rows with an id: one per (kind, subject, id);
    2. kinds with once: one per (kind, subject, actor, item), ids or not;
    3. other rows without an id: one per (kind, subject, actor, item, time), none beside a row with an id that agrees in all of these;
    4. untimed copies of (kind, subject, actor, item) only as far as they outnumber the others;
    5. of tallies the newest, less the reactions that are listed one by one;
    6. anonymous reactions: the largest count per (kind, subject, item, time).
    """
    key = "network, person, subject, kind"
    return f"""
        WITH voiced AS MATERIALIZED (
            SELECT *, {_VOICE} AS voice FROM {table} WHERE {_SAYS_SOMETHING}
        ), identified AS MATERIALIZED (
            SELECT {key}, once, id, min(actor) AS actor, min(item) AS item, min(time) AS time, {_JOINED}, 1 AS untimed_copy
            FROM voiced WHERE id IS NOT NULL GROUP BY {key}, once, id
        ), plain AS MATERIALIZED (
            SELECT {key}, once, NULL AS id, actor, item, time, {_JOINED}, CASE WHEN time IS NULL THEN copy ELSE 1 END AS untimed_copy
            FROM voiced WHERE id IS NULL AND actor IS NOT NULL GROUP BY {key}, once, actor, item, time, untimed_copy
        ), single AS (
            SELECT {key}, actor, item, min(time) AS time, {_JOINED}
            FROM (FROM identified WHERE actor IS NOT NULL UNION ALL FROM plain) WHERE once AND item IS NOT NULL GROUP BY {key}, actor, item
        ), sure AS MATERIALIZED (
            FROM identified WHERE actor IS NOT NULL AND (NOT once OR item IS NULL)
            UNION ALL
            FROM plain p WHERE time IS NOT NULL AND (NOT once OR item IS NULL)
                AND NOT EXISTS (FROM identified s WHERE {_same("p", "s", key, "actor", "item", "time")})
        ), unsure AS MATERIALIZED (
            FROM plain WHERE time IS NULL AND (NOT once OR item IS NULL)
        ), surer AS (
            SELECT {key}, actor, item, count(*) AS number
            FROM sure s WHERE EXISTS (FROM unsure p WHERE {_same("p", "s", key, "actor", "item")}) GROUP BY {key}, actor, item
        ), listed AS MATERIALIZED (
            SELECT {key}, actor, item, time, item_time, captured, count, voice FROM single
            UNION ALL
            SELECT {key}, actor, item, time, item_time, captured, count, voice FROM sure
            UNION ALL
            SELECT {_of("p", key)}, p.actor, p.item, p.time, p.item_time, p.captured, p.count, p.voice
            FROM unsure p LEFT JOIN surer s ON {_same("p", "s", key, "actor", "item")} WHERE p.untimed_copy > coalesce(s.number, 0)
            UNION ALL
            SELECT {key}, actor, item, time, item_time, captured, count, voice FROM identified WHERE actor IS NULL
            UNION ALL
            SELECT {key}, NULL, item, time, {_JOINED}
            FROM voiced WHERE id IS NULL AND actor IS NULL AND captured IS NULL GROUP BY {key}, item, time
        ), sums AS (
            SELECT {key}, item, sum(count) AS count FROM listed GROUP BY {key}, item
        ), tallies AS (
            SELECT {key}, item, max({{'captured': captured, 'total': count}}) AS newest, min(item_time) AS item_time
            FROM voiced WHERE id IS NULL AND actor IS NULL AND captured IS NOT NULL GROUP BY {key}, item
        ), anonymous AS (
            SELECT {_of("t", key)}, t.item, t.item_time, t.newest.captured AS captured, t.newest.total - coalesce(s.count, 0) AS count
            FROM tallies t LEFT JOIN sums s ON {_same("t", "s", key, "item")}
        )
        SELECT {key}, actor, item, time, item_time, captured, count, voice.audience AS audience FROM listed
        UNION ALL
        SELECT {key}, NULL, item, NULL, item_time, captured, CAST(count AS BIGINT), NULL FROM anonymous WHERE count > 0
    """  # noqa: S608 - table names of ours


def _of(alias: str, columns: str) -> str:
    return ", ".join(f"{alias}.{name}" for name in columns.split(", "))


def _same(left: str, right: str, key: str, *columns: str) -> str:
    """Of the key, nothing is ever missing; of items and times, two that are missing are alike."""
    exact = [f"{left}.{name} = {right}.{name}" for name in key.split(", ")]
    return " AND ".join([*exact, *(f"{left}.{name} IS NOT DISTINCT FROM {right}.{name}" for name in columns)])

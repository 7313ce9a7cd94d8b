"""Admission: of rows that are in order, those about configured people, without their self-reactions, everybody else by pseudonym.

All of it is SQL over columns; Python sees each distinct account once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from attrs import frozen

from kleos.collect.claims import Claims
from kleos.contract import account_key
from kleos.store.duck import Connection, columns_to_table, texts
from kleos.store.pseudonyms import Pseudonyms

__all__ = ["BATCH", "Admitted", "admit"]

BATCH = "kleos_batch"
"""The table that `admit` leaves in the connection, ready for `Store.append`."""


@frozen
class Admitted:
    """Numbers of rows, by page."""

    claimed: Counter[int]
    """About accounts of configured people."""
    self_reactions: Counter[int]
    """Of these, by the same person."""


def admit(connection: Connection, good: str, *, network: str, claims: Claims, pseudonyms: Pseudonyms, as_given: bool) -> Admitted:
    """Make `BATCH` from the relation `good`, which is read twice.

    `good` has page, kind, subject, actor, item, id, time, item_time, captured, count, audience and tally (whether the row is a running
    total); texts are not empty, numbers in range. With `as_given`, rows alike within a page are as many reactions (a canonical table);
    otherwise they are one, told twice.
    """
    subjects = [(text, key, person) for text, key, person in _accounts(connection, good, "subject", network, claims) if person]
    _table(connection, "kleos_subjects", ("text", "key", "person"), subjects)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE kleos_claimed AS SELECT g.* REPLACE (s.key AS subject), s.person "  # noqa: S608 - names of ours
        f"FROM {good} g JOIN kleos_subjects s ON g.subject = s.text"
    )
    actors = _accounts(connection, "kleos_claimed", "actor", network, claims)
    known = [(text, pseudonyms.account(network, key), person) for text, key, person in actors]
    _table(connection, "kleos_actors", ("text", "pseudonym", "person"), known)

    connection.execute(_KEPT, [pseudonyms.reaction_salt(network)])
    connection.execute(_BATCH.format(copy=_COPY if as_given else "1"))
    claimed = _by_page(connection, "kleos_claimed")
    return Admitted(claimed, claimed - _by_page(connection, "kleos_kept"))


# Running totals have no actor, id or time; of anonymous reactions, when they were captured is all that may be known of their item's age.
_KEPT = """
    CREATE OR REPLACE TEMP TABLE kleos_kept AS
    SELECT c.page, c.subject, a.pseudonym AS actor, c.kind, c.item,
        CASE WHEN NOT c.tally THEN left(sha256($1 || c.id), 32) END AS id,
        CASE WHEN NOT c.tally THEN c.time END AS time,
        CASE
            WHEN c.tally THEN coalesce(c.item_time, c.time)
            WHEN c.actor IS NULL THEN coalesce(c.item_time, c.captured)
            ELSE c.item_time
        END AS item_time,
        CASE WHEN c.tally OR c.actor IS NOT NULL THEN c.captured END AS captured,
        CASE WHEN c.audience IS NOT NULL THEN c.captured END AS told,
        c.count, CASE WHEN c.actor IS NOT NULL THEN c.audience END AS audience,
        c.actor IS NULL AND c.id IS NULL AND NOT c.tally AS anonymous
    FROM kleos_claimed c LEFT JOIN kleos_actors a ON c.actor = a.text
    WHERE a.person IS DISTINCT FROM c.person
"""

_COPY = """CASE WHEN actor IS NOT NULL AND id IS NULL AND time IS NULL THEN row_number() OVER (
    PARTITION BY page, subject, kind, actor, item, id, time ORDER BY count DESC, item_time, captured, audience
) ELSE 1 END"""

# Anonymous reactions of one page add up; those of different pages are the same ones, told again (the larger count wins in merging).
_BATCH = """
    CREATE OR REPLACE TEMP TABLE kleos_batch AS
    SELECT subject, actor, kind, item, id, time, item_time, captured, told, count, audience, {copy} AS copy
    FROM kleos_kept WHERE NOT anonymous
    UNION ALL
    SELECT subject, NULL, kind, item, NULL, time, min(item_time), NULL, NULL, CAST(sum(count) AS BIGINT), NULL, 1
    FROM kleos_kept WHERE anonymous GROUP BY page, subject, kind, item, time
"""


def _accounts(connection: Connection, relation: str, column: str, network: str, claims: Claims) -> Iterable[tuple[str, str, str | None]]:
    """Yield each distinct text of a column with its account key and its person."""
    known = claims.accounts.get(network, {})
    for text in _distinct(connection, relation, column):
        key = account_key(text)
        yield text, key, known.get(key)


def _distinct(connection: Connection, relation: str, column: str) -> list[str]:
    query = f"SELECT DISTINCT {column} FROM {relation} WHERE {column} IS NOT NULL"  # noqa: S608 - names of ours
    values: list[str] = connection.execute(query).fetchnumpy()[column].tolist()
    return values


def _by_page(connection: Connection, table: str) -> Counter[int]:
    return Counter(dict(connection.execute(f"SELECT page, count(*) FROM {table} GROUP BY page").fetchall()))  # noqa: S608 - names of ours


def _table(connection: Connection, name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    values: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(columns)
    columns_to_table(connection, name, {column: texts(part) for column, part in zip(columns, values, strict=True)})

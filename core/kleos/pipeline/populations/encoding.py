"""Tables of any kind → the engine's numbers, by SQL: text becomes codes without a Python object for a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import frozen

from kleos.kernel.records import NOBODY
from kleos.pipeline.populations.blocks import Chunk
from kleos.scoring.accounts import Accounts
from kleos.scoring.resolved import NetworkForm
from kleos.store import Connection

__all__ = ["Encoded", "encode", "encoded_chunks"]

CHUNK = 1 << 20


@frozen(kw_only=True, eq=False)
class Encoded:
    """What the codes of the table `coded` stand for; people and accounts are numbered in the order of their names."""

    people: int
    rows: int
    accounts: Accounts
    """`given` is still 0 throughout."""


def encode(connection: Connection, forms: Sequence[NetworkForm], *, everybody: bool, as_of: int, window: int) -> Encoded:
    """Make the table `coded` of the reactions within the window, and `people_codes` (code, person).

    Needs the tables owned, reactions and accounts of `kleos.pipeline.populations.given`. `as_of` and `window` in µs. A reaction without any
    time is taken to lie in the middle of the window: its time is unknown, not zero.
    """
    kinds = [(form.network.name, n, kind, k) for n, form in enumerate(forms) for k, kind in enumerate(form.kinds)]
    connection.execute("CREATE OR REPLACE TABLE kind_codes (network VARCHAR, network_code INTEGER, kind VARCHAR, kind_code INTEGER)")
    connection.executemany("INSERT INTO kind_codes VALUES (?, ?, ?, ?)", kinds)
    connection.execute(_PEOPLE, {"everybody": everybody})
    connection.execute(_ACCOUNTS)
    connection.execute(_CODED, {"as_of": as_of, "window": window, "nobody": int(NOBODY)})
    people, rows = (_count(connection, table) for table in ("people_codes", "coded"))
    told = connection.execute(
        """
        SELECT a.network_code, coalesce(p.code, -1) AS holder, a.audience FROM account_codes a LEFT JOIN people_codes p USING (person)
        ORDER BY a.code
        """
    ).fetchnumpy()
    start = np.searchsorted(np.asarray(told["network_code"]), np.arange(len(forms) + 1)).astype(np.int64)
    audience = np.ma.filled(np.ma.asarray(told["audience"]).astype(np.float64), np.nan)
    return Encoded(
        people=people,
        rows=rows,
        accounts=Accounts(
            start=start,
            audience=audience,
            holder=np.asarray(told["holder"]).astype(np.int64),
            given=np.zeros(len(audience), dtype=np.int64),
        ),
    )


def encoded_chunks(connection: Connection, rows: int) -> Iterator[Chunk]:
    """Yield the table `coded`, a million rows at a time."""
    for begin in range(0, rows, CHUNK):
        found = connection.execute(
            "SELECT person, actor, slot, item, age, reactions FROM coded WHERE rowid >= ? AND rowid < ?", [begin, begin + CHUNK]
        ).fetchnumpy()
        reactions = np.asarray(found["reactions"])
        yield Chunk(
            np.asarray(found["person"]),
            np.asarray(found["actor"]),
            np.asarray(found["slot"]),
            np.asarray(found["item"]),
            np.asarray(found["age"]),
            np.zeros(0, dtype=np.int64) if np.all(reactions == 1) else reactions,
        )


# Every subject and everyone in the accounts table; on request those who only act, too.
_PEOPLE = """
    CREATE OR REPLACE TABLE people_codes AS
    SELECT (row_number() OVER (ORDER BY person) - 1)::UINTEGER AS code, person FROM (
        SELECT person FROM owned UNION SELECT person FROM accounts
        UNION SELECT reactor FROM owned WHERE $everybody AND reactor IS NOT NULL
    )
"""

# Whose follower count was told last knows it best; the accounts table knows it better.
_ACCOUNTS = """
    CREATE OR REPLACE TABLE account_codes AS
    WITH told AS (
        SELECT network, actor, max({'told': told, 'audience': audience}).audience AS audience FROM (
            SELECT network, actor, coalesce(captured, time, item_time, 0) AS told, audience FROM reactions
            WHERE actor IS NOT NULL AND audience IS NOT NULL
            UNION ALL SELECT network, account, 9223372036854775807, audience FROM accounts WHERE audience IS NOT NULL
        ) GROUP BY network, actor
    ), acting AS (SELECT DISTINCT network, actor FROM reactions WHERE actor IS NOT NULL)
    SELECT (row_number() OVER (ORDER BY n.network_code, x.actor) - 1)::UINTEGER AS code, n.network_code, x.network, x.actor,
           coalesce(a.person, x.network || ':' || x.actor) AS person, t.audience
    FROM acting x JOIN (SELECT DISTINCT network, network_code FROM kind_codes) n USING (network)
    LEFT JOIN accounts a ON a.network = x.network AND a.account = x.actor
    LEFT JOIN told t ON t.network = x.network AND t.actor = x.actor
"""

# An item is told from others of the same person by a hash of 64 bits: two of a million coincide once in forty million people.
_CODED = """
    CREATE OR REPLACE TABLE coded AS
    SELECT p.code AS person, coalesce(a.code, $nobody)::UINTEGER AS actor,
           (CASE WHEN r.item IS NULL THEN 32768 ELSE 0 END + k.network_code * 64 + k.kind_code)::USMALLINT AS slot,
           CASE WHEN r.item IS NULL THEN 0 ELSE hash(r.item) END::UBIGINT AS item, r.age::BIGINT AS age, r.count::BIGINT AS reactions
    FROM (
        SELECT *, CASE WHEN time IS NOT NULL THEN $as_of - time WHEN item_time IS NOT NULL THEN $as_of - item_time
                       WHEN captured IS NOT NULL THEN $as_of - captured ELSE $window // 2 END AS age
        FROM reactions
    ) r
    JOIN people_codes p USING (person)
    JOIN kind_codes k ON k.network = r.network AND k.kind = r.kind
    LEFT JOIN account_codes a ON a.network = r.network AND a.actor = r.actor
    WHERE r.age BETWEEN 0 AND $window AND r.count > 0
"""


def _count(connection: Connection, table: str) -> int:
    found = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - names of ours
    assert found is not None
    return int(found[0])

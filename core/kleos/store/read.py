"""Reading: the segments of configured people, merged, as a table of reactions that a scoring run can count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kleos.store.catalog import Catalog
from kleos.store.duck import Connection, columns_to_table, file_list, integers, quoted, texts
from kleos.store.learnt import newest_audiences, newest_handles
from kleos.store.merge import COLUMNS, merged
from kleos.store.pseudonyms import Pseudonyms

__all__ = ["read_reactions"]


def read_reactions(
    connection: Connection,
    segments: Mapping[str, Sequence[Path]],
    *,
    accounts: Iterable[tuple[str, str, str]],
    kinds: Iterable[tuple[str, str, bool]],
    catalog: Catalog,
    pseudonyms: Pseudonyms,
) -> None:
    """Create the tables ``reactions`` and ``audiences`` (see `kleos.store.Store.reactions`) from each network's segment files."""
    import numpy as np  # here: whoever only looks back does without

    handles = newest_handles(catalog)
    ids = {(network, handle): identifier for network, handle, identifier in handles}
    own = [(network, account, person, pseudonyms.account(network, account)) for network, account, person in dict.fromkeys(accounts)]
    subjects = [(*row, ids.get((row[0], row[3]), row[3])) for row in own]

    _table(connection, "kleos_handles", {"network": texts, "handle": texts, "id": texts}, handles)
    columns = {"network": texts, "account": texts, "person": texts, "pseudonym": texts, "subject": texts}
    _table(connection, "kleos_accounts", columns, subjects)
    _table(connection, "kleos_kinds", {"network": texts, "kind": texts, "once": np.array}, list(dict.fromkeys(kinds)))
    columns = {"network": texts, "account": texts, "audience": integers, "told": integers}
    _table(connection, "kleos_told", columns, newest_audiences(catalog))

    connection.execute(_received(segments))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE kleos_merged AS {merged('kleos_received')}")
    connection.execute(_REACTIONS)
    connection.execute(_AUDIENCES)
    for table in ("received", "merged", "handles", "accounts", "kinds", "told"):
        connection.execute(f"DROP TABLE kleos_{table}")


def _table(connection: Connection, name: str, columns: Mapping[str, Any], rows: Sequence[Sequence[Any]]) -> None:
    values: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(columns)
    columns_to_table(connection, name, {column: make(part) for (column, make), part in zip(columns.items(), values, strict=True)})


def _received(segments: Mapping[str, Sequence[Path]]) -> str:
    """Rows about configured people, with the actors' handles mapped to ids and without what people did to themselves."""
    columns = ", ".join(COLUMNS)
    stored = [
        # The folder's name is not trusted to tell the network: a store may lie below a folder that looks like a partition, too.
        f"SELECT {quoted(network)} AS network, {columns} FROM read_parquet({file_list(files)}, hive_partitioning = false)"  # noqa: S608 - quoted
        for network, files in segments.items()
        if files
    ]
    nothing = ", ".join(f"NULL::{sql} AS {name}" for name, sql in COLUMNS.items())
    rows = " UNION ALL ".join(stored) or f"SELECT NULL::VARCHAR AS network, {nothing} WHERE false"
    kept = ", ".join(f"r.{name}" for name in COLUMNS if name not in ("subject", "actor"))
    return f"""
        CREATE OR REPLACE TEMP TABLE kleos_received AS
        SELECT r.network, a.person, a.subject, coalesce(h.id, r.actor) AS actor, k.once, {kept}
        FROM ({rows}) r
        JOIN kleos_accounts a ON r.network = a.network AND r.subject = a.account
        JOIN kleos_kinds k ON r.network = k.network AND r.kind = k.kind
        LEFT JOIN kleos_handles h ON r.network = h.network AND r.actor = h.handle
        WHERE r.actor IS NULL OR (a.network, a.person, r.actor) NOT IN (SELECT (network, person, pseudonym) FROM kleos_accounts)
            AND (a.network, a.person, coalesce(h.id, r.actor)) NOT IN (SELECT (network, person, subject) FROM kleos_accounts)
    """  # noqa: S608 - names of ours


# Two accounts of one person may name items alike; such items are told apart by their account.
_REACTIONS = """
    CREATE OR REPLACE TABLE reactions AS
    WITH shared AS (
        SELECT network, person, item FROM kleos_merged WHERE item IS NOT NULL
        GROUP BY network, person, item HAVING count(DISTINCT subject) > 1
    ), labels AS (
        SELECT network, subject, min(account) AS account FROM kleos_accounts GROUP BY network, subject
    )
    SELECT m.network, m.person, m.kind, m.actor, CASE WHEN s.item IS NULL THEN m.item ELSE l.account || '/' || m.item END AS item,
        m.time, m.item_time, m.captured, m.count, m.audience
    FROM kleos_merged m
    JOIN labels l ON m.network = l.network AND m.subject = l.subject
    LEFT JOIN shared s ON m.network = s.network AND m.person = s.person AND m.item = s.item
    ORDER BY ALL
"""

_AUDIENCES = """
    CREATE OR REPLACE TABLE audiences AS
    WITH told AS (
        SELECT network, actor, audience, told FROM kleos_received WHERE actor IS NOT NULL AND audience IS NOT NULL
        UNION ALL
        SELECT t.network, coalesce(h.id, t.account), t.audience, t.told
        FROM kleos_told t LEFT JOIN kleos_handles h ON t.network = h.network AND t.account = h.handle
    )
    SELECT network, actor, max({'told': coalesce(told, -9223372036854775808), 'audience': audience}).audience AS audience
    FROM told SEMI JOIN reactions USING (network, actor)
    GROUP BY network, actor ORDER BY ALL
"""

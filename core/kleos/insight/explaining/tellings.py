"""How many followers an actor had at a time, as far as the store was told."""

from __future__ import annotations

from kleos.insight.rescoring import Audiences
from kleos.store import Connection, Store, columns_to_table, quoted
from kleos.store.catalog import Catalog
from kleos.store.duck import file_list, integers, texts
from kleos.store.learnt import newest_audiences, newest_handles

__all__ = ["audiences_at", "read_tellings"]


def read_tellings(connection: Connection, store: Store) -> None:
    """Make the table ``tellings(network, actor VARCHAR, told, audience BIGINT)`` beside those of `Store.reactions`.

    It holds every number of followers that reactions or profiles have told of the actors in ``reactions``, and when (µs, NULL where that
    is not known); of profiles, the store keeps the newest.
    """
    catalog = Catalog(store.path / "catalog.sqlite")
    try:
        segments = catalog.read("SELECT network, file FROM segments ORDER BY file")
        handles, profiles = newest_handles(catalog), newest_audiences(catalog)
    finally:
        catalog.close()
    columns = list(zip(*handles, strict=True)) or [()] * 3
    columns_to_table(
        connection, "kleos_handles", {name: texts(column) for name, column in zip(("network", "handle", "id"), columns, strict=True)}
    )
    network, account, audience, told = list(zip(*profiles, strict=True)) or [()] * 4
    columns_to_table(
        connection,
        "kleos_profiles",
        {"network": texts(network), "actor": texts(account), "told": integers(told), "audience": integers(audience)},
    )
    parts = ["SELECT network, actor, told, audience FROM kleos_profiles"]
    parts += [
        f"SELECT {quoted(name)} AS network, actor, told, audience FROM read_parquet({file_list([store.path / file])}, "  # noqa: S608 - quoted
        "hive_partitioning = false) WHERE actor IS NOT NULL AND audience IS NOT NULL"
        for name, file in segments
    ]
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE tellings AS
        SELECT DISTINCT t.network, coalesce(h.id, t.actor) AS actor, t.told, t.audience
        FROM ({" UNION ALL ".join(parts)}) t LEFT JOIN kleos_handles h ON t.network = h.network AND t.actor = h.handle
        WHERE (t.network, coalesce(h.id, t.actor)) IN (SELECT (network, actor) FROM audiences)
        """  # noqa: S608 - quoted above
    )
    connection.execute("DROP TABLE kleos_handles; DROP TABLE kleos_profiles")


def audiences_at(connection: Connection, time: int) -> Audiences:
    """Return the number of followers of actors at a time (µs), from the table ``tellings``.

    It is the newest told until then, else the first told afterwards: whose followers nobody had counted yet had followers all the same.
    """
    rows = connection.execute(
        """
        SELECT network, actor, coalesce(known.audience, -coming.audience) FROM (
            SELECT network, actor,
                max({'told': coalesce(told, -9223372036854775808), 'audience': audience})
                    FILTER (coalesce(told <= $time, true)) AS known,
                -- Of two told at once the larger counts, here as elsewhere.
                min({'told': told, 'audience': -audience}) FILTER (told > $time) AS coming
            FROM tellings GROUP BY network, actor
        ) ORDER BY ALL
        """,
        {"time": time},
    ).fetchall()
    found: dict[str, dict[str, int]] = {}
    for network, actor, audience in rows:
        found.setdefault(network, {})[actor] = audience
    return found

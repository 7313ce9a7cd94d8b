"""A population's tables, taken as given: nothing is deduplicated, nobody is a pseudonym, and no row passes through Python."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

import kleos
from kleos.collect import Reading, find_flaws, read_table
from kleos.config import Population
from kleos.errors import ExportError, KleosError
from kleos.events import Emit, Fault
from kleos.plugins import Loaded
from kleos.store import Connection, connect, quoted

__all__ = ["LEAST", "calculator", "interactions_to_tables", "read_accounts", "read_interactions", "span"]


LEAST = 1 << 27
"""Bytes without which DuckDB cannot do much."""


@contextmanager
def calculator(wanted: Population, threads: int) -> Iterator[tuple[Connection, Path]]:
    """Yield a database for a population's tables, within the population's `memory`, and a folder for what does not fit.

    The folder stands beside `out`, where a population's disk is, and is gone at the end.
    """
    place = wanted.out.parent if wanted.out is not None else None
    if place is not None:
        place.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(prefix=".kleos-", dir=place) as spill,
        connect(threads=threads, memory=max(LEAST, wanted.memory // 2), spill=Path(spill)) as connection,
    ):
        yield connection, Path(spill)


def read_interactions(connection: Connection, wanted: Population, loaded: Loaded, *, emit: Emit, strict: bool = False) -> int:
    """Make the table `canonical` from the interactions of a population; return its number of rows.

    Rows that cannot be understood are left out and told as faults, each reason once; with `strict` the first one is raised. Raises
    `ExportError` for files that are no tables.
    """
    reading = Reading(
        declared={network.name: tuple(network.kinds) for network in loaded.networks.values()},
        aliases={alias: network.name for network in loaded.networks.values() for alias in network.aliases},
        network=wanted.network,
        columns={str(name): theirs for name, theirs in wanted.columns.items()},
        kinds=wanted.kinds,
        time_unit=wanted.time_unit,
    )
    table = read_table(connection, wanted.interactions, reading)
    rows, flaws = find_flaws(connection, table)
    for flaw in flaws:
        if strict:
            raise KleosError(flaw.reason, where=flaw.where)
        emit(
            Fault(
                plugin="population",
                distribution="kleos",
                version=kleos.__version__,
                stage="clean",
                where=flaw.where,
                error=flaw.reason,
                count=flaw.count,
            )
        )
    columns = "network, subject, actor, kind, item, time, item_time, captured, count, audience"
    # Filtered afterwards: a condition pushed down into the reading of a CSV makes DuckDB 2.0 several times slower.
    query = f"SELECT {columns}, problem FROM {table.relation}"  # noqa: S608 - names of ours
    connection.execute(f"CREATE OR REPLACE TABLE canonical AS {query}")
    connection.execute("DELETE FROM canonical WHERE problem IS NOT NULL")
    return rows - sum(flaw.count for flaw in flaws if flaw.left_out)


def read_accounts(connection: Connection, wanted: Population) -> None:
    """Make the table `accounts` (network, account, person VARCHAR, audience BIGINT), empty where the population has none.

    The file has the columns account and person, network unless the population says it, and audience if told. Raises `ExportError` for a
    file that is no such table.
    """
    connection.execute("CREATE OR REPLACE TABLE accounts (network VARCHAR, account VARCHAR, person VARCHAR, audience BIGINT)")
    path = wanted.accounts
    if path is None:
        return
    name = path.name.lower().removesuffix(".gz")
    reader = "read_parquet" if name.endswith(".parquet") else "read_json" if name.endswith((".ndjson", ".jsonl")) else "read_csv"
    options = ", all_varchar = true" if reader == "read_csv" else ""
    source = f"{reader}({quoted(str(path))}{options})"
    try:
        columns = {row[0] for row in connection.execute(f"DESCRIBE FROM {source}").fetchall()}
        missing = {"account", "person", *(() if wanted.network else ("network",))} - columns
        if missing:
            raise ExportError(
                f"expected the columns {', '.join(sorted(missing))}, found {', '.join(sorted(columns))}",
                where=str(path),
                hint="accounts is a table of network, account, person and audience",
            )
        network = f"coalesce(network, {quoted(wanted.network or '')})" if "network" in columns else quoted(wanted.network or "")
        audience = "TRY_CAST(audience AS BIGINT)" if "audience" in columns else "NULL"
        connection.execute(
            f"INSERT INTO accounts SELECT {network}, any_value(account::VARCHAR), any_value(person::VARCHAR), max({audience}) "  # noqa: S608  # quoted
            f"FROM {source} WHERE account IS NOT NULL AND person IS NOT NULL GROUP BY {network}, account"
        )
    except duckdb.Error as error:
        reason = " ".join(str(error).split("\n\n")[0].split())
        raise ExportError(f"cannot be read as a table ({reason[:300]})", where=str(path), hint="check its suffix") from error


def interactions_to_tables(connection: Connection) -> None:
    """Make the tables `owned` (whose each row is, and whose reaction) and `reactions` (what counts) of `canonical` and `accounts`."""
    connection.execute(_OWNED)
    connection.execute(_REACTIONS)


def span(connection: Connection, now: int) -> tuple[int | None, int | None]:
    """Return the newest and the oldest time in the table (µs), None where nothing has a time; times after `now` are no evidence."""
    found = connection.execute(
        "SELECT max(t), min(t) FROM (SELECT coalesce(time, item_time, captured) AS t FROM owned) WHERE t <= ?", [now]
    ).fetchone()
    assert found is not None
    return found[0], found[1]


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

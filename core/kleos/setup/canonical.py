"""Is a file a canonical table, and of which networks?"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
from attrs import field, frozen

from kleos.collect.flaws import find_flaws
from kleos.collect.headers import open_text, read_header, table_form
from kleos.collect.table import Reading, read_table, unreadable
from kleos.config import COLUMNS
from kleos.errors import ExportError
from kleos.plugins import Loaded
from kleos.store import Connection, connect
from kleos.store.duck import quoted

__all__ = ["TableLook", "look_at_table", "reading_of"]

_LONGEST_LINE = 1 << 20
_MOST = 0.5
"""The share of a table's rows whose kinds a network has to know, where the table names no network."""


@frozen(kw_only=True)
class TableLook:
    """What a table is: of these networks, most rows first; or, without any, why it is of no use."""

    networks: tuple[str, ...] = ()
    unnamed: bool = False
    """True where no column says so: the kinds of reactions are this network's alone."""
    trouble: ExportError | None = field(default=None, eq=False)


def look_at_table(path: Path, loaded: Loaded) -> TableLook | None:
    """Look at a file's suffix, header and rows; None for what is no table at all. The networks are those installed."""
    if not path.is_file() or table_form(path) is None or (table_form(path) == "ndjson" and not _begins_canonical(path)):
        return None
    try:
        with connect() as connection:
            named = _names_networks(connection, path)
            return _of_networks(connection, path, loaded) if named else _of_kinds(connection, path, loaded)
    except ExportError as error:
        return TableLook(trouble=error)
    except (OSError, EOFError, duckdb.Error) as error:
        return TableLook(trouble=unreadable(path, error))


def reading_of(loaded: Loaded, network: str | None = None) -> Reading:
    """Return how a table is understood; `network` is that of rows that name none."""
    aliases = {alias: name for name, declared in loaded.networks.items() for alias in declared.aliases}
    return Reading(declared={name: tuple(declared.kinds) for name, declared in loaded.networks.items()}, aliases=aliases, network=network)


def _begins_canonical(path: Path) -> bool:
    """Lines of JSON may be anything: the keys of the first one tell."""
    try:
        with open_text(path) as stream:
            first = next((line for line in iter(lambda: stream.readline(_LONGEST_LINE), "") if line.strip()), "")
        keys = json.loads(first)
    except (OSError, EOFError, ValueError, RecursionError):
        return False
    return isinstance(keys, dict) and {"subject", "kind"} <= keys.keys() and not keys.keys().isdisjoint({"actor", "count"})


def _names_networks(connection: Connection, path: Path) -> bool:
    if table_form(path) == "ndjson":
        table = read_table(connection, [path], Reading(declared={}))
        row = connection.execute(f"SELECT count(network) FROM {table.relation}").fetchone()  # noqa: S608 - a name of ours
        return row is not None and row[0] > 0
    return read_header(connection, path, {name: name for name in COLUMNS}).column("network") is not None


def _of_networks(connection: Connection, path: Path, loaded: Loaded) -> TableLook:
    table = read_table(connection, [path], reading_of(loaded))
    # FILTER, not WHERE, which DuckDB 2.0 hands down to the reader of a CSV and takes ten times as long for.
    query = f"SELECT network, count(*) FILTER (problem IS NULL) AS n FROM {table.relation} GROUP BY network ORDER BY n DESC, network"  # noqa: S608
    networks = tuple(network for network, count in connection.execute(query).fetchall() if count)
    if networks:
        return TableLook(networks=networks)
    rows, flaws = find_flaws(connection, table)
    reason = f"none of its {rows:,} rows is of use; {flaws[0].reason}" if flaws else "it has no rows"
    raise ExportError(reason, where=str(path), hint=_installed(loaded))


def _of_kinds(connection: Connection, path: Path, loaded: Loaded) -> TableLook:
    table = read_table(connection, [path], Reading(declared={}, network="unnamed"))
    known = {
        name: _count(connection, table.relation, f"kind IN ({', '.join(map(quoted, declared.kinds))})")
        for name, declared in loaded.networks.items()
    }
    best = max(known.values(), default=0)
    fitting = [name for name, count in known.items() if count == best]
    if len(fitting) == 1 and best > 0 and best >= _MOST * _count(connection, table.relation, "kind IS NOT NULL"):
        return TableLook(networks=tuple(fitting), unnamed=True)
    if not best:
        raise ExportError("it names no network, and no installed network has its kinds", where=str(path), hint=_installed(loaded))
    raise ExportError(
        f"it names no network, and its kinds of reactions may be of {' or '.join(fitting)}",
        where=str(path),
        hint=f'add a column network to it, or write into the configuration under [networks.{fitting[0]}]: interactions = "{path.name}"',
    )


def _count(connection: Connection, relation: str, condition: str) -> int:
    row = connection.execute(f"SELECT count(*) FILTER ({condition}) FROM {relation}").fetchone()  # noqa: S608 - names of ours
    return int(row[0]) if row else 0


def _installed(loaded: Loaded) -> str:
    kinds = "; ".join(f"{name} has {', '.join(declared.kinds)}" for name, declared in loaded.networks.items())
    return (
        f"[population] can map the table's own words to them: kinds = {{ … }} ({kinds})"
        if kinds
        else "none is installed: pip install kleos-<network>"
    )

"""The canonical table: reactions that somebody has already collected, as Parquet, CSV or NDJSON.

Columns: network, subject, actor, kind, item, time, count, audience, id, item_time, captured. Required are subject, kind, and actor or
count; network unless the configuration says it.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import duckdb
from attrs import field, frozen

from kleos.collect.cells import text, time, whole
from kleos.collect.headers import FILE, Header, read_header
from kleos.config import COLUMNS
from kleos.errors import ExportError
from kleos.store.duck import Connection, quoted

__all__ = ["BLEMISHES", "OF_OTHERS", "Reading", "Table", "one_file", "read_table", "unreadable"]

BLEMISHES = ("time", "item_time", "captured", "audience")
"""Columns that a row can do without: bit k of `blemish` says that a value was there in the k-th, and could not be understood."""

OF_OTHERS = "of another network"
"""The problem of a row that is in order, and about one of `Reading.others`."""

_TEXTS = ("network", "subject", "actor", "kind", "item", "id")
_relations = itertools.count()


@frozen(kw_only=True)
class Reading:
    """How tables are to be understood."""

    declared: Mapping[str, Collection[str]]
    """Network → its kinds; rows of other networks and kinds are problems."""
    aliases: Mapping[str, str] = field(factory=dict)
    """Other names of networks → the network."""
    others: Collection[str] = ()
    """Networks whose rows are somebody else's to read: left out without a word."""
    network: str | None = None
    """The network of rows that name none."""
    columns: Mapping[str, str] = field(factory=dict)
    """Canonical name → the tables' own, where they differ."""
    kinds: Mapping[str, str] = field(factory=dict)
    """The tables' word → the native kind."""
    time_unit: str | None = None
    """s, ms, us or iso; None: recognised (`kleos.collect.cells.time`)."""


@frozen(kw_only=True)
class Table:
    """Tables ready to be queried; nothing but their headers has been read yet."""

    relation: str
    """A view: the canonical columns (VARCHAR; BIGINT for count, audience and, in µs, the times); file VARCHAR; problem VARCHAR: NULL for a
    good row, else why it must be left out; name VARCHAR: the unknown network or kind; blemish INTEGER (see `BLEMISHES`)."""
    rejects: str
    """The table in which DuckDB notes lines of CSV that are no rows, whenever the view is read."""
    files: tuple[Path, ...]
    reading: Reading


def read_table(connection: Connection, paths: Sequence[Path], reading: Reading) -> Table:
    """Make a view of tables; no row of it ever passes through Python.

    Raises `ExportError` for a suffix that is none of ours, a file that cannot be read, and a column that is required or mapped and absent.
    """
    relation = f"kleos_table_{next(_relations)}"
    wanted = {name: reading.columns.get(name, name) for name in COLUMNS}
    shapes: dict[Header, list[Path]] = {}
    for path in paths:
        try:
            header = read_header(connection, path, wanted)
        except (OSError, EOFError, duckdb.Error) as error:
            raise unreadable(path, error) from error
        _require(header, wanted, reading, path)
        shapes.setdefault(header, []).append(path)
    rows = " UNION ALL ".join(_rows(header, files, wanted, reading, f"{relation}_rejects") for header, files in shapes.items())
    connection.execute(f"CREATE TEMP VIEW {relation} AS {_checked(rows, reading)}")
    return Table(relation=relation, rejects=f"{relation}_rejects", files=tuple(paths), reading=reading)


def one_file(connection: Connection, table: Table, path: Path) -> Table:
    """Return one of a table's files as a table of its own."""
    return read_table(connection, [path], table.reading)


def unreadable(path: Path, error: Exception) -> ExportError:
    """Return the error for a table whose bytes are not what its suffix says."""
    reason = " ".join(str(error).split("\n\n")[0].split())
    return ExportError(f"cannot be read as a table ({reason[:300]})", where=str(path), hint="check that its suffix says what it is")


def _require(header: Header, wanted: Mapping[str, str], reading: Reading, path: Path) -> None:
    """NDJSON cannot be checked: its header is what is asked for."""
    missing = [f"{theirs} (for {name})" for name, theirs in reading.columns.items() if header.column(theirs) is None]
    missing += [name for name in ("subject", "kind") if header.column(wanted[name]) is None and name not in reading.columns]
    if header.column(wanted["actor"]) is None and header.column(wanted["count"]) is None:
        missing.append("actor or count")
    if reading.network is None and header.column(wanted["network"]) is None:
        missing.append("network")
    if missing:
        raise ExportError(
            f"expected the columns {', '.join(missing)}, found {', '.join(header.names)}",
            where=str(path),
            hint='if the table has other names for them, map them: columns = { subject = "…" }',
        )


def _rows(header: Header, files: Sequence[Path], wanted: Mapping[str, str], reading: Reading, rejects: str) -> str:
    """Cells become values; those that cannot be understood become NULL."""
    found = {name: header.column(theirs) for name, theirs in wanted.items()}
    values = {name: "CAST(NULL AS VARCHAR)" if column is None else text(*column) for name, column in found.items() if name in _TEXTS}
    for name in ("time", "item_time", "captured"):
        column = found[name]
        values[name] = "CAST(NULL AS BIGINT)" if column is None else time(*column, reading.time_unit)
    for name in ("count", "audience"):
        column = found[name]
        values[name] = "CAST(NULL AS BIGINT)" if column is None else whole(*column)
    given = {name: "false" if column is None else f"{text(*column)} IS NOT NULL" for name, column in found.items()}
    values["count"] = f"CASE WHEN {given['count']} THEN {values['count']} ELSE 1 END"
    bits = [f"CASE WHEN {given[name]} AND ({values[name]}) IS NULL THEN {1 << bit} ELSE 0 END" for bit, name in enumerate(BLEMISHES)]
    if reading.network is not None:
        values["network"] = f"coalesce({values['network']}, {quoted(reading.network)})"
    values["network"] = _translated(values["network"], reading.aliases)
    values["kind"] = _translated(values["kind"], reading.kinds)
    columns = ", ".join(f"{value} AS {name}" for name, value in values.items())
    return f"SELECT {columns}, {' + '.join(bits)} AS blemish, {FILE} AS file FROM {header.scan(files, rejects)}"  # noqa: S608 - quoted


def _checked(rows: str, reading: Reading) -> str:
    """Tell what is wrong with a row: the first of these."""
    networks = ", ".join(quoted(network) for network in reading.declared) or "''"
    others = ", ".join(quoted(network) for network in reading.others) or "''"
    kinds = ", ".join(f"({quoted(network)}, {quoted(kind)})" for network, kinds in reading.declared.items() for kind in kinds) or "('', '')"
    return f"""
        SELECT *, CASE problem WHEN 'unknown network' THEN network WHEN 'unknown kind' THEN network || '.' || kind END AS name FROM (
            SELECT *, CASE
                WHEN subject IS NULL AND kind IS NULL AND actor IS NULL THEN 'it is empty or cannot be read'
                WHEN network IS NULL THEN 'it names no network'
                WHEN network IN ({others}) THEN {quoted(OF_OTHERS)}
                WHEN network NOT IN ({networks}) THEN 'unknown network'
                WHEN subject IS NULL THEN 'it has no subject'
                WHEN kind IS NULL THEN 'it has no kind'
                WHEN (network, kind) NOT IN ({kinds}) THEN 'unknown kind'
                WHEN count IS NULL THEN 'its count is not a whole number from 0 to 10^12'
            END AS problem FROM ({rows})
        )
    """  # noqa: S608 - quoted


def _translated(value: str, words: Mapping[str, str]) -> str:
    if not words:
        return value
    cases = " ".join(f"WHEN {quoted(theirs)} THEN {quoted(ours)}" for theirs, ours in words.items())
    return f"CASE {value} {cases} ELSE {value} END"

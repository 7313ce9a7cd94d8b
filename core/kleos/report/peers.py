"""Who the metrics of a person can be compared with: people who are reacted to by about as many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import numpy as np
from attrs import frozen

from kleos.report.page import Peers, Typical
from kleos.report.words import amount
from kleos.store import Connection, ScoreRecord, columns_to_table
from kleos.store.duck import file_list, texts

__all__ = ["Comparison", "peers"]

REACH = "engaged_reach"
TIMES = 2
"""Similar reach: from half as many people to twice as many."""
FEWEST = 5
"""People without whom nothing is said: quartiles of fewer are no more than names."""


@frozen
class Comparison:
    """The people of similar reach, and a person's metrics among them."""

    peers: Peers
    typical: Mapping[str, Typical]
    """By metric; empty where there is nobody to compare with."""


def peers(connection: Connection, table: Path | None, record: ScoreRecord, roster: Sequence[ScoreRecord]) -> Comparison:
    """Compare a record with people of similar reach: of a population's table, if it was written, else of the roster.

    Nobody else is known: the model keeps how strong its reference population is, and not what its people's metrics are. `table` is what
    ``[population] out`` names, `roster` the newest records of everybody in the configuration.
    """
    values = {name: float(metric["value"]) for name, metric in record.metrics.items()}
    if REACH not in values:
        return _nobody(f"the metric {REACH}, which tells how far somebody reaches, is not installed")
    if not values[REACH]:
        return _nobody("nobody reacted in the window")
    if table is not None and table.is_file():
        found = _compared(connection, _table(table), record.person, values, f"of the population in {table.name} (over its own window)")
        if found is not None:
            return found
    same = [other for other in roster if _comparable(other, record)]
    _load(connection, same, list(values))
    found = _compared(connection, "kleos_roster", record.person, values, "of this roster")
    return found or _nobody(
        f"of the {amount(len(same) - 1)} others that were scored on the same day, fewer than {FEWEST} have between half and twice "
        "as many people who react"
    )


def _nobody(reason: str) -> Comparison:
    return Comparison(Peers(size=0, source=reason, low=0.0, high=0.0), {})


def _comparable(other: ScoreRecord, record: ScoreRecord) -> bool:
    return (other.day, other.digest, other.window) == (record.day, record.digest, record.window)


def _table(path: Path) -> str:
    read = "read_csv" if path.suffix == ".csv" else "read_parquet"
    return f"{read}({file_list([path])})"


def _load(connection: Connection, records: Sequence[ScoreRecord], metrics: Sequence[str]) -> None:
    columns = {"person": texts([record.person for record in records])}
    for name in metrics:
        columns[name] = np.array([float(record.metrics.get(name, {}).get("value", np.nan)) for record in records], dtype=np.float64)
    columns_to_table(connection, "kleos_roster", columns)


def _compared(connection: Connection, table: str, person: str, values: Mapping[str, float], source: str) -> Comparison | None:
    """Return the comparison with those in `table` (person, one column for each metric), None where there are fewer than `FEWEST`."""
    try:
        held = {str(row[0]) for row in connection.execute(f"DESCRIBE FROM {table}").fetchall()}
        if not {"person", REACH} <= held:
            return None
        names = [name for name in values if name in held]
        asked = ", ".join(
            f'count("{name}"), count_if("{name}" < ${place}), count_if("{name}" = ${place}), quantile_cont("{name}", [0.25, 0.5, 0.75])'
            for place, name in enumerate(names, start=2)
        )
        reach = values[REACH]
        row = connection.execute(
            f'SELECT count(*), min("{REACH}"), max("{REACH}"), {asked} FROM {table} '  # noqa: S608 - names of metrics, of ours
            f'WHERE person <> $1 AND "{REACH}" BETWEEN {reach / TIMES!r} AND {reach * TIMES!r}',
            [person, *(values[name] for name in names)],
        ).fetchone()
    except duckdb.Error:
        # Somebody else's table by that name: there is nothing to compare with in it.
        return None
    assert row is not None
    size, low, high, *found = row
    if size < FEWEST:
        return None
    typical = {
        name: Typical(rank=100.0 * (lower + equal / 2) / known, low=quartiles[0], middle=quartiles[1], high=quartiles[2])
        for name, (known, lower, equal, quartiles) in zip(names, zip(*[iter(found)] * 4, strict=True), strict=True)
        # Where nobody has anything, there is no place among them.
        if known and (values[name] or quartiles[2])
    }
    return Comparison(Peers(size=int(size), source=source, low=float(low), high=float(high)), typical)

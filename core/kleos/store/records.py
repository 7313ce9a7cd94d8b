"""Daily scores: one Parquet file a day, in which every record carries the model that made it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from attrs import field, frozen

from kleos.store.atomic import replacing
from kleos.store.duck import Connection, columns_to_table, file_list, integers, quoted, texts
from kleos.store.times import from_micros, to_micros

__all__ = ["ScoreRecord", "read_scores", "write_scores"]

_FILE = re.compile(r"day=(\d{4}-\d{2}-\d{2})\.parquet\Z")


@frozen(kw_only=True)
class ScoreRecord:
    """One person's score as it was computed on one day with one model."""

    person: str
    score: float
    lo: float | None
    """The 90 % interval; None where there were too few actors."""
    hi: float | None
    percentile: float
    model: str
    version: str
    digest: str
    """sha256 of the resolved model."""
    as_of: datetime
    """Zone-aware."""
    window: int
    """µs."""
    networks: Mapping[str, Any] = field(factory=dict)
    """Plain JSON values, like the two below."""
    metrics: Mapping[str, Any] = field(factory=dict)
    coverage: Mapping[str, Any] = field(factory=dict)
    day: date | None = None
    """The day that it is recorded under; filled in by the store."""


_NUMBERS = ("score", "lo", "hi", "percentile")
_TEXTS = ("person", "model", "version", "digest")
_DOCUMENTS = ("networks", "metrics", "coverage")


def write_scores(connection: Connection, folder: Path, day: date, records: Sequence[ScoreRecord]) -> None:
    """Put records into a day's file; they take the place of that day's records of the same person and model, and of nothing else."""
    path = folder / f"day={day.isoformat()}.parquet"
    columns = {name: texts([getattr(record, name) for record in records]) for name in _TEXTS}
    columns |= {name: np.array([getattr(record, name) for record in records], dtype=np.float64) for name in _NUMBERS}
    columns |= {
        "as_of": integers([to_micros(record.as_of) for record in records]),
        "window": integers([record.window for record in records]),
    }
    columns |= {name: texts([json.dumps(dict(getattr(record, name)), sort_keys=True) for record in records]) for name in _DOCUMENTS}
    columns_to_table(connection, "kleos_scores", columns)
    if path.exists():
        connection.execute(
            f"INSERT INTO kleos_scores BY NAME FROM read_parquet({file_list([path])}, hive_partitioning = false) "
            "ANTI JOIN kleos_scores USING (person, digest)"
        )
    with replacing(path) as temporary:
        connection.execute(
            f"COPY (FROM kleos_scores ORDER BY person, digest) TO {quoted(str(temporary))} (FORMAT parquet, COMPRESSION zstd)"
        )


def read_scores(
    connection: Connection, folder: Path, *, person: str | None = None, since: date | None = None, until: date | None = None
) -> list[ScoreRecord]:
    """Return the records of all days from `since` to `until`, both included, by (day, person, model digest)."""
    days = {path: date.fromisoformat(found[1]) for path in sorted(folder.glob("day=*.parquet")) if (found := _FILE.match(path.name))}
    records: list[ScoreRecord] = []
    names = [*_TEXTS, *_NUMBERS, "as_of", "window", *_DOCUMENTS]
    chosen = ", ".join(f'"{name}"' for name in names)
    for path, day in days.items():
        if (since is None or day >= since) and (until is None or day <= until):
            rows = connection.execute(
                f"SELECT {chosen} FROM read_parquet({file_list([path])}, hive_partitioning = false) "  # noqa: S608 - names of ours
                "WHERE $1 IS NULL OR person = $1 ORDER BY person, digest",
                [person],
            ).fetchall()
            records += [_record(dict(zip(names, row, strict=True)), day) for row in rows]
    return records


def _record(values: dict[str, Any], day: date) -> ScoreRecord:
    values |= {name: json.loads(values[name]) for name in _DOCUMENTS}
    return ScoreRecord(**values | {"as_of": from_micros(values["as_of"]), "day": day})

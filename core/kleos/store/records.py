"""Daily scores: one Parquet file a day, in which every record carries the model that made it.

One person's year is read by one query over the list of files: the filter reaches the files, and what nobody asks for is not unpacked
(365 days of 1,000 people took 0.1 s).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from attrs import field, frozen

from kleos.store.atomic import replacing
from kleos.store.duck import Connection, columns_to_table, file_list, integers, quoted, texts
from kleos.store.times import from_micros, to_micros

__all__ = ["DOCUMENTS", "PATIENCE", "STEPS", "ScoreRecord", "last_day", "newest_before", "read_scores", "write_scores"]

STEPS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30), "quarter": timedelta(days=90)}
"""What a change is told over."""
PATIENCE = 2
"""A record older than this many steps says nothing about the step."""
DOCUMENTS = ("networks", "metrics", "coverage")
"""The fields that are kept as JSON texts: most of a file."""

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
    successor: str | None = None
    """The digest of the model that took this one's place in the run that made the record; None where it was the run's own model."""
    day: date | None = None
    """The day that it is recorded under; filled in by the store."""


_NUMBERS = ("score", "lo", "hi", "percentile")
_TEXTS = ("person", "model", "version", "digest", "successor")
_INTEGERS = ("as_of", "window")
_TYPES = dict.fromkeys((*_TEXTS, *DOCUMENTS), "VARCHAR") | dict.fromkeys(_NUMBERS, "DOUBLE") | dict.fromkeys(_INTEGERS, "BIGINT")


def write_scores(connection: Connection, folder: Path, day: date, records: Sequence[ScoreRecord]) -> None:
    """Put records into a day's file; they take the place of that day's records of the same person and model, and of nothing else."""
    import numpy as np  # here: whoever only looks back does without

    path = folder / f"day={day.isoformat()}.parquet"
    columns = {name: texts([getattr(record, name) for record in records]) for name in _TEXTS}
    columns |= {name: np.array([getattr(record, name) for record in records], dtype=np.float64) for name in _NUMBERS}
    columns |= {
        "as_of": integers([to_micros(record.as_of) for record in records]),
        "window": integers([record.window for record in records]),
    }
    columns |= {name: texts([json.dumps(dict(getattr(record, name)), sort_keys=True) for record in records]) for name in DOCUMENTS}
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
    connection: Connection,
    folder: Path,
    *,
    person: str | None = None,
    since: date | None = None,
    until: date | None = None,
    documents: Collection[str] = DOCUMENTS,
) -> list[ScoreRecord]:
    """Return the records of all days from `since` to `until`, both included, by (day, person, model digest).

    Only the `documents` named are read; the others stay empty, which is quicker.
    """
    days = {str(path): day for path, day in _files(folder) if (since is None or day >= since) and (until is None or day <= until)}
    if not days:
        return []
    names = [*_TEXTS, *_NUMBERS, *_INTEGERS, *documents]
    rows = connection.execute(
        # The second half has no rows: it stands for the columns that files of earlier versions lack.
        f"""
        SELECT filename, {", ".join(f'"{name}"' for name in names)} FROM (
            FROM read_parquet({file_list([Path(path) for path in days])}, hive_partitioning = false, union_by_name = true, filename = true)
            UNION ALL BY NAME SELECT {", ".join(f'NULL::{sql} AS "{name}"' for name, sql in _TYPES.items())} WHERE false
        ) {"" if person is None else "WHERE person = $1"}
        """,  # noqa: S608 - names of ours
        [] if person is None else [person],
    ).fetchall()
    records = [_record(dict(zip(names, row[1:], strict=True)), days[row[0]], documents) for row in rows]
    return sorted(records, key=lambda record: (record.day, record.person, record.digest))


def newest_before(days: Iterable[date], day: date, step: timedelta) -> date | None:
    """Return the newest of some days at least a step before `day`, None where the step says nothing about it."""
    return max((one for one in days if step <= day - one <= PATIENCE * step), default=None)


def last_day(folder: Path, *, before: date) -> date | None:
    """Return the newest day before another one that has a file, None where there is none."""
    return max((day for _, day in _files(folder) if day < before), default=None)


def _files(folder: Path) -> list[tuple[Path, date]]:
    """Return the files of days, in their order."""
    return [(path, date.fromisoformat(found[1])) for path in sorted(folder.glob("day=*.parquet")) if (found := _FILE.match(path.name))]


def _record(values: dict[str, Any], day: date, documents: Collection[str]) -> ScoreRecord:
    values |= {name: json.loads(values[name]) for name in documents}
    return ScoreRecord(**values | {"as_of": from_micros(values["as_of"]), "day": day})

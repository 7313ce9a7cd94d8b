"""Daily scores: records of a day, each of which carries the model that made it.

One person's year is read by one query over the files of `kleos.store.record_files`: the filter reaches the files, and what nobody asks for
is not unpacked.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from attrs import field, frozen

from kleos.store.atomic import replacing
from kleos.store.duck import Connection, columns_to_table, integers, quoted, texts
from kleos.store.record_files import RecordFiles, day_file, from_records, record_files
from kleos.store.times import from_micros, to_micros

__all__ = ["DOCUMENTS", "PATIENCE", "STEPS", "ScoreRecord", "last_day", "newest_before", "read_scores", "write_scores"]

STEPS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30), "quarter": timedelta(days=90)}
"""What a change is told over."""
PATIENCE = 2
"""A record older than this many steps says nothing about the step."""
DOCUMENTS = ("networks", "metrics", "coverage")
"""The fields that are kept as JSON texts: most of a file."""


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


def write_scores(connection: Connection, folder: Path, day: date, records: Sequence[ScoreRecord]) -> None:
    """Put records into a day's file; they take the place of that day's records of the same person and model, and of nothing else.

    Only the process that writes may call this.
    """
    import numpy as np  # here: whoever only looks back does without

    columns = {name: texts([getattr(record, name) for record in records]) for name in _TEXTS}
    columns |= {name: np.array([getattr(record, name) for record in records], dtype=np.float64) for name in _NUMBERS}
    columns |= {
        "as_of": integers([to_micros(record.as_of) for record in records]),
        "window": integers([record.window for record in records]),
    }
    columns |= {name: texts([json.dumps(dict(getattr(record, name)), sort_keys=True) for record in records]) for name in DOCUMENTS}
    columns_to_table(connection, "kleos_scores", columns)
    there = record_files(folder).between(day, day)
    if there:
        connection.execute(
            f"INSERT INTO kleos_scores BY NAME SELECT * EXCLUDE (day) FROM {there.table()} "  # noqa: S608 - names of ours
            "ANTI JOIN kleos_scores USING (person, digest)"
        )
    with replacing(day_file(folder, day)) as temporary:
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
    names = ("day", *_TEXTS, *_NUMBERS, *_INTEGERS, *documents)

    def ask(files: RecordFiles) -> list[tuple[Any, ...]]:
        chosen = files.between(since, until)
        if not chosen:
            return []
        columns = ", ".join(f'"{name}"' for name in names)
        whose, values = ("", []) if person is None else ("WHERE person = $1", [person])
        return connection.execute(f"SELECT {columns} FROM {chosen.table()} {whose} ORDER BY day, person, digest", values).fetchall()  # noqa: S608 - names of ours

    return [_record(dict(zip(names, row, strict=True)), documents) for row in from_records(folder, ask)]


def newest_before(days: Iterable[date], day: date, step: timedelta) -> date | None:
    """Return the newest of some days at least a step before `day`, None where the step says nothing about it."""
    return max((one for one in days if step <= day - one <= PATIENCE * step), default=None)


def last_day(connection: Connection, folder: Path, *, before: date) -> date | None:
    """Return the newest day before another one of which anything is recorded, None where there is none."""

    def ask(files: RecordFiles) -> date | None:
        found = max((day for day in files.days if day < before), default=date.min)
        for first in sorted(files.months, reverse=True):
            if first < before and first >= found.replace(day=1):
                month = RecordFiles(months={first: files.months[first]}, until=before - timedelta(days=1))
                ((day,),) = connection.execute(f"SELECT max(day) FROM {month.table()}").fetchall()  # noqa: S608 - names of ours
                found = max(found, day or date.min)
        return None if found == date.min else found

    return from_records(folder, ask)


def _record(values: dict[str, Any], documents: Collection[str]) -> ScoreRecord:
    values |= {name: json.loads(values[name]) for name in documents}
    return ScoreRecord(**values | {"as_of": from_micros(values["as_of"])})

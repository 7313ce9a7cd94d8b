"""The files of daily scores: one a day while a month lasts, one a month once it is over.

A year is then a dozen files and a month's worth of days, and one question opens few of them. A file of a day holds all that is recorded of
that day, and goes before the month's: so a day that is recorded once more is written alone, a month is merged without touching what anybody
reads, and whatever moment the process dies at, each day is there once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TypeVar

import duckdb
from attrs import evolve, field, frozen

from kleos.store.atomic import replacing, sync_folder
from kleos.store.duck import Connection, file_list, first_line, quoted

__all__ = ["ROWS", "RecordFiles", "day_file", "from_records", "merge_months", "record_files"]

_COLUMNS = {
    **dict.fromkeys(("person", "model", "version", "digest", "successor", "networks", "metrics", "coverage"), "VARCHAR"),
    **dict.fromkeys(("score", "lo", "hi", "percentile"), "DOUBLE"),
    **dict.fromkeys(("as_of", "window"), "BIGINT"),
}
_NONE = ", ".join(f'NULL::{sql} AS "{name}"' for name, sql in {**_COLUMNS, "day": "DATE"}.items())

ROWS = 20_480
"""In a row group of a month's file: one person's records are looked for in a few people's."""

_DAY = re.compile(r"day=(\d{4}-\d{2}-\d{2})\.parquet\Z")
_MONTH = re.compile(r"month=(\d{4}-\d{2})\.parquet\Z")

T = TypeVar("T")


@frozen(kw_only=True)
class RecordFiles:
    """Which files there are, and which of their days are asked for."""

    days: Mapping[date, Path] = field(factory=dict)
    """In their order."""
    months: Mapping[date, Path] = field(factory=dict)
    """By the first day of the month, in their order."""
    since: date | None = None
    until: date | None = None

    def between(self, since: date | None, until: date | None) -> RecordFiles:
        """Return the files that may hold days from `since` to `until`, both included; only these days are read then."""
        return RecordFiles(
            days={day: path for day, path in self.days.items() if (since is None or day >= since) and (until is None or day <= until)},
            months={
                first: path
                for first, path in self.months.items()
                if (since is None or first >= _first(since)) and (until is None or first <= until)
            },
            since=since,
            until=until,
        )

    def __bool__(self) -> bool:
        return bool(self.days or self.months)

    def table(self) -> str:
        """Return the records as SQL, in brackets: ``day DATE``, and the fields of a `ScoreRecord`, NULL where a file lacks one."""
        parts = []
        if self.days:
            # Of the name the end: day=YYYY-MM-DD.parquet.
            day = "left(right(filename, 18), 10)::DATE AS day"
            parts.append(f"SELECT * EXCLUDE (filename), {day} FROM {_read(self.days.values(), filename=True)}")  # noqa: S608 - names of ours
        if self.months:
            parts.append(f"FROM {_read(self.months.values())} WHERE {self._of_months()}")
        # Without a row: it stands for the columns that files of earlier versions lack.
        parts.append(f"SELECT {_NONE} WHERE false")
        return f"({' UNION ALL BY NAME '.join(f'({part})' for part in parts)})"

    def _of_months(self) -> str:
        """Return which rows of the months' files count: those of days that were asked for and have no file of their own."""
        conditions = [f"day >= DATE '{self.since}'"] if self.since is not None else []
        conditions += [f"day <= DATE '{self.until}'"] if self.until is not None else []
        alone = [f"DATE '{day}'" for day in self.days if _first(day) in self.months]
        conditions += [f"day NOT IN ({', '.join(alone)})"] if alone else []
        return " AND ".join(conditions) or "true"


def record_files(folder: Path) -> RecordFiles:
    """List the files of a folder, which need not be there."""
    # Days first: a day whose file has gone meanwhile is in a month's file that is listed after it.
    days = _listed(folder, _DAY, "{}")
    return RecordFiles(days=days, months=_listed(folder, _MONTH, "{}-01"))


def from_records(folder: Path, ask: Callable[[RecordFiles], T]) -> T:
    """Return what `ask` makes of a folder's files; it is asked again where files went into a month's while it looked."""
    while True:
        files = record_files(folder)
        try:
            return ask(files)
        except duckdb.IOException:
            if record_files(folder) == files:
                raise


def day_file(folder: Path, day: date) -> Path:
    """Return where the records of a day are written."""
    return folder / f"day={day.isoformat()}.parquet"


def merge_months(connection: Connection, folder: Path) -> None:
    """Put the days of every month before the newest one's into a file of that month; only the process that writes may call this.

    A month of which a file cannot be read stays as it is: whoever looks at its days is told.
    """
    files = record_files(folder)
    newest = max([*map(_first, files.days), *files.months], default=date.min)
    for first in sorted({_first(day) for day in files.days} - {newest}):
        days = {day: path for day, path in files.days.items() if _first(day) == first}
        months = {first: files.months[first]} if first in files.months else {}
        try:
            _merge(connection, evolve(files, days=days, months=months), folder / f"month={first:%Y-%m}.parquet")
        except (duckdb.Error, OSError) as error:
            import logging  # here: whoever only looks back does without

            logging.getLogger(__name__).warning("the scores of %s stay in files of days: %s", f"{first:%Y-%m}", first_line(error))


def _merge(connection: Connection, files: RecordFiles, path: Path) -> None:
    with replacing(path) as temporary:
        connection.execute(
            f"COPY (FROM {files.table()} ORDER BY person, day, digest) TO {quoted(str(temporary))} "
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROWS})"
        )
    for day in files.days.values():
        day.unlink()
    sync_folder(path.parent)


def _listed(folder: Path, name: re.Pattern[str], day: str) -> dict[date, Path]:
    try:
        found = [(found[1], path) for path in folder.iterdir() if (found := name.match(path.name))]
    except FileNotFoundError:
        return {}
    return {date.fromisoformat(day.format(text)): path for text, path in sorted(found)}


def _first(day: date) -> date:
    return day.replace(day=1)


def _read(paths: Iterable[Path], *, filename: bool = False) -> str:
    more = ", filename = true" if filename else ""
    return f"read_parquet({file_list(list(paths))}, hive_partitioning = false, union_by_name = true{more})"

"""The files of a store without somebody: which of them hold anything of theirs, and how these look afterwards."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

from attrs import frozen

from kleos.store.atomic import replacing, sync_folder
from kleos.store.duck import Connection, columns_to_table, file_list, quoted, texts
from kleos.store.record_files import ROWS, record_files
from kleos.store.segments import Segment, write_segment

__all__ = [
    "Match",
    "affected_pages",
    "affected_records",
    "affected_segments",
    "drop_pages",
    "recorded_scores",
    "rewrite_records",
    "rewrite_segment",
]

_AGAIN = "~"
"""Stands in a segment's name before what tells it from the one whose place it took."""


@frozen
class Match:
    """Which rows of one network's segments are of somebody: those with one of these subjects, or one of these actors."""

    subjects: Sequence[str]
    """Account keys."""
    actors: Sequence[str]
    """Pseudonyms."""


def affected_segments(
    connection: Connection, store: Path, segments: Iterable[tuple[str, str, str]], match: Callable[[str], Match]
) -> Mapping[str, int]:
    """Return {file: rows} of the segments, given as (file, network, source), that hold rows of somebody."""
    found = {}
    for file, network, _ in segments:
        theirs = match(network)
        if theirs.subjects or theirs.actors:
            _tables(connection, theirs)
            ((rows,),) = connection.execute(f"SELECT count(*) FROM {_rows(store / file)} WHERE {_THEIRS}").fetchall()  # noqa: S608 - names of ours
            if rows:
                found[file] = rows
    return found


def rewrite_segment(connection: Connection, store: Path, file: str, match: Match) -> Segment | None:
    """Write the other rows of a segment as a new one, which belongs to nothing yet; None, and no file, where there are none."""
    _tables(connection, match)
    rows = f"SELECT * FROM {_rows(store / file)} WHERE NOT coalesce({_THEIRS}, false)"  # noqa: S608 - names of ours
    connection.execute(f"CREATE OR REPLACE TEMP TABLE kleos_others AS {rows}")
    folder, _, name = file.rpartition("/")
    stem = name.removesuffix(".parquet").split(_AGAIN)[0]
    return write_segment(connection, "kleos_others", store, f"{folder}/{stem}{_AGAIN}{secrets.token_hex(4)}.parquet", ())


def recorded_scores(connection: Connection, store: Path, person: str) -> int:
    """Return how many scores of this person are recorded."""
    files = record_files(store / "scores")
    ((records,),) = connection.execute(f"SELECT count(*) FROM {files.table()} WHERE person = ?", [person]).fetchall()  # noqa: S608 - names of ours
    return int(records)


def affected_records(connection: Connection, store: Path, person: str) -> Sequence[Path]:
    """Return the files of days and months that hold a score of this person.

    Months come first: what a day's file no longer covers is not to come back from them.
    """
    files = record_files(store / "scores")
    return [
        path
        for path in (*files.months.values(), *files.days.values())
        if connection.execute(f"SELECT 1 FROM {_rows(path)} WHERE person = ? LIMIT 1", [person]).fetchall()  # noqa: S608 - quoted
    ]


def rewrite_records(connection: Connection, path: Path, person: str) -> None:
    """Leave the others' records in a file of a day or month; where there are none, the file goes."""
    others = f"SELECT * FROM {_rows(path)} WHERE person <> {quoted(person)}"  # noqa: S608 - quoted
    ((left,),) = connection.execute(f"SELECT count(*) FROM ({others})").fetchall()  # noqa: S608 - quoted
    if left:
        with replacing(path) as temporary:
            connection.execute(f"COPY ({others}) TO {quoted(str(temporary))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROWS})")
    else:
        path.unlink()
        sync_folder(path.parent)


def affected_pages(store: Path, *, networks: Collection[str], person: str | None) -> Sequence[Path]:
    """Return the bodies of kept pages that are a person's own, or of these networks: nobody can say whom a page does not name.

    A page of which it is not known what it is counts, too.
    """
    return [body for body in sorted((store / "raw").rglob("*.body")) if _concerned(body, networks, person)]


def drop_pages(store: Path, bodies: Iterable[Path]) -> None:
    """Remove kept pages, with all that is told of them, and folders that are empty then."""
    folders = set()
    for body in bodies:
        # In this order: a body of which nothing is told is found by the next attempt, if there has to be one.
        body.with_suffix(".json").unlink(missing_ok=True)
        body.unlink()
        folders.add(body.parent)
    for folder in folders:
        if not any(folder.iterdir()):
            folder.rmdir()
            sync_folder(store / "raw")
        else:
            sync_folder(folder)


def _concerned(body: Path, networks: Collection[str], person: str | None) -> bool:
    try:
        told = json.loads(body.with_suffix(".json").read_text(encoding="utf-8"))
        owner = told["owner"] or {}
        return told["network"] in networks or (person is not None and owner.get("person") == person)
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        return True


_THEIRS = "(subject IN (SELECT name FROM kleos_subjects) OR actor IN (SELECT name FROM kleos_actors))"


def _tables(connection: Connection, match: Match) -> None:
    columns_to_table(connection, "kleos_subjects", {"name": texts(match.subjects)})
    columns_to_table(connection, "kleos_actors", {"name": texts(match.actors)})


def _rows(path: Path) -> str:
    return f"read_parquet({file_list([path])}, hive_partitioning = false)"

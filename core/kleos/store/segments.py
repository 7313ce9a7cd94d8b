"""Segments: immutable Parquet files of stored rows, one network each, sorted by (subject, time)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path

from attrs import frozen

from kleos.store.atomic import replacing
from kleos.store.duck import Connection, quoted
from kleos.store.merge import condense

__all__ = ["Segment", "file_digest", "write_segment"]


@frozen(kw_only=True)
class Segment:
    """What the catalogue knows of a segment."""

    file: str
    """Its path below the store, with ``/``."""
    sha256: str
    rows: int
    first_time: int | None
    """µs; None where no row has a time."""
    last_time: int | None


def write_segment(connection: Connection, table: str, store: Path, file: str, known: Collection[str]) -> Segment | None:
    """Write the rows of a table with `kleos.store.merge.COLUMNS`, condensed.

    Returns None, and leaves no file, where there are no rows, or where they make one of the `known` files (sha256) over again. When this
    returns, the file is whole and on the disk, and belongs to nothing yet.
    """
    connection.execute(f"CREATE OR REPLACE TEMP TABLE kleos_segment AS {condense(table)}")
    ((rows, first, last),) = connection.execute("SELECT count(*), min(time), max(time) FROM kleos_segment").fetchall()
    if not rows:
        return None
    path = store / file
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        connection.execute(f"COPY kleos_segment TO {quoted(str(temporary))} (FORMAT parquet, COMPRESSION zstd)")
        digest = file_digest(temporary)
        if digest in known:
            temporary.unlink()
    if digest in known:
        return None
    return Segment(file=file, sha256=digest, rows=rows, first_time=first, last_time=last)


def file_digest(path: Path) -> str:
    """Return the sha256 of a file in hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

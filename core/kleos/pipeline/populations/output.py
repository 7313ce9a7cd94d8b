"""The table of scores: gathered part by part, and written whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from kleos.errors import StoreError
from kleos.pipeline.populations.opened import Opened
from kleos.pipeline.populations.scoring import Piece
from kleos.store import Connection, quoted, replacing

__all__ = ["Kept", "percentiles"]


class Kept:
    """The scores that wait to be written: in arrays and, beyond the memory for them, in files."""

    def __init__(self, connection: Connection, opened: Opened, memory: int, folder: Path) -> None:
        """`memory` is for the arrays (bytes), `folder` for what is beyond it."""
        self._connection = connection
        self._opened = opened
        self._folder = folder
        self._metrics = [metric.name for metric in opened.resolved.metrics]
        self._most = memory // (8 * (6 + len(self._metrics)))
        self._waiting: list[Piece] = []
        self._people = 0
        self._files: list[Path] = []

    def add(self, piece: Piece) -> None:
        """Keep a part's scores."""
        self._waiting.append(piece)
        self._people += len(piece.code)
        if self._people > self._most:
            self._to_file()

    def write(self, path: Path, percentile: NDArray[np.float64]) -> None:
        """Write person, score, percentile, odds, lo, hi, and a column per metric: in the order of the people's numbers, where they all
        fit into the arrays; part by part where not, since sorting would take longer than all the rest of the writing.

        `percentile` is float64[P], of all people in the order in which they were added. Raises `StoreError` where the file cannot
        be written; then the old one is untouched.
        """
        rows, order = ("pieces", "") if self._files else ("scored", "ORDER BY code")
        if self._files:
            self._to_file()
            self._to_table(percentile)
        else:
            # By number already here: SQL would carry every column through its sorting.
            place = np.empty(self._people, dtype=np.int64)
            place[np.argsort(np.concatenate([piece.code for piece in self._waiting]))] = np.arange(self._people)
            columns = self._columns(place) | {"percentile": np.empty(self._people)}
            columns["percentile"][place] = percentile
            self._connection.register("scored", columns)
        chosen = "score, percentile, odds, lo, hi" + "".join(f', "{name}"' for name in self._metrics)
        if self._opened.prefix is None:
            query = f"SELECT person, {chosen} FROM {rows} JOIN people_codes USING (code) {order}"  # noqa: S608 - checked names
        else:
            query = f"SELECT {quoted(self._opened.prefix)} || code AS person, {chosen} FROM {rows}"  # noqa: S608
        _write(self._connection, path, query)

    def _to_file(self) -> None:
        """Put what waits into a file. Not yet into a table: it could only be joined with the percentiles there, once all are known."""
        path = self._folder / f"scores-{len(self._files):05}.npz"
        np.savez(path, **self._columns(np.arange(self._people)))
        self._files.append(path)
        self._waiting.clear()
        self._people = 0

    def _to_table(self, percentile: NDArray[np.float64]) -> None:
        """Make the table `pieces` of the files, which are removed."""
        begin = 0
        for path in self._files:
            with np.load(path) as found:
                columns = dict(found)
            end = begin + len(columns["code"])
            self._connection.register("piece", columns | {"percentile": percentile[begin:end]})
            self._connection.execute("INSERT INTO pieces FROM piece" if begin else "CREATE OR REPLACE TEMP TABLE pieces AS FROM piece")
            self._connection.unregister("piece")
            path.unlink()
            begin = end

    def _columns(self, place: NDArray[np.int64]) -> dict[str, Any]:
        """Return what waits, as equally long columns: each person at the place that is told (int64[P], a permutation)."""
        people, metrics = len(place), len(self._metrics)
        whole = Piece(
            code=np.empty(people, dtype=np.int64),
            score=np.empty(people),
            odds=np.empty(people),
            actors=np.empty(0, dtype=np.int64),
            bounds=np.empty((people, 2)),
            metrics=np.empty((people, metrics)),
            broken={},
        )
        begin = 0
        for piece in self._waiting:
            mine = place[begin : begin + len(piece.code)]
            whole.code[mine], whole.score[mine], whole.odds[mine] = piece.code, piece.score, piece.odds
            whole.bounds[mine], whole.metrics[mine] = piece.bounds, piece.metrics
            begin += len(piece.code)
        of_metrics = {name: whole.metrics[:, k] for k, name in enumerate(self._metrics)}
        return {
            "code": whole.code,
            "score": whole.score,
            "odds": whole.odds,
            "lo": whole.bounds[:, 0],
            "hi": whole.bounds[:, 1],
            **of_metrics,
        }


def percentiles(score: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return float64[P]: 100 · the share of all who have a lower score."""
    order = np.argsort(score)
    ranked = score[order]
    lower = np.empty(len(score))
    # Looked up in increasing order, each is found beside the one before.
    lower[order] = np.searchsorted(ranked, ranked)
    return 100.0 * lower / max(1, len(score))


def _write(connection: Connection, path: Path, query: str) -> None:
    """Write the rows of an SQL query as Parquet or CSV, by the suffix of `path`; a file that is there is replaced in one step."""
    format_ = "csv, HEADER" if path.suffix == ".csv" else "parquet, COMPRESSION zstd"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as temporary:
            connection.execute(f"COPY ({query}) TO {quoted(str(temporary))} (FORMAT {format_})")
    except (OSError, duckdb.Error) as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())[:200]
        raise StoreError(f"the table cannot be written: {reason}", where=str(path), hint="choose another `out`") from error

"""Tables of pairs that somebody judged: which of these two is more influential.

Two forms, as CSV, Parquet or NDJSON. With accounts: the columns a, b and choice. With features: choice, and for each feature a column
``A_<feature>`` and a column ``B_<feature>``. A choice is 1, a or A where A was chosen, and 0, b or B where B was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.errors import ExportError, NoDataError
from kleos.store import connect, quoted

__all__ = ["Labelled", "read_labelled"]

SIDES = ("a", "b")
FIRST = ("1", "a", "1.0", "true")
SECOND = ("0", "b", "0.0", "false")


@frozen(kw_only=True, eq=False)
class Labelled:
    """N pairs."""

    source: str
    a: NDArray[np.int64]
    b: NDArray[np.int64]
    """int64[N]: accounts, numbered from 0."""
    chosen: NDArray[np.bool_]
    """bool[N]: whether A was chosen."""
    accounts: Sequence[str]
    """Their names; empty in a table of features, where an account is told by its features."""
    features: Mapping[str, NDArray[np.float64]]
    """Feature → float64[N, 2], A's and B's; empty in a table of accounts."""
    unusable: int
    """Rows without a choice or an account, with a feature that is no number of at least 0, or of an account and itself."""

    def __len__(self) -> int:
        return len(self.a)

    @property
    def size(self) -> int:
        """How many different accounts there are."""
        return len(np.unique(np.concatenate([self.a, self.b])))

    def select(self, chosen: NDArray[np.bool_]) -> Labelled:
        """Return the pairs that are `chosen` (bool[N]); the others count as unusable."""
        return Labelled(
            source=self.source,
            a=self.a[chosen],
            b=self.b[chosen],
            chosen=self.chosen[chosen],
            accounts=self.accounts,
            features={name: values[chosen] for name, values in self.features.items()},
            unusable=self.unusable + int((~chosen).sum()),
        )


def read_labelled(path: Path) -> Labelled:
    """Read a table of pairs; columns are known by their name in any case.

    Raises `ExportError` for a file that is no such table, `NoDataError` for one without a usable row.
    """
    columns = _columns(path)
    names = {name.lower(): name for name in columns}
    if "choice" not in names:
        raise _strange(path, columns, "no column choice")
    choice = np.char.lower(np.char.strip(columns[names["choice"]].astype(str)))
    usable = np.isin(choice, FIRST + SECOND)
    chosen = np.isin(choice, FIRST)
    if all(side in names for side in SIDES):
        found = _of_accounts(path, *(columns[names[side]] for side in SIDES), chosen=chosen, usable=usable)
    else:
        features = sorted({name[2:] for name in names if name.startswith("a_") and f"b_{name[2:]}" in names})
        if not features:
            raise _strange(path, columns, "neither the columns a and b nor any A_… and B_…")
        pairs = {names[f"a_{feature}"][2:]: [columns[names[f"{side}_{feature}"]] for side in SIDES] for feature in features}
        found = _of_features(path, pairs, chosen=chosen, usable=usable)
    if not len(found):
        raise NoDataError(
            f"none of the {found.unusable:,} rows can be used", where=str(path), hint="a row needs a choice (1 or a for A, 0 or b for B)"
        )
    return found


def _of_accounts(path: Path, a: NDArray[Any], b: NDArray[Any], *, chosen: NDArray[np.bool_], usable: NDArray[np.bool_]) -> Labelled:
    a, b = (np.array([(text or "").strip() for text in side], dtype=np.str_) for side in (a, b))
    usable = usable & (a != "") & (b != "") & (a != b)
    accounts, codes = np.unique(np.stack([a[usable], b[usable]]), return_inverse=True)
    codes = codes.reshape(2, -1).astype(np.int64)
    return Labelled(
        source=path.name,
        a=codes[0],
        b=codes[1],
        chosen=chosen[usable],
        accounts=accounts.tolist(),
        features={},
        unusable=int((~usable).sum()),
    )


def _of_features(
    path: Path, features: Mapping[str, Sequence[NDArray[Any]]], *, chosen: NDArray[np.bool_], usable: NDArray[np.bool_]
) -> Labelled:
    values = np.array([[_numbers(side) for side in sides] for sides in features.values()])  # float64[F, 2, N]
    usable = usable & np.all(values >= 0, axis=(0, 1)) & ~np.all(values[:, 0] == values[:, 1], axis=0)
    kept = values[:, :, usable]
    _, codes = np.unique(kept.reshape(len(kept), -1), axis=1, return_inverse=True)
    codes = codes.reshape(2, -1).astype(np.int64)
    return Labelled(
        source=path.name,
        a=codes[0],
        b=codes[1],
        chosen=chosen[usable],
        accounts=(),
        features={name: np.ascontiguousarray(kept[place].T) for place, name in enumerate(features)},
        unusable=int((~usable).sum()),
    )


def _columns(path: Path) -> dict[str, NDArray[Any]]:
    """Return all columns of a table, as text or None."""
    name = path.name.lower().removesuffix(".gz")
    if not name.endswith((".csv", ".parquet", ".ndjson", ".jsonl")):
        raise ExportError("expected a table: .csv, .parquet or .ndjson", where=str(path), hint="name the file of pairs")
    reader = "read_parquet" if name.endswith(".parquet") else "read_csv" if name.endswith(".csv") else "read_json"
    options = ", all_varchar = true" if reader == "read_csv" else ""
    with connect() as connection:
        try:
            found = connection.execute(f"SELECT COLUMNS(*)::VARCHAR FROM {reader}({quoted(str(path))}{options})")  # noqa: S608 - quoted
            columns = [column[0] for column in found.description or ()]
            rows = found.fetchall()
        except duckdb.Error as error:
            reason = " ".join(str(error).split("\n\n")[0].split())
            raise ExportError(
                f"cannot be read as a table ({reason[:300]})", where=str(path), hint="check the path and its suffix"
            ) from None
    table = np.array(rows, dtype=object).reshape(len(rows), len(columns))
    return {column: table[:, place] for place, column in enumerate(columns)}


def _numbers(column: NDArray[Any]) -> NDArray[np.float64]:
    """Return a column of text as finite numbers, NaN where there is none."""

    def number(text: str | None) -> float:
        try:
            return float(text or "nan")
        except ValueError:
            return float("nan")

    values = np.array([number(text) for text in column], dtype=np.float64)
    return np.where(np.isfinite(values), values, np.nan)


def _strange(path: Path, columns: Mapping[str, Any], found: str) -> ExportError:
    return ExportError(
        f"expected a table of pairs, found {found} among {', '.join(list(columns)[:12])}",
        where=str(path),
        hint="pairs are rows of a, b and choice, or of choice and columns A_… and B_…; docs/using/evaluate.md shows both",
    )

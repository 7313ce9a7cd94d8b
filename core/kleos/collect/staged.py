"""Staging: what a parser yields, as columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.contract import Batch, Flaw, Interaction, Page, Profile, Profiles, Tallies, Tally
from kleos.store.duck import INVALID, MISSING, integers, texts
from kleos.store.times import to_micros

__all__ = ["Columns", "Staged", "Told", "empty_columns", "stage"]

Columns = dict[str, NDArray[Any]]
"""Equal-length arrays: row (int64); kind, subject, actor, item, id (objects); time, item_time, captured, count, audience (int64, see
`kleos.store.duck.integers`); tally (bool)."""

_TOLD = ("id", "handle", "name", "audience", "captured")
_TEXTS = ("kind", "subject", "actor", "item", "id")
_NUMBERS = ("time", "item_time", "captured", "count", "audience")
_FOREIGN = "a row was left out: it names another network than its page"


class Told(NamedTuple):
    """What a profile says, unchecked; a tuple, since a bulk file has as many as posts.

    `captured` is µs, `MISSING` where neither row nor page says it, `INVALID` where it is no zone-aware time.
    """

    id: Any
    handle: Any
    name: Any
    audience: Any
    captured: int


@frozen(kw_only=True)
class Staged:
    """A parsed page."""

    where: str
    columns: Columns
    """Interactions and tallies, those in columns included."""
    profiles: Sequence[Told]
    flaws: Sequence[Flaw]
    failure: BaseException | None
    """What ended the parsing early; what came before it is kept."""

    @property
    def rows(self) -> int:
        """How many interactions and tallies there are."""
        return len(self.columns["row"])


def stage(page: Page, parse: Callable[[Page], Iterable[object]]) -> Staged:
    """Parse a page. Whatever the parser does, this returns."""
    gathered = _Gathered(page)
    failure: BaseException | None = None
    try:
        for row in parse(page):
            gathered.add(row)
    except (Exception, SystemExit) as error:
        failure = error
    try:
        columns = gathered.columns()
    except TypeError as error:
        failure, columns = failure or error, empty_columns()
    return Staged(where=page.where, columns=columns, profiles=gathered.profiles, flaws=gathered.flaws, failure=failure)


def empty_columns() -> Columns:
    """Return the columns of no rows at all."""
    kinds = {"row": np.int64} | dict.fromkeys(_TEXTS, object) | dict.fromkeys(_NUMBERS, np.int64) | {"tally": bool}
    return {name: np.empty(0, dtype=kind) for name, kind in kinds.items()}


class _Gathered:
    """The rows of one page. A row that does not say when it was captured was captured with its page."""

    def __init__(self, page: Page) -> None:
        self.profiles: list[Told] = []
        self.flaws: list[Flaw] = []
        self._page = page
        self._captured = _micros(page.captured)
        self._rows = 0
        self._plain: list[tuple[Any, ...]] = []
        self._batches: list[Columns] = []

    def add(self, row: object) -> None:
        """Raises `TypeError` for what is no row, or columns that do not fit together."""
        if isinstance(row, Flaw):
            self.flaws.append(row)
            return
        if not isinstance(row, Interaction | Tally | Profile | Batch | Tallies | Profiles):
            raise TypeError(f"expected a Batch, Interaction, Tally, Profile or Flaw, found {type(row).__name__}")
        if row.network != self._page.network:
            self.flaws.append(Flaw(where=f"{self._page.where}: row {self._rows + 1}", reason=_FOREIGN))
        elif isinstance(row, Profile):
            captured = self._captured if row.captured is None else _micros(row.captured)
            self.profiles.append(Told(row.id, row.handle, row.name, row.audience, captured))
        elif isinstance(row, Profiles):
            self.profiles += self._told(row)
        elif isinstance(row, Batch | Tallies):
            self._batches.append(self._columns(row))
            self._rows += len(row)
        else:
            self._plain.append(self._values(row))
            self._rows += 1

    def columns(self) -> Columns:
        """Raises `TypeError` for a value that is no text where one should be."""
        names = ("row", *_TEXTS, *_NUMBERS, "tally")
        values: Sequence[Sequence[Any]] = list(zip(*self._plain, strict=True)) or [()] * len(names)
        plain = {
            name: _checked(name, texts, column) if name in _TEXTS else np.array(column, dtype=bool if name == "tally" else np.int64)
            for name, column in zip(names, values, strict=True)
        }
        parts = [plain, *self._batches]
        return {name: np.concatenate([part[name] for part in parts]) for name in names}

    def _values(self, row: Interaction | Tally) -> tuple[Any, ...]:
        captured = self._captured if row.captured is None else _micros(row.captured)
        if isinstance(row, Tally):
            total = _count(row.total)
            return (
                self._rows,
                row.kind,
                row.subject,
                None,
                row.item,
                None,
                MISSING,
                _micros(row.item_time),
                captured,
                total,
                MISSING,
                True,
            )
        audience = MISSING if row.audience is None else _count(row.audience)
        times = (_micros(row.time), _micros(row.item_time), captured)
        return (self._rows, row.kind, row.subject, row.actor, row.item, row.id, *times, 1, audience, False)

    def _told(self, row: Profiles) -> Iterable[Told]:
        columns: list[Iterable[Any]] = []
        for name in _TOLD:
            values = _fitting(row, name, len(row))
            if name == "captured":
                times = np.full(len(row), MISSING, dtype=np.int64) if values is None else integers(values)
                columns.append(np.where(times == MISSING, self._captured, times).tolist())
            else:
                columns.append(repeat(None, len(row)) if values is None else values.tolist() if isinstance(values, np.ndarray) else values)
        return map(Told._make, zip(*columns, strict=True))

    def _columns(self, batch: Batch | Tallies) -> Columns:
        length = len(batch)
        is_tally = isinstance(batch, Tallies)
        columns: Columns = {"row": np.arange(self._rows, self._rows + length, dtype=np.int64), "tally": np.full(length, is_tally)}
        for name in (*_TEXTS, *_NUMBERS):
            values = _fitting(batch, "total" if is_tally and name == "count" else name, length)
            if name in _TEXTS:
                columns[name] = np.full(length, None, dtype=object) if values is None else _checked(name, texts, values)
            else:
                columns[name] = np.full(length, 1 if name == "count" else MISSING, dtype=np.int64) if values is None else integers(values)
        columns["captured"][columns["captured"] == MISSING] = self._captured
        columns["count"][columns["count"] == MISSING] = INVALID if is_tally else 1
        return columns


def _fitting(row: Batch | Tallies | Profiles, name: str, length: int) -> Any:
    """Return a column of a row, None where there is none; raises `TypeError` for one of another length."""
    values = getattr(row, name, None)
    if values is not None and len(values) != length:
        whose = "a Batch" if isinstance(row, Batch) else type(row).__name__
        raise TypeError(f"expected {length} values in the column {name} of {whose}, found {len(values)}")
    return values


def _checked(name: str, convert: Any, values: Sequence[Any]) -> NDArray[Any]:
    try:
        column: NDArray[Any] = convert(values)
    except TypeError as error:
        raise TypeError(f"{name}: {error}") from None
    return column


def _micros(moment: object) -> int:
    """Return µs; `MISSING` for None, `INVALID` for what is no zone-aware time."""
    if moment is None:
        return MISSING
    if isinstance(moment, datetime) and moment.utcoffset() is not None:
        return to_micros(moment)
    return INVALID


def _count(number: object) -> int:
    return number if type(number) is int and abs(number) < 2**62 else INVALID

"""Pace: how far a source is and how fast, as one line that tells all of it."""

from __future__ import annotations

import time
from collections.abc import Callable

from attrs import field, mutable

from kleos.events import Emit, Progress

__all__ = ["Pace"]


@mutable(kw_only=True)
class Pace:
    """Joins what a plugin tells of its fetching with what the core knows of pages and rows, of all owners of one source."""

    emit: Emit
    task: str
    live: bool
    """An API is counted in pages: each of them is a question."""
    clock: Callable[[], float] = time.monotonic
    pages: int = 0
    rows: int = 0
    bytes: int = 0
    """Of the pages, as they came."""
    _began: float = field(init=False)
    _told: tuple[int, int | None, str] | None = None
    _waiting: str = ""

    @_began.default
    def _begin(self) -> float:
        return self.clock()

    @property
    def seconds(self) -> float:
        """How long the source has been at work."""
        return self.clock() - self._began

    def told(self, done: int, total: int | None, unit: str) -> None:
        """Take what the plugin tells: `Context.progress`. What follows a comma in `unit` is what it waits for."""
        unit, _, self._waiting = unit.partition(", ")
        self._told = (done, total, unit)
        self._tell()

    def took(self, size: int, rows: int) -> None:
        """Count a page of so many bytes and rows."""
        self.pages += 1
        self.bytes += size
        self.rows += rows
        self._waiting = ""
        self._tell()

    def finish(self) -> None:
        """Tell the end, and what came."""
        if self.live:
            self.emit(Progress(task=self.task, done=self.pages, unit="pages", detail=self._came(), finished=True))
        else:
            self.emit(Progress(task=self.task, done=self.rows, finished=True))

    def _tell(self) -> None:
        done, total, unit = self._told or ((self.pages, None, "pages") if self.live else (self.rows, None, "rows"))
        if unit == "pages":
            done = max(done, self.pages)
        detail = self._came() if unit != "rows" else self._rate()
        self.emit(Progress(task=self.task, done=done, total=total, unit=unit, detail=detail, waiting=self._waiting))

    def _came(self) -> str:
        return ", ".join(filter(None, ("1 row" if self.rows == 1 else f"{self.rows:,} rows", self._rate())))

    def _rate(self) -> str:
        seconds = self.seconds
        if not self.rows or seconds <= 0:
            return ""
        rate = self.rows / seconds
        return f"{rate:,.0f} rows/s" if rate >= 10 else f"{rate:.1f} rows/s"

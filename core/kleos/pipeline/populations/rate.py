"""How far a pass over the rows has come."""

from __future__ import annotations

import time
from threading import Lock

from kleos.events import Emit, Progress

__all__ = ["Rate"]


class Rate:
    """Tells how far a pass over the rows has come, how fast it goes, and how long it will take."""

    def __init__(self, emit: Emit, task: str, total: int) -> None:
        self._emit = emit
        self._task = task
        self._total = total
        self._done = 0
        self._began = time.monotonic()
        self._told = 0.0
        self._lock = Lock()
        emit(Progress(task=task, done=0, total=total, unit="rows"))

    def __call__(self, rows: int) -> None:
        with self._lock:
            self._done += rows
            now = time.monotonic()
            if now - self._told < 0.2:
                return
            self._told = now
            rate = self._done / max(now - self._began, 1e-6)
            left = (self._total - self._done) / max(rate, 1.0)
            detail = f"{rate:,.0f} rows/s, {left:,.0f} s left"
            self._emit(Progress(task=self._task, done=self._done, total=self._total, unit="rows", detail=detail))

    def finished(self) -> None:
        self._emit(Progress(task=self._task, done=self._total, total=self._total, unit="rows", finished=True))

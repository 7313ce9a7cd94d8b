"""As of when a run scores, and why."""

from __future__ import annotations

from datetime import datetime

from kleos.config import Run
from kleos.store import from_micros

__all__ = ["moment_of"]


def moment_of(run: Run, *, live: bool, newest: int | None, now: datetime) -> tuple[datetime, str]:
    """Return `as_of` and the reason: the configuration's, else now with a live source, else the newest time in the data."""
    if run.as_of is not None:
        return run.as_of, "set by [run] as_of"
    if live:
        return now, "now: a source of this run is live"
    if newest is not None:
        return from_micros(newest), "the newest time in the data"
    return now, "now: nothing in the data has a time"

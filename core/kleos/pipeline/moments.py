"""As of when a run scores, and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from kleos.config import Run

__all__ = ["EPOCH", "from_micros", "micros", "moment_of"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(moment: datetime) -> int:
    """Return a zone-aware time as unix microseconds, exactly."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def from_micros(value: int) -> datetime:
    """Return unix microseconds as a time in UTC."""
    return EPOCH + timedelta(microseconds=value)


def moment_of(run: Run, *, live: bool, newest: int | None, now: datetime) -> tuple[datetime, str]:
    """Return `as_of` and the reason: the configuration's, else now with a live source, else the newest time in the data."""
    if run.as_of is not None:
        return run.as_of, "set by [run] as_of"
    if live:
        return now, "now: a source of this run is live"
    if newest is not None:
        return from_micros(newest), "the newest time in the data"
    return now, "now: nothing in the data has a time"

"""Times as the store keeps them: unix microseconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

__all__ = ["from_micros", "to_micros"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(moment: datetime) -> int:
    """Return a zone-aware time in unix microseconds, exactly; raises `TypeError` for a time without a zone."""
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """Return unix microseconds as a time in UTC."""
    return _EPOCH + timedelta(microseconds=micros)

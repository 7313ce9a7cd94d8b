"""Bounds: how much one source may give in a run before it is cut off. What came before stays."""

from __future__ import annotations

from kleos.collect.pace import Pace
from kleos.config import SourceLimits
from kleos.errors import FetchError
from kleos.files.limits import plain_size

__all__ = ["cut_off"]

_SECOND = 1_000_000


def cut_off(pace: Pace, limits: SourceLimits) -> FetchError | None:
    """Return what is to be told of a source that has given more than it may, None of one that has not."""
    hours = limits.time / _SECOND / 3600
    exceeded = {
        "source_rows": (pace.rows > limits.rows, f"{limits.rows:,} rows"),
        "source_bytes": (pace.bytes > limits.bytes, plain_size(limits.bytes)),
        "source_time": (pace.seconds > limits.time / _SECOND, f"{hours:g} hours" if hours >= 1 else f"{limits.time / _SECOND:g} seconds"),
    }
    for key, (is_exceeded, most) in exceeded.items():
        if is_exceeded:
            return FetchError(
                f"cut off after page {pace.pages:,}, which went beyond the {most} that one source may give in a run",
                hint=f"what came before is kept; if the source is as large as that, raise {key} under [limits], else leave it out",
            )
    return None

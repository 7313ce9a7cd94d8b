"""Figures of measurements, as they stand in tables."""

from __future__ import annotations

import math

__all__ = ["NOTHING", "share", "times"]

NOTHING = "·"
"""Stands where there was nothing to measure."""


def share(value: float, digits: int = 3) -> str:
    """Return a number between −1 and 1 without the zero before the point: ".553", "−.021"."""
    if math.isnan(value):
        return NOTHING
    text = f"{abs(value):.{digits}f}"
    return ("−" if value < 0 and float(text) else "") + (text.removeprefix("0") if abs(value) < 1 else text)


def times(value: float) -> str:
    """Return how many times something is something else: "1.08 ×"."""
    return NOTHING if math.isnan(value) else f"{value:.2f} ×"

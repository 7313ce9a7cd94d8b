"""The digits of scores and points: few, and never in contradiction with each other."""

from __future__ import annotations

import math
from collections.abc import Sequence

from kleos.scoring.result import bucket

__all__ = ["percent", "points_text", "score_tenths", "score_text", "signed", "split_tenths"]


def score_tenths(score: float) -> int:
    """Return the score as shown, in tenths: rounded, but never across the border of its bucket, and below 100."""
    tenths = round(score * 10)
    if tenths >= 1000 or bucket(tenths / 10) != bucket(score):
        tenths = math.floor(score * 10)
    return tenths


def score_text(score: float) -> str:
    """Return the score as shown: one decimal."""
    return points_text(score_tenths(score))


def points_text(tenths: int) -> str:
    """Return tenths of a point as text with one decimal."""
    return f"{tenths / 10:.1f}"


def split_tenths(parts: Sequence[float], total: int) -> list[int]:
    """Round parts to tenths so that they add up to `total` tenths, by largest remainder (Hamilton's method).

    Meant for parts (at least 0) whose sum is `total` up to rounding; then no part moves by a whole tenth. Of equal remainders, the
    earlier part gains.
    """
    floors = [math.floor(part * 10 + 1e-9) for part in parts]
    order = sorted(range(len(parts)), key=lambda k: (floors[k] - parts[k] * 10, k))
    missing = total - sum(floors)
    # Less than nothing is missing where the shown total was rounded down: those with least to lose give.
    chosen = order[:missing] if missing > 0 else [k for k in reversed(order) if floors[k] > 0][:-missing]
    for k in chosen:
        floors[k] += 1 if missing > 0 else -1
    return floors


def percent(share: float) -> str:
    """Return a percentage (0..100) rounded down, with decimals where whole numbers would say 0 or 100."""
    if 1 <= share < 99 or share <= 0:
        return f"{math.floor(share)} %"
    for decimals in (1, 2, 3):
        shown = math.floor(share * 10**decimals) / 10**decimals
        if shown > 0 and share < 100 - 10**-decimals:
            return f"{shown:.{decimals}f} %"
    return "99.999 %" if share > 50 else "less than 0.001 %"


def signed(change: float) -> str:
    """Return a change with its sign and one decimal; one that rounds to nothing is "±0.0"."""
    tenths = round(change * 10)
    return f"{'+' if tenths > 0 else '−' if tenths < 0 else '±'}{abs(tenths) / 10:.1f}"

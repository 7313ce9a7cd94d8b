"""Hundredths of a point, for explanations: a tenth is more than most items and people add."""

from __future__ import annotations

import math
from collections.abc import Sequence

from kleos.report.digits import split_tenths
from kleos.scoring.result import bucket

__all__ = ["hundredths_text", "score_hundredths", "signed_text", "split_hundredths", "split_signed"]


def score_hundredths(score: float) -> int:
    """Return the score as shown, in hundredths: rounded, but never across the border of its bucket, and below 100."""
    hundredths = round(score * 100)
    if hundredths >= 10_000 or bucket(hundredths / 100) != bucket(score):
        hundredths = math.floor(score * 100)
    return hundredths


def hundredths_text(hundredths: int) -> str:
    """Return hundredths of a point as text with two decimals."""
    return f"{hundredths / 100:.2f}"


def split_hundredths(parts: Sequence[float], total: int) -> list[int]:
    """Round parts to hundredths so that they add up to `total` hundredths, by largest remainder."""
    # A hundredth of a point is a tenth of a tenth.
    return split_tenths([part * 10 for part in parts], total)


def signed_text(hundredths: int) -> str:
    """Return hundredths of a point as text with a sign, none at 0."""
    return f"{'+' if hundredths > 0 else '−' if hundredths < 0 else ''}{hundredths_text(abs(hundredths))}"


def split_signed(parts: Sequence[float], total: int) -> list[int]:
    """Round parts of either sign to hundredths so that they add up to `total` hundredths, by largest remainder."""
    floors = [math.floor(part * 100 + 1e-9) for part in parts]
    order = sorted(range(len(parts)), key=lambda k: (floors[k] - parts[k] * 100, k))
    missing = total - sum(floors)
    # Those that lost most by rounding gain first; where the shown total was rounded down, those that lost least give.
    turns = order if missing > 0 else order[::-1]
    for turn in range(abs(missing)):
        floors[turns[turn % len(turns)]] += 1 if missing > 0 else -1
    return floors

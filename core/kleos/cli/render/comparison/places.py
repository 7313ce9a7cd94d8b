"""Intervals and ranks in a few letters."""

from __future__ import annotations

from kleos.report.digits import score_text

__all__ = ["interval_text", "rank_text"]


def interval_text(interval: tuple[float, float] | None) -> str:
    """Return "75.6 to 80.6", or that too few people reacted."""
    return "too few" if interval is None else f"{score_text(interval[0])} to {score_text(interval[1])}"


def rank_text(ranks: tuple[int, int] | None) -> str:
    """Return "3", "3–7" where the ranks from 3 to 7 cannot be told apart, or "–"."""
    if ranks is None:
        return "–"
    return f"{ranks[0]:,}" if ranks[0] == ranks[1] else f"{ranks[0]:,}–{ranks[1]:,}"

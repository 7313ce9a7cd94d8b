"""What a score rests on, in plain sentences."""

from __future__ import annotations

from kleos.report.digits import percent
from kleos.report.words import count_of, listed
from kleos.scoring.result import Coverage

__all__ = ["resting"]


def resting(coverage: Coverage) -> list[str]:
    """Return what was imported and what became of it, and how much of what was scored says who and when."""
    if not coverage.imported:
        return ["No reaction was imported."]
    parts = [f"{coverage.scored:,} scored"]
    if coverage.outside_window:
        parts.append(f"{coverage.outside_window:,} older than the window")
    if coverage.after_as_of:
        parts.append(f"{coverage.after_as_of:,} after the day of this page")
    became = f"{count_of(coverage.imported, 'reactions')} were imported: {listed(parts)}."
    sentences = [became if len(parts) > 1 else f"{count_of(coverage.imported, 'reactions')} were imported, and all of them scored."]
    if coverage.actors is not None and coverage.times is not None:
        sentences.append(
            f"Of those scored, {_share(coverage.actors)} name who reacted, and {_share(coverage.times)} have a time of their own"
            f"{_dated(coverage)}. Whom a network does not name counts as a stranger of middling influence."
        )
    unscored = sum(coverage.kinds.values()) - coverage.imported
    if unscored > 0:
        sentences.append(f"Another {count_of(unscored, 'views and follows')} came along; those are never scored.")
    return sentences


def _dated(coverage: Coverage) -> str:
    by = {"item_time": "are dated by their item", "captured": "by when they were counted", "unknown": "by nothing at all"}
    told = [f"{coverage.ages[age]:,} {what}" for age, what in by.items() if coverage.ages.get(age)]
    return f"; {listed(told)}" if told else ""


def _share(share: float) -> str:
    if share >= 1:
        return "all"
    return "none" if share <= 0 else percent(share * 100)

"""What a score rests on, in one or two plain sentences."""

from __future__ import annotations

from kleos.cli.render.layout import held
from kleos.report.digits import percent
from kleos.report.words import clean, count_of, listed
from kleos.scoring.result import Coverage

__all__ = ["coverage_sentences"]


def coverage_sentences(coverage: Coverage) -> list[str]:
    """Return what was imported and what became of it, and how much of what was scored says who and when."""
    sentences = [_imported(coverage)]
    if coverage.scored and coverage.actors is not None and coverage.times is not None:
        actors, times = _share(coverage.actors), _share(coverage.times)
        sentences.append(f"Of those scored, {actors} name who reacted and {times} have a time of their own{_dated(coverage)}.")
    unscored = sum(coverage.kinds.values()) - coverage.imported
    if coverage.kinds and unscored > 0:
        sentences.append(f"Another {held(count_of(unscored, 'views and follows'))} came along; those are never scored.")
    return sentences


def _imported(coverage: Coverage) -> str:
    if not coverage.imported:
        among = f" from {listed([clean(name) for name in coverage.networks])}" if coverage.networks else ""
        return f"No reaction was imported{among}."
    parts = [f"{coverage.scored:,} scored"]
    if coverage.outside_window:
        parts.append(f"{coverage.outside_window:,} older than the window")
    if coverage.after_as_of:
        parts.append(f"{coverage.after_as_of:,} after as_of")
    if len(parts) == 1:
        return f"{held(count_of(coverage.imported, 'reactions'))} imported, all of them scored."
    return f"{held(count_of(coverage.imported, 'reactions'))} imported = {' + '.join(parts)}."


def _dated(coverage: Coverage) -> str:
    """Return what stands in for the times of reactions that have none."""
    by = {"item_time": "their item", "captured": "when they were counted"}
    told = [f"{coverage.ages[age]:,} are dated by {what}" for age, what in by.items() if coverage.ages.get(age)]
    return f"; {listed(told)}" if told else ""


def _share(share: float) -> str:
    if share >= 1:
        return "all"
    return "none" if share <= 0 else held(percent(share * 100))

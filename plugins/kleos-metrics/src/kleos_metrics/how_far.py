"""How far, how dependably: whether the response is broad, steady and alive, or one lucky hit."""

from __future__ import annotations

from kleos.contract import Metric, Term

__all__ = ["METRICS"]

FAMILY = "how far, how dependably"

METRICS = (
    Metric(
        name="resonance",
        title="Resonance",
        family=FAMILY,
        unit="items",
        definition="The largest number h such that h things of yours each drew a reaction from at least h people.",
        source=(
            "h-index: Hirsch, J. E. (2005). An index to quantify an individual's scientific research output. "
            "Proceedings of the National Academy of Sciences 102(46), 16569–16572."
        ),
        terms=(Term("any.h_index"),),
    ),
    Metric(
        name="consistency",
        title="Consistency",
        family=FAMILY,
        unit="days",
        definition="On how many days somebody reacted to you: not one lucky hit.",
        source=(
            "Influence is held by steady effort rather than by accident: Cha, M., Haddadi, H., Benevenuto, F. and Gummadi, K. P. (2010). "
            "Measuring user influence in Twitter: the million follower fallacy. Proceedings of ICWSM 4(1), 10–17."
        ),
        terms=(Term("any.days"),),
    ),
    Metric(
        name="momentum",
        title="Momentum",
        family=FAMILY,
        unit="people",
        definition="How many people reacted to you lately: what a person adds halves with every sixteenth of the window (5.6 of 90 days).",
        source=(
            "Exponential decay: Cormode, G., Shkapenyuk, V., Srivastava, D. and Xu, B. (2009). Forward decay: a practical time decay model "
            "for streaming systems. IEEE International Conference on Data Engineering, 138–149."
        ),
        terms=(Term("any.recent"),),
    ),
)

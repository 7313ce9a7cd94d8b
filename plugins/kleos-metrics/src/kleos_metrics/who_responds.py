"""Who responds: how many people, how faithful, how attentive, how influential."""

from __future__ import annotations

from kleos.contract import Metric, Term

__all__ = ["METRICS"]

FAMILY = "who responds"

METRICS = (
    Metric(
        name="engaged_reach",
        title="Engaged reach",
        family=FAMILY,
        unit="people",
        definition="How many different people reacted to you.",
        source=(
            "In-degree: Freeman, L. C. (1978). Centrality in social networks: conceptual clarification. Social Networks 1(3), 215–239. "
            "Klout called it True Reach."
        ),
        terms=(Term("any.actors"),),
    ),
    Metric(
        name="returning_audience",
        title="Returning audience",
        family=FAMILY,
        unit="people",
        definition="How many people reacted to you in at least two different weeks.",
        source=(
            "Persistent ties: Hidalgo, C. A. and Rodriguez-Sickert, C. (2008). The dynamics of a mobile phone network. "
            "Physica A 387(12), 3017–3024."
        ),
        terms=(Term("any.returning"),),
    ),
    Metric(
        name="attention_share",
        title="Attention share",
        family=FAMILY,
        unit="share",
        definition="What share of their reactions people give to you, added up over them: somebody who reacts to everybody adds little.",
        source=(
            "Proportional tie strength: Burt, R. S. (1992). Structural Holes: The Social Structure of Competition. "
            "Harvard University Press, chapter 2."
        ),
        terms=(Term("any.share_of_attention"),),
    ),
    Metric(
        name="audience_influence",
        title="Audience influence",
        family=FAMILY,
        unit="influence",
        definition="How influential the people are who reacted to you: each adds their own influence, from 0 to 1.",
        source=(
            "Prestige: Katz, L. (1953). A new status index derived from sociometric analysis. Psychometrika 18(1), 39–43. "
            "Klout called it Network Impact."
        ),
        terms=(Term("any.prestige"),),
    ),
)

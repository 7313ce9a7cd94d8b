"""What they do: the kinds of response, in the words of web analytics."""

from __future__ import annotations

from kleos.contract import Metric, Term

__all__ = ["METRICS"]

FAMILY = "what they do"

KAUSHIK = (
    "Kaushik, A. (2011). Best social media metrics: conversation, amplification, applause, economic value. Occam's Razor, 10 October 2011."
)
CHA = (
    "Cha, M., Haddadi, H., Benevenuto, F. and Gummadi, K. P. (2010). Measuring user influence in Twitter: the million follower fallacy. "
    "Proceedings of ICWSM 4(1), 10–17."
)

METRICS = (
    Metric(
        name="applause",
        title="Applause",
        family=FAMILY,
        unit="acts",
        definition="How often people liked something of yours: once for each person and item.",
        source=KAUSHIK,
        terms=(Term("role:LIKE.acts"),),
    ),
    Metric(
        name="conversation",
        title="Conversation",
        family=FAMILY,
        unit="acts",
        definition="How often people answered something of yours: once for each person and item.",
        source=KAUSHIK,
        terms=(Term("role:REPLY.acts"),),
    ),
    Metric(
        name="amplification",
        title="Amplification",
        family=FAMILY,
        unit="acts",
        definition="How often people passed something of yours on to their own audience: once for each person and item.",
        source=f"{KAUSHIK} {CHA}",
        terms=(Term("role:SHARE.acts"),),
    ),
    Metric(
        name="mentions",
        title="Mentions",
        family=FAMILY,
        unit="acts",
        definition="How often people brought you up of their own accord: once for each person and day.",
        source=f"Name value: {CHA}",
        terms=(Term("role:MENTION.actor_days"),),
    ),
    Metric(
        name="endorsements",
        title="Endorsements",
        family=FAMILY,
        unit="acts",
        definition="How often people vouched for you, by a recommendation, a skill, a list or a save: once for each person and item.",
        source=(
            "Rao, A., Spasojevic, N., Li, Z. and DSouza, T. (2015). Klout score: measuring influence across multiple social networks. "
            "IEEE International Conference on Big Data, 2282–2289 (arXiv:1510.08487)."
        ),
        terms=(Term("role:ENDORSE.acts"),),
    ),
)

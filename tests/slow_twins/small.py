"""A small model for the tests of scoring: two invented networks, and a few metrics."""

from __future__ import annotations

import math

import numpy as np

from kleos.contract import Kind, Metric, Network, Role, Term
from kleos.scoring.model import Audience, Model, NetworkModel, OddsTable, Reference, ScoreCurve, Weight

__all__ = ["BIRDSONG", "CAFE", "DAY", "METRICS", "MODEL", "NETWORKS", "WINDOW"]

DAY = 86_400_000_000
WINDOW = 90 * DAY

BIRDSONG = Network(
    name="birdsong",
    title="Birdsong",
    kinds={
        "cheer": Kind(role=Role.LIKE, title="cheer", once=True),
        "answer": Kind(role=Role.REPLY, title="answer"),
        "echo": Kind(role=Role.SHARE, title="echo", weight=2.0),
        "glance": Kind(role=Role.VIEW, title="glance"),
        "nest": Kind(role=Role.FOLLOW, title="nest"),
    },
    sources=(),
)
CAFE = Network(
    name="cafe",
    title="Café",
    kinds={"nod": Kind(role=Role.LIKE, title="nod"), "wave": Kind(role=Role.LIKE, title="wave", weight=0.5)},
    sources=(),
)
NETWORKS = (BIRDSONG, CAFE)


def _metric(name: str, *terms: Term) -> Metric:
    return Metric(name=name, title=name, family="tests", unit="acts", definition="…", source="…", terms=terms)


METRICS = {
    metric.name: metric
    for metric in (
        _metric("reach", Term("any.actors")),
        _metric("returning", Term("any.returning")),
        _metric("attention", Term("any.share_of_attention")),
        _metric("prestige", Term("any.prestige")),
        _metric("applause", Term("role:LIKE.acts")),
        _metric("talk", Term("role:REPLY.acts"), Term("echo.actor_days", 0.5)),
        _metric("spread", Term("role:SHARE.acts")),
        _metric("depth", Term("any.h_index")),
        _metric("steady", Term("any.days")),
        _metric("lately", Term("any.recent")),
        _metric("shown", Term("any.count")),
        Metric(
            name="height",
            title="height",
            family="tests",
            unit="people",
            definition="…",
            source="…",
            compute=lambda factors: np.sqrt(factors["any.peak"]),
        ),
    )
}

_LOGS = tuple(step / 2 for step in range(-20, 21))
MODEL = Model(
    name="small",
    version="1",
    window=WINDOW,
    score=ScoreCurve(a=4.0, b=7.0, log_odds=_LOGS, score=tuple(1 + 99 / (1 + math.exp(-x / 3)) for x in _LOGS)),
    metrics={name: Weight(weight=0.0 if name == "shown" else 1.0, scale=2.0) for name in METRICS},
    networks={
        "birdsong": NetworkModel(
            odds=OddsTable(strength=(2.0, 4.0, 8.0, 16.0), log_odds=(-2.0, -1.0, 1.0, 4.0)),
            audience=Audience(followers=(0, 10, 100, 1_000, 100_000), share=(0.0, 0.2, 0.5, 0.8, 1.0)),
            attention=30.0,
            reference=Reference(name="birds", size=1_000, window="90d"),
        ),
        "*": NetworkModel(
            odds=OddsTable(strength=(1.0, 5.0, 9.0), log_odds=(-3.0, 0.0, 3.0)),
            audience=Audience(followers=(0, 1_000), share=(0.1, 0.9)),
            attention=10.0,
            reference=Reference(name="others", size=500, window="30d"),
            rho=0.5,
            metrics={"applause": Weight(weight=3.0, scale=1.0)},
        ),
    },
)

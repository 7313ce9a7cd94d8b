"""Invented pages with everything that a page can say."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any

from attrs import evolve

from kleos.insight.history.curve import Change, History, Marker, Point
from kleos.report.page import (
    Audience,
    Cause,
    Family,
    Giver,
    MetricRow,
    Moment,
    Move,
    NetworkRow,
    Page,
    Peers,
    Reproduction,
    Standing,
    Typical,
)
from kleos.scoring.result import Coverage, ModelId, PopulationId

AS_OF = datetime(2026, 3, 31, 18, 20, tzinfo=UTC)
MODEL = ModelId(name="kleos", version="1.0.0", digest="3f2a91c0e47b" * 5)
FAMILIES = {
    "who responds": (
        ("engaged_reach", "people", 412.0, 14),
        ("returning_audience", "people", 31.0, 5),
        ("attention_share", "share", 2.31, 6),
    ),
    "what they do": (("applause", "acts", 1481.0, 9), ("conversation", "acts", 64.0, 5), ("mentions", "acts", 1.0, 1)),
    "how far, how dependably": (("resonance", "items", 11.0, 4), ("momentum", "people", 24.4, 3)),
}


def make_page(key: str = "ada", name: str = "Ada Lovelace", score: float = 57.34, days: int = 90, **changes: Any) -> Page:
    """Return a page whose points add up to score − 1."""
    rest = score - 1
    total = sum(weight for metrics in FAMILIES.values() for *_, weight in metrics)
    page = Page(
        id=key,
        name=name,
        as_of=AS_OF,
        window=90 * 86_400.0,
        standing=Standing(
            score=score,
            interval=(max(1.0, score - 5.2), min(99.9, score + 4.6)),
            percentile=88.13,
            population=PopulationId(source="the reference population of twitter", size=14_331),
            changes={
                "day": Change(points=-0.04, since=date(2026, 3, 30)),
                "week": Change(points=1.23, since=date(2026, 3, 24)),
                "month": None,
            },
        ),
        history=history(key, name, score, days),
        move=Move(
            since=AS_OF - timedelta(days=7),
            before=score - 1.23,
            after=score,
            causes=[
                Cause(name="aged_out", title="aged out of the window", points=-2.11, reactions=40, networks={"Twitter": -2.11}),
                Cause(name="arrived", title="arrived", points=3.34, reactions=212, networks={"Twitter": 3.0, "YouTube": 0.34}),
                Cause(name="model", title="the model", points=0.0, reactions=0, networks={}),
            ],
            metrics={"Engaged reach": 1.6, "Momentum": -0.37},
        ),
        networks=[
            NetworkRow(name="twitter", title="Twitter", points=rest * 0.7, interactions=1042, calibrated=True),
            NetworkRow(name="youtube", title="YouTube", points=rest * 0.3, interactions=447, calibrated=False),
        ],
        moments=[
            Moment(
                network="Twitter",
                item=f"21181682201363753{k}",
                url=f"https://x.com/i/status/21181682201363753{k}" if k < 3 else None,
                points=9.0 - k,
                published=AS_OF - timedelta(days=9 * k) if k else None,
                reactions=30,
                kinds={"like": 20, "reply": 10},
                people=12,
            )
            for k in range(4)
        ],
        families=[
            Family(
                title=title,
                metrics=[
                    MetricRow(
                        name=metric,
                        title=metric.replace("_", " ").capitalize(),
                        definition="What it means, in one sentence.",
                        unit=unit,
                        value=value,
                        points=rest * weight / total,
                        typical=Typical(rank=100 * weight / 15, low=value / 2, middle=value, high=value * 2),
                    )
                    for metric, unit, value, weight in metrics
                ],
            )
            for title, metrics in FAMILIES.items()
        ],
        peers=Peers(size=37, source="of this roster", low=206, high=810),
        audience=Audience(
            givers=[
                Giver(name="Bob Fettle", network="Twitter", points=2.9, reactions=5, followers=354, influence=0.85),
                Giver(name="someone c77171ec", network="YouTube", points=2.7, reactions=2, followers=None, influence=0.5),
            ],
            people=83,
            points=rest * 0.6,
            unnamed_points=rest * 0.4,
            unnamed_reactions=247,
            gives={"Bob Fettle": 3},
        ),
        coverage=Coverage(
            networks=("twitter", "youtube"),
            imported=1597,
            outside_window=100,
            after_as_of=8,
            actors=0.834,
            times=0.9,
            kinds={"twitter.like": 1597, "twitter.view": 1200},
            ages={"time": 1340, "item_time": 149, "captured": 0, "unknown": 0},
        ),
        reproduction=Reproduction(
            command="kleos score kleos.toml --as-of 2026-03-31T18:20:00Z",
            model=MODEL,
            distributions={"kleos": "0.1.0", "kleos-twitter": "0.1.0"},
            influence="ab12",
        ),
        notes=["More was collected since this score was recorded: as of the same time it is 58.0 now."],
    )
    return evolve(page, **changes)


def history(key: str, name: str, score: float, days: int) -> History:
    """Return a wavy year with two marks, which ends at the score."""
    line = [
        Point(
            day=(AS_OF - timedelta(days=back)).date(),
            as_of=AS_OF - timedelta(days=back),
            score=max(1.0, score - 3 * math.sin(back / 5)),
            interval=(max(1.0, score - 8), min(99.9, score + 7)) if back % 11 else None,
            percentile=80.0,
            model=MODEL,
        )
        for back in range(days - 1, -1, -1)
    ]
    marks = [
        Marker(day=line[len(line) // 3].day, sort="source", text="youtube came"),
        Marker(day=line[len(line) // 2].day, sort="model", text="the model became another"),
    ]
    return History(person=key, name=name, line=line, others=(), markers=marks if days > 3 else (), changes={})


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7 * 7 }}&amp;\x00\x1b[2J\u202egnp.exe\ufffe]]>\n"


def hostile_page() -> Page:
    """Return a page on which every text that comes from elsewhere wants to be something else."""
    page = make_page(name=HOSTILE)
    return evolve(
        page,
        networks=[evolve(row, title=HOSTILE) for row in page.networks],
        moments=[evolve(moment, network=HOSTILE, item=HOSTILE, kinds={HOSTILE: 3}) for moment in page.moments],
        families=[evolve(family, title=HOSTILE, metrics=[_hostile(row) for row in family.metrics]) for family in page.families],
        audience=evolve(
            page.audience, givers=[evolve(giver, name=HOSTILE, network=HOSTILE) for giver in page.audience.givers], gives={HOSTILE: 3}
        ),
        move=evolve(
            page.move, causes=[evolve(cause, networks={HOSTILE: cause.points}) for cause in page.move.causes], metrics={HOSTILE: 1.0}
        )
        if page.move
        else None,
        history=evolve(page.history, markers=[evolve(marker, text=HOSTILE) for marker in page.history.markers]),
        standing=evolve(page.standing, population=PopulationId(source=HOSTILE, size=3)),
        peers=evolve(page.peers, source=HOSTILE),
        notes=[HOSTILE],
    )


def _hostile(row: MetricRow) -> MetricRow:
    return evolve(row, title=HOSTILE, definition=HOSTILE, unit=HOSTILE)

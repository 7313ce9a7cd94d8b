"""The tables of an export, declared: what their columns are called, hold, and are counted in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from attrs import frozen

__all__ = ["TABLES", "Column", "Table"]

Sort = Literal["string", "number", "integer", "boolean", "date", "datetime"]
"""The field types of the Table Schema."""


@frozen
class Column:
    """One column of a table."""

    name: str
    sort: Sort
    description: str
    unit: str = ""
    required: bool = True
    minimum: float | None = None
    maximum: float | None = None


@frozen
class Table:
    """One table of an export; it is sorted by `key`, or by all of its columns."""

    name: str
    title: str
    description: str
    columns: Sequence[Column]
    key: Sequence[str] = ()
    """The columns that tell any two rows apart."""
    refers: Sequence[str] = ()
    """The tables whose keys stand in this one."""


_PERSON = Column("person", "string", "The id of a person of the configuration.")
_DAY = Column("day", "date", "The day (UTC) that the score is recorded under: that of as_of.")
_DIGEST = Column(
    "digest", "string", "The sha256 of the resolved model, overrides included. Only scores with the same digest can be compared."
)
_NETWORK = Column("network", "string", "The network's name.")
_POINTS = Column("points", "number", "Its share of score − 1.", "points", minimum=0)
_RECORD = ("person", "day", "digest")

PEOPLE = Table(
    "people",
    "People",
    "Everybody who is in the configuration, or of whom a score is recorded.",
    (
        _PERSON,
        Column("name", "string", "For display; empty for somebody who is no longer in the configuration.", required=False),
        Column(
            "score",
            "number",
            "The score as of the export, to which factors, contributions and graph belong; empty where none of these was exported.",
            "points",
            required=False,
            minimum=1,
            maximum=100,
        ),
    ),
    key=("person",),
)

SCORES = Table(
    "scores",
    "Daily scores",
    "One row for each person, day and model, as it was recorded; history is never rewritten.",
    (
        _PERSON,
        _DAY,
        _DIGEST,
        Column("model", "string", "The model's name; +overrides where the configuration weighs something differently."),
        Column("version", "string", "The model's version."),
        Column("successor", "string", "The digest of the model that took this one's place in the same run; else empty.", required=False),
        Column("as_of", "datetime", "The time as of which was scored, in UTC."),
        Column("window", "number", "How far back from as_of reactions counted.", "seconds", minimum=0),
        Column(
            "score",
            "number",
            "From 1 to 100; the mean of the reference population is 40, and 63 marks its top 5 %.",
            "points",
            True,
            1,
            100,
        ),
        Column(
            "lo", "number", "The lower end of the 90 % interval; empty with fewer than 5 actors: too few to tell.", "points", False, 1, 100
        ),
        Column("hi", "number", "The upper end of the 90 % interval.", "points", False, 1, 100),
        Column("percentile", "number", "The share of the model's reference population that ranks lower.", "percent", True, 0, 100),
        Column("imported", "integer", "Reactions imported = scored + outside_window + after_as_of.", "reactions", minimum=0),
        Column("outside_window", "integer", "Reactions older than the window.", "reactions", minimum=0),
        Column("after_as_of", "integer", "Reactions after as_of.", "reactions", minimum=0),
        Column("actors", "number", "The share of the scored reactions whose actor is known; empty without any.", "share", False, 0, 1),
        Column("times", "number", "The share of the scored reactions with a time of their own; empty without any.", "share", False, 0, 1),
    ),
    key=_RECORD,
    refers=("people",),
)

NETWORKS = Table(
    "networks",
    "Networks' parts in the daily scores",
    "One row for each recorded score and network; the points of a score add up to score − 1.",
    (
        _PERSON,
        _DAY,
        _DIGEST,
        _NETWORK,
        _POINTS,
        Column("odds", "number", "The odds of outranking a random member of the network's reference population.", "odds", minimum=0),
        Column("interactions", "integer", "Reactions scored.", "reactions", minimum=0),
        Column("calibrated", "boolean", "False where the model lends this network the curve of others."),
    ),
    key=(*_RECORD, "network"),
    refers=("scores",),
)

METRICS = Table(
    "metrics",
    "Metrics' parts in the daily scores",
    "One row for each recorded score and metric, over all networks; the points of a score add up to score − 1.",
    (
        _PERSON,
        _DAY,
        _DIGEST,
        Column("metric", "string", "The metric's name; `kleos metrics` says what it means."),
        Column(
            "value", "number", "In its natural unit, unweighted where that is what a person would count.", "see the column unit", minimum=0
        ),
        Column("unit", "string", "What the value is counted in."),
        _POINTS,
    ),
    key=(*_RECORD, "metric"),
    refers=("scores",),
)

FACTORS = Table(
    "factors",
    "Factors",
    "One row for each person and factor that is not 0, as of the export.",
    (
        _PERSON,
        Column("factor", "string", "<network>.<kind>.<aggregation>"),
        _NETWORK,
        Column("kind", "string", "The network's own word for a kind of reaction; any for all kinds together."),
        Column("aggregation", "string", "How reactions are aggregated; the page on the score has the fourteen ways."),
        Column(
            "value",
            "number",
            "Every reaction weighs as much as the influence of who gave it: a stranger weighs 1.",
            "weighted counts",
            minimum=0,
        ),
    ),
    key=("person", "factor"),
    refers=("people",),
)

CONTRIBUTIONS = Table(
    "contributions",
    "Where the points come from",
    "One row for each actor and item behind a factor, as of the export; the points of a person add up to score − 1.",
    (
        _PERSON,
        _NETWORK,
        Column("metric", "string", "The metric's name."),
        Column("factor", "string", "The factor's name; empty where a function of the metric's own makes its value.", required=False),
        Column("actor", "string", "Who reacted: a pseudonym; empty for people whom the network does not name.", required=False),
        Column("item", "string", "To what, by the network's id; empty for a reaction to nothing in particular.", required=False),
        _POINTS,
    ),
    refers=("people",),
)

TABLES = {table.name: table for table in (PEOPLE, SCORES, NETWORKS, METRICS, FACTORS, CONTRIBUTIONS)}
"""By name, in the order of the descriptor."""

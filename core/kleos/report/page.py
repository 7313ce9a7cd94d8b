"""What a page says about a person: plain values, before anything is drawn or written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from attrs import frozen

from kleos.insight.history.curve import Change, History
from kleos.scoring.result import Coverage, ModelId, PopulationId, bucket

__all__ = [
    "Audience",
    "Cause",
    "Family",
    "Giver",
    "MetricRow",
    "Moment",
    "Move",
    "NetworkRow",
    "Page",
    "Peers",
    "Reproduction",
    "Standing",
    "Typical",
]


@frozen(kw_only=True)
class Standing:
    """The score as it was recorded."""

    score: float
    interval: tuple[float, float] | None
    """90 %; None with fewer than 5 actors."""
    percentile: float
    population: PopulationId
    """What the percentile is of."""
    changes: Mapping[str, Change | None]
    """For a day, week, month and quarter (90 days); None where no record of the same model is old enough."""

    @property
    def bucket(self) -> str:
        """The ten-point band that the score falls in: "50-59"."""
        return bucket(self.score)


@frozen(kw_only=True)
class Cause:
    """One of the things that moved a score."""

    name: str
    """Of `kleos.insight.explaining.change.STEPS`."""
    title: str
    points: float
    reactions: int
    """How many reactions it is about; 0 where it is about none."""
    networks: Mapping[str, float]
    """Points by the title of the network; they sum to `points`."""


@frozen(kw_only=True)
class Move:
    """Why the score is not what it was."""

    since: datetime
    before: float
    """Both scored from what the store holds today."""
    after: float
    models: str = ""
    """Which models these are by, where that was another one before: a sentence; else empty."""
    causes: Sequence[Cause]
    """In the order in which they are told apart; their points sum to after − before."""
    metrics: Mapping[str, float]
    """Points by the title of the metric, what moved the score most first; they sum to the same."""


@frozen(kw_only=True)
class Moment:
    """An item that earned points."""

    network: str
    """Its title."""
    item: str
    """The network's id."""
    url: str | None = None
    """Where to look at it; None where nobody knows."""
    points: float
    published: datetime | None
    reactions: int
    kinds: Mapping[str, int]
    """What people call a kind → how many reactions."""
    people: int
    """Distinct people with a name; the others are not known to be distinct."""


@frozen(kw_only=True)
class Giver:
    """Somebody who reacts to the person."""

    name: str
    """The name of who is in the configuration, a pseudonym for everybody else."""
    network: str
    points: float
    reactions: int
    followers: int | None
    influence: float
    """q, 0..1; 0.5 for somebody of whom nothing is known."""


@frozen(kw_only=True)
class Audience:
    """Who makes the score."""

    givers: Sequence[Giver]
    """Who gave most, first."""
    people: int
    """How many with a name there are in all."""
    points: float
    """Of all of these."""
    unnamed_points: float
    unnamed_reactions: int
    gives: Mapping[str, int]
    """Whom of the configuration this person reacts to, by name, with how many reactions."""


@frozen(kw_only=True)
class NetworkRow:
    """One network's part in the score."""

    name: str
    title: str
    points: float
    """Its share of score − 1."""
    interactions: int
    """Reactions scored."""
    calibrated: bool
    """False where the model lends the network another's curve."""


@frozen(kw_only=True)
class Typical:
    """A metric among the people of similar reach."""

    rank: float
    """0..100: how many of them have less, those with the same counted half."""
    low: float
    """The quartiles of their values."""
    middle: float
    high: float


@frozen(kw_only=True)
class MetricRow:
    """One metric over all networks."""

    name: str
    title: str
    definition: str
    """One sentence; empty where the metric is not installed any more."""
    unit: str
    value: float
    """In its natural unit."""
    points: float
    """Its share of score − 1."""
    typical: Typical | None
    """None without people of similar reach, and where neither they nor this person have any of it."""


@frozen(kw_only=True)
class Family:
    """The metrics that answer one question."""

    title: str
    metrics: Sequence[MetricRow]


@frozen(kw_only=True)
class Peers:
    """Who the metrics are compared with."""

    size: int
    """How many; 0 where nobody is known."""
    source: str
    """Whose they are, in words that follow "people"; where there are none, the reason."""
    low: float
    """Their engaged reach goes from `low` to `high`."""
    high: float


@frozen(kw_only=True)
class Reproduction:
    """How to compute the same number again."""

    command: str
    model: ModelId
    distributions: Mapping[str, str]
    """Distribution → version, of Kleos and of every plugin that had a part."""
    influence: str
    """The digest of the table of the actors' influence; empty where the record has none."""


@frozen(kw_only=True)
class Page:
    """Everything that a person's page says."""

    id: str
    name: str
    as_of: datetime
    window: float
    """Seconds."""
    standing: Standing
    history: History
    """The recorded curve of the last year."""
    move: Move | None
    """None where no earlier record of the same model is old enough."""
    networks: Sequence[NetworkRow]
    """Most points first; they sum to score − 1."""
    moments: Sequence[Moment]
    """What earned most, first."""
    families: Sequence[Family]
    """In the model's order; the points of all metrics sum to score − 1."""
    peers: Peers
    audience: Audience
    coverage: Coverage
    reproduction: Reproduction
    notes: Sequence[str] = ()
    """What a reader should know before believing the rest."""

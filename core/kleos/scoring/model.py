"""The model file: everything that turns factors into a score, as readable numbers."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import tomli
from attrs import field, frozen

from kleos.config.problems import structure
from kleos.config.quantities import Duration
from kleos.config.strict import converter
from kleos.errors import ModelError

__all__ = [
    "EVERY_OTHER",
    "Audience",
    "Influence",
    "Model",
    "NetworkModel",
    "OddsTable",
    "Reference",
    "ScoreCurve",
    "Weight",
    "digest",
    "load_model",
]

SHIPPED = Path(__file__).with_name("model.toml")
EARNED = (0.5, 1.2, 1.9, 2.9, 5.2)
EARNED_LOG_ODDS = (-5.3, -2.0, 0.0, 2.0, 4.6)
"""Where a model does not tell how attention ranks: about as on Twitter."""
EVERY_OTHER = "*"
"""The table that serves networks which the model does not know."""


def _numbers(values: Iterable[float]) -> tuple[float, ...]:
    return tuple(values)


def _positive(instance: object, attribute: attrs.Attribute[float], value: float) -> None:
    if not 0 < value < float("inf"):
        raise ValueError(f"expected a finite number above 0, found {value!r}")


def _not_negative(instance: object, attribute: attrs.Attribute[float], value: float) -> None:
    if not 0 <= value < float("inf"):
        raise ValueError(f"expected a finite number of at least 0, found {value!r}")


def _increasing(instance: object, attribute: attrs.Attribute[Sequence[float]], value: Sequence[float]) -> None:
    if len(value) < 2 or any(not a < b for a, b in itertools.pairwise((float("-inf"), *value, float("inf")))):
        raise ValueError("expected at least two finite numbers, each larger than the one before")


@frozen(kw_only=True)
class Weight:
    """A metric's part in the strength: v · log1p(m / s)."""

    weight: float = field(default=0.0, validator=_not_negative)
    """v ≥ 0."""
    scale: float = field(default=1.0, validator=_positive)
    """s > 0, in the metric's unit."""


@frozen(kw_only=True)
class OddsTable:
    """Strength against log-odds of rank in the reference population: knots at its quantiles."""

    strength: Sequence[float] = field(converter=_numbers, validator=_increasing)
    log_odds: Sequence[float] = field(converter=_numbers, validator=_increasing)

    def __attrs_post_init__(self) -> None:
        if len(self.strength) != len(self.log_odds) or self.strength[0] <= 0:
            raise ValueError("expected as many strengths as log-odds, and the first strength above 0")


@frozen(kw_only=True)
class Audience:
    """The reference curve of audiences: the share of active accounts with fewer followers."""

    followers: Sequence[float] = field(converter=_numbers, validator=_increasing)
    share: Sequence[float] = field(converter=_numbers, validator=_increasing)

    def __attrs_post_init__(self) -> None:
        if len(self.followers) != len(self.share) or self.followers[0] < 0 or not 0 <= self.share[0] <= self.share[-1] <= 1:
            raise ValueError("expected as many shares as follower counts, from 0 to 1")


@frozen(kw_only=True)
class Reference:
    """The population that a network's numbers were calibrated on."""

    name: str
    size: int
    """Accounts with at least 5 distinct actors in the window."""
    window: str
    """The span of its data."""


@frozen(kw_only=True)
class NetworkModel:
    """What the model knows of one network."""

    odds: OddsTable
    audience: Audience
    attention: float = field(validator=_not_negative)
    """Mean number of reactions that an actor gives to others in a window."""
    reference: Reference
    earned: OddsTable = field(factory=lambda: OddsTable(strength=EARNED, log_odds=EARNED_LOG_ODDS))
    """log1p of the attention that an account receives (in unknown actors' whole attentions) against the log-odds of its rank."""
    rho: float = field(default=1.0, validator=_positive)
    """ρ: multiplies the network's odds."""
    metrics: Mapping[str, Weight] = field(factory=dict)
    """Weights that differ from the model's for all networks."""


@frozen(kw_only=True)
class Influence:
    """How much an actor weighs where little is known."""

    floor: float = field(default=0.001, validator=_positive)
    """The smallest q: of an actor with a told audience of nobody and no reactions of their own."""
    unknown: float = field(default=0.5, validator=_positive)
    """q of an actor of whom nothing is told."""
    iterations: int = 8
    """Cold-started rounds of a population's influence."""
    prolific: float = field(default=20.0, validator=_positive)
    """In a population, an actor who gives others than their favourite more than this many times what actors give on average weighs less."""

    def __attrs_post_init__(self) -> None:
        if not self.floor <= self.unknown <= 1 or self.iterations < 1:
            raise ValueError("expected floor ≤ unknown ≤ 1, and at least one round")


@frozen(kw_only=True)
class ScoreCurve:
    """The score as a function of log-odds, 1 + 99 · BetaQuantile(odds / (1 + odds); a, b), tabulated."""

    a: float = field(validator=_positive)
    b: float = field(validator=_positive)
    log_odds: Sequence[float] = field(converter=_numbers, validator=_increasing)
    score: Sequence[float] = field(converter=_numbers, validator=_increasing)

    def __attrs_post_init__(self) -> None:
        if len(self.log_odds) != len(self.score) or not 1 < self.score[0] < self.score[-1] < 100:
            raise ValueError("expected as many scores as log-odds, between 1 and 100")


@frozen(kw_only=True)
class Fractions:
    """The time constants, each a fraction of the window, so that a short stream is scored by the same rule."""

    half_life: float = field(default=3.0, validator=_positive)
    """`decayed` halves in window / half_life."""
    recent: float = field(default=16.0, validator=_positive)
    """`recent` halves in window / recent."""


@frozen(kw_only=True)
class Model:
    """A model: data, not code; replaceable by another file."""

    name: str
    version: str
    description: str = ""
    window: Duration
    """In microseconds; in the file "90d"."""
    fractions: Fractions = Fractions()
    influence: Influence = Influence()
    score: ScoreCurve
    metrics: Mapping[str, Weight]
    networks: Mapping[str, NetworkModel]

    def __attrs_post_init__(self) -> None:
        if EVERY_OTHER not in self.networks:
            raise ValueError('expected a table [networks."*"] for the networks that the model does not know')

    def network(self, name: str) -> tuple[NetworkModel, bool]:
        """Return what serves a network, and whether it was calibrated on that network."""
        if name in self.networks:
            return self.networks[name], True
        return self.networks[EVERY_OTHER], False


def load_model(path: Path | None = None) -> Model:
    """Read a model file; the one that ships if `path` is None.

    Raises `ModelError` for a file that cannot be read, unknown or missing keys, and tables that break a promise (weights below 0,
    curves that fall).
    """
    file = path or SHIPPED
    hint = "`kleos model show` prints the model that ships"
    try:
        raw = tomli.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(f"the model cannot be read: {error.strerror or error}", where=str(file), hint=hint) from None
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ModelError(f"the model is not TOML: {error}", where=str(file), hint=hint) from None
    model, problems = structure(raw, Model, "", converter(file.parent))
    if model is None or problems:
        raise ModelError("; ".join(f"{p.where}: {p.message}" for p in problems), where=str(file), hint=hint)
    return model


def digest(content: Any) -> str:
    """Return the sha256 (hex) of plain values, independent of the order of keys."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()

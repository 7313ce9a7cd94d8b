"""From the store to scores: the model resolved, the reactions in arrays, the influence table frozen, everybody scored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from attrs import frozen

from kleos.collect import known_accounts
from kleos.config import Config
from kleos.contract import Network
from kleos.errors import ModelError
from kleos.events import Emit, Fault, Note
from kleos.kernel.compiled import is_cold
from kleos.kernel.layout import Clock, Influence
from kleos.pipeline.moments import moment_of
from kleos.pipeline.workers import workers
from kleos.plugins import Loaded
from kleos.scoring.influence import table_digest, told_influence
from kleos.scoring.model import load_model
from kleos.scoring.reactions import Reactions, Tallied, count_rows, gather, newest
from kleos.scoring.resolved import Resolved, resolve_model
from kleos.scoring.strength import NetworkStrength, Scores, measure, score_networks
from kleos.store import Connection, Store, to_micros

__all__ = [
    "Prepared",
    "Setting",
    "broken_metric",
    "broken_metrics",
    "prepare",
    "resolve",
    "say_compiling",
    "say_what_is_missing",
    "score_setting",
    "set_up",
]


@frozen(kw_only=True, eq=False)
class Setting:
    """With what people are scored, beside the tables of reactions and audiences; `attrs.evolve` makes another of it."""

    people: Mapping[str, str]
    """Id → name."""
    networks: Mapping[str, Network]
    """Those that reactions may be from."""
    resolved: Resolved
    as_of: datetime
    as_of_reason: str
    window: int
    """µs."""
    threads: int


@frozen(kw_only=True, eq=False)
class Prepared:
    """Everything that the results of a run are told from."""

    people: Mapping[str, str]
    """Id → name, in the configuration's order: the P people of the arrays."""
    as_of: datetime
    as_of_reason: str
    window: int
    """µs."""
    resolved: Resolved
    clock: Clock
    tables: Sequence[tuple[Reactions, Influence]]
    """One for each network with reactions, by name; `scores.networks` has the same order."""
    influence_digest: str
    scores: Scores
    counted: Sequence[Tallied]
    """All reactions in the store to these people; empty if there are none at all."""


def prepare(config: Config, loaded: Loaded, store: Store, connection: Connection, *, now: datetime, emit: Emit) -> Prepared:
    """Read the reactions to everybody in the configuration, and score them."""
    setting = set_up(config, loaded, store, connection, now=now, emit=emit)
    say_compiling(emit)
    prepared = score_setting(setting, connection)
    for fault in broken_metrics(loaded, prepared.scores.networks):
        emit(fault)
    return prepared


def set_up(config: Config, loaded: Loaded, store: Store, connection: Connection, *, now: datetime, emit: Emit) -> Setting:
    """Make the tables `reactions` and `audiences` from the store, and return with what a run scores them."""
    resolved = resolve(config, loaded)
    say_what_is_missing(resolved, emit)
    store.reactions(connection, known_accounts(config, store), _kinds(loaded))
    live = any(_is_live(loaded, source.network, source.source) for source in config.sources)
    as_of, reason = moment_of(config.run, live=live, newest=newest(connection, to_micros(now)), now=now)
    return Setting(
        people={person.id: person.name for person in config.people.values()},
        networks=loaded.networks,
        resolved=resolved,
        as_of=as_of,
        as_of_reason=reason,
        window=config.run.window or resolved.model.window,
        threads=workers(config),
    )


def score_setting(setting: Setting, connection: Connection) -> Prepared:
    """Score people from the tables `reactions` and `audiences` of a connection (see `Store.reactions`)."""
    resolved, window, as_of = setting.resolved, setting.window, to_micros(setting.as_of)
    clock = resolved.clock(window)
    counted = count_rows(connection, as_of, window)
    tables: list[tuple[Reactions, Influence]] = []
    strengths: list[NetworkStrength] = []
    for name in sorted({row.network for row in counted}):
        told = connection.execute("SELECT actor, audience FROM audiences WHERE network = ?", [name]).fetchall()
        form = resolved.form(setting.networks[name])
        reactions = gather(connection, form, list(setting.people), dict(told), as_of=as_of, window=window)
        influence = told_influence(reactions, resolved.model.influence)
        tables.append((reactions, influence))
        strengths.append(measure(reactions, influence, clock, resolved, threads=setting.threads))
    return Prepared(
        people=setting.people,
        as_of=setting.as_of,
        as_of_reason=setting.as_of_reason,
        window=window,
        resolved=resolved,
        clock=clock,
        tables=tables,
        influence_digest=table_digest(tables),
        scores=score_networks(strengths, resolved, len(setting.people)),
        counted=counted,
    )


def resolve(config: Config, loaded: Loaded) -> Resolved:
    """Return the model as this configuration uses it; raises `ModelError` where nothing that is installed would be scored."""
    resolved = resolve_model(
        load_model(config.run.model),
        loaded.metrics,
        metric_weights=config.metric_weights,
        factor_weights=config.factor_weights,
        window=config.run.window,
    )
    if not any(weight.weight for weight in resolved.weights.values()):
        raise ModelError(
            "no metric is both installed and weighed: there is nothing to score by",
            where=str(config.run.model or "the model that ships"),
            hint="pip install kleos-metrics, or give a metric of [metrics] a weight above 0",
        )
    return resolved


def say_what_is_missing(resolved: Resolved, emit: Emit) -> None:
    """Tell which metrics the model weighs that are not there: the score is made without them, and its digest differs."""
    there = {metric.name for metric in resolved.metrics}
    missing = [name for name, weight in resolved.model.metrics.items() if weight.weight and name not in there]
    if missing:
        names = ", ".join(missing)
        emit(
            Note(
                text=f"the model weighs metrics that are not installed: {names}; the score is made without them (pip install kleos-metrics)"
            )
        )


def say_compiling(emit: Emit, function: str = "fold._fold_range") -> None:
    """Tell why the first run takes longer, before it does; `function` is the one that takes longest to compile."""
    if is_cold(function):
        emit(Note(text="compiling the engine (first run only)"))


def broken_metrics(loaded: Loaded, strengths: Sequence[NetworkStrength]) -> list[Fault]:
    """Return a fault for each metric and network where a metric's own function failed."""
    return [
        broken_metric(loaded, metric, strength.form.network.name, reason)
        for strength in strengths
        for metric, reason in strength.broken.items()
    ]


def broken_metric(loaded: Loaded, metric: str, network: str, reason: str) -> Fault:
    """Return the fault of a metric whose own function failed in a network."""
    origin = loaded.origins[("metric", metric)]
    return Fault(
        plugin=metric,
        distribution=origin.distribution,
        version=origin.version,
        stage="score",
        where=network,
        error=f"{reason}; the score was made without this metric",
    )


def _kinds(loaded: Loaded) -> list[tuple[str, str, bool]]:
    return [(network.name, name, kind.once) for network in loaded.networks.values() for name, kind in network.kinds.items()]


def _is_live(loaded: Loaded, network: str, source: str) -> bool:
    return any(declared.live for declared in loaded.networks[network].sources if declared.name == source)

"""The second step: from TOML tables and the plugins that they need to a checked configuration."""

from __future__ import annotations

import stat
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import attrs

from kleos.config.glance import default_store
from kleos.config.inspection import Inspection
from kleos.config.paths import is_there
from kleos.config.people import resolve_people
from kleos.config.population import resolve_population
from kleos.config.raw import Raw
from kleos.config.rules import key, suggest
from kleos.config.sources import resolve_sources
from kleos.config.tables import SHAPES, LimitsTable
from kleos.config.values import Config, Run, SourceLimits
from kleos.config.weights import resolve_factors, resolve_metrics
from kleos.contract import Metric, Network
from kleos.errors import ConfigError
from kleos.files import Limits

__all__ = ["resolve"]

_TABLES = tuple(dict.fromkeys(table.partition(".")[0] for table in SHAPES))


def resolve(
    raw: Raw,
    networks: Mapping[str, Network],
    metrics: Mapping[str, Metric],
    *,
    folder: Path,
    installed: Collection[str] = (),
    installed_metrics: Collection[str] = (),
) -> Config:
    """Check every key of a configuration and return it with all paths absolute.

    `networks` and `metrics` are those loaded; more than `raw` mentions do no harm and make better hints. `folder` is where relative
    paths start: the folder of the file. `installed` and `installed_metrics` name the networks and metrics that are installed; what
    concerns one that could not be loaded is left out in silence, because a fault has told it.

    Raises `ConfigError` with every problem there is, each with its key path.
    """
    folder = folder.absolute()
    where = folder / Path(raw.where).name if raw.where else None
    tables = raw.tables
    written = tables.get("people", {})
    ids = tuple(written) if isinstance(written, dict) else ()
    seen = Inspection(
        networks=networks, metrics=metrics, folder=folder, installed=installed, installed_metrics=installed_metrics, people=ids
    )
    for name in tables:
        if name not in _TABLES:
            seen.problem(key("", name), "unknown table", suggest(name, _TABLES, "tables are"))
    run = _run(tables, where, seen)
    people = resolve_people(tables, seen)
    if written == {} and "population" not in tables:
        network = next(iter(networks), "<network>")
        hint = f'add [people.ada] with accounts = {{ {network} = "ada" }}, or a [population] with interactions = "events.parquet"'
        seen.problem("people", "expected somebody to score, found neither people nor a population", hint)
    sources = resolve_sources(tables, seen)
    metric_weights = resolve_metrics(tables, seen)
    factor_weights = resolve_factors(tables, seen)
    population = resolve_population(tables, seen)
    limits = _limits(tables, seen)
    if seen.problems or run is None or limits is None:
        raise ConfigError(seen.problems, where=raw.where)
    return Config(
        run=run,
        people=people,
        sources=sources,
        metric_weights=metric_weights,
        factor_weights=factor_weights,
        population=population,
        limits=limits[0],
        source_limits=limits[1],
        where=where,
    )


def _run(tables: Mapping[str, Any], where: Path | None, seen: Inspection) -> Run | None:
    table = tables.get("run", {})
    if isinstance(table, dict):
        table = {"store": str(default_store(where or seen.folder / "kleos")), **table}
    run = seen.structure(table, Run, "run")
    if run is not None and is_there(run.store, stat.S_ISREG):
        seen.problem("run.store", f"expected a folder, found a file at {run.store}", "name a folder; it is made where there is none")
    return run


def _limits(tables: Mapping[str, Any], seen: Inspection) -> tuple[Limits, SourceLimits] | None:
    given = seen.structure(tables.get("limits", {}), LimitsTable, "limits")
    if given is None:
        return None
    told = {name: value for name, value in attrs.asdict(given).items() if value is not None}
    of_sources = {name.removeprefix("source_"): told.pop(name) for name in list(told) if name.startswith("source_")}
    return Limits(**told), SourceLimits(**of_sources)

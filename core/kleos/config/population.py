"""``[population]``: everybody in a table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import evolve

from kleos.config.inspection import Inspection
from kleos.config.paths import has_wildcard, locate
from kleos.config.sources import check_kinds
from kleos.config.values import Population

__all__ = ["resolve_population"]


def resolve_population(tables: Mapping[str, Any], seen: Inspection) -> Population | None:
    """Return the population, or None where the file has none."""
    table = tables.get("population")
    if table is None:
        return None
    if isinstance(table, dict) and isinstance(table.get("network"), str):
        network = seen.network(table["network"], "population.network")
        if network is not None:
            check_kinds(table, network, "population", seen)
    population = seen.structure(table, Population, "population")
    return None if population is None else _without_output(population, table["interactions"], seen)


def _without_output(population: Population, written: Any, seen: Inspection) -> Population:
    """Keep the table that is written apart from those that are read: a wildcard may match what an earlier run wrote."""
    out = population.out
    if out is None:
        return population
    if out == population.accounts:
        seen.problem("population.out", f"this is the table of accounts: {out}", "give the scores a file of their own")
    if out not in population.interactions:
        return population
    others = tuple(path for path in population.interactions if path != out)
    if any(not has_wildcard(text) and _is(text, out, seen.folder) for text in (written if isinstance(written, list) else [written])):
        seen.problem("population.out", f"this is one of the tables of interactions: {out}", "give the scores a file of their own")
    elif not others:
        seen.problem("population.interactions", f"no file matches but the one that is written, {out}", "name the tables of interactions")
    return evolve(population, interactions=others)


def _is(text: Any, path: Path, folder: Path) -> bool:
    return isinstance(text, str) and locate(text, folder) == path

"""Factors and contributions of everybody, scored again from what the store holds, as tables of a DuckDB connection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kleos.insight.explaining.explain import explain
from kleos.insight.explaining.explanation import NetworkShare
from kleos.pipeline.prepare import Prepared
from kleos.scoring.resolved import factor_names
from kleos.store import Connection, columns_to_table
from kleos.store.duck import texts

__all__ = ["contributions_table", "factors_table", "people_table"]

_FACTORS = {"person": "VARCHAR", "factor": "VARCHAR", "network": "VARCHAR", "kind": "VARCHAR", "aggregation": "VARCHAR", "value": "DOUBLE"}
_CONTRIBUTIONS = dict.fromkeys(("person", "network", "metric", "factor", "actor", "item"), "VARCHAR") | {"points": "DOUBLE"}


def people_table(connection: Connection, names: Mapping[str, str], prepared: Prepared | None, *, recorded: bool) -> None:
    """Make the table ``people``: those of `names` (id → name), with their scores if there are any; `recorded`: those of ``scores``, too."""
    scores = np.full(len(names), np.nan)
    if prepared is not None:
        places = {person: place for place, person in enumerate(prepared.people)}
        scores = prepared.scores.score[[places[person] for person in names]]
    columns_to_table(connection, "people", {"person": texts(list(names)), "name": texts(list(names.values())), "score": scores})
    if recorded:
        connection.execute("INSERT INTO people SELECT DISTINCT person, NULL, NULL FROM scores ANTI JOIN people USING (person)")


def factors_table(connection: Connection, prepared: Prepared) -> None:
    """Make the table ``factors``: every factor of everybody that is not 0."""
    _create(connection, "factors", _FACTORS)
    people = texts(list(prepared.people))
    for strength in prepared.scores.networks:
        names = factor_names(strength.form.network)
        apart = [texts(column) for column in zip(*(name.split(".") for name in names), strict=True)]
        values = strength.folded.values.reshape(len(people), -1)
        person, factor = np.nonzero(values)
        columns = {"person": people[person], "factor": texts(names)[factor]}
        columns |= {name: column[factor] for name, column in zip(("network", "kind", "aggregation"), apart, strict=True)}
        _add(connection, "factors", columns | {"value": values[person, factor]})


def contributions_table(connection: Connection, prepared: Prepared) -> None:
    """Make the table ``contributions``: everybody's points by network, metric, factor, actor and item."""
    _create(connection, "contributions", _CONTRIBUTIONS)
    for person in prepared.people:
        for network in explain(prepared, person).networks:
            for columns in _contributions(network):
                size = len(columns["points"])
                _add(connection, "contributions", {"person": texts([person] * size), "network": texts([network.name] * size), **columns})


def _contributions(network: NetworkShare) -> Iterator[dict[str, NDArray[Any]]]:
    """Yield columns of rows: one part for all metrics that lead to actors and items, one for those that lead no further."""
    # The last place stands for nobody, and for nothing: these are number −1.
    actors, items = texts([*network.actors, None]), texts([*network.items, None])
    apart = [(metric.name, factor) for metric in network.metrics for factor in metric.factors if len(factor.shares.points)]
    if apart:
        sizes = [len(factor.shares.points) for _, factor in apart]
        actor, item, points = (np.concatenate(column) for column in zip(*(factor.shares for _, factor in apart), strict=True))
        yield {
            "metric": np.repeat(texts([metric for metric, _ in apart]), sizes),
            "factor": np.repeat(texts([factor.name for _, factor in apart]), sizes),
            "actor": actors[actor],
            "item": items[item],
            "points": points,
        }
    whole = [metric for metric in network.metrics if metric.computed and metric.points]
    nothing = texts([None] * len(whole))
    yield {
        "metric": texts([metric.name for metric in whole]),
        "factor": nothing,
        "actor": nothing,
        "item": nothing,
        "points": np.array([metric.points for metric in whole], dtype=np.float64),
    }


def _create(connection: Connection, table: str, columns: Mapping[str, str]) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({', '.join(f'{name} {sql}' for name, sql in columns.items())})")


def _add(connection: Connection, table: str, columns: Mapping[str, NDArray[Any]]) -> None:
    columns_to_table(connection, "kleos_part", columns)
    connection.execute(f"INSERT INTO {table} BY NAME FROM kleos_part")

"""The graph of who reacts to whom, from the reactions that were scored."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import numpy as np
from attrs import field, frozen

from kleos.contract import Role
from kleos.kernel.layout import Influence
from kleos.pipeline.prepare import Prepared
from kleos.scoring.reactions import Reactions
from kleos.scoring.result import iso
from kleos.store import Connection, columns_to_table, from_micros, to_micros
from kleos.store.duck import integers, texts

__all__ = ["EDGE", "NODE", "Graph", "graph_of"]

_ROLES = tuple(role for role in Role if role.in_any)
_AT_ONCE = 10_000

NODE = {"sort": "string", "network": "string", "score": "double", "influence": "double", "followers": "long"}
"""What a node tells of itself: attribute → type, as GEXF and GraphML both call it.

`sort` is "person" for those of the configuration and "actor" for all others; persons have a score, actors a network, an influence (0..1)
and, where that was told, a number of followers.
"""
EDGE = {"network": "string", **{role.name.lower(): "long" for role in _ROLES}, "first": "string", "last": "string"}
"""What an edge tells of itself, beside its weight, the number of reactions: how many in each role, and the times of the first and last."""


@frozen
class Graph:
    """Who reacts to whom. An edge leads from who reacted to who received it, one for each network; people whom a network does not name
    have none."""

    _connection: Connection = field(repr=False)
    nodes: int
    edges: int

    def each_node(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield (id, label, attributes) by id; attributes that are not known are left out."""
        names = ", ".join(f'"{name}"' for name in NODE)
        yield from self._rows(f"SELECT id, label, {names} FROM kleos_nodes ORDER BY id", 2, NODE)  # noqa: S608 - names of ours

    def each_edge(self) -> Iterator[tuple[str, str, int, dict[str, Any]]]:
        """Yield (source, target, weight, attributes) by source, target and network."""
        names = ", ".join(f'"{name}"' for name in EDGE)
        query = f"SELECT source, target, weight, {names} FROM kleos_edges ORDER BY source, target, network"  # noqa: S608 - names of ours
        for *row, told in self._rows(query, 3, EDGE):
            for end in ("first", "last"):
                told[end] = iso(from_micros(told[end]))
            yield (*row, told)

    def _rows(self, query: str, own: int, names: Collection[str]) -> Iterator[tuple[Any, ...]]:
        found = self._connection.execute(query)
        while rows := found.fetchmany(_AT_ONCE):
            for row in rows:
                yield (*row[:own], {name: value for name, value in zip(names, row[own:], strict=True) if value is not None})


def graph_of(connection: Connection, prepared: Prepared, insiders: Collection[tuple[str, str, str]]) -> Graph:
    """Return the graph of the reactions that were scored.

    `insiders` holds (network, pseudonym, person) of the accounts of configured people: as actors they are the persons that they are.
    """
    columns = {"network": texts, "pseudonym": texts, "person": texts}
    rows = list(zip(*dict.fromkeys(insiders), strict=True)) or [()] * len(columns)
    columns_to_table(connection, "kleos_insiders", {name: make(row) for (name, make), row in zip(columns.items(), rows, strict=True)})
    people = {
        "id": texts(list(prepared.people)),
        "label": texts(list(prepared.people.values())),
        "score": prepared.scores.score,
    }
    columns_to_table(connection, "kleos_people", people)
    connection.execute(_EMPTY)
    for reactions, influence in prepared.tables:
        _add_network(connection, prepared, reactions, influence)
    connection.execute(_NODES)
    ((nodes, edges),) = connection.execute("SELECT (SELECT count(*) FROM kleos_nodes), (SELECT count(*) FROM kleos_edges)").fetchall()
    return Graph(connection, nodes, edges)


def _add_network(connection: Connection, prepared: Prepared, reactions: Reactions, influence: Influence) -> None:
    named, form = reactions.named, reactions.form
    scored = form.in_any[named.kind]
    person = np.repeat(np.arange(len(named.start) - 1), np.diff(named.start))
    roles = np.array([_ROLES.index(kind.role) if kind.role in _ROLES else -1 for kind in form.network.kinds.values()], dtype=np.int64)
    columns_to_table(
        connection,
        "kleos_given",
        {
            "actor": texts(reactions.actors)[named.actor[scored]],
            "person": texts(list(prepared.people))[person[scored]],
            "role": roles[named.kind[scored]],
            "time": to_micros(prepared.as_of) - named.age[scored],
            "reactions": named.reactions[scored],
        },
    )
    followers = [None if np.isnan(told) else int(told) for told in reactions.audience.tolist()]
    actors = {"actor": texts(reactions.actors), "influence": influence.q, "followers": integers(followers)}
    columns_to_table(connection, "kleos_actors", actors)
    connection.execute(_EDGES, {"network": form.network.name})
    connection.execute(_OUTSIDERS, {"network": form.network.name})


_EMPTY = f"""
    CREATE OR REPLACE TEMP TABLE kleos_edges (
        source VARCHAR, target VARCHAR, network VARCHAR, weight BIGINT, {", ".join(f'"{role.name.lower()}" BIGINT' for role in _ROLES)},
        first BIGINT, last BIGINT
    );
    CREATE OR REPLACE TEMP TABLE kleos_outsiders (
        id VARCHAR, label VARCHAR, sort VARCHAR, network VARCHAR, score DOUBLE, influence DOUBLE, followers BIGINT
    );
"""

_COUNTED = ", ".join(f"coalesce(sum(reactions) FILTER (role = {place}), 0)" for place in range(len(_ROLES)))

_EDGES = f"""
    INSERT INTO kleos_edges
    SELECT coalesce('person:' || i.person, g.actor) AS source, 'person:' || g.person AS target, $network, sum(reactions), {_COUNTED},
        min(time), max(time)
    FROM kleos_given g LEFT JOIN (FROM kleos_insiders WHERE network = $network) i ON g.actor = i.pseudonym
    GROUP BY ALL
"""  # noqa: S608 - names of ours

_OUTSIDERS = """
    INSERT INTO kleos_outsiders
    SELECT actor, 'someone ' || actor[:8], 'actor', $network, NULL, influence, followers
    FROM kleos_actors a SEMI JOIN kleos_edges e ON a.actor = e.source
"""

_NODES = """
    CREATE OR REPLACE TEMP TABLE kleos_nodes AS
    FROM kleos_outsiders
    UNION ALL SELECT 'person:' || id, label, 'person', NULL, score, NULL, NULL FROM kleos_people
"""

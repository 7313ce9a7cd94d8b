"""One person scored again: with other reactions, as of another time, with other audiences, or with another model.

Scores of `[people]` runs do not depend on who else is scored, so the person alone gives the same bits as the whole roster.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
from attrs import field, frozen

from kleos.pipeline.prepare import Prepared, Setting, score_setting
from kleos.scoring.strength import score_networks
from kleos.store import Connection, columns_to_table
from kleos.store.duck import integers, texts

__all__ = ["EVERYTHING", "Audiences", "Kept", "NewReaction", "rescore", "with_networks_of"]

Audiences = Mapping[str, Mapping[str, int]]
"""{network: {actor as stored: followers}}."""


@frozen
class Kept:
    """Which of the stored reactions stay: a condition on the columns of ``reactions``, and the values of its ``$names``."""

    condition: str = "true"
    values: Mapping[str, Any] = field(factory=dict)


EVERYTHING = Kept()


@frozen(kw_only=True)
class NewReaction:
    """A reaction that the store does not hold."""

    network: str
    kind: str
    actor: str
    """As stored, or a name that no stored actor has."""
    item: str | None
    """As stored, or new; None: a reaction to nothing in particular."""
    time: int
    """µs."""
    audience: int | None = None
    """The actor's followers, the same in each of their reactions; None: what the store knows of them, if anything."""


def rescore(
    connection: Connection,
    setting: Setting,
    person: str,
    *,
    kept: Kept = EVERYTHING,
    added: Sequence[NewReaction] = (),
    audiences: Audiences | None = None,
) -> Prepared:
    """Score one person of a setting from the tables ``reactions`` and ``audiences`` of a connection, as far as they are `kept`.

    `audiences` stands in for the table of that name. The connection's own tables stay as they are; the model, the time and the window
    are the setting's.
    """
    # Temporary tables of a cursor hide the tables of the same names, from this cursor only.
    with connection.cursor() as apart:
        apart.execute(
            f"CREATE TEMP TABLE reactions AS SELECT * FROM main.reactions WHERE person = $person AND ({kept.condition})",  # noqa: S608 - conditions of ours
            {"person": person, **kept.values},
        )
        told = _told(apart) if audiences is None else {network: dict(actors) for network, actors in audiences.items()}
        for row in added:
            if row.audience is not None:
                told.setdefault(row.network, {})[row.actor] = row.audience
        _tell(apart, told)
        if added:
            _add(apart, person, added)
        return score_setting(attrs.evolve(setting, people={person: setting.people[person]}), apart)


def with_networks_of(prepared: Prepared, changed: Prepared) -> Prepared:
    """Return a scored person with those networks exchanged, or added, that were scored again: the same as to score all of them again."""
    again = {reactions.form.network.name for reactions, _ in changed.tables}
    parts = [
        (reactions.form.network.name, (reactions, influence), strength)
        for one in (prepared, changed)
        for (reactions, influence), strength in zip(one.tables, one.scores.networks, strict=True)
        if one is changed or reactions.form.network.name not in again
    ]
    parts.sort(key=lambda part: part[0])
    rows = [row for row in prepared.counted if row.network not in again] + list(changed.counted)
    return attrs.evolve(
        prepared,
        tables=[table for _, table, _ in parts],
        scores=score_networks([strength for *_, strength in parts], prepared.resolved, len(prepared.people)),
        counted=sorted(rows, key=lambda row: (row.person, row.network, row.kind)),
        influence_digest="",
    )


def _told(connection: Connection) -> dict[str, dict[str, int]]:
    told: dict[str, dict[str, int]] = {}
    for network, actor, audience in connection.execute("SELECT network, actor, audience FROM main.audiences").fetchall():
        told.setdefault(network, {})[actor] = audience
    return told


def _tell(connection: Connection, told: Audiences) -> None:
    rows = [(network, actor, audience) for network, actors in told.items() for actor, audience in actors.items()]
    network, actor, audience = zip(*rows, strict=True) if rows else ((), (), ())
    columns_to_table(connection, "audiences", {"network": texts(network), "actor": texts(actor), "audience": integers(audience)})


def _add(connection: Connection, person: str, added: Sequence[NewReaction]) -> None:
    columns = {
        "network": texts([row.network for row in added]),
        "kind": texts([row.kind for row in added]),
        "actor": texts([row.actor for row in added]),
        "item": texts([row.item for row in added]),
        "time": integers([row.time for row in added]),
    }
    columns_to_table(connection, "new_reactions", columns)
    connection.execute(
        "INSERT INTO temp.reactions BY NAME SELECT network, $person AS person, kind, actor, item, time, 1 AS count FROM new_reactions",
        {"person": person},
    )

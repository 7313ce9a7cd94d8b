"""The audience: who gives a person most, and whom they give to, as far as the data know."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from attrs import frozen

from kleos.insight.explaining.explanation import NOBODY, Explanation, ranked
from kleos.insight.explaining.gathered import Received, received_by, within
from kleos.insight.explaining.moments import MOST
from kleos.insight.explaining.question import Question

__all__ = ["Audience", "Given", "Giver", "audience_of"]


@frozen(kw_only=True)
class Giver:
    """Somebody who reacts to a person, on one network."""

    network: str
    actor: str
    """A pseudonym."""
    person: str | None
    """Their id where they are in the configuration themselves."""
    points: float
    """What the score owes to them, over all metrics."""
    followers: int | None
    """None where they were not told."""
    influence: float
    """q, 0 < q ≤ 1; 0.5 for somebody of whom nothing is known."""
    received: Received
    """What they gave to this person."""
    others: Mapping[str, int]
    """Reactions of theirs to others in the configuration, by id: whom else they give to is not in the data."""


@frozen(kw_only=True)
class Given:
    """What the person gave to somebody else in the configuration."""

    person: str
    network: str
    reactions: int


@frozen(kw_only=True)
class Audience:
    """Who makes a score. Points of all givers, and of those without a name, are those of the score that lead to people at all."""

    givers: Sequence[Giver]
    """Who gave most first; only the first of them, where there are many."""
    people: int
    """How many givers with a name there are in all; somebody on two networks counts twice."""
    points: float
    """Of all givers with a name."""
    unnamed_points: float
    """Of those whom the networks do not name."""
    unnamed_reactions: int
    gives: Sequence[Given]
    """Whom of the configuration this person reacts to, most reactions first."""


def audience_of(asked: Question, explanation: Explanation, *, most: int | None = MOST) -> Audience:
    """Return who gives a person most, and whom they give to within the configuration; at most `most` givers (None: all)."""
    found, unnamed = [], []
    for network in explanation.networks:
        for code, points in ranked(network.shares.actor, network.shares.points):
            if code == NOBODY:
                unnamed.append(points)
            else:
                found.append((points, network.name, network.actors[code]))
    found.sort(key=lambda entry: -round(entry[0], 12))
    facts = received_by(asked, explanation.person, "actor")
    others, gives = _to_others(asked, explanation.person)
    told = _told(asked)
    return Audience(
        givers=[
            Giver(
                network=network,
                actor=actor,
                person=asked.known.get((network, actor)),
                points=points,
                followers=told[network, actor][0],
                influence=told[network, actor][1],
                received=facts[network, actor],
                others=others.get((network, actor), {}),
            )
            for points, network, actor in found[:most]
        ],
        people=len(found),
        points=math.fsum(points for points, *_ in found),
        unnamed_points=math.fsum(unnamed),
        unnamed_reactions=sum(kind.anonymous for kind in explanation.kinds),
        gives=gives,
    )


def _told(asked: Question) -> dict[tuple[str, str], tuple[int | None, float]]:
    """Return {(network, actor): (followers, q)}."""
    return {
        (reactions.form.network.name, actor): (None if np.isnan(audience) else int(audience), float(q))
        for reactions, influence in asked.prepared.tables
        for actor, audience, q in zip(reactions.actors, reactions.audience, influence.q, strict=True)
    }


def _to_others(asked: Question, person: str) -> tuple[dict[tuple[str, str], dict[str, int]], list[Given]]:
    """Return what the person's actors, and the person, gave to others in the configuration within the window."""
    condition, values = within(asked)
    rows = asked.connection.execute(
        f"SELECT network, actor, person, kind, sum(count) FROM reactions WHERE person <> $person AND actor IS NOT NULL AND {condition} "  # noqa: S608 - of ours
        "GROUP BY ALL ORDER BY sum(count) DESC, person",
        {"person": person, **values},
    ).fetchall()
    others: dict[tuple[str, str], dict[str, int]] = {}
    own: dict[tuple[str, str], int] = {}
    for network, actor, receiver, kind, number in rows:
        if not asked.setting.networks[network].kinds[kind].role.in_any:
            continue
        given = others.setdefault((network, actor), {})
        given[receiver] = given.get(receiver, 0) + int(number)
        if asked.known.get((network, actor)) == person:
            own[receiver, network] = own.get((receiver, network), 0) + int(number)
    gives = [Given(person=receiver, network=network, reactions=number) for (receiver, network), number in own.items()]
    return others, sorted(gives, key=lambda given: (-given.reactions, given.person, given.network))

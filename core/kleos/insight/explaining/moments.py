"""The moments: the items that earned most, with when and from whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from attrs import frozen

from kleos.insight.explaining.addresses import address_of
from kleos.insight.explaining.explanation import Explanation, NetworkShare, ranked
from kleos.insight.explaining.gathered import Received, received_by
from kleos.insight.explaining.question import Question

__all__ = ["MOST", "By", "Moment", "moments_of"]

MOST = 100
"""Moments, and people, that are told unless more are asked for."""
GIVERS = 5


@frozen(kw_only=True)
class By:
    """Somebody's part in what an item earned."""

    actor: str | None
    """A pseudonym; None: all whom the network does not name, together."""
    person: str | None
    """Their id where they are in the configuration themselves."""
    points: float


@frozen(kw_only=True)
class Moment:
    """One item, and what it earned over all metrics."""

    network: str
    item: str
    """The network's id."""
    points: float
    """Of the score."""
    published: datetime | None
    """UTC; None where no import said so."""
    received: Received
    url: str | None = None
    """Where to look at it; None where the network does not say."""
    by: Sequence[By]
    """Who gave most of it, at most 5, the largest part first."""


def moments_of(asked: Question, explanation: Explanation, *, most: int | None = MOST) -> list[Moment]:
    """Return the items that earned a person most, the largest points first, over all networks; at most `most` (None: all)."""
    facts = received_by(asked, explanation.person, "item")
    found = [
        (points, network, code)
        for network in explanation.networks
        for code, points in ranked(network.shares.item, network.shares.points)
        if code >= 0
    ]
    # Equal points stand in the order of networks and items.
    found.sort(key=lambda entry: -round(entry[0], 12))
    return [
        Moment(
            network=network.name,
            item=network.items[code],
            url=address_of(asked.setting.networks[network.name], network.items[code]),
            points=points,
            published=network.item_times.get(network.items[code]),
            received=facts[network.name, network.items[code]],
            by=_by(asked, network, code),
        )
        for points, network, code in found[:most]
    ]


def _by(asked: Question, network: NetworkShare, item: int) -> list[By]:
    shares = network.shares
    rows = np.flatnonzero(shares.item == item)
    givers = ranked(shares.actor[rows], shares.points[rows])[:GIVERS]
    names = [None if code < 0 else network.actors[code] for code, _ in givers]
    return [
        By(actor=actor, person=None if actor is None else asked.known.get((network.name, actor)), points=points)
        for actor, (_, points) in zip(names, givers, strict=True)
    ]

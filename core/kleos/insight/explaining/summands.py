"""An aggregation, taken apart: which actor's reactions to which item it is the sum of.

Sums over reactions, acts or days are taken apart as they stand. What an actor adds as a whole (`actors`, `decayed`, …) is shared equally
among the things that they reacted to. What a day, an item, the peak or the h-core adds goes equally to its actors, and from them to
their things there. A thing is an item, or one day's reactions to no item.

The anonymous are one actor. Where members of a day or an item are counted, they are as many as the engine counts: the largest number
over its (item, kind) blocks. What they add as a whole goes to the blocks in proportion to their sizes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kleos.insight.explaining.explanation import NOBODY, NOTHING
from kleos.insight.explaining.received import Received
from kleos.kernel.layout import DAYS, ONE

__all__ = ["EMPTY", "Summands", "of_actors", "summands"]


class Summands(NamedTuple):
    """Parts of one factor, each pair of actor and item once, sorted; they add up to the factor's value."""

    actor: NDArray[np.int64]
    """int64[R]: as in `Reactions.actors`; `NOBODY`: the anonymous."""
    item: NDArray[np.int64]
    """int64[R]: as in `Reactions.items`; `NOTHING`: no item."""
    amount: NDArray[np.float64]
    """float64[R], above 0."""


EMPTY = Summands(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0))


def summands(received: Received, aggregation: str, value: float) -> Summands:
    """Take an aggregation apart that is not a sum over actors; `value` is the factor's, above 0."""
    return _SPLITS[aggregation](received, value)


def of_actors(received: Received, actor: NDArray[np.int64], added: NDArray[np.float64]) -> Summands:
    """Take a sum over actors apart: `added` is float64[A + 1], what each of `actor` (int64[A], ascending) adds, the anonymous last."""
    named = _pairs(received)
    share = added[np.searchsorted(actor, named.actor)] / _sizes(named.actor)
    return _joined(received, [(named.actor, named.thing, share), _over_blocks(received, received.block, added[-1])])


class _Pairs(NamedTuple):
    actor: NDArray[np.int64]
    thing: NDArray[np.int64]
    weight: NDArray[np.float64]


class _Visits(NamedTuple):
    actor: NDArray[np.int64]
    day: NDArray[np.int64]
    thing: NDArray[np.int64]
    weight: NDArray[np.float64]
    share: NDArray[np.float64]
    """1 / the number of things that the actor reacted to on the day."""


_Part = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]
"""Actors, things, amounts."""


def _count(received: Received, value: float) -> Summands:
    named = received.weight / ONE * received.reactions
    return _joined(received, [(received.actor, received.thing, named), _nobody(received.thing_of_block, received.block)])


def _acts(received: Received, value: float) -> Summands:
    named = _pairs(received)
    crowd = _crowds(received, received.thing_of_block, received.things)
    return _joined(received, [(named.actor, named.thing, named.weight), _nobody(np.arange(received.things), crowd)])


def _actor_days(received: Received, value: float) -> Summands:
    named = _visits(received)
    crowd = _crowds_of_days(received)
    return _joined(received, [(named.actor, named.thing, named.weight * named.share), *_over_days(received, crowd.astype(np.float64))])


def _days(received: Received, value: float) -> Summands:
    named, crowd = _visits(received), _crowds_of_days(received)
    members = np.bincount(named.day, weights=named.share, minlength=DAYS) + crowd
    best = _largest(named.day, named.weight, crowd)
    each = np.divide(best, members, out=np.zeros(DAYS), where=members > 0)
    return _joined(received, [(named.actor, named.thing, each[named.day] * named.share), *_over_days(received, each * crowd)])


def _items(received: Received, value: float) -> Summands:
    named, crowd = _on_items(received)
    members = np.bincount(named.thing, minlength=received.items) + crowd
    each = np.divide(_largest(named.thing, named.weight, crowd), members, out=np.zeros(received.items), where=members > 0)
    return _joined(received, [(named.actor, named.thing, each[named.thing]), _nobody(np.arange(received.items), each * crowd)])


def _peak(received: Received, value: float) -> Summands:
    named, crowd = _on_items(received)
    # Items are numbered in the order of their texts, and of equal peaks the first is taken.
    return _equally(received, named, crowd, np.arange(received.items) == int(np.argmax(_drawn(named, crowd))), value)


def _h_index(received: Received, value: float) -> Summands:
    named, crowd = _on_items(received)
    return _equally(received, named, crowd, _drawn(named, crowd) >= value, value)


_SPLITS: dict[str, Callable[[Received, float], Summands]] = {
    "count": _count,
    "acts": _acts,
    "actor_days": _actor_days,
    "days": _days,
    "items": _items,
    "peak": _peak,
    "h_index": _h_index,
}


def _equally(received: Received, named: _Pairs, crowd: NDArray[np.int64], chosen: NDArray[np.bool_], value: float) -> Summands:
    """Share a value equally among the actors of the chosen items, and each actor's share equally among these items."""
    core = chosen[named.thing]
    actor, thing = named.actor[core], named.thing[core]
    share = 1.0 / _sizes(actor)
    unnamed = np.where(chosen, crowd, 0)
    anonymous = int(unnamed.max(initial=0))
    each = value / max(float(share.sum()) + anonymous, 1.0)
    spread = unnamed * (each * anonymous / max(int(unnamed.sum()), 1))
    return _joined(received, [(actor, thing, share * each), _nobody(np.arange(received.items), spread)])


def _pairs(received: Received) -> _Pairs:
    """Return the distinct pairs of named actor and thing, with the actor's weight."""
    _, first = np.unique(received.actor * received.things + received.thing, return_index=True)
    return _Pairs(received.actor[first], received.thing[first], received.weight[first] / ONE)


def _visits(received: Received) -> _Visits:
    """Return the distinct triples of named actor, day and thing."""
    of_day = received.actor * DAYS + received.day
    _, first = np.unique(of_day * received.things + received.thing, return_index=True)
    share = 1.0 / _sizes(of_day[first])
    return _Visits(received.actor[first], received.day[first], received.thing[first], received.weight[first] / ONE, share)


def _on_items(received: Received) -> tuple[_Pairs, NDArray[np.int64]]:
    """Return the pairs that have an item, and int64[items], the anonymous actors of each."""
    named = _pairs(received)
    on_item = named.thing < received.items
    pairs = _Pairs(named.actor[on_item], named.thing[on_item], named.weight[on_item])
    return pairs, _crowds(received, received.thing_of_block, received.things)[: received.items]


def _crowds(received: Received, place: NDArray[np.int64], places: int) -> NDArray[np.int64]:
    """Return int64[places]: the anonymous actors of each place: the largest (thing, kind) there, since #i is the same one everywhere."""
    crowds = np.zeros(places, dtype=np.int64)
    kinds = int(received.kind_of_block.max(initial=0)) + 1
    key = (place * kinds + received.kind_of_block) * received.things + received.thing_of_block
    distinct, back = np.unique(key, return_inverse=True)
    totals = np.zeros(len(distinct), dtype=np.int64)
    np.add.at(totals, back, received.block)
    np.maximum.at(crowds, distinct // received.things // kinds, totals)
    return crowds


def _crowds_of_days(received: Received) -> NDArray[np.int64]:
    return _crowds(received, received.day_of_block, DAYS)


def _drawn(named: _Pairs, crowd: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return float64[items]: Σ w over the distinct actors of each item, as the engine adds them up."""
    fixed = np.zeros(len(crowd), dtype=np.int64)
    np.add.at(fixed, named.thing, np.rint(named.weight * ONE).astype(np.int64))
    return fixed / ONE + crowd


def _largest(place: NDArray[np.int64], weight: NDArray[np.float64], crowd: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the largest weight at each place, at most 1: an anonymous actor weighs 1."""
    best = np.where(crowd > 0, 1.0, 0.0)
    np.maximum.at(best, place, np.minimum(weight, 1.0))
    return best


def _sizes(groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return int64[R]: how many rows have the same number."""
    _, back, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    return sizes[back]


def _nobody(thing: NDArray[np.int64], amount: NDArray[Any]) -> _Part:
    return np.full(len(thing), NOBODY), thing, amount.astype(np.float64)


def _over_blocks(received: Received, size: NDArray[np.int64], amount: float) -> _Part:
    """Spread an amount of the anonymous over their blocks, in proportion to `size` (int64[B])."""
    return _nobody(received.thing_of_block, size * (amount / max(int(size.sum()), 1)))


def _over_days(received: Received, amount: NDArray[np.float64]) -> list[_Part]:
    """Spread each day's amount of the anonymous over the day's blocks."""
    sizes = np.zeros(DAYS, dtype=np.int64)
    np.add.at(sizes, received.day_of_block, received.block)
    each = amount / np.maximum(sizes, 1)
    return [_nobody(received.thing_of_block, received.block * each[received.day_of_block])]


def _joined(received: Received, parts: list[_Part]) -> Summands:
    """Add up what belongs to the same actor and item."""
    actor, thing, amount = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    width = received.items + 1
    distinct, back = np.unique((actor - NOBODY) * width + received.item(thing) - NOTHING, return_inverse=True)
    total = np.zeros(len(distinct))
    np.add.at(total, back, amount)
    keys = distinct[total > 0]
    return Summands(keys // width + NOBODY, keys % width + NOTHING, total[total > 0])

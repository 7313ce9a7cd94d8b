"""How far a strength may lie from what it would be on average: people come in crowds, and what is not known makes it less sure.

The numbers that are not derived here were set so that nine of ten intervals hold the truth over simulated people; `python -m
benchmarks.coverage` measures it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kleos.contract import AGGREGATIONS
from kleos.kernel.layout import DAYS, Asked, Clock, Folded
from kleos.scoring.reactions import Reactions
from kleos.scoring.strength import NetworkStrength

__all__ = ["bias", "crowding", "crowding_by_days", "sampling_deviation"]

ACTORS, ACTOR_DAYS, ACTIVE_DAYS = (AGGREGATIONS.index(name) for name in ("actors", "actor_days", "days"))
TINY = np.finfo(np.float64).tiny

ALONE, CROWDED = 1.2, 2.8
"""Dispersion where people seem to come one by one, and how much more it is where all come at once."""
CALM, STEEP, WILDEST = 1.0, 1.2, 6.0
"""Dispersion where the days' counts have one of 1, how much more it is where they have 2, and the most. An item's crowd is spread over
several days, so that the days show less dispersion than there is."""


def sampling_deviation(network: NetworkStrength) -> NDArray[np.float64]:
    """Return float64[P]: the standard deviation of the strength where people come one by one.

    If every actor might as well have been there Poisson(1) times, Σ w has the variance Σ w². All metrics of a network are taken to rise
    and fall with it: Var(S) ≈ (Σ_k v_k · m_k / (s_k + m_k))² · Σ w² / (Σ w)².
    """
    form = network.form.form
    slope = (form.value * network.metrics / (form.scale + network.metrics)).sum(axis=1)
    return np.where(network.strength > 0, slope * np.sqrt(_relative(network.folded)), 0.0)


def bias(network: NetworkStrength) -> NDArray[np.float64]:
    """Return float64[P]: by how much the strength of a sample falls short on average, per unit of dispersion.

    The logarithm of an average is more than the average of logarithms, by Σ_k v_k · (m_k / (s_k + m_k))² · Σ w² / (Σ w)² / 2 to the second
    order; and who was there in small numbers was there in small crowds, which doubles it about.
    """
    form = network.form.form
    bend = (form.value * (network.metrics / (form.scale + network.metrics)) ** 2).sum(axis=1)
    return np.where(network.strength > 0, bend * _relative(network.folded), 0.0)


def crowding(folded: Folded | Asked) -> NDArray[np.float64]:
    """Return float64[P], from 1.2 to 4: the variance of the number of people by its mean, from the factors alone.

    Actors who came on independent days would have filled so and so many of the 90; where fewer days are filled, they came in crowds. Days
    that are not known all count as one, and so does an item's day for everybody whom the network does not name: what is not known widens.
    Where no metric asks a population for its days, none are counted, and it is as if all came at once.
    """
    whole = folded.whole
    actors = np.maximum(folded.people[:, -1], 1)
    weight = whole[:, ACTORS] / actors
    visits = whole[:, ACTOR_DAYS] / np.maximum(weight, TINY)
    filled = np.minimum(whole[:, ACTIVE_DAYS] / np.clip(weight, TINY, 1.0), DAYS - 0.5)
    occasions = -DAYS * np.log1p(-filled / DAYS)
    alone = np.clip(occasions / np.maximum(visits, TINY), 0.0, 1.0)
    return ALONE + CROWDED * (1.0 - alone)


def crowding_by_days(reactions: Reactions, folded: Folded | Asked, clock: Clock) -> NDArray[np.float64]:
    """Return float64[P]: the same, where every reaction is at hand.

    For the share of reactions that have an actor and a time: from the variance of the number of people who first reacted on each of the 90
    days. For the rest, as `crowding` has it.
    """
    arrived, known, everything = _arrivals(reactions, clock)
    people = arrived.sum(axis=1)
    # Σ (n − mean)² in whole numbers, which add up to the same whoever else is there.
    scatter = DAYS * (arrived * arrived).sum(axis=1) - people * people
    of_days = scatter / np.maximum(people * (DAYS - 1), 1)
    told = np.where(people > 1, np.clip(CALM + STEEP * (of_days - 1.0), 1.0, WILDEST), ALONE + CROWDED)
    share = known / np.maximum(everything, 1)
    guessed = crowding(folded)
    return share * told + (1.0 - share) * np.maximum(guessed, told)


def _relative(folded: Folded | Asked) -> NDArray[np.float64]:
    """Return float64[P]: Σ w² / (Σ w)²."""
    total = folded.whole[:, ACTORS]
    return np.divide(folded.squares, total * total, out=np.zeros_like(total), where=total > 0)


def _arrivals(reactions: Reactions, clock: Clock) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return int64[P, 90], distinct actors by the day of their first reaction that has a time, and int64[P] twice: scored reactions with
    an actor and a time, and all.

    A reaction without any time stands at the very middle of the window, to the microsecond: see `gather`.
    """
    named, blocks = reactions.named, reactions.anonymous
    size = len(named.start) - 1
    person = np.repeat(np.arange(size), np.diff(named.start))
    scored = reactions.form.in_any[named.kind]
    timed = scored & (named.age != clock.window // 2)
    of_blocks = np.repeat(np.arange(size), np.diff(blocks.start))
    known = np.bincount(person[timed], named.reactions[timed], size)
    unnamed = np.bincount(of_blocks, blocks.reactions * reactions.form.in_any[blocks.kind], size)
    everything = np.bincount(person[scored], named.reactions[scored], size) + unnamed
    arrived = np.zeros((size, DAYS), dtype=np.int64)
    if timed.any():
        begins = np.ones(len(person), dtype=np.bool_)
        begins[1:] = (person[1:] != person[:-1]) | (named.actor[1:] != named.actor[:-1])
        first = np.flatnonzero(begins)
        oldest = np.maximum.reduceat(np.where(timed, named.age, -1), first)
        there = oldest >= 0
        day = np.minimum(oldest[there] * DAYS // clock.window, DAYS - 1)
        np.add.at(arrived, (person[first[there]], day), 1)
    return arrived, known.astype(np.int64), everything.astype(np.int64)

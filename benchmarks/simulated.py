"""People whose true scores are known: each is drawn many times from rates that are given, as the engine's arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.layout import Anonymous, Influence, Named
from kleos.scoring.reactions import Reactions
from kleos.scoring.resolved import NetworkForm

__all__ = ["Rates", "rates", "realised"]

MOST_REPEATS = 60


class Rates(NamedTuple):
    """What K people are drawn from, in N networks."""

    actors: NDArray[np.float64]
    """float64[N, K]: expected distinct actors; 0 where the person has no account."""
    dispersion: NDArray[np.float64]
    """float64[K]: the variance of the number of actors by its mean. 1: they come one by one (Poisson); above, in crowds of one item each,
    so that their number is negative binomial."""
    unnamed: NDArray[np.float64]
    """float64[K]: the share of reactions that the network only counts; their time is their item's."""
    untimed: NDArray[np.float64]
    """float64[K]: the share of named reactions without any time."""
    tail: NDArray[np.float64]
    """float64[K]: the exponent of how often an actor reacts (Zipf)."""


def rates(people: int, networks: int, *, seed: int = 1) -> Rates:
    """Draw whom to simulate: 2 to 1,000 actors (log-uniform) on one to all networks; a third each with dispersion 1, 2 and 4; half with
    names throughout, half with times throughout."""
    dice = np.random.default_rng(seed)
    total = np.exp(dice.uniform(np.log(2), np.log(1_000), people))
    accounts = dice.random((networks, people)).argsort(axis=0) < dice.integers(1, networks + 1, people)
    share = dice.gamma(2.0, size=(networks, people)) * accounts
    return Rates(
        actors=total * share / share.sum(axis=0),
        dispersion=dice.choice([1.0, 2.0, 4.0], people),
        unnamed=np.where(dice.random(people) < 0.5, 0.0, dice.uniform(0.0, 0.9, people)),
        untimed=np.where(dice.random(people) < 0.5, 0.0, dice.uniform(0.0, 1.0, people)),
        tail=dice.uniform(2.1, 3.5, people),
    )


def realised(
    form: NetworkForm, network: int, whom: Rates, who: NDArray[np.int64], window: int, *, seed: int
) -> tuple[Reactions, Influence]:
    """Draw one life of each person in `who` (int64[P], numbers of `Rates`, repeated as often as wanted) in one network."""
    dice = np.random.default_rng([seed, network])
    crowd, person, moment = _crowds(dice, whom.actors[network][who], whom.dispersion[who])
    size = len(person)
    repeats = np.minimum(dice.zipf(whom.tail[who][person]), MOST_REPEATS) if size else np.zeros(0, dtype=np.int64)
    actor = np.repeat(np.arange(size), repeats)
    first = np.r_[True, actor[1:] != actor[:-1]] if size else np.zeros(0, dtype=np.bool_)
    owner = person[actor]
    # The first reaction is to the item that drew the actor; others are to any item of the person's, some days later or earlier.
    crowds = np.bincount(person[np.r_[True, crowd[1:] != crowd[:-1]]] if size else person, minlength=len(who))
    begin = np.cumsum(crowds) - crowds
    rank = np.unique(crowd, return_inverse=True)[1] - begin[person]
    item = np.where(first, rank[actor], (dice.random(len(actor)) * crowds[owner]).astype(np.int64))
    born = np.zeros(int(crowds.sum()))
    born[begin[person] + rank] = moment
    own = np.where(first, moment[actor] + dice.exponential(0.005, len(actor)), dice.random(len(actor)))
    kind = dice.choice(np.flatnonzero(form.in_any), len(actor))
    named = dice.random(len(actor)) >= whom.unnamed[who][owner]
    untimed = named & (dice.random(len(actor)) < whom.untimed[who][owner])
    share = np.where(named, own % 1.0, born[begin[owner] + item])
    age = np.where(untimed, window // 2, (share * window).astype(np.int64))
    anonymous = _anonymous(owner[~named], kind[~named], item[~named], age[~named], len(who))
    reactions = Reactions(
        form=form,
        named=_named((owner[named], actor[named], item[named], kind[named], age[named]), len(who)),
        anonymous=anonymous,
        actors=(),
        items=(),
        audience=np.full(size, np.nan),
        hashes=dice.integers(0, 2**63, size).astype(np.uint64),
        block_hashes=dice.integers(0, 2**63, len(anonymous.item)).astype(np.uint64),
    )
    q = np.where(dice.random(size) < 0.7, 0.5, dice.uniform(0.02, 1.0, size))
    influence = Influence(q=q, unknown=0.5, given=np.zeros(size), attention=form.attention)
    return reactions, influence


def _crowds(
    dice: np.random.Generator, mean: NDArray[np.float64], dispersion: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return crowd, person and moment (0..1) of every actor: a Poisson number of crowds, each of a logarithmic number of actors.

    Their sum is negative binomial with the variance `dispersion` · mean (Quenouille 1949); with 1, every crowd is one actor.
    """
    p = 1.0 - 1.0 / dispersion
    size = np.where(dispersion > 1, (dispersion - 1) / np.log(np.maximum(dispersion, 1.0 + 1e-9)), 1.0)
    crowds = dice.poisson(mean / size)
    owner = np.repeat(np.arange(len(mean)), crowds)
    many = np.ones(len(owner), dtype=np.int64)
    several = p[owner] > 0
    many[several] = dice.logseries(p[owner][several])
    crowd = np.repeat(np.arange(len(owner)), many)
    return crowd, owner[crowd], dice.random(len(owner))[crowd]


def _named(columns: Sequence[NDArray[np.int64]], people: int) -> Named:
    """Sort person, actor, item, kind and age as the engine wants them."""
    order = np.lexsort(columns[2::-1])
    person, actor, item, kind, age = (column[order] for column in columns)
    return Named(
        start=np.searchsorted(person, np.arange(people + 1)).astype(np.int64),
        kind=kind.astype(np.int16),
        actor=actor.astype(np.int32),
        item=item.astype(np.int32),
        age=age,
        reactions=np.ones(len(order), dtype=np.int64),
    )


def _anonymous(
    person: NDArray[np.int64], kind: NDArray[np.int64], item: NDArray[np.int64], age: NDArray[np.int64], people: int
) -> Anonymous:
    columns: Sequence[NDArray[np.int64]] = (person, kind, item, age)
    distinct, reactions = np.unique(np.stack(columns, axis=1), axis=0, return_counts=True)
    return Anonymous(
        start=np.searchsorted(distinct[:, 0], np.arange(people + 1)).astype(np.int64),
        kind=distinct[:, 1].astype(np.int16),
        item=distinct[:, 2].astype(np.int32),
        age=np.ascontiguousarray(distinct[:, 3]),
        reactions=reactions.astype(np.int64),
    )

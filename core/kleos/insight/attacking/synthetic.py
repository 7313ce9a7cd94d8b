"""A population that nobody has to bring along: invented from a seed, with the heavy tails of real ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kleos.contract import Role
from kleos.insight.attacking.world import Acting, Rows, World
from kleos.scoring.resolved import NetworkForm, Resolved

__all__ = ["invented_world"]

PEOPLE = 4_000
STRANGERS = 30_000
ROLES = {Role.LIKE: 6.0, Role.SHARE: 3.0, Role.REPLY: 2.0, Role.MENTION: 1.0}
"""How often reactions of a role are given, one beside the other."""


def invented_world(resolved: Resolved, form: NetworkForm, *, seed: int = 1, people: int = PEOPLE, strangers: int = STRANGERS) -> World:
    """Return people in one network, scored over the model's window; the same seed gives the same rows.

    How many people react to somebody is log-normal (median 8, one of a hundred more than 400); every reaction comes from one of those fans,
    and few fans give most. Fans are strangers or, one of eight, people of the population themselves. Reactions fall on some of the person's
    days, and on their items, of which one is the best. Three of ten accounts tell their audience.
    """
    dice = np.random.default_rng(seed)
    crowd = np.maximum(1, np.exp(dice.normal(np.log(4), 1.4, people))).astype(np.int64)
    crowd = np.minimum(crowd, strangers // 4)
    pairs = int(crowd.sum())
    fan_of = np.repeat(np.arange(people), crowd)
    stranger = people + (strangers * dice.beta(0.8, 2.0, pairs)).astype(np.int64)
    fan = np.where(dice.random(pairs) < 1 / 8, dice.integers(0, people, pairs), stranger)
    fan_of, fan = fan_of[fan != fan_of], fan[fan != fan_of]  # nobody reacts to themselves
    often = np.minimum(dice.zipf(2.8, len(fan)), 50)
    person, account = np.repeat(fan_of, often), np.repeat(fan, often)
    size = len(person)
    items = np.maximum(1, crowd // 3)
    return World(
        forms=[form],
        resolved=resolved,
        window=resolved.model.window,
        people=people,
        accounts=[_accounts(dice, people, strangers)],
        rows=Rows(
            network=np.zeros(size, dtype=np.int64),
            person=person,
            account=account,
            kind=_kinds(dice, form, size),
            item=(items[person] * dice.random(size) ** 2).astype(np.uint64),
            itemless=np.zeros(size, dtype=np.bool_),
            age=_ages(dice, person, people, resolved.model.window),
            reactions=np.ones(size, dtype=np.int64),
        ),
    )


def _accounts(dice: np.random.Generator, people: int, strangers: int) -> Acting:
    audience = np.floor(np.exp(dice.normal(np.log(60), 2.0, people + strangers)))
    audience[dice.random(people + strangers) > 0.3] = np.nan
    return Acting(audience, np.append(np.arange(people), np.full(strangers, -1)))


def _kinds(dice: np.random.Generator, form: NetworkForm, size: int) -> NDArray[np.int64]:
    """Draw kinds by their role; a network without such roles has each of its scored kinds equally often."""
    weight = np.array([ROLES.get(form.network.kinds[kind].role, 0.0) for kind in form.kinds]) * form.in_any
    if not weight.any():
        weight = form.in_any.astype(np.float64)
    return dice.choice(len(weight), size, p=weight / weight.sum())


def _ages(dice: np.random.Generator, person: NDArray[np.int64], people: int, window: int) -> NDArray[np.int64]:
    """Draw ages: half of the reactions come whenever, half of them about one day of the person's."""
    whenever = dice.random(len(person))
    burst = dice.random(people)[person] + dice.exponential(0.02, len(person))
    share = np.where(dice.random(len(person)) < 0.5, whenever, burst % 1.0)
    return (share * window).astype(np.int64)

"""What cheaters do, as reactions that are added to a world. Each returns the changed world; the targets are people's numbers.

An age is told in days of the window: a day is a 90th of it, as everywhere in the score.
"""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from kleos.insight.attacking.world import Acting, World, rows_of
from kleos.kernel.layout import DAYS
from kleos.scoring.resolved import NetworkForm

__all__ = ["crowd", "outsiders", "pod", "reacting_to_everybody", "steady", "twice"]

People = NDArray[np.int64]

ITEM = 1 << 62
"""Items made up here begin at this number."""


def crowd(
    world: World, targets: People, number: int, *, kind: int, audience: float | None = None, items: int = 1, days_ago: float = 0.0
) -> World:
    """Let new accounts, so many for each target, react once each within one day, dealt to the target's new items.

    `audience` is what they tell of their followers, None if nothing: then they cannot be told from strangers.
    """
    world, accounts = world.with_accounts(0, number * len(targets), audience)
    each = np.tile(np.arange(number), len(targets))
    day = world.window // DAYS
    return world.with_rows(
        rows_of(
            person=np.repeat(targets, number),
            account=accounts,
            kind=kind,
            item=ITEM + each % items,
            age=each * day // number + round(days_ago * day),
        )
    )


def pod(world: World, members: People, *, kind: int, every: int = 1) -> World:
    """Let the members react to each other every so many days, once for each new item, all the window long."""
    world, accounts = world.accounts_of(0, members)
    givers = np.array([np.delete(accounts, place) for place in range(len(members))])
    return _daily(world, members, givers, kind=kind, every=every)


def outsiders(world: World, members: People, *, kind: int, every: int = 1) -> World:
    """Give each of the members what a pod would give, from as many strangers of their own who react to nobody else."""
    others = len(members) - 1
    world, accounts = world.with_accounts(0, len(members) * others)
    return _daily(world, members, accounts.reshape(len(members), others), kind=kind, every=every)


def _daily(world: World, people: People, givers: NDArray[np.int64], *, kind: int, every: int) -> World:
    """`givers` is int64[people, k]; givers take turns, so that rarer reactions still fall on many days."""
    k = givers.shape[1]
    turns = DAYS // every
    day = world.window // DAYS
    item = np.tile(np.arange(turns), people.size * k)
    giver = np.repeat(np.tile(np.arange(k), people.size), turns)
    return world.with_rows(
        rows_of(
            person=np.repeat(people, k * turns),
            account=np.repeat(givers.ravel(), turns),
            kind=kind,
            item=ITEM + item,
            age=(item * every + giver % every) % DAYS * day + day // 2,
        )
    )


def reacting_to_everybody(world: World, *, kind: int) -> World:
    """Let one new account react once to everybody who has received anything."""
    world, accounts = world.with_accounts(0, 1)
    everybody = np.unique(world.rows.person)
    return world.with_rows(
        rows_of(person=everybody, account=np.repeat(accounts, len(everybody)), kind=kind, item=ITEM, age=world.window // DAYS // 2)
    )


def twice(world: World, targets: People) -> World:
    """Let everybody who reacts to the targets do so once more on a second network, with a second account.

    The second network is the world's own, if it has one, else one that the model does not know, with the same kinds.
    """
    if len(world.forms) == 1:
        known = world.forms[0].network
        copy = world.resolved.form(attrs.evolve(known, name=f"{known.name}_again", aliases=()))
        world = attrs.evolve(world, forms=[*world.forms, copy], accounts=[*world.accounts, Acting.nobody()])
    rows = world.rows.of(np.isin(world.rows.person, targets) & (world.rows.network == 0))
    named = rows.account >= 0
    doubles, place = np.unique(rows.account[named], return_inverse=True)
    world, accounts = world.with_accounts(1, len(doubles))
    account = np.full(len(rows), -1)
    account[named] = accounts[place]
    kind = _alike(world.forms[0], world.forms[1])[rows.kind]
    return world.with_rows(attrs.evolve(rows, network=np.ones_like(rows.network), account=account, kind=kind))


def _alike(one: NetworkForm, other: NetworkForm) -> NDArray[np.int64]:
    """Return int64[K]: for each kind of a network the first kind of the other with its role, else the first that is scored."""
    roles = [other.network.kinds[kind].role for kind in other.kinds]
    scored = int(np.flatnonzero(other.in_any)[0])
    own = [one.network.kinds[kind].role for kind in one.kinds]
    return np.array([roles.index(role) if role in roles else scored for role in own])


def steady(world: World, number: int, *, kind: int, an_item: int | None, days_ago: float = 0.0) -> tuple[World, int]:
    """Add a person to whom so many strangers reacted, one after the other in equal steps over the window, and return their number.

    `an_item` is how many reactions each item drew, None: they are to no item. With `days_ago` nobody has reacted since, and what is
    older than the window is gone.
    """
    world, person = world.with_people(1)
    world, accounts = world.with_accounts(0, number)
    each = np.arange(number)
    age = (2 * each + 1) * world.window // (2 * number) + round(days_ago * (world.window // DAYS))
    item = None if an_item is None else ITEM + each // an_item
    return world.with_rows(rows_of(person=np.repeat(person, number), account=accounts, kind=kind, item=item, age=age)), int(person[0])

"""A population that can be tampered with: its reactions in plain columns, scored from scratch after every change."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import attrs
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.events import silent
from kleos.kernel.odds import combine, score
from kleos.kernel.records import NOBODY, slots
from kleos.pipeline.populations.blocks import Blocks, Chunk, Plan
from kleos.scoring.accounts import Accounts, kinds_scored
from kleos.scoring.earned import earned_influence
from kleos.scoring.influence import outranked_by_audience
from kleos.scoring.parted import Placed, each_part_weighed
from kleos.scoring.resolved import NetworkForm, Resolved

__all__ = ["Acting", "Rows", "Scored", "World", "rows_of", "scored"]


@frozen(kw_only=True, eq=False)
class Rows:
    """N reactions, one column each."""

    network: NDArray[np.int64]
    """int64[N]: the place of the network in `World.forms`."""
    person: NDArray[np.int64]
    """int64[N]: who received it."""
    account: NDArray[np.int64]
    """int64[N]: who gave it, numbered within the network; −1: nobody who is named."""
    kind: NDArray[np.int64]
    """int64[N]: the place of the kind in the network's own list."""
    item: NDArray[np.uint64]
    """uint64[N]: equal for equal items of a person."""
    itemless: NDArray[np.bool_]
    """bool[N]: given to the person, not to an item."""
    age: NDArray[np.int64]
    """int64[N], µs before the moment of scoring; rows older than the window do not count."""
    reactions: NDArray[np.int64]
    """int64[N]: how many the row stands for, ≥ 1."""

    def __len__(self) -> int:
        return len(self.person)

    def of(self, chosen: NDArray[np.bool_]) -> Rows:
        """Return the rows where `chosen` (bool[N])."""
        return Rows(**{name: column[chosen] for name, column in attrs.asdict(self, recurse=False).items()})


@frozen(eq=False)
class Acting:
    """The A accounts of one network that act, one column each."""

    audience: NDArray[np.float64]
    """float64[A]: told followers, NaN where none were told."""
    holder: NDArray[np.int64]
    """int64[A]: the person who holds the account, −1 for somebody who is not scored."""

    def __len__(self) -> int:
        return len(self.holder)

    @classmethod
    def nobody(cls) -> Acting:
        """Return a network in which nobody has acted yet."""
        return cls(np.zeros(0), np.zeros(0, dtype=np.int64))


@frozen(kw_only=True, eq=False)
class World:
    """A population as a `[population]` run sees it once its tables are read."""

    forms: Sequence[NetworkForm]
    resolved: Resolved
    window: int
    """µs."""
    people: int
    """P: people are numbered 0..P−1."""
    accounts: Sequence[Acting]
    """One for each network."""
    rows: Rows

    def with_rows(self, more: Rows) -> World:
        """Return the world with more reactions."""
        mine, theirs = (attrs.asdict(rows, recurse=False) for rows in (self.rows, more))
        return attrs.evolve(self, rows=Rows(**{name: np.concatenate([mine[name], theirs[name]]) for name in mine}))

    def with_accounts(self, network: int, number: int, audience: float | None = None) -> tuple[World, NDArray[np.int64]]:
        """Return the world with accounts that nobody scored holds, and their numbers (int64[number]); their audience if it is told."""
        known = self.accounts[network]
        told = np.full(number, np.nan if audience is None else audience)
        grown = Acting(np.append(known.audience, told), np.append(known.holder, np.full(number, -1)))
        accounts = [grown if n == network else accounts for n, accounts in enumerate(self.accounts)]
        return attrs.evolve(self, accounts=accounts), np.arange(len(known), len(grown))

    def with_people(self, number: int) -> tuple[World, NDArray[np.int64]]:
        """Return the world with more people, to whom nobody has reacted yet, and their numbers (int64[number])."""
        return attrs.evolve(self, people=self.people + number), np.arange(self.people, self.people + number)

    def accounts_of(self, network: int, people: NDArray[np.int64]) -> tuple[World, NDArray[np.int64]]:
        """Return the world in which these people have an account in the network, opened where there was none, and its number for each."""
        known = self.accounts[network]
        order = np.argsort(known.holder, kind="stable")
        place = np.searchsorted(known.holder[order], people)
        there = place < len(known)
        there[there] = known.holder[order][place[there]] == people[there]
        missing = people[~there]
        grown = Acting(np.append(known.audience, np.full(len(missing), np.nan)), np.append(known.holder, missing))
        numbers = np.empty(len(people), dtype=np.int64)
        numbers[there] = order[place[there]]
        numbers[~there] = np.arange(len(known), len(grown))
        return attrs.evolve(self, accounts=[grown if n == network else accounts for n, accounts in enumerate(self.accounts)]), numbers


@frozen(kw_only=True, eq=False)
class Scored:
    """What a population's people have."""

    score: NDArray[np.float64]
    """float64[P]."""
    log_odds: NDArray[np.float64]
    """float64[P]; −inf where nobody reacted."""
    strength: NDArray[np.float64]
    """float64[N, P]: by network; 0 where nobody reacted."""
    actors: NDArray[np.int64]
    """int64[P]: distinct people who reacted."""
    q: Sequence[NDArray[np.float64]]
    """For each network float64[A]: the influence of its accounts."""


def scored(world: World, *, told_only: bool = False, threads: int = 2) -> Scored:
    """Score everybody as a `[population]` run does: everybody's influence first, then everybody's strength.

    With `told_only`, as a `[people]` run does, which knows of actors what they told and what they gave to the person: nobody's influence is
    earned, and what they gave to others is the model's mean.
    """
    start = np.concatenate([[0], np.cumsum([len(accounts) for accounts in world.accounts])]).astype(np.int64)
    rows = world.rows
    plan = Plan(world.people, max(1, len(rows)), len(world.forms), int(start[-1]), world.window, threads, 1 << 60, Path())
    blocks = Blocks(plan, kinds_scored(world.forms), silent)
    actor = np.where(rows.account < 0, int(NOBODY), start[rows.network] + rows.account)
    slot = slots(rows.network, rows.kind, rows.itemless)
    blocks.add(Chunk(rows.person.astype(np.uint32), actor.astype(np.uint32), slot, rows.item, rows.age, rows.reactions))
    accounts = Accounts(
        start=start,
        audience=np.concatenate([known.audience for known in world.accounts]),
        holder=np.concatenate([known.holder for known in world.accounts]),
        given=blocks.given,
    )
    resolved = world.resolved
    if told_only:
        pairs = zip(world.accounts, world.forms, strict=True)
        q = np.concatenate([outranked_by_audience(known.audience, form, resolved.model.influence) for known, form in pairs])
        accounts = attrs.evolve(accounts, given=np.zeros_like(blocks.given))
    else:
        q, _ = earned_influence(blocks, accounts, world.forms, resolved)
    shape = (len(world.forms), world.people)
    strength, odds = np.zeros(shape), np.full(shape, -np.inf)
    actors = np.zeros(world.people, dtype=np.int64)

    def use(part: int, placed: list[Placed]) -> None:
        for network, person, found in placed:
            who = person.astype(np.int64) << blocks.bits | part
            strength[network, who] = found.strength
            odds[network, who] = found.log_odds
            actors[who] += found.folded.people[:, -1]

    clock = resolved.clock(world.window)
    for _ in each_part_weighed(blocks, accounts, q, forms=world.forms, clock=clock, resolved=resolved, use=use):
        pass
    logs = combine(odds, np.array([form.log_rho for form in world.forms]))
    return Scored(
        score=score(logs, resolved.curve),
        log_odds=logs,
        strength=strength,
        actors=actors,
        q=[q[first:last] for first, last in itertools.pairwise(start.tolist())],
    )


def rows_of(
    *,
    person: NDArray[np.int64],
    account: NDArray[np.int64],
    kind: int | NDArray[np.int64],
    item: NDArray[np.int64] | int | None,
    age: NDArray[np.int64] | int,
    network: int = 0,
) -> Rows:
    """Return reactions, one of each row; whatever is one number is the same for all rows. `item` None: to nothing in particular."""
    size = len(person)

    def column(value: NDArray[np.int64] | int) -> NDArray[np.int64]:
        return np.broadcast_to(np.asarray(value, dtype=np.int64), (size,)).copy()

    return Rows(
        network=column(network),
        person=column(person),
        account=column(account),
        kind=column(kind),
        item=column(0 if item is None else item).astype(np.uint64),
        itemless=np.full(size, item is None),
        age=column(age),
        reactions=np.ones(size, dtype=np.int64),
    )

"""All attacks on a world, one after the other: what each is worth."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.errors import KleosError
from kleos.events import Emit, Progress, silent
from kleos.insight.attacking.attacks import crowd, outsiders, pod, reacting_to_everybody, steady, twice
from kleos.insight.attacking.outcome import Left, Outcome, Points, Tried
from kleos.insight.attacking.world import Scored, World, scored

__all__ = ["AVERAGE", "BREAKS", "POD", "PUPPETS", "Field", "open_field", "try_all"]

AVERAGE = (38.0, 42.0)
"""Whom attackers try to lift: people of about the mean score."""
TARGETS = 20
SEED = 1
PUPPETS = {100: 3.0, 1_000: 6.0}
"""Sock puppets that tell that nobody follows them → points that they may lift a target by."""
POD = 18.0
"""Points that a pod may lift its members by; and never more than as many outsiders."""
VIRAL = 10_000
BURST = 500
BREAK = 14
"""Days without any reaction."""
BREAKS = {12: 6.0, 90: 4.0, 900: 3.0}
"""Actors of a steady person → points that a break may cost."""


@frozen(kw_only=True, eq=False)
class Field:
    """Where attacks are tried: a world, whom they are to lift, and everybody's score before."""

    world: World
    targets: NDArray[np.int64]
    kind: int
    """The kind of reaction that pays most."""
    before: Scored
    before_told: Scored
    """As a `[people]` run scores."""

    def gained(self, changed: World) -> NDArray[np.float64]:
        """Return the points that the targets gained in a `[population]` run."""
        return scored(changed).score[self.targets] - self.before.score[self.targets]

    def gained_told(self, changed: World) -> NDArray[np.float64]:
        """Return the points that the targets gained in a `[people]` run."""
        return scored(changed, told_only=True).score[self.targets] - self.before_told.score[self.targets]


def open_field(world: World) -> Field:
    """Choose the targets, by a fixed seed among those of average score, and the kind of reaction that lifts them most.

    Raises `KleosError` where fewer than 20 people have an average score and at least 5 people who react to them.
    """
    before = scored(world)
    average = np.flatnonzero((before.score >= AVERAGE[0]) & (before.score <= AVERAGE[1]) & (before.actors >= 5))
    if len(average) < TARGETS:
        raise KleosError(
            f"expected at least {TARGETS} people with a score of {AVERAGE[0]:.0f} to {AVERAGE[1]:.0f} to attack, found {len(average)}",
            hint="take a larger population, or the invented one: kleos attack --invented",
        )
    targets = np.sort(np.random.default_rng(SEED).choice(average, TARGETS, replace=False))
    kinds = np.flatnonzero(world.forms[0].in_any).tolist()
    lifted = [float(np.median(scored(crowd(world, targets, 100, kind=kind)).score[targets])) for kind in kinds]
    return Field(
        world=world,
        targets=targets,
        kind=kinds[int(np.argmax(lifted))],
        before=before,
        before_told=scored(world, told_only=True),
    )


def try_all(world: World, *, population: str, emit: Emit = silent) -> Tried:
    """Try every attack; `population` says in words what the world is. Raises `KleosError` where there is nobody to attack."""
    tries: Sequence[Callable[[Field], Sequence[Outcome]]] = (puppets, bought, viral, pods, everybody, duplicates, breaks)
    emit(Progress(task="attacks", done=0, total=len(tries), unit="attacks"))
    field = open_field(world)
    outcomes: list[Outcome] = []
    for done, attempt in enumerate(tries):
        outcomes += attempt(field)
        emit(Progress(task="attacks", done=done + 1, total=len(tries), unit="attacks", finished=done + 1 == len(tries)))
    scores = field.before.score[field.targets]
    form = world.forms[0]
    return Tried(
        population=population,
        size=world.people,
        model=world.resolved.id,
        window=world.window / 1_000_000,
        targets=len(field.targets),
        lowest=float(scores.min()),
        highest=float(scores.max()),
        kind=form.network.kinds[form.kinds[field.kind]].title,
        outcomes=tuple(outcomes),
    )


def puppets(field: Field) -> list[Outcome]:
    """Sock puppets: new accounts to which nobody reacts, with one reaction each to one item."""
    found = []
    for audience, words in ((0.0, "that tell they have no followers"), (None, "that tell nothing, like strangers")):
        for number, bound in PUPPETS.items():
            changed = crowd(field.world, field.targets, number, kind=field.kind, audience=audience)
            found.append(
                _both(field, changed, "puppets", f"{number:,} sock puppets {words}", bound=bound if audience is not None else None)
            )
    return found


def bought(field: Field) -> list[Outcome]:
    """A burst that was bought: strangers who react within one day, and never again."""
    title = f"{BURST:,} strangers bought for one day, for 5 items"
    return [_fading(field, BURST, {30: None, 60: None}, attack="burst", title=title, items=5)]


def viral(field: Field) -> list[Outcome]:
    """One item that everybody saw."""
    title = f"one viral item: {VIRAL:,} strangers in one day"
    return [_fading(field, VIRAL, {30: None, 60: 0.25, 91: 0.0}, attack="viral", title=title)]


def pods(field: Field) -> list[Outcome]:
    """The targets agree to react to each other; beside them, as many outsiders who react to nobody else."""
    members = len(field.targets)
    daily = pod(field.world, field.targets, kind=field.kind)
    beside = outsiders(field.world, field.targets, kind=field.kind)
    rarely = pod(field.world, field.targets, kind=field.kind, every=15)
    more = field.gained(daily) - field.gained(beside)
    more_told = field.gained_told(daily) - field.gained_told(beside)
    return [
        _both(field, daily, "pod", f"a pod of {members} who react to each other every day", bound=POD, everywhere=False),
        _both(field, rarely, "pod", f"a pod of {members} who react to each other every 15 days"),
        _both(field, beside, "outsiders", f"the same every day, by {members - 1} strangers of their own"),
        Outcome(
            attack="pod",
            title="what the daily pod gains more than by such strangers",
            population=_points(more),
            people=_points(more_told),
            bound=0.0,
            everywhere=False,
        ),
    ]


def everybody(field: Field) -> list[Outcome]:
    """A bot that reacts to everybody, and a stranger who reacts to one."""
    bot = reacting_to_everybody(field.world, kind=field.kind)
    one = crowd(field.world, field.targets, 1, kind=field.kind)
    return [
        Outcome(
            attack="bot",
            title="a bot that reacts once to everybody",
            population=_points(field.gained(bot)),
            people=_points(field.gained_told(bot)),
        ),
        _both(field, one, "stranger", "one stranger who reacts to nobody else"),
    ]


def duplicates(field: Field) -> list[Outcome]:
    """Everybody who reacts does so again elsewhere."""
    changed = twice(field.world, field.targets)
    return [_both(field, changed, "duplicates", "all who react open a second account on a second network and repeat it there")]


def breaks(field: Field) -> list[Outcome]:
    """A steady person to whom nobody reacts for two weeks: with each kind of reaction, to items and to none."""
    ways = [(int(kind), an_item) for kind in np.flatnonzero(field.world.forms[0].in_any) for an_item in (None, 1, 10)]
    lost: dict[bool, dict[int, list[float]]] = {}
    worlds = {days: _steady_people(field.world, ways, days) for days in (0, BREAK)}
    for told_only in (False, True):
        before, after = (scored(world, told_only=told_only).score[who] for world, who in worlds.values())
        lost[told_only] = {number: (before - after)[place].tolist() for place, number in enumerate(BREAKS)}
    return [
        Outcome(
            attack="break",
            title=f"a break of {BREAK} days, for a steady person with {number} people",
            population=_points(np.array(lost[False][number])),
            people=_points(np.array(lost[True][number])),
            bound=bound,
            lost=True,
        )
        for number, bound in BREAKS.items()
    ]


def _steady_people(world: World, ways: Sequence[tuple[int, int | None]], days_ago: int) -> tuple[World, NDArray[np.int64]]:
    """Return a world with a steady person of every size and way, and their numbers (int64[sizes, ways])."""
    who = np.empty((len(BREAKS), len(ways)), dtype=np.int64)
    for place, number in enumerate(BREAKS):
        for way, (kind, an_item) in enumerate(ways):
            world, who[place, way] = steady(world, number, kind=kind, an_item=an_item, days_ago=days_ago)
    return world, who


def _both(field: Field, changed: World, attack: str, title: str, *, bound: float | None = None, everywhere: bool = True) -> Outcome:
    return Outcome(
        attack=attack,
        title=title,
        population=_points(field.gained(changed)),
        people=_points(field.gained_told(changed)),
        bound=bound,
        everywhere=everywhere,
    )


def _fading(field: Field, number: int, later: dict[int, float | None], *, attack: str, title: str, items: int = 1) -> Outcome:
    """Try a crowd of one day, and how much of its gain in odds is left after so many days."""
    changed = crowd(field.world, field.targets, number, kind=field.kind, items=items)
    base = np.exp(field.before.log_odds[field.targets])
    at_once = np.exp(scored(changed).log_odds[field.targets]) - base
    left = []
    for days, bound in later.items():
        aged = scored(crowd(field.world, field.targets, number, kind=field.kind, items=items, days_ago=days))
        share = (np.exp(aged.log_odds[field.targets]) - base) / at_once
        left.append(Left(days, float(share.max()), bound))
    return attrs.evolve(_both(field, changed, attack, title), left=tuple(left))


def _points(gained: NDArray[np.float64]) -> Points:
    return Points(float(np.median(gained)), float(gained.max()))

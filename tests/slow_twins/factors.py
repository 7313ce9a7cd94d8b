"""The slow twin of the fold: one function for each aggregation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from math import log1p
from typing import TypeVar

from slow_twins.events import DAYS, WEEKS, Event, day_of, events, part_of
from slow_twins.world import World

__all__ = ["factors", "plain_people", "squares"]

Key = TypeVar("Key", bound=Hashable)
FIXED = 2**30
MOST_NAMED_REACTIONS = 2.0**32


def factors(world: World, person: int, slot: int) -> dict[str, float]:
    """Return a person's fourteen aggregations in one slot."""
    rows = world.of(person, slot)
    seen = events(rows, world.window)
    in_weeks = events(rows, world.window, WEEKS)
    in_days = events(rows, world.window, DAYS)
    return {
        "count": count(seen, world),
        "acts": acts(seen, world),
        "actors": actors(seen, world),
        "saturated": saturated(seen, world),
        "decayed": decayed(seen, world, world.window / 3),
        "recent": decayed(seen, world, world.window / 16),
        "prestige": prestige(seen, world),
        "share_of_attention": share_of_attention(seen, world, to_person(world, person)),
        "returning": returning(in_weeks, world),
        "days": days(in_days, world),
        "actor_days": actor_days(in_days, world),
        "items": items(seen, world),
        "peak": peak(seen, world),
        "h_index": h_index(seen, world),
    }


def plain_people(world: World, person: int, slot: int) -> int:
    """Return the number of distinct actors, unweighted."""
    return len({event.actor for event in events(world.of(person, slot), world.window)})


def squares(world: World, person: int) -> float:
    """Return Σ w² over the distinct actors of `any`."""
    return sum(weight(actor, world) ** 2 for actor in {event.actor for event in events(world.of(person, world.any), world.window)})


def count(seen: list[Event], world: World) -> float:
    """Σ w over reactions."""
    named = sum(weight(event.actor, world) * event.reactions for event in seen if event.actor >= 0)
    return min(named, MOST_NAMED_REACTIONS) + sum(event.reactions for event in seen if event.actor < 0)


def acts(seen: list[Event], world: World) -> float:
    """Σ w over distinct (actor, item)."""
    return sum(weight(actor, world) for actor, _ in {(event.actor, event.item) for event in seen})


def actors(seen: list[Event], world: World) -> float:
    """Σ w over distinct actors."""
    return sum(weight(actor, world) for actor in {event.actor for event in seen})


def saturated(seen: list[Event], world: World) -> float:
    """Σ over actors of w · log1p(their reactions)."""
    return sum(weight(actor, world) * log1p(number) for actor, number in reactions_of(seen).items())


def decayed(seen: list[Event], world: World, half_life: float) -> float:
    """Σ over distinct actors of w · 2^(−age of their latest reaction / half-life); `recent` is this with the short half-life."""
    of_actor = grouped(seen, lambda event: event.actor)
    return sum(weight(actor, world) * 2 ** (-min(event.age for event in own) / half_life) for actor, own in of_actor.items())


def prestige(seen: list[Event], world: World) -> float:
    """Σ over distinct actors of w · q."""
    return sum(weight(actor, world) * influence(actor, world) for actor in {event.actor for event in seen})


def share_of_attention(seen: list[Event], world: World, here: dict[int, int]) -> float:
    """Σ over actors of w · c / (c + others); `here` has every actor's reactions of the kinds in `any` to this person."""
    total = 0.0
    for actor, own in reactions_of(seen).items():
        given = world.given[actor] if actor >= 0 else 0
        others = max(given - here.get(actor, 0), 0) if given else world.attention
        total += weight(actor, world) * own / (own + others)
    return total


def returning(in_weeks: list[Event], world: World) -> float:
    """Σ w over distinct actors active in at least two weeks."""
    of_actor = grouped(in_weeks, lambda event: event.actor)
    return sum(weight(a, world) for a, own in of_actor.items() if len({part_of(e.age, WEEKS, world.window) for e in own}) >= 2)


def days(in_days: list[Event], world: World) -> float:
    """Σ over days of the largest w among the day's actors, at most 1 a day."""
    return sum(largest(day, world) for day in grouped(in_days, lambda event: day_of(event.age, world.window)).values())


def actor_days(in_days: list[Event], world: World) -> float:
    """Σ w over distinct (actor, day)."""
    return sum(weight(actor, world) for actor, _ in {(event.actor, day_of(event.age, world.window)) for event in in_days})


def items(seen: list[Event], world: World) -> float:
    """Σ over items of the largest w among the item's actors, at most 1 an item."""
    return sum(largest(item, world) for item in by_item(seen))


def peak(seen: list[Event], world: World) -> float:
    """The largest Σ w over distinct actors of one item."""
    return max((actors(item, world) for item in by_item(seen)), default=0)


def h_index(seen: list[Event], world: World) -> float:
    """The largest h such that h items each drew Σ w ≥ h over distinct actors."""
    crowds = sorted((actors(item, world) for item in by_item(seen)), reverse=True)
    return sum(crowd >= h for h, crowd in enumerate(crowds, 1))


def weight(actor: int, world: World) -> float:
    """Return w, 1 for the unnamed."""
    if actor < 0:
        return 1.0
    return round(world.q[actor] / world.unknown * FIXED) * (world.drawn[actor] if world.drawn else 1) / FIXED


def influence(actor: int, world: World) -> float:
    """Return q."""
    return world.q[actor] if actor >= 0 else world.unknown


def largest(seen: Iterable[Event], world: World) -> float:
    """Return the largest w among the actors, at most 1."""
    return min(1.0, max(weight(event.actor, world) for event in seen))


def reactions_of(seen: list[Event]) -> dict[int, int]:
    """Return how many reactions each actor gave."""
    return {actor: sum(event.reactions for event in own) for actor, own in grouped(seen, lambda event: event.actor).items()}


def to_person(world: World, person: int) -> dict[int, int]:
    """Return how many scored reactions of all kinds each actor gave to the person."""
    return reactions_of(events(world.of(person, world.any), world.window))


def by_item(seen: list[Event]) -> list[list[Event]]:
    """Return the events of each item, those without one left out."""
    return list(grouped((event for event in seen if event.item >= 0), lambda event: event.item).values())


def grouped(seen: Iterable[Event], key: Callable[[Event], Key]) -> dict[Key, list[Event]]:
    """Return the events by a key."""
    groups: dict[Key, list[Event]] = defaultdict(list)
    for event in seen:
        groups[key(event)].append(event)
    return groups

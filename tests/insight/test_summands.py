"""Every aggregation taken apart, against a naive taking apart that is written from the definitions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings

from kleos.contract import AGGREGATIONS
from kleos.insight.explaining.alone import SUMS_OVER_ACTORS, alone
from kleos.insight.explaining.received import received
from kleos.insight.explaining.summands import Summands, of_actors, summands
from kleos.kernel.fold import fold
from slow_twins import factors as twin
from slow_twins.events import DAYS, WEEKS, Event, day_of, events
from slow_twins.world import Reaction, World
from slow_twins.worlds import worlds

Parts = dict[tuple[int | None, int | None], float]
DAY = 86_400_000_000
WINDOW = 90 * DAY


def naive(world: World, person: int, slot: int, aggregation: str) -> Parts:  # noqa: PLR0911 - a case for each aggregation
    """Take an aggregation apart, row by row. None: the anonymous, or no item."""
    rows = world.of(person, slot)
    seen = events(rows, world.window)
    daily = events(rows, world.window, DAYS)
    match aggregation:
        case "count":
            return added((event.actor, event.item, twin.weight(event.actor, world) * event.reactions) for event in seen)
        case "acts":
            return added((actor, item, twin.weight(actor, world)) for actor, item in {(event.actor, event.item) for event in seen})
        case "actor_days":
            visits = twin.grouped(daily, lambda event: (event.actor, day_of(event.age, world.window)))
            amounts = {visit: twin.weight(visit[0], world) for visit in visits}
            return of_days(world, rows, visits, amounts)
        case "days":
            visits = twin.grouped(daily, lambda event: (event.actor, day_of(event.age, world.window)))
            amounts = {}
            for day, own in twin.grouped(daily, lambda event: day_of(event.age, world.window)).items():
                members = {event.actor for event in own}
                amounts |= {(actor, day): twin.largest(own, world) / len(members) for actor in members}
            return of_days(world, rows, visits, amounts)
        case "items":
            return added(
                (actor, own[0].item, twin.largest(own, world) / len(members))
                for own in twin.by_item(seen)
                for members in [{event.actor for event in own}]
                for actor in members
            )
        case "peak":
            items = sorted(twin.by_item(seen), key=lambda own: (-twin.actors(own, world), own[0].item))
            return core(items[:1], twin.peak(seen, world))
        case "h_index":
            h = twin.h_index(seen, world)
            return core([own for own in twin.by_item(seen) if twin.actors(own, world) >= h], h)
        case _:
            return over_actors(world, person, slot, aggregation)


def over_actors(world: World, person: int, slot: int, aggregation: str) -> Parts:
    rows = world.of(person, slot)
    seen, weekly = events(rows, world.window), events(rows, world.window, WEEKS)
    here = twin.to_person(world, person)

    def adds(wanted: Callable[[Event], bool]) -> float:
        some, in_weeks = list(filter(wanted, seen)), list(filter(wanted, weekly))
        return {
            "actors": lambda: twin.actors(some, world),
            "saturated": lambda: twin.saturated(some, world),
            "decayed": lambda: twin.decayed(some, world, world.window / 3),
            "recent": lambda: twin.decayed(some, world, world.window / 16),
            "prestige": lambda: twin.prestige(some, world),
            "share_of_attention": lambda: twin.share_of_attention(some, world, here),
            "returning": lambda: twin.returning(in_weeks, world),
        }[aggregation]()

    parts = []
    for actor in {event.actor for event in seen if event.actor >= 0}:
        things = {event.item for event in seen if event.actor == actor}
        parts += [(actor, thing, adds(lambda event, actor=actor: event.actor == actor) / len(things)) for thing in things]
    return added([*parts, *in_proportion(rows, adds(lambda event: event.actor < 0))])


def of_days(world: World, rows: list[Reaction], visits: dict[Any, list[Event]], amounts: dict[tuple[int, int], float]) -> Parts:
    """Share what each (actor, day) adds: equally over a named actor's things of the day, over the anonymous rows by their sizes."""
    parts = []
    for (actor, day), amount in amounts.items():
        if actor >= 0:
            things = {event.item for event in visits[actor, day]}
            parts += [(actor, thing, amount / len(things)) for thing in things]
        else:
            parts += in_proportion([row for row in rows if day_of(row.age, world.window) == day], amount)
    return added(parts)


def core(items: list[list[Event]], value: float) -> Parts:
    """Share a value equally among the distinct actors of some items."""
    members = {event.actor for own in items for event in own}
    unnamed = [len({event.actor for event in own if event.actor < 0}) for own in items]
    parts = []
    for actor in members:
        mine = [own[0].item for own in items if any(event.actor == actor for event in own)]
        if actor >= 0:
            parts += [(actor, item, value / len(members) / len(mine)) for item in mine]
        else:
            parts += [(-1, own[0].item, value / len(members) * n / sum(unnamed)) for own, n in zip(items, unnamed, strict=True)]
    return added(parts)


def in_proportion(rows: Iterable[Reaction], amount: float) -> list[tuple[int, int | None, float]]:
    blocks = [row for row in rows if row.actor is None]
    total = sum(row.reactions for row in blocks)
    return [(-1, row.item, amount * row.reactions / total) for row in blocks]


def added(parts: Iterable[tuple[int, int | None, float]]) -> Parts:
    total: Parts = defaultdict(float)
    for actor, item, amount in parts:
        total[actor if actor >= 0 else None, item if item is not None and item >= 0 else None] += amount
    return {key: amount for key, amount in total.items() if amount > 0}


def found(world: World, person: int, put: Any) -> dict[tuple[int, str], tuple[Summands, float]]:
    """Return every factor of a person above 0, taken apart, with its value."""
    reactions, influence, clock = put(world)
    values = fold(reactions.named, reactions.anonymous, influence, clock, reactions.form.in_any).values[person]
    whole = [slot * len(AGGREGATIONS) + AGGREGATIONS.index(name) for slot in world.slots for name in sorted(SUMS_OVER_ACTORS)]
    actor, adds = alone(reactions, influence, clock, person, whole)
    apart = {}
    for slot in world.slots:
        rows = received(reactions, influence, clock, person, slot)
        for place, name in enumerate(AGGREGATIONS):
            value = float(values[slot, place])
            if value > 0 and name in SUMS_OVER_ACTORS:
                apart[slot, name] = of_actors(rows, actor, adds[:, whole.index(slot * len(AGGREGATIONS) + place)]), value
            elif value > 0:
                apart[slot, name] = summands(rows, name, value), value
    return apart


def plain(world: World, person: int, parts: Summands) -> Parts:
    items = sorted({row.item for row in world.rows if row.person == person and row.item is not None})
    return {
        (actor if actor >= 0 else None, items[item] if item >= 0 else None): amount
        for actor, item, amount in zip(*(column.tolist() for column in parts), strict=True)
    }


def agree(world: World, put: Any) -> None:
    for person in range(world.people):
        for (slot, name), (parts, value) in found(world, person, put).items():
            assert float(parts.amount.sum()) == pytest.approx(value, rel=1e-9, abs=1e-7), name
            assert plain(world, person, parts) == pytest.approx(naive(world, person, slot, name), rel=1e-6, abs=1e-7), name
            keys = list(zip(parts.actor.tolist(), parts.item.tolist(), strict=True))
            assert keys == sorted(set(keys))


@settings(deadline=None, max_examples=120)
@given(worlds())
def test_every_aggregation_is_the_sum_of_the_parts_that_a_naive_count_finds(reacted: Any, drawn: World) -> None:
    agree(drawn, reacted)


def small(*rows: Reaction, **changed: Any) -> World:
    return attrs.evolve(World(rows=rows, people=1, in_any=(True,), q=(0.5, 1.0, 0.1), given=(0.0, 0.0, 0.0), window=WINDOW), **changed)


def test_an_actor_who_reacted_to_three_items_gives_each_of_them_a_third(reacted: Any) -> None:
    world = small(*(Reaction(0, 0, 1, item, DAY) for item in (0, 1, 2)))
    parts, value = found(world, 0, reacted)[1, "actors"]
    assert (value, parts.amount.tolist()) == (2.0, pytest.approx([2 / 3] * 3))


def test_each_day_without_an_item_is_a_thing_of_its_own(reacted: Any) -> None:
    world = small(Reaction(0, 0, 0, None, 0), Reaction(0, 0, 0, None, 5 * DAY), Reaction(0, 0, 0, 0, 5 * DAY))
    parts, _ = found(world, 0, reacted)[1, "actors"]
    assert plain(world, 0, parts) == pytest.approx({(0, None): 2 / 3, (0, 0): 1 / 3})


def test_the_points_of_a_peak_stay_on_the_item_that_comes_first_among_equals(reacted: Any) -> None:
    world = small(Reaction(0, 0, 0, 4, 0), Reaction(0, 0, 0, 7, 0), Reaction(0, 0, 2, 1, 0))
    parts, _ = found(world, 0, reacted)[1, "peak"]
    assert plain(world, 0, parts) == {(0, 4): 1.0}


def test_unnamed_actors_are_counted_once_however_many_items_they_reacted_to(reacted: Any) -> None:
    world = small(Reaction(0, 0, None, 0, 0, 6), Reaction(0, 0, None, 1, 0, 2))
    parts, value = found(world, 0, reacted)[1, "actors"]
    assert value == 6
    assert plain(world, 0, parts) == pytest.approx({(None, 0): 4.5, (None, 1): 1.5})


def test_many_actors_are_folded_in_several_goes(reacted: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [Reaction(0, 0, actor, item, actor * DAY) for actor in range(7) for item in range(actor % 3 + 1)]
    world = small(*rows, Reaction(0, 0, None, 1, 0, 4), q=(0.5,) * 7, given=(0.0,) * 7)
    whole = found(world, 0, reacted)
    monkeypatch.setattr("kleos.insight.explaining.alone.AT_ONCE", 2)
    for key, (parts, _) in found(world, 0, reacted).items():
        assert all(np.array_equal(one, other) for one, other in zip(parts, whole[key][0], strict=True))
    agree(world, reacted)

"""The compiled fold against its slow twin, on what hypothesis draws and on the hard cases by name."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray

from kleos.contract import AGGREGATIONS
from slow_twins.arrays import folded
from slow_twins.factors import factors, plain_people, squares
from slow_twins.world import Reaction, World
from slow_twins.worlds import worlds

DAY = 86_400_000_000
WINDOW = 90 * DAY


def world(*rows: Reaction, **changed: Any) -> World:
    """Return a world of one person, one kind and three actors."""
    plain = World(rows=rows, people=1, in_any=(True,), q=(0.5, 1.0, 0.1), given=(0.0, 10.0, 3.0), window=WINDOW)
    return attrs.evolve(plain, **changed)


def anonymous(number: int, item: int | None = 0, age: int = 0, kind: int = 0) -> Reaction:
    return Reaction(0, kind, None, item, age, number)


def by(actor: int, item: int | None = 0, age: int = 0, kind: int = 0, reactions: int = 1) -> Reaction:
    return Reaction(0, kind, actor, item, age, reactions)


def agree(drawn: World) -> None:
    """Check that the engine finds for everybody, in every slot, what the twin finds."""
    found = folded(drawn)
    for person in range(drawn.people):
        for slot in drawn.slots:
            expected = factors(drawn, person, slot)
            assert dict(zip(AGGREGATIONS, found.values[person, slot].tolist(), strict=True)) == pytest.approx(expected, rel=1e-9, abs=1e-7)
            assert found.people[person, slot] == plain_people(drawn, person, slot)
        assert found.squares[person] == pytest.approx(squares(drawn, person), rel=2e-3, abs=1e-4)
    assert_exact(drawn, found.values)


def assert_exact(drawn: World, values: NDArray[np.float64]) -> None:
    """Whole numbers of people, items and days are whole: no rounding may ever eat into an h-index."""
    h_index = values[:, :, AGGREGATIONS.index("h_index")].tolist()
    assert h_index == [[factors(drawn, person, slot)["h_index"] for slot in drawn.slots] for person in range(drawn.people)]


@settings(deadline=None, max_examples=150)
@given(worlds())
def test_the_engine_counts_what_its_slow_twin_counts(drawn: World) -> None:
    agree(drawn)


@settings(deadline=None, max_examples=40)
@given(worlds(resampled=True))
def test_a_replicate_of_the_bootstrap_weighs_every_actor_as_often_as_they_were_drawn(drawn: World) -> None:
    agree(drawn)


HARD = {
    "nothing": world(),
    "nobody": world(people=0),
    "no actors": world(q=(), given=()),
    "one like": world(by(0)),
    "one anonymous like": world(anonymous(1)),
    "one actor doing everything": world(*(by(1, item, age * DAY, reactions=3) for item in (None, 0, 1, 2) for age in range(0, 91, 9))),
    "all anonymous": world(*(anonymous(n, item, n * DAY) for item in (None, 0, 1, 2) for n in range(1, 7))),
    "all at one instant": world(*(by(actor, item) for actor in range(3) for item in range(3)), anonymous(3, 0), anonymous(2, 1)),
    "ties everywhere": world(*[by(0), anonymous(2), by(1, None), anonymous(2, None)] * 4),
    "as of now": world(by(0, age=0), anonymous(2, age=0), by(1, None, age=0), anonymous(2, None, age=0)),
    "at the window's end": world(by(0, age=WINDOW), anonymous(2, age=WINDOW), by(1, None, age=WINDOW), anonymous(2, None, age=WINDOW)),
    "the first and the last day": world(by(0, age=0), by(0, age=WINDOW), anonymous(1, age=0), anonymous(1, age=WINDOW)),
    "a day that is in two weeks": world(
        *(anonymous(n, item, age) for n, item in ((2, 0), (3, None)) for age in (6 * DAY, 7 * DAY - 1, 7 * DAY))
    ),
    "a week's edge": world(*(by(0, None, WINDOW // 13 + step) for step in (-1, 0, 1))),
    "a window of a microsecond": world(by(0, age=1), anonymous(2, age=0), window=1),
    "reactions outweigh what was given": world(by(2, reactions=50), by(2, kind=1, reactions=2), in_any=(True, True)),
    "attention for free": world(by(0), anonymous(3), attention=0.0),
    "views and follows": world(by(0), by(1, kind=1), anonymous(9, kind=1), anonymous(2, kind=2), in_any=(True, False, False)),
    "nothing that is scored": world(by(0), anonymous(3), in_any=(False,)),
    "half an anonymous crowd on the second item": world(anonymous(5, 0), anonymous(2, 1), anonymous(3, 0, kind=1), in_any=(True, True)),
    "puppets": world(*(by(actor, item) for actor in range(60) for item in range(3)), q=(0.001,) * 60, given=(0.0,) * 60),
    "five fifths": world(*(by(actor, 0) for actor in range(5)), q=(0.1,) * 5, given=(0.0,) * 5),
    "thirds": world(*(by(actor, 0) for actor in range(3)), q=(0.1,) * 3, given=(0.0,) * 3, unknown=0.3),
    "62 kinds": world(
        *(by(kind % 3, 0, kind * DAY, kind) for kind in range(62)),
        *(anonymous(kind % 4, None, kind * DAY, kind) for kind in range(62)),
        in_any=tuple(kind % 5 > 0 for kind in range(62)),
    ),
    "a crowd of ten thousand": world(anonymous(10_000, 0), anonymous(7_000, 1, DAY), anonymous(10, 0, 8 * DAY), by(0)),
}


@pytest.mark.parametrize("name", HARD)
def test_the_hard_cases_agree_with_the_slow_twin(name: str) -> None:
    agree(HARD[name])


@settings(deadline=None, max_examples=40)
@given(worlds(most_people=6))
def test_any_number_of_threads_gives_the_same_bits(drawn: World) -> None:
    alone = folded(drawn)
    for threads in (2, 3, 9):
        together = folded(drawn, threads)
        assert together.values.tobytes() == alone.values.tobytes()
        assert together.people.tobytes() == alone.people.tobytes()


@settings(deadline=None, max_examples=40)
@given(worlds(most_people=4))
def test_a_person_counts_the_same_in_any_company(drawn: World) -> None:
    together = folded(drawn)
    for person in range(drawn.people):
        rows = tuple(attrs.evolve(row, person=0) for row in drawn.rows if row.person == person)
        alone = folded(attrs.evolve(drawn, rows=rows, people=1))
        assert alone.values[0].tobytes() == together.values[person].tobytes()


def test_more_than_62_kinds_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 62 kinds in a network, found 63"):
        folded(world(in_any=(True,) * 63))

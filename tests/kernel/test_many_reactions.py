"""Counts as large as networks tell them: a million, a billion, a trillion."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kleos.contract import AGGREGATIONS
from slow_twins.arrays import folded
from slow_twins.world import Reaction, World

DAY = 86_400_000_000
WINDOW = 90 * DAY


def values(*rows: Reaction, q: tuple[float, ...] = (0.5,), in_any: tuple[bool, ...] = (True,)) -> dict[str, float]:
    """Return what one person has in `any`."""
    found = folded(World(rows=rows, people=1, in_any=in_any, q=q, given=(0.0,) * len(q), window=WINDOW, attention=1.0))
    return dict(zip(AGGREGATIONS, found.values[0, -1].tolist(), strict=True))


@pytest.mark.parametrize("number", [10**6, 10**12])
def test_a_crowd_on_one_item_is_that_many_people_who_came_once(number: int) -> None:
    assert values(Reaction(0, 0, None, 0, 30 * DAY, number)) == pytest.approx(
        {
            "count": number,
            "acts": number,
            "actors": number,
            "saturated": number * math.log(2),
            "decayed": number / 2,
            "recent": number * 2 ** (-16 / 3),
            "prestige": number / 2,
            "share_of_attention": number / 2,
            "returning": 0,
            "days": 1,
            "actor_days": number,
            "items": 1,
            "peak": number,
            "h_index": 1,
        },
        rel=1e-12,
    )


def test_two_crowds_are_the_same_people() -> None:
    found = values(Reaction(0, 0, None, 0, 0, 10**12), Reaction(0, 0, None, 1, 8 * DAY, 10**6))
    assert found["actors"] == 10**12
    assert found["count"] == found["acts"] == found["actor_days"] == 10**12 + 10**6
    assert found["returning"] == 10**6
    assert found["h_index"] == 2


def test_one_actor_with_two_billion_reactions_is_one_actor() -> None:
    found = values(Reaction(0, 0, 0, 0, 0, 2**31))
    assert found["count"] == 2**31
    assert found["actors"] == found["acts"] == found["peak"] == found["days"] == 1
    assert found["saturated"] == pytest.approx(math.log1p(2**31), rel=1e-8)


def test_what_a_row_of_a_named_actor_stands_for_is_cut_at_two_billion() -> None:
    assert values(Reaction(0, 0, 0, 0, 0, 10**12)) == values(Reaction(0, 0, 0, 0, 0, 2**31))


@pytest.mark.parametrize("rows", [2, 3, 9])
@pytest.mark.parametrize("q", [0.001, 0.5, 1.0])
def test_named_reactions_saturate_and_never_turn_round(rows: int, q: float) -> None:
    found = values(*(Reaction(0, 0, 0, item, 0, 2**31) for item in range(rows)), q=(q,))
    assert found["count"] == pytest.approx(min(rows * 2**31 * q / 0.5, 2**32), rel=1e-6)


def test_a_very_influential_actor_beside_an_unknown_of_little_influence_saturates_as_well() -> None:
    world = World(rows=(Reaction(0, 0, 0, 0, 0, 2**31),), people=1, in_any=(True,), q=(1.0,), given=(0.0,), window=WINDOW, unknown=0.01)
    assert folded(world).values[0, -1, 0] == pytest.approx(2**32)


def test_a_replicate_that_draws_an_actor_nine_times_saturates_as_well() -> None:
    rows = tuple(Reaction(0, 0, 0, item, 0, 2**31) for item in range(3))
    world = World(rows=rows, people=1, in_any=(True,), q=(1.0,), given=(0.0,), window=WINDOW, drawn=(9,))
    assert folded(world).values[0, -1, 0] == pytest.approx(2**32)


def test_many_anonymous_reactions_to_many_items_have_a_large_h_index() -> None:
    found = values(*(Reaction(0, 0, None, item, 0, 1_000) for item in range(300)))
    assert found["h_index"] == 300
    assert found["peak"] == 1_000
    assert found["items"] == 300
    assert found["acts"] == 300_000


def test_values_are_finite_and_never_below_nothing() -> None:
    rows = (Reaction(0, 0, None, 0, WINDOW, 10**15), Reaction(0, 1, None, None, 0, 10**15), Reaction(0, 1, 0, None, 0, 10**15))
    found = np.array(list(values(*rows, in_any=(True, True)).values()))
    assert np.all(np.isfinite(found))
    assert np.all(found >= 0)

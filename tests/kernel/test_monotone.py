"""One more reaction never lowers anything, for a frozen table of the actors' influence."""

from __future__ import annotations

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.contract import AGGREGATIONS
from slow_twins.arrays import folded
from slow_twins.world import Reaction, World
from slow_twins.worlds import reactions, worlds


def never_lower(before: World, more: Reaction) -> None:
    after = attrs.evolve(before, rows=(*before.rows, more))
    gained = folded(after).values - folded(before).values
    assert gained.min() >= -1e-9, lost(gained, more)
    others = np.arange(before.people) != more.person
    assert not gained[others].any(), "a reaction to one person changed another's factors"


def lost(gained: np.ndarray, more: Reaction) -> str:
    person, slot, place = np.unravel_index(gained.argmin(), gained.shape)
    return f"{AGGREGATIONS[place]} of slot {slot} fell by {-gained[person, slot, place]} after {more}"


@settings(deadline=None, max_examples=150)
@given(st.data(), worlds(most_people=2))
def test_one_more_reaction_never_lowers_a_factor(data: st.DataObject, before: World) -> None:
    never_lower(before, data.draw(reactions(before)))


@settings(deadline=None, max_examples=60)
@given(st.data(), worlds(most_people=1, most_actors=1, most_rows=24))
def test_one_more_anonymous_reaction_never_lowers_a_factor(data: st.DataObject, before: World) -> None:
    never_lower(before, attrs.evolve(data.draw(reactions(before)), actor=None, reactions=1))


@pytest.mark.parametrize("given_away", [0.0, 1.0, 5.0, 50.0])
@pytest.mark.parametrize("kind", [0, 1, 2])
def test_a_reaction_of_another_kind_to_the_same_person_never_lowers_the_share_of_attention(kind: int, given_away: float) -> None:
    before = World(
        rows=(Reaction(0, 0, 0, 0, 10, 2), Reaction(0, 1, 0, 0, 10, 2)),
        people=1,
        in_any=(True, True, False),
        q=(0.8,),
        given=(given_away,),
        window=90,
    )
    never_lower(before, Reaction(0, kind, 0, 3, 80, 3))


def test_an_actor_who_reacts_to_everybody_gives_less_to_each() -> None:
    def share(gave: float) -> float:
        world = World(rows=(Reaction(0, 0, 0, 0, 0),), people=1, in_any=(True,), q=(0.5,), given=(gave,), window=90)
        return float(folded(world).values[0, -1, AGGREGATIONS.index("share_of_attention")])

    assert share(1.0) == 1.0
    assert share(2.0) == 0.5
    assert share(1_000.0) == pytest.approx(0.001)

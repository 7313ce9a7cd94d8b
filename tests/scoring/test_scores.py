"""The promises that scoring keeps by itself, on small tables of reactions."""

from __future__ import annotations

import random

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.scoring.influence import table_digest
from slow_twins.small import BIRDSONG, CAFE, DAY, WINDOW
from slow_twins.tables import AS_OF, Row, likes, rows, run, shuffled

tables = st.lists(rows(), max_size=20)


@settings(deadline=None, max_examples=25)
@given(tables)
def test_scores_lie_between_1_and_100(drawn: list[Row]) -> None:
    assert all(1.0 <= score < 100.0 for score in run(drawn).score)


def test_nobody_reacted_means_exactly_1() -> None:
    assert run([]).score == [1.0, 1.0]
    assert run([], networks=()).score == [1.0, 1.0]
    assert run(likes(5), people=("bob",)).score == [1.0]


def test_a_score_of_a_trillion_reactions_is_still_below_100() -> None:
    assert 90.0 < run([Row(item=f"{i}", count=10**12) for i in range(50)]).score[0] < 100.0


def test_absurd_counts_on_many_items_do_not_turn_the_score_round() -> None:
    assert 90.0 < run([Row(item=f"{i}", count=2**62) for i in range(10_000)], networks=(BIRDSONG,)).score[0] < 100.0


@settings(deadline=None, max_examples=15)
@given(tables, st.lists(rows(), max_size=5))
def test_views_follows_strangers_and_rows_outside_the_window_change_nothing(drawn: list[Row], more: list[Row]) -> None:
    idle = [attrs.evolve(row, network="birdsong", kind=kind) for row, kind in zip(more, ("glance", "nest") * 3, strict=False)]
    idle += [attrs.evolve(row, person="stranger") for row in more]
    idle += [attrs.evolve(row, time=time) for row in more for time in (AS_OF + 1, AS_OF - WINDOW - 1)]
    assert run(drawn + idle).bits() == run(drawn).bits()


@settings(deadline=None, max_examples=40)
@given(tables, rows())
def test_one_more_reaction_never_lowers_a_score(drawn: list[Row], more: Row) -> None:
    before, after = run(drawn), run([*drawn, more])
    for was, now in zip(before.score, after.score, strict=True):
        assert now >= was - 1e-9
    if more.person == "ada":
        assert after.score[1] == before.score[1]


@settings(deadline=None, max_examples=20)
@given(st.lists(rows(), max_size=12))
def test_one_more_network_never_lowers_a_score(drawn: list[Row]) -> None:
    both = run(drawn).score
    for network in (BIRDSONG, CAFE):
        for alone, together in zip(run(drawn, networks=(network,)).score, both, strict=True):
            assert together >= alone - 1e-9
    assert run(drawn, networks=(CAFE, BIRDSONG)).score == pytest.approx(both, abs=1e-9)


@settings(deadline=None, max_examples=20)
@given(tables, st.randoms(use_true_random=False))
def test_order_splitting_and_threads_change_no_bit(drawn: list[Row], rng: random.Random) -> None:
    plain = run(drawn)
    split = [attrs.evolve(row, count=1) for row in drawn for _ in range(row.count)]
    for other in (rng.sample(drawn, len(drawn)), rng.sample(split, len(split))):
        again = run(other, threads=2)
        assert again.bits() == plain.bits()
        assert table_digest(list(again.tables)) == table_digest(list(plain.tables))


@settings(deadline=None, max_examples=15)
@given(tables)
def test_a_roster_never_changes_a_members_score(drawn: list[Row]) -> None:
    together = run(drawn, people=("bob", "stranger", "ada")).score
    assert [together[2], together[0]] == run(drawn).score


def test_the_order_of_names_in_a_roster_changes_no_bit() -> None:
    drawn = likes(7) + likes(3, person="bob")
    assert run(drawn, people=("bob", "ada")).score == run(shuffled(drawn)).score[::-1]


def test_a_like_from_20000_followers_beats_one_from_20() -> None:
    def score_of(actor: str) -> float:
        return run([Row(actor=actor, item="x")]).score[0]

    assert score_of("loud") > score_of("someone unknown") > score_of("quiet") > score_of("alone") > 1.0


def test_a_hundred_reactions_by_a_hundred_people_beat_a_hundred_by_one() -> None:
    by_many = likes(100)
    by_one = [attrs.evolve(row, actor="fan 0") for row in by_many]
    crowd, fan = run(by_many).score[0], run(by_one).score[0]
    assert crowd > fan + 5.0
    assert run([Row(item="x", count=100)]).score[0] > run([Row(actor="fan", item="x", count=100)]).score[0]


def test_an_untimed_reaction_lies_in_the_middle_of_the_window() -> None:
    middle = AS_OF - WINDOW // 2
    assert run([Row(actor="eve", item="x", time=None)]).bits() == run([Row(actor="eve", item="x", time=middle)]).bits()
    assert run([Row(item="x", time=None, count=9)]).bits() == run([Row(item="x", time=middle, count=9)]).bits()


def test_an_age_is_taken_from_the_best_time_there_is() -> None:
    then = AS_OF - 3 * DAY
    timed = run([Row(actor="eve", item="x", time=then)]).bits()
    assert run([Row(actor="eve", item="x", time=then, item_time=AS_OF, captured=AS_OF)]).bits() == timed
    assert run([Row(actor="eve", item="x", time=None, item_time=then, captured=AS_OF)]).bits() == timed
    assert run([Row(actor="eve", item="x", time=None, captured=then)]).bits() == timed

"""The attention graph and its fixpoint, against the slow twin and by hand."""

from __future__ import annotations

import random
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kleos.kernel import attention
from kleos.kernel.attention import Graph, build, pull
from kleos.kernel.settle import Leaders, Settled, settle
from slow_twins import attention as twin
from slow_twins.attention import Web, webs

CLOSE = 3e-7
"""Weights and shares are kept as float32."""
BORDERS = (0, 1, 32_767, 32_768, 65_535, 65_536, 65_999)
"""People on both sides of the borders of blocks."""


def graph(web: Web, *, threads: int = 1, dtype: type = np.float64) -> Graph:
    """Build a web; as many parts as there are edges, so that every way of cutting them is met."""
    columns = list(zip(*web.edges, strict=True)) or [(), (), ()]
    source, target = (np.array(column, dtype=np.uint32) for column in columns[:2])
    with mock.patch.object(attention, "SMALL", 1):
        return build(source, target, np.array(columns[2], dtype=dtype), web.people, threads=threads)


def settled(web: Web, *, threads: int = 1, **options: object) -> Settled:
    with mock.patch.object(attention, "SMALL", 1):
        return settle(graph(web, threads=threads), threads=threads, **options)  # type: ignore[arg-type]  # options as the tests name them


def pulled(web: Web, u: list[float], *, threads: int = 1) -> NDArray[np.float64]:
    with mock.patch.object(attention, "SMALL", 1):
        return pull(graph(web, threads=threads), np.array(u, dtype=np.float64), threads=threads)


def agree(web: Web, u: list[float]) -> None:
    expected = twin.pull(web, u)
    assert pulled(web, u).tolist() == pytest.approx(expected, rel=CLOSE, abs=1e-15 * (1 + sum(expected)))


apiece = st.lists(st.floats(0, 100), min_size=7, max_size=7)


@settings(deadline=None, max_examples=100)
@given(webs(), apiece)
def test_a_pull_is_that_of_the_slow_twin(web: Web, u: list[float]) -> None:
    agree(web, u[: web.people])


@settings(deadline=None, max_examples=10)
@given(webs(BORDERS), apiece)
def test_people_of_different_blocks_are_told_apart(web: Web, u: list[float]) -> None:
    spread = [0.0] * web.people
    for person, value in zip(BORDERS, u, strict=True):
        spread[person] = value
    expected = twin.pull(web, spread)
    found = pulled(web, spread).tolist()
    together = pulled(web, spread, threads=3).tolist()
    assert [found[person] for person in BORDERS] == pytest.approx([expected[person] for person in BORDERS], rel=CLOSE, abs=1e-12)
    assert sum(found) == pytest.approx(sum(expected), rel=CLOSE)
    assert together == found


@settings(deadline=None, max_examples=60)
@given(webs())
def test_what_people_give_is_added_up_without_what_they_give_themselves(web: Web) -> None:
    assert graph(web).given.tolist() == pytest.approx(web.given, rel=CLOSE)


@settings(deadline=None, max_examples=100)
@given(webs(), st.sampled_from((0.0, 0.5, 0.85, 1.0)), st.integers(0, 9))
def test_every_round_is_that_of_the_slow_twin(web: Web, damping: float, rounds: int) -> None:
    found = settled(web, damping=damping, rounds=rounds)
    assert found.rounds == rounds
    assert not found.still
    assert found.weight.tolist() == pytest.approx(twin.settle(web, damping, rounds)[-1], rel=1e-6)


@settings(deadline=None, max_examples=60)
@given(webs())
def test_no_influence_is_lost_or_made(web: Web) -> None:
    assert settled(web, rounds=30).weight.sum() == pytest.approx(web.people, rel=1e-6)


@settings(deadline=None, max_examples=60)
@given(webs(), apiece, st.randoms(use_true_random=False))
def test_shuffled_edges_and_any_number_of_threads_give_the_same_bits(web: Web, u: list[float], dice: random.Random) -> None:
    u = u[: web.people]
    edges = list(web.edges)
    dice.shuffle(edges)
    shuffled = Web(web.people, edges)
    alone, fixpoint = pulled(web, u).tobytes(), settled(web, rounds=5).weight.tobytes()
    for threads in (1, 2, 3):
        assert pulled(shuffled, u, threads=threads).tobytes() == alone
        assert settled(shuffled, rounds=5, threads=threads).weight.tobytes() == fixpoint


@pytest.mark.parametrize("seed", range(5))
def test_weights_of_very_different_size_give_the_same_bits_in_any_order(seed: int) -> None:
    edges = [(0, 1 + n % 3, 10.0**n) for n in range(-18, 19)]
    shuffled = random.Random(seed).sample(edges, len(edges))
    assert graph(Web(4, shuffled), threads=3).given.tobytes() == graph(Web(4, edges)).given.tobytes()
    assert pulled(Web(4, shuffled), [1.0] * 4, threads=3).tobytes() == pulled(Web(4, edges), [1.0] * 4).tobytes()


HARD = {
    "nobody": Web(0, ()),
    "one person": Web(1, ()),
    "one person who reacts to themselves": Web(1, ((0, 0, 3.0),)),
    "no edge": Web(5, ()),
    "only edges that weigh nothing": Web(3, ((0, 1, 0.0), (1, 2, 0.0))),
    "one edge": Web(2, ((0, 1, 1.0),)),
    "the same edge a thousand times": Web(3, ((0, 1, 1.0),) * 1_000),
    "a ring": Web(4, tuple((n, (n + 1) % 4, 2.0) for n in range(4))),
    "two parts that know nothing of each other": Web(6, ((0, 1, 1.0), (1, 0, 1.0), (2, 3, 1.0), (3, 4, 1.0), (4, 2, 9.0))),
    "everybody reacts to one, who reacts to nobody": Web(9, tuple((n, 0, 1.0) for n in range(1, 9))),
    "one reacts to everybody": Web(9, tuple((0, n, float(n)) for n in range(9))),
}


@pytest.mark.parametrize("name", HARD)
@pytest.mark.parametrize("threads", [1, 2])
def test_the_hard_cases_agree_with_the_slow_twin(name: str, threads: int) -> None:
    web = HARD[name]
    found = settled(web, rounds=12, threads=threads).weight.tolist()
    assert found == pytest.approx(twin.settle(web, 0.85, 12)[-1], rel=1e-6)
    agree(web, [float(person) for person in range(web.people)])


def test_who_is_reacted_to_by_the_only_other_has_the_influence_that_one_computes_by_hand() -> None:
    # b = 0.15 + 0.85 (a + b / 2) and a + b = 2, since b gives nothing and it is shared among both.
    found = settled(HARD["one edge"], tolerance=1e-9)
    assert found.weight.tolist() == pytest.approx([2 - 1.85 / 1.425, 1.85 / 1.425], rel=1e-6)
    assert found.still
    assert found.change <= 1e-9


def test_in_a_ring_all_are_equal() -> None:
    assert settled(HARD["a ring"], tolerance=1e-12).weight.tolist() == [1.0] * 4


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
def test_counts_are_the_same_in_any_type(dtype: type) -> None:
    web = Web(4, ((0, 1, 3.0), (0, 2, 1.0), (1, 2, 2.0), (3, 0, 16_777_216.0)))
    assert graph(web, dtype=dtype).given.tolist() == [4.0, 2.0, 0.0, 16_777_216.0]


def test_without_weights_every_edge_weighs_one() -> None:
    source, target = np.array([0, 0, 0, 1, 1], dtype=np.uint32), np.array([1, 1, 2, 0, 1], dtype=np.uint32)
    plain = build(source, target, np.zeros(0), 3)
    weighted = build(source, target, np.ones(5), 3)
    assert plain.given.tolist() == weighted.given.tolist() == [3.0, 1.0, 0.0]
    assert settle(plain, rounds=5).weight.tobytes() == settle(weighted, rounds=5).weight.tobytes()


@settings(deadline=None, max_examples=40)
@given(webs(), apiece)
def test_a_start_is_stretched_and_goes_the_way_of_the_slow_twin(web: Web, start: list[float]) -> None:
    warm = [one + 0.5 for one in start[: web.people]]
    before = np.array(warm)
    found = settled(web, rounds=2, start=before)
    assert found.weight.tolist() == pytest.approx(twin.settle(web, 0.85, 2, warm)[-1], rel=1e-6)
    assert before.tolist() == warm


def test_a_warm_start_arrives_sooner_at_the_same_place() -> None:
    web = HARD["two parts that know nothing of each other"]
    cold = settled(web, tolerance=1e-6)
    warm = settled(web, tolerance=1e-6, start=cold.weight)
    assert warm.rounds <= 2 < cold.rounds
    assert warm.weight.tolist() == pytest.approx(cold.weight.tolist(), rel=1e-5)


@settings(deadline=None, max_examples=40)
@given(webs(), st.integers(1, 8), st.integers(1, 3))
def test_rounds_end_when_the_order_of_the_leaders_stands_still(web: Web, top: int, still: int) -> None:
    found = settled(web, damping=0.5, leaders=Leaders(top, still), rounds=40)
    orders = [twin.leaders(settled(web, damping=0.5, rounds=made).weight.tolist(), top) for made in range(1, found.rounds + 1)]
    assert found.still
    assert all(order == orders[-1] for order in orders[-still - 1 :])
    assert len(orders) == still + 1 or orders[-still - 2] != orders[-1]


@settings(deadline=None, max_examples=40)
@given(webs(), st.integers(0, 5))
def test_a_table_makes_the_next_influence_of_attention(web: Web, rounds: int) -> None:
    found = settled(web, rounds=rounds, table=lambda x: np.minimum(np.sqrt(x), 1.2))
    assert found.weight.tolist() == pytest.approx(twin.settle(web, 0.85, rounds, table=lambda x: min(x**0.5, 1.2))[-1], rel=1e-6)


def test_a_table_of_zeros_ends_all_influence_and_fails_nothing() -> None:
    found = settled(HARD["one edge"], damping=1.0, rounds=3, table=np.zeros_like)
    assert found.weight.tolist() == [0.0, 0.0]
    assert found.change == 0.0


def test_what_a_table_returns_is_not_written_over() -> None:
    fixed = np.array([1.0, 2.0])
    settled(HARD["one edge"], rounds=5, table=lambda _: fixed)
    assert fixed.tolist() == [1.0, 2.0]


EDGE = np.array([0], dtype=np.uint32)


@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf"), 1e-20, 1e20])
def test_an_edge_with_a_weight_out_of_range_is_named(weight: float) -> None:
    with pytest.raises(ValueError, match=r"found 0 → 1 with weight .* at edge 1"):
        build(np.array([1, 0], dtype=np.uint32), np.array([0, 1], dtype=np.uint32), np.array([1.0, weight]), 2)


def test_an_edge_to_nobody_is_named() -> None:
    with pytest.raises(ValueError, match=r"people below 2 .*, found 0 → 2 with weight 1 at edge 0"):
        build(EDGE, EDGE + np.uint32(2), np.zeros(0), 2)


def test_ends_of_another_type_or_length_are_refused() -> None:
    with pytest.raises(ValueError, match="as uint32, found int64 and uint32"):
        build(EDGE.astype(np.int64), EDGE, np.zeros(0), 2)
    with pytest.raises(ValueError, match=r"as sources \(1\), found 0 and 0"):
        build(EDGE, EDGE[:0], np.zeros(0), 2)
    with pytest.raises(ValueError, match=r"as sources \(1\), found 1 and 2"):
        build(EDGE, EDGE, np.ones(2), 2)


@pytest.mark.parametrize("u", [[1.0], [1.0, -1.0], [1.0, float("nan")], [float("inf"), 1.0]])
def test_a_pull_of_something_else_than_influence_is_refused(u: list[float]) -> None:
    with pytest.raises(ValueError, match="expected 2 numbers from 0"):
        pulled(HARD["one edge"], u)


@pytest.mark.parametrize("least", [5e-324, 2.3e-308, 1e-30, 1e18])
def test_the_smallest_and_the_largest_influence_can_be_pulled(least: float) -> None:
    assert pulled(HARD["one edge"], [least, 0.0]).tolist() == pytest.approx([0.0, least], rel=CLOSE, abs=1e-300)


def test_rounds_that_cannot_be_made_are_refused() -> None:
    for options in ({"damping": 1.1}, {"damping": float("nan")}, {"rounds": -1}):
        with pytest.raises(ValueError, match="expected a damping from 0 to 1"):
            settled(HARD["one edge"], **options)
    with pytest.raises(ValueError, match="from the start 2 numbers"):
        settled(HARD["one edge"], start=np.ones(3))
    with pytest.raises(ValueError, match="only zeros"):
        settled(HARD["one edge"], start=np.zeros(2))
    with pytest.raises(ValueError, match="from the table 2 numbers"):
        settled(HARD["one edge"], table=lambda x: -x)

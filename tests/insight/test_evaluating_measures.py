"""Measures of agreement, against twins that are slow and obviously right."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.insight.evaluating.measures import kendall, ndcg_at, pair_accuracy, pair_auc, spearman

COLUMNS = st.integers(2, 9).flatmap(lambda size: st.tuples(*(st.lists(st.integers(0, 5), min_size=size, max_size=size) for _ in range(2))))


def ranks(values: list[int]) -> list[float]:
    """Return everybody's rank: those below, and half of their equals."""
    return [sum(other < value for other in values) + (values.count(value) + 1) / 2 for value in values]


def correlation(a: list[float], b: list[float]) -> float:
    mean_a, mean_b = sum(a) / len(a), sum(b) / len(b)
    over = sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b, strict=True))
    return over / math.sqrt(sum((x - mean_a) ** 2 for x in a) * sum((y - mean_b) ** 2 for y in b))


def tau(a: list[int], b: list[int]) -> float:
    """Return τ-b by its definition (Kendall 1945)."""
    pairs = list(itertools.combinations(range(len(a)), 2))
    signs = [(np.sign(a[i] - a[j]), np.sign(b[i] - b[j])) for i, j in pairs]
    return sum(x * y for x, y in signs) / math.sqrt(sum(x != 0 for x, _ in signs) * sum(y != 0 for _, y in signs))


def dcg(outcome: list[int], order: tuple[int, ...], k: int) -> float:
    return sum(math.log(1 + outcome[i]) / math.log2(2 + rank) for rank, i in enumerate(order[:k]))


@settings(max_examples=40, deadline=None)
@given(COLUMNS)
def test_rank_correlations_are_what_their_definitions_say(columns: tuple[list[int], list[int]]) -> None:
    a, b = columns
    found = spearman(np.array(a), np.array(b)), kendall(np.array(a), np.array(b))
    if len(set(a)) == 1 or len(set(b)) == 1:
        assert all(map(math.isnan, found))
    else:
        assert found == pytest.approx((correlation(ranks(a), ranks(b)), tau(a, b)), abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(COLUMNS, st.integers(1, 4))
def test_ndcg_is_the_mean_over_all_orders_of_those_of_equal_score(columns: tuple[list[int], list[int]], k: int) -> None:
    scores, outcome = columns[0][:5], columns[1][:5]
    found = ndcg_at(np.array(scores), np.array(outcome), k)
    if not any(outcome):
        assert math.isnan(found)
        return
    everybody = range(len(scores))
    sorted_ways = [way for way in itertools.permutations(everybody) if all(scores[i] >= scores[j] for i, j in itertools.pairwise(way))]
    best = dcg(outcome, tuple(sorted(everybody, key=lambda i: -outcome[i])), k)
    assert found == pytest.approx(sum(dcg(outcome, way, k) for way in sorted_ways) / len(sorted_ways) / best, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(-3, 3), st.booleans()), min_size=1, max_size=12))
def test_the_area_is_the_share_of_chosen_and_unchosen_pairs_in_the_right_order(rows: list[tuple[int, bool]]) -> None:
    difference, chosen = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    duels = [(x > y) + (x == y) / 2 for x in difference[chosen] for y in difference[~chosen]]
    found = pair_auc(difference, chosen)
    assert math.isnan(found) if not duels else found == pytest.approx(sum(duels) / len(duels), abs=1e-12)
    right = [1.0 if (d > 0) == c and d != 0 else 0.5 if d == 0 else 0.0 for d, c in rows]
    assert pair_accuracy(difference, chosen) == pytest.approx(sum(right) / len(right))


def test_of_nobody_nothing_is_told() -> None:
    nobody = np.zeros(0)
    assert all(math.isnan(measure(nobody, nobody)) for measure in (spearman, kendall, ndcg_at))
    assert math.isnan(pair_auc(nobody, np.zeros(0, dtype=np.bool_)))
    assert math.isnan(pair_accuracy(nobody, np.zeros(0, dtype=np.bool_)))


def test_only_the_first_hundred_matter_to_the_head() -> None:
    scores, outcome = np.arange(1_000.0), np.arange(1_000)
    assert ndcg_at(scores, outcome) == pytest.approx(1.0)
    shuffled = np.concatenate([scores[:900][::-1], scores[900:]])
    assert ndcg_at(shuffled, outcome) == pytest.approx(1.0)
    assert ndcg_at(-scores, outcome) < 0.7

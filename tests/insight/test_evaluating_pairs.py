"""Labelled pairs: tables of two forms, folds without a common account, the ceiling, and what is judged."""

from __future__ import annotations

import csv
import math
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.errors import ExportError, NoDataError, UsageError
from kleos.insight.evaluating.ceiling import ceiling
from kleos.insight.evaluating.features import parse_features, strength_of, values_of
from kleos.insight.evaluating.folds import account_folds
from kleos.insight.evaluating.judging import find, pairs_by_features, pairs_by_scores
from kleos.insight.evaluating.labelled import Labelled, read_labelled
from kleos.insight.evaluating.measures import pair_accuracy, pair_auc
from kleos.insight.evaluating.pairs import FITTED
from kleos.plugins import load
from kleos.scoring.model import Weight, load_model
from kleos.scoring.resolved import Resolved, resolve_model
from kleos.scoring.result import ModelId

MODEL = ModelId(name="kleos", version="1", digest="0" * 64)


def table(path: Path, names: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def shipped() -> Resolved:
    model = load_model()
    return resolve_model(model, load(networks=(), metrics=tuple(model.metrics), emit=lambda event: None).metrics)


def judged_by_strength(path: Path, *, pairs: int = 600, accounts: int = 60, seed: int = 5) -> Path:
    """Write pairs of features: whoever has the larger 2 log(1 + likes) + log(1 + replies) is chosen, 9 times of 10."""
    dice = random.Random(seed)
    people = [(dice.paretovariate(0.6), dice.paretovariate(0.6), dice.paretovariate(0.6)) for _ in range(accounts)]
    rows = []
    for _ in range(pairs):
        a, b = dice.sample(people, 2)
        strength = [2 * math.log1p(likes) + math.log1p(replies) for likes, replies, _ in (a, b)]
        first = (strength[0] > strength[1]) == (dice.random() < 0.9)
        rows.append([int(first), *a, *b])
    return table(path, ["Choice", *(f"{side}_{name}" for side in "AB" for name in ("likes", "replies", "posts"))], rows)


def test_a_table_of_accounts_names_them_and_says_who_was_chosen(tmp_path: Path) -> None:
    rows = [["ada", "bob", 1], ["bob", "eve", "B"], [" eve ", "ada", "a"], ["ada", "ada", 1], ["ada", "", 0], ["ada", "bob", "?"]]
    found = read_labelled(table(tmp_path / "pairs.csv", ["a", "b", "choice"], rows))
    assert [(found.accounts[a], found.accounts[b]) for a, b in zip(found.a, found.b, strict=True)] == [
        ("ada", "bob"),
        ("bob", "eve"),
        ("eve", "ada"),
    ]
    assert found.chosen.tolist() == [True, False, True]
    assert (len(found), found.size, found.unusable, found.features) == (3, 3, 3, {})


def test_in_a_table_of_features_an_account_is_told_by_all_of_them(tmp_path: Path) -> None:
    rows = [[1, 5, 2, 3, 0], [0, 3, 0, 7, 7], [1, 5, 2, 5, 2], [1, "x", 2, 3, 0], [0, -1, 2, 3, 0]]
    found = read_labelled(table(tmp_path / "pairs.csv", ["choice", "A_likes", "A_replies", "B_likes", "B_replies"], rows))
    assert found.b[0] == found.a[1]
    assert (len(found), found.size, found.unusable) == (2, 3, 3)
    assert found.features["likes"].tolist() == [[5, 3], [3, 7]]
    assert found.features["replies"].tolist() == [[2, 0], [0, 7]]


def test_the_same_table_is_the_same_in_every_format(tmp_path: Path) -> None:
    import duckdb

    source = judged_by_strength(tmp_path / "pairs.csv", pairs=30)
    for name, how in (("pairs.parquet", "FORMAT parquet"), ("pairs.ndjson", "FORMAT json")):
        duckdb.sql(f"COPY (FROM '{source}') TO '{tmp_path / name}' ({how})")
    found = [read_labelled(tmp_path / f"pairs.{suffix}") for suffix in ("csv", "parquet", "ndjson")]
    assert all(np.array_equal(one.features["likes"], found[0].features["likes"]) for one in found)
    assert all(np.array_equal(one.chosen, found[0].chosen) for one in found)


@pytest.mark.parametrize(
    ("names", "row", "error", "told"),
    [
        (["a", "b"], ["x", "y"], ExportError, "no column choice"),
        (["left", "right", "choice"], ["x", "y", 1], ExportError, "neither the columns a and b nor any A_… and B_…"),
        (["a", "b", "choice"], ["x", "y", "both"], NoDataError, "none of the 1 rows can be used"),
    ],
)
def test_a_table_that_is_none_of_pairs_is_told_so(
    tmp_path: Path, names: list[str], row: list[object], error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        read_labelled(table(tmp_path / "pairs.csv", names, [row]))


@pytest.mark.parametrize(("name", "told"), [("pairs.csv", "cannot be read as a table"), ("pairs.xlsx", "expected a table")])
def test_a_file_that_is_no_table_is_told_so(tmp_path: Path, name: str, told: str) -> None:
    with pytest.raises(ExportError, match=told):
        read_labelled(tmp_path / name)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).filter(lambda pair: pair[0] != pair[1]), min_size=1, max_size=60),
    st.integers(2, 4),
    st.integers(0, 5),
)
def test_folds_share_no_account_and_are_the_same_for_the_same_seed(pairs: list[tuple[int, int]], folds: int, seed: int) -> None:
    a, b = np.array(pairs, dtype=np.int64).T
    found = list(account_folds(a, b, folds=folds, repeats=2, seed=seed))
    assert len(found) == 2 * folds
    for fold in found:
        train, test = ({*a[mask].tolist(), *b[mask].tolist()} for mask in fold)
        assert not train & test
    for deal in (found[:folds], found[folds:]):
        assert max(sum(fold.test.astype(int) for fold in deal)) <= 1
    again = list(account_folds(a, b, folds=folds, repeats=2, seed=seed))
    assert all(np.array_equal(one.test, other.test) for one, other in zip(found, again, strict=True))


def test_what_is_ahead_of_a_baseline_is_told_fold_by_fold(tmp_path: Path, shipped: Resolved) -> None:
    labelled = read_labelled(judged_by_strength(tmp_path / "pairs.csv"))
    features = {"applause": ("likes",), "conversation": ("replies",)}
    found = pairs_by_features(labelled, features, shipped, against=[("likes", "posts"), ("posts",)])
    assert [(one.name, one.baseline) for one in found.ahead] == [
        (name, baseline) for baseline in ("log likes+posts", "log posts") for name in ("kleos", FITTED)
    ]
    baselines = {one.name: one for one in found.baselines}
    for one in found.ahead:
        way = found.ours if one.name == "kleos" else found.fitted
        assert way is not None
        assert one.gain == pytest.approx(way.fold_auc - baselines[one.baseline].fold_auc)
    assert found.ahead[-1].folds == found.folds, "posts tell nothing here"


def test_without_a_baseline_that_is_asked_for_the_best_is_compared_with(tmp_path: Path, shipped: Resolved) -> None:
    labelled = read_labelled(judged_by_strength(tmp_path / "pairs.csv"))
    found = pairs_by_features(labelled, {"applause": ("likes",)}, shipped)
    assert {one.baseline for one in found.ahead} == {found.best.name}


def test_a_baseline_of_columns_that_are_not_there_is_told(tmp_path: Path, shipped: Resolved) -> None:
    labelled = read_labelled(judged_by_strength(tmp_path / "pairs.csv", pairs=30))
    with pytest.raises(UsageError, match="there is no A_lists in") as raised:
        pairs_by_features(labelled, {"applause": ("likes",)}, shipped, against=[("likes", "lists")])
    assert raised.value.where == "--baseline"


def test_pairs_of_strangers_are_lost_to_no_fold() -> None:
    a = np.arange(0, 200, 2)
    tested = sum(fold.test.astype(int) for fold in account_folds(a, a + 1, folds=3, repeats=1))
    assert np.all(tested == 1)


def wilson(share: float, size: int, z: float = 1.6448536269514722) -> tuple[float, float]:
    """Return the middle and the half width of the 90 % interval of a share (Wilson 1927)."""
    below = 1 + z * z / size
    return (share + z * z / (2 * size)) / below, z / below * math.sqrt(share * (1 - share) / size + z * z / (4 * size * size))


def test_the_ceiling_is_reached_by_who_knows_every_chance() -> None:
    """A uniform chance is the worst case of the bound on the area: there it holds with equality."""
    random_ = np.random.default_rng(1)
    chance = random_.random(40_000)
    judgements = [random_.random(len(chance)) < chance for _ in range(2)]
    pair = np.arange(len(chance), dtype=np.int64)
    found = ceiling(np.tile(2 * pair, 2), np.tile(2 * pair + 1, 2), np.concatenate(judgements))
    assert found.repeated == found.compared == len(chance)
    assert found.agreement == pytest.approx(2 / 3, abs=0.01)
    middle, half = wilson(found.agreement, found.compared)
    assert (found.low, found.high) == pytest.approx((middle - half, middle + half), abs=1e-9)
    assert found.auc == pytest.approx(5 / 6, abs=0.01)
    assert pair_auc(chance - 0.5, judgements[0]) == pytest.approx(found.auc, abs=0.01)
    assert pair_accuracy(chance - 0.5, judgements[0]) == pytest.approx(0.75, abs=0.01)
    assert found.accuracy == pytest.approx((1 + 1 / math.sqrt(3)) / 2, abs=0.01)


def test_a_pair_is_the_same_whichever_stands_first() -> None:
    a, b = np.array([0, 1, 0, 2]), np.array([1, 0, 1, 3])
    found = ceiling(a, b, np.array([True, False, False, True]))
    assert (found.repeated, found.compared, found.agreement) == (1, 3, 1 / 3)
    assert (found.accuracy, found.auc) == (0.5, 0.5)


def test_without_a_repeated_pair_there_is_no_ceiling() -> None:
    found = ceiling(np.array([0]), np.array([1]), np.array([True]))
    assert found.compared == 0
    assert math.isnan(found.auc)


def test_columns_are_taken_for_metrics_and_nothing_else_counts() -> None:
    labelled = Labelled(
        source="x",
        a=np.array([0]),
        b=np.array([1]),
        chosen=np.array([True]),
        accounts=(),
        features={"Likes": np.array([[3.0, 0.0]]), "replies": np.array([[1.0, 7.0]]), "posts": np.array([[99.0, 0.0]])},
        unusable=0,
    )
    mapping = parse_features(["applause=likes", "engaged_reach=likes+replies"])
    values = values_of(labelled, mapping)
    assert {metric: column.tolist() for metric, column in values.items()} == {"applause": [[3, 0]], "engaged_reach": [[4, 7]]}
    weights = {"applause": Weight(weight=2.0, scale=0.5), "engaged_reach": Weight(weight=1.0)}
    assert strength_of(values, weights).tolist() == [[2 * math.log(7) + math.log(5), math.log(8)]]


@pytest.mark.parametrize("text", ["likes", "=likes", "applause=", "applause=likes+"])
def test_a_mapping_that_cannot_be_read_is_told(text: str) -> None:
    with pytest.raises(UsageError, match="expected METRIC=COLUMN"):
        parse_features([text])


def test_unknown_columns_and_metrics_are_told_with_those_that_are_there(tmp_path: Path, shipped: Resolved) -> None:
    labelled = read_labelled(judged_by_strength(tmp_path / "pairs.csv", pairs=5))
    with pytest.raises(UsageError, match="there is no A_fame") as told:
        pairs_by_features(labelled, parse_features(["applause=fame"]), shipped)
    assert "likes, posts, replies" in told.value.hint
    with pytest.raises(UsageError, match="the model has no metric fame"):
        pairs_by_features(labelled, parse_features(["fame=likes"]), shipped)
    with pytest.raises(UsageError, match="not said what the columns"):
        pairs_by_features(labelled, {}, shipped)


def test_the_better_ranking_of_pairs_has_the_larger_area(tmp_path: Path, shipped: Resolved) -> None:
    labelled = read_labelled(judged_by_strength(tmp_path / "pairs.csv"))
    found = pairs_by_features(labelled, parse_features(["applause=likes", "conversation=replies"]), shipped)
    areas = {one.name: one.auc for one in found.baselines}
    assert found.ours.auc > areas["log likes"] > areas["log replies"] > areas["log posts"]
    assert areas["log posts"] == pytest.approx(0.5, abs=0.1)
    assert "log likes+replies" in areas
    assert found.best.name in ("log likes", "log likes+replies")
    assert found.fitted is not None
    assert found.fitted.name == FITTED
    assert found.fitted.fold_auc >= found.ours.fold_auc - 0.02
    assert math.isnan(found.fitted.auc)
    assert found.folds == 15


def test_everything_is_the_same_for_the_same_seed(tmp_path: Path, shipped: Resolved) -> None:
    labelled = read_labelled(judged_by_strength(tmp_path / "pairs.csv"))
    one, again, other = (pairs_by_features(labelled, {"applause": ["likes"]}, shipped, seed=seed) for seed in (3, 3, 4))
    assert repr(one) == repr(again)  # NaN is not equal to itself
    assert one.ours.fold_auc != other.ours.fold_auc
    assert one.ours.auc == other.ours.auc


def test_accounts_are_judged_by_their_scores_and_strangers_left_out(tmp_path: Path) -> None:
    rows = [["ada", "bob", 1], ["bob", "eve", 1], ["eve", "ada", 0], ["ada", "zoe", 1]]
    labelled = read_labelled(table(tmp_path / "pairs.csv", ["a", "b", "choice"], rows))
    found = find(labelled, {"ada": 2, "bob": 0, "eve": 1}, where="the population")
    result = pairs_by_scores(found, np.array([50.0, 40.0, 60.0]), {"reactions": np.array([3.0, 9.0, 1.0])}, model=MODEL)
    assert (result.pairs, result.unusable, result.ours.accuracy, result.ours.auc) == (3, 1, 1.0, 1.0)
    assert result.baselines[0].accuracy == 0.0
    assert result.folds == 0
    assert math.isnan(result.ours.fold_auc)
    with pytest.raises(NoDataError, match="has both of its accounts in the population") as told:
        find(labelled, {"twitter:ada": 0}, where="the population")
    assert "twitter:ada" in told.value.hint

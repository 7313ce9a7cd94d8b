"""The digits shown never contradict each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kleos.report.digits import percent, points_text, score_tenths, score_text, signed, split_tenths
from kleos.scoring.result import bucket

PARTS = st.lists(st.floats(0, 99, allow_nan=False), min_size=1, max_size=12)


@given(PARTS, st.integers(-4, 5))
def test_shown_points_add_up_to_the_shown_total_and_none_moves_by_a_whole_tenth(parts: list[float], hundredths: int) -> None:
    total = max(0, round(sum(parts) * 10 + hundredths / 10))
    shown = split_tenths(parts, total)
    assert sum(shown) == total
    assert all(tenths >= 0 and abs(tenths - part * 10) <= 1 + 1e-6 for tenths, part in zip(shown, parts, strict=True))


@given(st.floats(1, 99.999999), st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any))
def test_the_points_of_any_score_add_up_to_it_as_shown_less_one(score: float, weights: list[int]) -> None:
    parts = [(score - 1) * weight / sum(weights) for weight in weights]
    assert sum(split_tenths(parts, score_tenths(score) - 10)) == score_tenths(score) - 10


@given(st.floats(1, 99), st.integers(0, 11))
def test_a_part_of_nothing_is_shown_as_nothing(score: float, place: int) -> None:
    parts = [(score - 1) / 11] * 12
    parts[place] = 0.0
    assert split_tenths(parts, score_tenths(score) - 10)[place] == 0


def test_of_equal_remainders_the_earlier_part_gains() -> None:
    assert split_tenths([1.25, 1.25, 1.25, 1.25], 50) == [13, 13, 12, 12]


def test_nothing_to_split_stays_nothing() -> None:
    assert split_tenths([], 0) == []
    assert split_tenths([0.0, 0.0], 0) == [0, 0]


@given(st.floats(1, 100, exclude_max=True))
def test_a_shown_score_stays_in_its_bucket_and_under_100(score: float) -> None:
    shown = score_tenths(score) / 10
    assert 1 <= shown < 100
    assert bucket(shown) == bucket(score)
    assert abs(shown - score) < 0.1


@pytest.mark.parametrize(
    ("score", "shown"), [(1.0, "1.0"), (57.34, "57.3"), (57.36, "57.4"), (59.97, "59.9"), (99.99, "99.9"), (9.96, "9.9")]
)
def test_a_score_has_one_decimal(score: float, shown: str) -> None:
    assert score_text(score) == shown


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0, "0 %"), (71.9, "71 %"), (98.99, "98 %"), (99.3, "99.3 %"), (99.972, "99.97 %"), (99.99999, "99.999 %"), (0.42, "0.4 %")],
)
def test_percentages_are_rounded_down_and_never_say_all_or_nothing_of_a_part(share: float, shown: str) -> None:
    assert percent(share) == shown


def test_the_tiniest_share_is_not_overstated() -> None:
    assert percent(1e-7).startswith("less than")


@given(st.floats(0, 100, exclude_max=True, exclude_min=True))
def test_a_percentage_is_never_shown_as_more_than_it_is(share: float) -> None:
    words = percent(share).removesuffix("%").strip()
    assert words.startswith("less than") or float(words) <= share


@pytest.mark.parametrize(("change", "shown"), [(1.23, "+1.2"), (-3.0, "−3.0"), (0.04, "±0.0"), (-0.04, "±0.0")])
def test_a_change_shows_its_sign(change: float, shown: str) -> None:
    assert signed(change) == shown


def test_tenths_become_one_decimal() -> None:
    assert points_text(563) == "56.3"

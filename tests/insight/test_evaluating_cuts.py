"""Where data are cut: as asked, or by a rule that scales with them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kleos.errors import UsageError
from kleos.insight.evaluating.cuts import Cut, cuts_of, default_cuts, lasting

DAY = 86_400_000_000
FIRST = 1_700_000_000_000_000
FOUR_DAYS = FIRST + 4 * DAY - 1


def test_of_four_days_the_last_is_foretold_from_three_and_so_are_those_before() -> None:
    assert default_cuts(FIRST, FOUR_DAYS) == [Cut(at=FIRST + days * DAY // 2, horizon=DAY) for days in (4, 5, 6)]


def test_of_a_year_in_windows_of_ninety_days_thirty_are_foretold() -> None:
    last = FIRST + 365 * DAY - 1
    assert default_cuts(FIRST, last, 90 * DAY) == [Cut(at=last + 1 - days * DAY, horizon=30 * DAY) for days in (60, 45, 30)]


@given(st.integers(8, 10**15), st.none() | st.integers(8, 10**15))
def test_there_is_a_whole_horizon_after_each_default_cut_and_as_much_before(length: int, window: int | None) -> None:
    for cut in default_cuts(FIRST, FIRST + length - 1, window):
        assert cut.horizon >= 1
        assert FIRST + cut.horizon <= cut.at
        assert cut.at + cut.horizon <= FIRST + length


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("3d", FIRST + 3 * DAY),
        ("2.5d", FIRST + 5 * DAY // 2),
        ("36h", FIRST + 3 * DAY // 2),
        ("75%", FIRST + 3 * DAY),
        ("2023-11-16", 1_700_092_800_000_000),
        ("2023-11-16T18:00:00+02:00", 1_700_092_800_000_000 + 16 * 3_600_000_000),
    ],
)
def test_a_cut_is_a_time_a_length_or_a_share(text: str, at: int) -> None:
    assert cuts_of([text], ["1d"], first=FIRST, last=FOUR_DAYS) == [Cut(at=at, horizon=DAY)]


def test_horizons_are_for_all_cuts_or_one_for_each() -> None:
    both = {"first": FIRST, "last": FOUR_DAYS}
    assert [cut.horizon for cut in cuts_of(["2d", "3d"], ["12h"], **both)] == [DAY // 2, DAY // 2]
    assert [cut.horizon for cut in cuts_of(["2d", "3d"], ["12h", "25%"], **both)] == [DAY // 2, DAY]
    assert [cut.horizon for cut in cuts_of(["3d"], [], **both)] == [DAY]
    assert cuts_of([], ["12h"], **both) == [Cut(at=FIRST + hours * DAY // 24, horizon=DAY // 2) for hours in (72, 78, 84)]


@pytest.mark.parametrize(
    ("cuts", "horizons", "told"),
    [
        (["4d"], [], "expected a cut with reactions before and after it"),
        (["2001-01-01"], [], "expected a cut with reactions before and after it"),
        ([], ["5d"], "expected a cut with reactions before and after it"),
        (["soon"], [], "expected a date or time"),
        (["2d"], ["soon"], "expected a length of time"),
        (["2d"], ["0d"], "above 0"),
        (["1d", "2d", "3d"], ["1d", "2d"], "each of the 3 cuts, found 2"),
        ([], ["1d", "2d"], "2 horizons and no cut"),
    ],
)
def test_what_cannot_be_cut_is_told(cuts: list[str], horizons: list[str], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        cuts_of(cuts, horizons, first=FIRST, last=FOUR_DAYS)


def test_lengths_are_told_in_the_largest_unit_that_fits() -> None:
    assert [lasting(int(days * DAY)) for days in (90, 1, 2.5, 0.5, 1 / 24, 1 / 86_400)] == [
        "90 days",
        "1 day",
        "2.5 days",
        "12 hours",
        "1 hour",
        "1 second",
    ]

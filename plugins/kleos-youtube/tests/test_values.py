"""Times and counts, in every form in which they are written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kleos_youtube.values import BAD, count, moment, seconds

NEW_YEAR_2026 = 1_767_225_600_000_000


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (0, 0), ("0", 0), ("7", 7), (" 12 ", 12), ("1,204", 1204), ("1.204", 1204), ("1 204 567", 1204567), ("1'204", 1204),
        ("1.2K", 1200), ("1,2K", 1200), ("15K", 15_000), ("3.45M", 3_450_000), ("2b", 2_000_000_000), ("1.2 K", 1200),
        (None, None), ("", None), ("--", None), ("None", None), (" ", None),
        (-1, BAD), ("-3", BAD), ("many", BAD), ("1.2", BAD), ("1,20", BAD), ("9" * 40, BAD), (10**13, BAD), ("٣", BAD),
        (True, BAD), (1.5, BAD),
        ("999999B", BAD), ("1.2345K", BAD), ([], BAD),
    ],
)  # fmt: skip
def test_counts_are_read_tolerantly_and_never_guessed(written: Any, meant: int | None) -> None:
    assert count(written) == meant


@given(st.integers(0, 10**12))
def test_any_count_is_read_as_it_is_written(number: int) -> None:
    assert count(number) == count(str(number)) == count(f"{number:,}") == number


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-01-01T00:00:00Z", NEW_YEAR_2026),
        ("2026-01-01T00:00:00.000Z", NEW_YEAR_2026),
        ("2026-01-01T01:00:00+01:00", NEW_YEAR_2026),
        ("2026-01-01T00:00:00", NEW_YEAR_2026),
        (None, None), ("", None),
        ("0000-01-01T00:00:00Z", BAD), ("0001-01-01T00:00:00+14:00", BAD), ("9999-12-31T23:59:59-14:00", BAD),
        ("2004-12-31T23:59:59Z", BAD),
        ("soon", BAD), (7, BAD),
    ],
)  # fmt: skip
def test_moments_are_unix_microseconds(written: Any, meant: int | None) -> None:
    assert moment(written) == meant


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf"), -1, 0, 1e300, 10**400, 7_258_118_400])
def test_seconds_outside_of_youtubes_time_are_no_times(number: float) -> None:
    assert seconds(number) == BAD
    assert seconds(1_767_225_600.5) == NEW_YEAR_2026 + 500_000
    assert seconds(None) is None

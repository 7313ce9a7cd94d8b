from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kleos_foursquare.values import BAD, count, from_microseconds, handle_in, identity, known, moment, to_microseconds

NOON = datetime(2024, 11, 24, 4, 28, 50, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    ["2024-11-24 04:28:50.000000", "2024-11-24 04:28:50", "2024-11-24T05:28:50+01:00", int(NOON.timestamp()), NOON.timestamp()],
)
def test_times_of_the_export_and_of_the_api_are_the_same(written: Any) -> None:
    assert moment(written) == to_microseconds(NOON)


@pytest.mark.parametrize(
    "written",
    ["soon", "0001-01-01 00:00:00+14:00", "9999-12-31 23:59:59-14:00", "1970-01-01 00:00:00", 0, -1, 1e300, float("inf"), float("nan")],
)
def test_absurd_times_are_told_apart_from_missing_ones(written: Any) -> None:
    assert moment(written) == BAD
    assert known(BAD) is moment(None) is moment("") is None


@given(st.text() | st.floats() | st.integers(-(10**20), 10**20))
def test_no_time_breaks_the_reading(written: Any) -> None:
    found = moment(written)
    assert found is None or found == BAD or from_microseconds(found).year >= 2009


@given(st.integers())
def test_a_count_is_from_none_to_a_trillion(number: int) -> None:
    assert count(number) == (number if 0 <= number <= 10**12 else BAD)
    assert count(None) is None


def test_ids_are_texts() -> None:
    assert [identity(one) for one in (314, "314", " 314 ", "", " ", None)] == ["314", "314", "314", None, None, None]


@pytest.mark.parametrize(
    ("address", "handle"),
    [
        ("https://foursquare.com/adamuster", "adamuster"),
        ("http://www.foursquare.com/ada.m-1/list/clay", "ada.m-1"),
        ("https://www.swarmapp.com/adamuster/", "adamuster"),
        ("https://foursquare.com/user/71900042", None),
        ("https://foursquare.com/users", "users"),
        ("https://foursquare.com/", None),
        ("https://example.org/adamuster", None),
        (None, None),
        (7, None),
    ],
)
def test_a_user_name_stands_in_the_address_of_a_profile(address: object, handle: str | None) -> None:
    assert handle_in(address) == handle

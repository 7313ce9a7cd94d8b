"""Texts, times and counts as Facebook writes them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kleos_facebook.values import BAD, count, from_microseconds, moment, name_of, repaired, seconds

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS)
def test_what_an_export_breaks_is_repaired(text: str) -> None:
    assert repaired(text.encode().decode("latin-1")) == text


@given(TEXTS)
def test_repairing_never_fails(text: str) -> None:
    assert isinstance(repaired(text), str)


@pytest.mark.parametrize("right", ["José", "Zoë Ångström", "山田 花子", "ÿ", "naïve café", "Łukasz"])
def test_what_is_right_already_stays(right: str) -> None:
    assert repaired(right) == right


def test_equal_names_are_equal_texts() -> None:
    broken = "Zoë  A\u030angström\u00a0 ".encode().decode("latin-1")
    assert name_of(broken) == name_of("Zoë Ångström") == "Zoë Ångström"
    # The second byte of "à" is the sign that some call a blank.
    assert name_of("Mara Corà Lanza".encode().decode("latin-1")) == "Mara Corà Lanza"


@pytest.mark.parametrize("nothing", [None, "", " \n", 7, ["Cleo"], {"name": "Cleo"}])
def test_what_is_no_name_is_none(nothing: object) -> None:
    assert name_of(nothing) is None


def test_times_are_seconds_and_now_and_then_milliseconds() -> None:
    at = datetime(2026, 10, 2, 16, 20, tzinfo=UTC)
    assert seconds(at.timestamp()) == seconds(int(at.timestamp() * 1000)) == moment("2026-10-02T16:20:00+0000")
    found = seconds(int(at.timestamp()))
    assert found is not None
    assert from_microseconds(found) == at


@pytest.mark.parametrize("strange", [-1, 1, 10**9, 10**12 * 9, 1e300, float("inf"), float("nan"), 10**400])
def test_times_before_facebook_and_after_2199_cannot_be(strange: float) -> None:
    assert seconds(strange) == BAD


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (None, None),
        ("", None),
        ("2026-01-02T03:04:05+0000", 1_767_323_045_000_000),
        ("2026-01-02T05:04:05+02:00", 1_767_323_045_000_000),
        ("2026-01-02T03:04:05", 1_767_323_045_000_000),
        ("1999-01-01T00:00:00+0000", BAD),
        ("soon", BAD),
    ],
)
def test_moments(written: str | None, found: int | None) -> None:
    assert moment(written) == found


@pytest.mark.parametrize(
    ("value", "found"), [(None, None), (0, 0), (12, 12), (-1, BAD), (True, BAD), ("12", BAD), (1.5, BAD), (10**13, BAD)]
)
def test_counts(value: object, found: int | None) -> None:
    assert count(value) == found

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kleos.config import SourceLimits
from kleos.config.quantities import moment
from kleos.config.rules import WrongValueError

Resolve = Callable[..., Any]

PEOPLE = "[people.ada]\n"
DAY = 86_400_000_000


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("90d", 90 * DAY),
        ("96h", 4 * DAY),
        ("345600s", 4 * DAY),
        ("30m", DAY // 48),
        ("13w", 91 * DAY),
        (" 1 d ", DAY),
        ("36500d", 36_500 * DAY),
    ],
)
def test_a_window_is_a_length_of_time(config: Resolve, text: str, microseconds: int) -> None:
    assert config(f'{PEOPLE}[run]\nwindow = "{text}"').run.window == microseconds


@pytest.mark.parametrize(
    "value", ['"0d"', '"-1d"', '"90"', '"1.5d"', '"d"', '"90 days"', '"99999999999999d"', '"٩d"', "90", "true", "[]", '""']
)
def test_anything_else_is_no_length_of_time(problems: Resolve, value: str) -> None:
    (problem,) = problems(f"{PEOPLE}[run]\nwindow = {value}")
    assert problem.where == "run.window"
    assert problem.message.startswith("expected a length of time")


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ('"2GB"', 2 << 30),
        ('"512MB"', 512 << 20),
        ('"1.5kB"', 1536),
        ('"64MiB"', 64 << 20),
        ('"7 B"', 7),
        ('"1TB"', 1 << 40),
        ("4096", 4096),
    ],
)
def test_a_size_is_bytes_or_a_text_with_a_unit(config: Resolve, value: str, size: int) -> None:
    assert config(f"{PEOPLE}[limits]\nline_bytes = {value}").limits.line_bytes == size


@pytest.mark.parametrize("value", ['"2"', '"2XB"', '"-1GB"', '"0GB"', "0", "-5", "1.5", "true", '"999999999TB"', "9223372036854775808"])
def test_anything_else_is_no_size(problems: Resolve, value: str) -> None:
    (problem,) = problems(f"{PEOPLE}[limits]\nline_bytes = {value}")
    assert problem.where == "limits.line_bytes"
    assert problem.message.startswith("expected a size")


@pytest.mark.parametrize(
    ("value", "as_of"),
    [
        ("2026-03-31", datetime(2026, 3, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        ('"2026-03-31"', datetime(2026, 3, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        ("2026-03-31T18:00:00Z", datetime(2026, 3, 31, 18, tzinfo=UTC)),
        ("2026-03-31T18:00:00", datetime(2026, 3, 31, 18, tzinfo=UTC)),
        ("2026-03-31 18:00:00+02:00", datetime(2026, 3, 31, 16, tzinfo=UTC)),
        ('"2026-03-31T18:00:00.25+02:00"', datetime(2026, 3, 31, 16, 0, 0, 250000, tzinfo=UTC)),
        ("9999-12-31", datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
    ],
)
def test_as_of_is_a_time_and_a_date_is_its_last_microsecond(config: Resolve, value: str, as_of: datetime) -> None:
    found = config(f"{PEOPLE}[run]\nas_of = {value}").run.as_of
    assert found == as_of
    assert found.tzinfo is UTC


@pytest.mark.parametrize("value", ['"yesterday"', "18:00:00", "1767225600", "true", '""', "0001-01-01T00:00:00+14:00", "[2026-01-01]"])
def test_anything_else_is_no_time(problems: Resolve, value: str) -> None:
    (problem,) = problems(f"{PEOPLE}[run]\nas_of = {value}")
    assert problem.where == "run.as_of"


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2100, 1, 1)), st.integers(-12 * 60, 14 * 60))  # noqa: DTZ001 - hypothesis wants naive bounds
def test_a_moment_is_the_same_however_it_is_written(naive: datetime, minutes: int) -> None:
    zoned = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert moment(zoned, whole_day=datetime.min.time()) == zoned
    assert moment(zoned.isoformat(), whole_day=datetime.min.time()) == zoned
    assert moment(naive, whole_day=datetime.min.time()) == naive.replace(tzinfo=UTC)


@given(st.text(max_size=40))
def test_any_text_is_a_moment_or_refused(text: str) -> None:
    try:
        found = moment(text, whole_day=datetime.max.time())
    except WrongValueError:
        return
    assert found.tzinfo is UTC


def test_what_one_source_may_give_is_limited(config: Resolve) -> None:
    found = config(f'{PEOPLE}[limits]\nmembers = 7\nsource_rows = 1_000\nsource_bytes = "2MB"\nsource_time = "30m"').source_limits
    assert (found.rows, found.bytes, found.time) == (1000, 2 << 20, 30 * 60 * 1_000_000)
    assert config(f"{PEOPLE}[limits]\nmembers = 7").source_limits == SourceLimits()

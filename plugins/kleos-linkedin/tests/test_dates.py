"""Dates in every form that LinkedIn writes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kleos_linkedin.dates import DAY_FIRST, MONTH_FIRST, Votes, moment

TIMES = st.integers(0, 50_000_000).map(lambda minutes: datetime(2003, 6, 1, tzinfo=UTC) + timedelta(minutes=minutes))


@given(TIMES)
def test_every_form_gives_the_same_minute(time: datetime) -> None:
    for written in ("%Y/%m/%d %H:%M:%S UTC", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y/%m/%d, %I:%M %p"):
        assert moment(time.strftime(written), DAY_FIRST) == time
    for written in ("%m/%d/%y, %I:%M %p", "%m/%d/%Y %H:%M", "%m-%d-%Y, %H.%M"):
        assert moment(time.strftime(written), MONTH_FIRST) == time
    for written in ("%d/%m/%y, %H:%M", "%d.%m.%Y %H:%M:%S", "%d. %m. %Y, %I:%M\u202f%p"):
        assert moment(time.strftime(written), DAY_FIRST) == time


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2021/08/11 11:00:31 UTC", (2021, 8, 11, 11, 0, 31)),
        ("04/15/24, 09:25 PM", (2024, 4, 15, 21, 25)),
        ("4/6/26, 2:12 PM", (2026, 4, 6, 14, 12)),
        ("4/6/26, 12:00 AM", (2026, 4, 6)),
        ("4/6/26, 12:30 p. m.", (2026, 4, 6, 12, 30)),
        ("4/6/26, 1:30 a.m.", (2026, 4, 6, 1, 30)),
        ("\u200f4/6/26", (2026, 4, 6)),
        ("2024-05-01 12:34:56.789", (2024, 5, 1, 12, 34, 56)),
    ],
)
def test_forms_that_were_seen(text: str, time: tuple[int, ...]) -> None:
    assert moment(text, MONTH_FIRST) == datetime(*time, tzinfo=UTC)  # type: ignore[misc,arg-type]  # year, month, day and so on


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "04 Jul 2023",
        "13/13/24",
        "31/02/2024",
        "1/2/3",
        "2024/01/02 25:00:00",
        "1/2/24, 13:00 PM",
        "1/2/24, 0:10 AM",
        "1/1/1999",
        "12345678",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert moment(text, MONTH_FIRST) is None


@given(st.text(max_size=30), st.sampled_from([MONTH_FIRST, DAY_FIRST]))
def test_no_text_raises(text: str, order: str) -> None:
    votes = Votes()
    votes.look([text])
    time = moment(text, order)
    assert time is None or time.tzinfo is UTC


def test_the_order_is_that_of_dates_that_allow_only_one() -> None:
    for texts, order in (
        (["1/2/24", "3/4/24"], MONTH_FIRST),
        (["1/2/24", "13/4/24"], DAY_FIRST),
        (["1/2/24", "4/13/24"], MONTH_FIRST),
        (["1.2.24"], DAY_FIRST),
        (["13/13/24", "2024-13-01", ""], MONTH_FIRST),
    ):
        votes = Votes()
        votes.look(texts)
        assert votes.order == order


def test_a_date_is_compared_with_what_else_is_known_of_it() -> None:
    votes = Votes()
    votes.compare("05/10/2026", datetime(2026, 10, 5, 22, tzinfo=UTC))
    assert votes.order == DAY_FIRST
    votes = Votes()
    votes.compare("05/05/2026", datetime(2026, 5, 5, tzinfo=UTC))
    votes.compare("nothing", datetime(2026, 5, 5, tzinfo=UTC))
    assert votes.order == MONTH_FIRST

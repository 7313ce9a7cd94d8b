"""Twitter's two forms of a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kleos_twitter.times import Times, from_microseconds, microseconds, moment, time_of_id, to_microseconds

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
times = st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9999, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis adds the zone


def classic(time: datetime) -> str:
    return f"Mon {MONTHS[time.month - 1]} {time:%d %H:%M:%S} +0000 {time.year:04}"


def modern(time: datetime) -> str:
    return f"{time.year:04}-{time:%m-%dT%H:%M:%S}.{time.microsecond // 1000:03}Z"


@given(time=times)
def test_both_forms_are_read_in_every_month_and_locale(time: datetime) -> None:
    second = time.replace(microsecond=0)
    assert moment(classic(second)) == second
    millisecond = time.replace(microsecond=time.microsecond // 1000 * 1000)
    assert moment(modern(millisecond)) == millisecond
    assert from_microseconds(to_microseconds(time)) == time


@given(texts=st.lists(st.one_of(st.none(), times.map(classic), times.map(modern), st.text(max_size=30)), min_size=0, max_size=60))
def test_many_times_at_once_are_read_like_one(texts: list[str | None]) -> None:
    expected = [None if (time := moment(text)) is None else to_microseconds(time) for text in texts]
    assert microseconds(texts) == expected


@given(
    st.lists(st.lists(st.one_of(st.none(), times.map(modern))) | st.lists(st.one_of(times.map(classic), st.text(max_size=30))), max_size=6)
)
def test_times_taken_in_parts_are_read_like_one(parts: list[list[str | None]]) -> None:
    several = Times()
    for part in parts:
        several.add(part)
    texts = [text for part in parts for text in part]
    assert several.read() == microseconds(texts)
    assert several.are_there() == [bool(text and not text.startswith("\0")) for text in texts]


@given(data=st.data())
def test_a_text_with_one_wrong_sign_among_many_is_read_like_one(data: st.DataObject) -> None:
    texts = [form(datetime(2026, 1, day, 23, 59, 58, tzinfo=UTC)) for day in range(1, 25) for form in (classic, modern)]
    number = data.draw(st.integers(0, len(texts) - 1))
    place = data.draw(st.integers(0, len(texts[number]) - 1))
    texts[number] = texts[number][:place] + data.draw(st.characters(codec="utf-8")) + texts[number][place + 1 :]
    assert microseconds(texts) == [None if (time := moment(text)) is None else to_microseconds(time) for text in texts]


@pytest.mark.parametrize(
    "text",
    [
        "Fri Mar 06 13:02:05 +0000 0000",
        "Fri Mar 06 13:02:05 +0000 0001",
        "Fri Feb 30 13:02:05 +0000 2026",
        "Fri Mrz 06 13:02:05 +0000 2026",
        "Fri Mar 06 25:02:05 +0000 2026",
        "0000-01-01T00:00:00.000Z",
        "2026-13-01T00:00:00.000Z",
        "9999-12-31T23:59:59-05:00",
        "yesterday",
        "",
        None,
        1772802125,
    ],
)
def test_what_is_no_time_is_none(text: object) -> None:
    assert moment(text) is None


def test_other_zones_and_precisions_are_understood() -> None:
    expected = datetime(2026, 3, 6, 13, 2, 5, tzinfo=UTC)
    for text in ("Fri Mar 06 15:02:05 +0200 2026", "2026-03-06T13:02:05Z", "2026-03-06T13:02:05+00:00", "2026-03-06T08:02:05-05:00"):
        assert moment(text) == expected
    assert expected.astimezone(timezone(timedelta(hours=2))) == expected


def test_an_id_tells_when_it_was_made_since_the_end_of_2010() -> None:
    made = time_of_id("2029905358261502168")  # created_at of that post: Fri Mar 06 13:02:05 +0000 2026
    assert made is not None
    assert from_microseconds(made).replace(microsecond=0) == datetime(2026, 3, 6, 13, 2, 5, tzinfo=UTC)
    for id_ in ("397", "", "x", None, "99999999999999999999", "²"):
        assert time_of_id(id_) is None

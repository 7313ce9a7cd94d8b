"""Reads are paid: the ledger never counts less than X takes, and never more than the limit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kleos.contract import Source

Collect = Callable[..., Any]
ASKED_AHEAD = 0.05 + 0.1
"""The most that two questions of 10 posts, or of 10 accounts, can leave unused."""


@pytest.mark.parametrize("dialect", ["tweets", "posts"])
def test_the_ledger_counts_what_x_takes_and_no_more_than_one_question_beyond(x: Any, collect: Collect, ledger: Any, dialect: str) -> None:
    x.dialect = dialect
    found = collect()
    assert found.error is None
    most = 10 * (0.005 + 2 * 0.010 + 0.005) if dialect == "posts" else ASKED_AHEAD
    assert x.bill <= ledger.used + 1e-9
    assert ledger.used <= x.bill + most


@pytest.mark.parametrize("limit", [0.0, 0.01, 0.06, 0.1, 0.2, 0.3])
def test_nothing_is_asked_that_could_cost_more_than_is_left(x: Any, collect: Collect, ledger: Any, limit: float) -> None:
    found = collect(limit_usd=limit)
    assert ledger.used <= limit + 1e-9
    assert x.bill <= ledger.used + 1e-9
    assert "usd that the configuration allows a month" in found.error.message
    assert "raise limit_usd" in found.error.hint
    asked = len(x.asked)
    if found.pages:
        assert collect(cursor=found.pages[-1].cursor, limit_usd=limit).pages == []
        assert len(x.asked) == asked


def test_a_limit_that_is_raised_goes_on_where_the_money_ended(collect: Collect, ledger: Any) -> None:
    whole = collect()
    ledger.used = 0.0
    first = collect(limit_usd=0.2)
    assert first.error is not None
    rest = collect(cursor=first.pages[-1].cursor, limit_usd=5.0)
    assert rest.error is None
    assert first.reactions + rest.reactions == whole.reactions


def test_what_a_question_did_not_use_pays_for_the_next(x: Any, collect: Collect, ledger: Any) -> None:
    # Three pages of ten mentions are charged as thirty, of which 24 come: the rest pays for what follows.
    collect(ask=("mentions", "posts"))
    assert ledger.used == pytest.approx(0.01 + 3 * 0.05 + (0.05 - 6 * 0.005))
    assert x.bill == pytest.approx(0.01 + 24 * 0.005 + 4 * 0.005)


def test_what_is_left_over_serves_the_next_run_only_if_nobody_has_charged_meanwhile(x: Any, collect: Collect, ledger: Any) -> None:
    first = collect(ask=("mentions",))
    left = ledger.used - x.bill
    assert left == pytest.approx(0.03)
    before, later = ledger.used, datetime.fromisoformat("2026-03-11T12:00:00+00:00")
    collect(ask=("mentions",), cursor=first.pages[-1].cursor, now=later)
    assert ledger.used == pytest.approx(before + 0.01 + 0.05 - left)
    ledger.used = before + 1
    collect(ask=("mentions",), cursor=first.pages[-1].cursor, now=later)
    assert ledger.used == pytest.approx(before + 1 + 0.01 + 0.05)


def test_prices_are_settings(collect: Collect, ledger: Any) -> None:
    collect(ask=("mentions",), usd_per_own=0.001, usd_per_user=0.0)
    assert ledger.used == pytest.approx(0.03)


def test_without_a_ledger_the_limit_holds_for_the_run(x: Any, collect: Collect) -> None:
    found = collect(limit_usd=0.1, with_ledger=False)
    assert 0 < x.bill <= 0.1
    assert "usd that the configuration allows a month" in found.error.message


@given(kept=st.lists(st.integers(1, 4), max_size=5))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_often_a_run_is_killed_the_ledger_never_counts_too_little(x: Any, collect: Collect, ledger: Any, kept: list[int]) -> None:
    x.billed.clear()
    ledger.used = 0.0
    cursor = None
    for most in kept:
        pages = collect(cursor=cursor, most=most).pages
        cursor = pages[-1].cursor if pages else cursor
    collect(cursor=cursor)
    assert x.bill <= ledger.used + 1e-9


def test_the_limit_is_declared_for_people_to_see(api: Source) -> None:
    (charge,) = api.charges
    assert (charge.unit, charge.setting, charge.period) == ("usd", "limit_usd", "month")

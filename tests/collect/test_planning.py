"""A dry run: what would be asked is known without asking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from kleos.collect import planned
from kleos.collect.planning import Planned
from kleos.collect.spending import Spending
from kleos.contract import Charge, Page
from kleos.errors import StoreError

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
BODIES = tuple(b'{"actor": "fan%d"}' % number for number in range(3))


def never(*_: Any) -> Iterator[Page]:
    raise AssertionError("a dry run asks nobody")


def plan(world: Any, now: datetime = NOW) -> list[Planned]:
    return planned(world.config, world.loaded, now=now)


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_first_time_it_would_ask_from_the_beginning(world: Any) -> None:
    world = world.with_network(fetch=never).with_person("ada", "Ada", "42").with_person("bob").with_person("eve", "eve").with_api(*BODIES)
    ada, eve = plan(world)
    assert (ada.person, ada.accounts, ada.cursor, ada.live) == ("ada", ("42", "Ada"), None, True)
    assert eve.accounts == ("eve",)
    assert ada.spending == [Spending(unit="units", period="day", spent=0.0, most=100.0, setting="daily_units")]
    assert not Path(world.config.run.store).exists()


def test_afterwards_from_where_the_last_run_left_off_with_what_was_spent(world: Any) -> None:
    world = world.with_person("ada", "ada").with_api(*BODIES)
    world.collect()
    before = files(world.folder)
    (one,) = plan(world.with_network(fetch=never))
    assert one.cursor == "3"
    assert [str(spent) for spent in one.spending] == ["3 of the 100 units of today used (daily_units)"]
    (tomorrow,) = plan(world, NOW + timedelta(days=1))
    assert tomorrow.spending[0].spent == 0
    assert files(world.folder) == before


def test_a_greater_allowance_goes_on_where_the_last_run_stopped(world: Any) -> None:
    world = world.with_person("ada", "ada").with_api(*BODIES)
    world.collect()
    (one,) = plan(evolve(world, sources=()).with_api(*BODIES, daily_units=500))
    assert (one.cursor, one.spending[0].most) == ("3", 500.0)
    (other,) = plan(evolve(world, sources=()).with_api(*BODIES[:2]))
    assert other.cursor is None, "what is asked for has changed"


def test_a_unit_has_the_period_that_its_source_declares(world: Any) -> None:
    monthly = (Charge(unit="units", setting="daily_units", period="month"),)
    world = world.with_network(charges=monthly).with_person("ada", "ada").with_api(*BODIES)
    world.collect()
    (later,) = plan(world, NOW.replace(day=31))
    assert str(later.spending[0]) == "3 of the 100 units of this month used (daily_units)"
    (next_month,) = plan(world, NOW.replace(month=4))
    assert next_month.spending[0].spent == 0


def test_what_is_spent_without_being_declared_is_told_all_the_same(world: Any) -> None:
    world = world.with_network(charges=()).with_person("ada", "ada").with_api(*BODIES)
    world.collect()
    assert [str(spent) for spent in plan(world)[0].spending] == ["3 units used today"]


def test_files_are_told_without_opening_them(world: Any) -> None:
    world = world.with_person("ada", "ada").with_export("a", [{}]).with_table("t.csv", "subject,kind,count\n")
    (world.folder / "a" / "page0.jsonl").unlink()
    archive, table = plan(world.with_network(fetch=never))
    assert (archive.live, archive.where) == (False, str(world.folder / "a"))
    assert (table.live, table.where) == (False, str(world.folder / "t.csv"))


def test_an_api_that_nobody_has_an_account_of_is_a_problem(world: Any) -> None:
    (one,) = plan(world.with_person("ada").with_person("bob").with_api(*BODIES))
    assert "nobody in the configuration has an account of net; add accounts" in one.problem


def test_a_store_without_its_key_is_not_given_another(world: Any) -> None:
    world = world.with_person("ada", "ada").with_api(*BODIES)
    world.collect()
    key = Path(world.config.run.store) / "key"
    key.unlink()
    with pytest.raises(StoreError, match="the key of the store is missing"):
        plan(world)
    assert not key.exists()

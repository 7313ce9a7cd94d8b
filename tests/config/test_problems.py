"""Wrong configurations, and what is said about them: one by one (wrong.toml), all at once, and for any junk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import tomli
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kleos.config import KEYS, Config, Raw, resolve
from kleos.errors import ConfigError

Resolve = Callable[..., Any]

WRONG = tomli.loads(Path(__file__).with_name("wrong.toml").read_text(encoding="utf-8"))["case"]

ALL_WRONG = """
[run]
window = 90
modell = "x"
[people.ada]
accounts = { birdsong = "Ada", pond = "a" }
[people.bob]
name = 5
accounts = { birdsong = ["b", "@ADA"] }
[networks.birdsong]
archive = [{ path = "gone.zip", person = "adda", x = 1 }, "ada.zip", 5]
api = { limit_usd = "5", retry = { times = "3" } }
interactions = ["*.parquet", { path = ["gone.csv", "table.csv", 5], kinds = { a = "b" } }]
[networks.pond]
[metrics.momentun]
weight = -1
[factors."birdsong.tril.act"]
weight = "1"
[population]
out = "x.txt"
memory = "2"
[limits]
members = 0
[extra]
"""
ALL_PLACES = [
    "extra",
    "run.window",
    "run.modell",
    "people.ada.accounts.pond",
    "people.bob.accounts.birdsong[1]",
    "people.bob.name",
    "networks.birdsong.archive[0].person",
    "networks.birdsong.archive[0].x",
    "networks.birdsong.archive[0].path",
    "networks.birdsong.archive[2]",
    "networks.birdsong.api.token",
    "networks.birdsong.api.limit_usd",
    "networks.birdsong.api.retry.times",
    "networks.birdsong.interactions[0].path",
    "networks.birdsong.interactions[1].kinds.a",
    "networks.birdsong.interactions[1].path[0]",
    "networks.birdsong.interactions[1].path[2]",
    "networks.pond",
    "metrics.momentun",
    "metrics.momentun.weight",
    'factors."birdsong.tril.act"',
    'factors."birdsong.tril.act"',
    'factors."birdsong.tril.act".weight',
    "population.interactions",
    "population.out",
    "population.memory",
    "limits.members",
]


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case["where"])
def test_what_is_wrong_is_told_with_its_key_path_and_a_hint(problems: Resolve, folder: Path, case: dict[str, str]) -> None:
    (problem,) = problems(case["text"])
    expected = (case["where"], case["message"], case.get("hint", ""))
    assert (problem.where, problem.message, problem.hint) == tuple(text.replace("{folder}", str(folder)) for text in expected)


def test_everything_that_is_wrong_is_told_at_once(problems: Resolve) -> None:
    assert sorted(problem.where for problem in problems(ALL_WRONG)) == sorted(ALL_PLACES)


def test_two_people_who_claim_one_account_are_both_named(problems: Resolve) -> None:
    (problem,) = problems('[people.ada]\naccounts = { birdsong = "Ada" }\n[people.bob]\naccounts = { birdsong = ["b", " @ADA "] }')
    assert problem.where == "people.bob.accounts.birdsong[1]"
    assert problem.message == "the account ' @ADA ' of birdsong is claimed by two people, 'ada' and 'bob'"
    assert problem.hint


def test_one_account_name_on_two_networks_is_two_accounts(config: Resolve) -> None:
    assert len(config('[people.ada]\naccounts = { birdsong = "x" }\n[people.bob]\naccounts = { meadow = "x" }').people) == 2


def test_a_wrong_person_can_still_be_named_by_a_source(problems: Resolve) -> None:
    (problem,) = problems('[people.ada]\nnam = "x"\n[networks.birdsong]\narchive = { path = "ada.zip", person = "ada" }')
    assert problem.where == "people.ada.nam"


def test_without_any_plugin_the_hints_still_help(problems: Resolve) -> None:
    found = problems('[networks.pond]\n[metrics.zzz]\n[factors."pond.any.acts"]\nweight = 1', networks={}, metrics={})
    assert {problem.where: problem.hint for problem in found} == {
        "people": 'add [people.ada] with accounts = { <network> = "ada" }, or a [population] with interactions = "events.parquet"',
        "networks.pond": "pip install kleos-pond",
        "metrics.zzz": "pip install kleos-metrics",
        'factors."pond.any.acts"': "pip install kleos-pond",
    }


NAMES = sorted({part.strip('"<>') for key in KEYS for part in key.path.split(".")})
PLUGINS = ["birdsong", "meadow", "momentum", "birdsong.any.acts", "birdsong..", "archive", "bulk", "api", "token", "env", "s"]
WORDS = [*NAMES, *PLUGINS, "person", "ada"]
USUAL = ["ada.zip", "table.csv", "events/*.csv", "90d", "2GB", "2026-01-01", "", "~", "~x", "\0"]
# No wildcards in what is made up: "/**" would look through the whole machine.
MADE_UP = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="*?["), max_size=8)
TEXTS = st.sampled_from([*WORDS, *USUAL]) | MADE_UP
LEAVES = st.one_of(
    TEXTS,
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(timezones=st.none() | st.just(UTC)),
    st.times(),
    st.sampled_from([10**400, -(2**63), datetime.max.replace(tzinfo=UTC), date.min]),
)


def _tables(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(TEXTS, values, max_size=4)


JUNK = st.recursive(LEAVES, lambda values: st.lists(values, max_size=3) | _tables(values), max_leaves=12)
TOP = st.sampled_from(["run", "people", "networks", "metrics", "factors", "population", "limits"])
CONFIGS = st.dictionaries(TOP, _tables(_tables(JUNK) | JUNK) | JUNK, max_size=4) | _tables(JUNK)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(tables=CONFIGS)
def test_any_junk_is_a_configuration_or_a_config_error(folder: Path, known: dict[str, Any], tables: dict[str, Any]) -> None:
    raw = Raw(tables=tables, networks=(), metrics=(), where="kleos.toml")
    try:
        found = resolve(raw, known["networks"], known["metrics"], folder=folder)
    except ConfigError as error:
        told = error
    else:
        assert isinstance(found, Config)
        return
    assert told.problems
    assert all(problem.where and problem.message and "\n" not in problem.message + problem.hint for problem in told.problems)

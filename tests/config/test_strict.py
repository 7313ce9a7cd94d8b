"""The settings of a plugin's source: an attrs class of its own, structured strictly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import asdict, define, frozen

from kleos.config.problems import structure
from kleos.config.strict import converter
from kleos.secrets import Secret

Resolve = Callable[..., Any]

API = '[people.ada]\n[networks.birdsong]\napi = { token = { env = "X" }, '


def test_settings_are_values_of_their_declared_types(config: Resolve, folder: Path) -> None:
    text = """
        limit_usd = 5, since = 2026-01-01, depth = "deep", order = "old", verbose = true, retry = { times = 5, wait = 2 }, pages = [1, 2],
        headers = { a = "b", c = { file = "c.txt" } }, extra_tokens = [{ command = ["pass", "x"] }], box = [1, 2.5] }
    """
    settings = config(API + " ".join(text.split())).sources[0].settings
    assert settings.token == Secret(env="X")
    assert type(settings.limit_usd) is float
    assert settings.since == datetime(2026, 1, 1, tzinfo=UTC)
    assert settings.depth.value == "deep"
    assert asdict(settings.retry) == {"times": 5, "wait": 2.0}
    assert settings.pages == (1, 2)
    assert settings.headers == {"a": "b", "c": Secret(file=folder / "c.txt")}
    assert settings.extra_tokens == (Secret(command=("pass", "x")),)
    assert settings.box == (1.0, 2.5)


@pytest.mark.parametrize(
    ("written", "where", "message"),
    [
        ('limit_usd = "5"', ".limit_usd", "expected a number, found the text '5'"),
        ("limit_usd = true", ".limit_usd", "expected a number, found true"),
        ("limit_usd = nan", ".limit_usd", "expected a number, found the number nan"),
        ("limit_usd = -1", "", "limit_usd: expected at least 0, found -1.0"),
        ("limit_usd = 0xFFFFFFFFFFFFFFFFFFFF", ".limit_usd", "expected a number of 64 bits, found a number beyond 64 bits"),
        ("verbose = 1", ".verbose", "expected true or false, found the number 1"),
        ('depth = "deeper"', ".depth", "expected one of 'shallow', 'deep', found the text 'deeper'"),
        ("order = 1", ".order", "expected one of 'new', 'old', found the number 1"),
        ("retry = 3", ".retry", "expected a table, found a number"),
        ("retry = { times = 3.0 }", ".retry.times", "expected a whole number, found the number 3.0"),
        ("retry = { tims = 3 }", ".retry.tims", "unknown key"),
        ('pages = "1"', ".pages", "expected a whole number or a list, found the text '1'"),
        ("pages = [1, true]", ".pages[1]", "expected a whole number, found true"),
        ("since = 5", ".since", "expected a date or time, found the number 5"),
        ("headers = { a = 5 }", ".headers.a", "expected a text or a reference to a secret, found a number"),
        ("box = [1]", ".box", "expected a list of 2 values, found a list of 1"),
        ("box = [1, false]", ".box[1]", "expected a number, found false"),
        ("limt_usd = 5", ".limt_usd", "unknown key"),
    ],
)
def test_nothing_is_coerced(problems: Resolve, written: str, where: str, message: str) -> None:
    (problem,) = problems(API + written + " }")
    assert (problem.where, problem.message) == (f"networks.birdsong.api{where}", message)


def test_a_text_is_no_list_of_letters(problems: Resolve) -> None:
    (problem,) = problems('[people.ada]\n[networks.birdsong]\nbulk = { path = "ada.zip", languages = "en" }')
    assert (problem.where, problem.message) == ("networks.birdsong.bulk.languages", "expected a list, found the text 'en'")


def test_one_path_stands_for_a_list_of_paths_and_a_list_for_the_parts_of_one_export(config: Resolve, folder: Path) -> None:
    text = '[people.ada]\n[networks.birdsong]\nbulk = "ada.zip"\narchive = [{ path = ["part-1.zip", "part-2.zip"] }, "bob.zip"]'
    bulk, parts, bob = config(text).sources
    assert bulk.settings.path == (folder / "ada.zip",)
    assert list(parts.settings.path) == [folder / "part-1.zip", folder / "part-2.zip"]
    assert bob.settings.path == folder / "bob.zip"


@pytest.mark.parametrize(
    "token",
    [
        '"hush-hush"',
        '["hush-hush"]',
        "{}",
        '{ env = ["hush-hush"] }',
        '{ env = "" }',
        '{ file = "hush-hush\\u0000" }',
        '{ value = "hush-hush" }',
        '{ env = "X", file = "hush-hush" }',
        '{ command = "hush-hush" }',
        "{ command = [] }",
        '{ command = ["pass", 5] }',
        "31337",
    ],
)
def test_a_secret_in_the_wrong_form_is_told_without_its_value(problems: Resolve, token: str) -> None:
    for written in (f"api = {{ token = {token} }}", f'api = {{ token = {{ env = "X" }}, extra_tokens = {token} }}'):
        found = problems(f"[people.ada]\n[networks.birdsong]\n{written}")
        assert len(found) == 1
        assert found[0].where.startswith("networks.birdsong.api.")
        assert "hush" not in repr(found)
        assert "31337" not in repr(found)


def test_a_token_in_place_of_a_table_is_not_shown(problems: Resolve) -> None:
    (problem,) = problems('[people.ada]\n[networks.birdsong]\napi = "hush-hush"')
    assert (problem.where, problem.message) == ("networks.birdsong.api", "expected a table, found a text")


def test_a_secret_is_never_shown(config: Resolve) -> None:
    found = config('[people.ada]\n[networks.birdsong]\napi = { token = { command = ["pass", "hush-hush"] } }')
    assert "token=***" in repr(found)
    assert "hush" not in repr(found)
    assert "hush" not in str(found.sources[0].settings)


@define
class Explodes:
    size: int = 1

    def __attrs_post_init__(self) -> None:
        raise RuntimeError("cannot\nbe made")


@frozen
class Unknowable:
    thing: object = None
    call: Callable[[], None] | None = None


class NotAttrs:
    pass


@pytest.mark.parametrize(("class_", "value"), [(Explodes, {}), (Unknowable, {"call": 1}), (NotAttrs, {"a": 1}), (NotAttrs, 5)])
def test_a_settings_class_that_fails_is_a_problem_and_no_crash(tmp_path: Path, class_: type, value: Any) -> None:
    result, found = structure(value, class_, "networks.n.s", converter(tmp_path))
    assert result is None
    assert [problem.where.startswith("networks.n.s") for problem in found] == [True] * len(found) != []
    assert all("\n" not in problem.message for problem in found)

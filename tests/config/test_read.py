from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kleos.config import read
from kleos.errors import ConfigError


def test_reading_tells_every_network_and_metric_that_is_mentioned() -> None:
    raw = read(
        """
        [networks.birdsong]
        [people.ada]
        accounts = { pond = "ada", birdsong = ["a", "b"] }
        [people.bob]
        accounts = { moor = "bob" }
        [factors."meadow.nod.actors"]
        weight = 1
        [metrics.momentum]
        [metrics.reach]
        [population]
        network = "heath"
        """,
        "mine.toml",
    )
    assert raw.networks == ("birdsong", "pond", "moor", "meadow", "heath")
    assert raw.metrics == ("momentum", "reach")
    assert raw.where == "mine.toml"


def test_a_syntax_error_is_told_with_file_and_line() -> None:
    with pytest.raises(ConfigError) as caught:
        read("[run]\nwindow = \n", "sub/mine.toml")
    (problem,) = caught.value.problems
    assert problem.where == "sub/mine.toml:2"
    assert problem.message == "not valid TOML: invalid value (column 10)"
    assert caught.value.where == "sub/mine.toml"


def test_a_key_given_twice_is_told() -> None:
    with pytest.raises(ConfigError, match=r"mine.toml:3.*twice|overwrite"):
        read("[run]\nwindow = '1d'\nwindow = '2d'\n", "mine.toml")


def test_the_mark_that_some_editors_write_first_is_no_error() -> None:
    assert read("\ufeff[run]\n").tables == {"run": {}}


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "a = " + "9" * 5000, "[" + ".".join("a" * 3000) + "]\n= 1"])
def test_text_made_to_break_a_parser_is_a_config_error(text: str) -> None:
    with pytest.raises(ConfigError):
        read(text)


@given(st.text(max_size=60) | st.text(alphabet="[]{}=\"'.,\n#ab1-:T \\", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        raw = read(text)
    except ConfigError:
        return
    assert isinstance(raw.tables, dict)


@pytest.mark.parametrize("value", ["1", '"x"', "[]", "[[]]", "{}", "{ a = 1 }", "2026-01-01"])
def test_reading_minds_only_syntax(value: str) -> None:
    tables = ("networks", "people", "factors", "metrics", "population", "run", "limits")
    assert set(read("\n".join(f"{table} = {value}" for table in tables)).tables) == set(tables)


def test_the_room_is_light() -> None:
    heavy = "{'numpy', 'numba', 'duckdb', 'pyarrow', 'cyclopts', 'rich'}"
    code = f"import sys, kleos.config; found = {heavy} & set(sys.modules); sys.exit(str(found) if found else 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

"""Python's columns reach DuckDB as they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from kleos.store import Connection, columns_to_table
from kleos.store.duck import INVALID, MISSING, integers, texts


def test_columns_arrive_with_their_gaps(connection: Connection) -> None:
    columns = {
        "a": texts(["x", None, "ü\0", float("nan")]),
        "b": integers([1, None, 2**62, -(2**62)]),
        "c": np.array([1.5, np.nan, 0.0, -1.0]),
        "d": np.array([True, False, True, False]),
    }
    columns_to_table(connection, "t", columns)
    assert connection.execute("FROM t").fetchall() == [
        ("x", 1, 1.5, True),
        (None, None, None, False),
        ("ü\0", 2**62, 0.0, True),
        (None, -(2**62), -1.0, False),
    ]


@pytest.mark.parametrize("length", [0, 1, 5000])
def test_a_column_of_nothing_is_a_column_of_text(connection: Connection, length: int) -> None:
    columns_to_table(connection, "t", {"a": texts([None] * length)})
    assert connection.execute("SELECT count(*), count(a) FROM t").fetchall() == [(length, 0)]
    assert connection.execute("SELECT column_type FROM (DESCRIBE t)").fetchall() == [("VARCHAR",)]


def test_half_a_surrogate_pair_costs_one_sign(connection: Connection) -> None:
    columns_to_table(connection, "t", {"a": texts(["a\ud83d", "b"]), "b": integers([1, 2])})
    assert connection.execute("FROM t").fetchall() == [("a?", 1), ("b", 2)]


@pytest.mark.parametrize("values", [[b"x"], [["x"]], [True], [{"a": 1}], ["x", object()]])
def test_a_text_that_is_none_is_refused(values: list[Any]) -> None:
    with pytest.raises(TypeError, match="expected text, found"):
        texts(values)


def test_whole_numbers_become_text_where_text_is_due() -> None:
    assert texts([12, np.int64(13), "x"]).tolist() == ["12", "13", "x"]
    assert texts(np.array([12, 13])).tolist() == ["12", "13"]
    assert texts(np.array(["a", "b"])).tolist() == ["a", "b"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, None, 3], [1, MISSING, 3]),
        ([1.0, 2.5, float("nan"), float("inf")], [1, INVALID, MISSING, INVALID]),
        (["5", True, 10**30, -(10**30)], [INVALID] * 4),
        (np.array([1, 2], dtype=np.uint8), [1, 2]),
        (np.array([1, 2**63], dtype=np.uint64), [1, INVALID]),
        (np.array([1.0, np.nan]), [1, MISSING]),
        ([], []),
    ],
)
def test_numbers_are_whole_or_told_apart(values: Any, expected: list[int]) -> None:
    assert integers(values).tolist() == expected

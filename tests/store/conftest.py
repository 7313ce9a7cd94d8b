"""Stores, and rows for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from kleos.store import Connection, Store, connect
from kleos.store.duck import columns_to_table, integers, texts
from kleos.store.merge import COLUMNS

Row = Mapping[str, Any]


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    with connect(threads=1) as opened:
        yield opened


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store") as opened:
        yield opened


@pytest.fixture(scope="module")
def fill(connection: Connection) -> Callable[[str, Sequence[Row]], str]:
    """Make a table of stored rows; what a row leaves out is missing, its count and copy are 1."""

    def make(table: str, rows: Sequence[Row]) -> str:
        full = [{"count": 1, "copy": 1} | dict(row) for row in rows]
        columns = {
            name: (texts if kind == "VARCHAR" else integers)([row.get(name) for row in full])
            for name, kind in ({"network": "VARCHAR", "person": "VARCHAR"} | COLUMNS).items()
        }
        columns_to_table(connection, table, columns)
        return table

    return make

"""The store: imported rows, daily scores, and the catalogue of both; and the DuckDB that reads and writes them.

Names are looked up when they are first used: who only looks back does without the catalogue.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kleos.store.atomic import replacing
    from kleos.store.duck import Connection, columns_to_table, connect, quoted
    from kleos.store.learnt import Learnt, Link
    from kleos.store.records import ScoreRecord
    from kleos.store.store import PageMark, Store
    from kleos.store.times import from_micros, to_micros

__all__ = [
    "Connection",
    "Learnt",
    "Link",
    "PageMark",
    "ScoreRecord",
    "Store",
    "columns_to_table",
    "connect",
    "from_micros",
    "quoted",
    "replacing",
    "to_micros",
]

_HOMES = {
    "Connection": "duck",
    "Learnt": "learnt",
    "Link": "learnt",
    "PageMark": "store",
    "ScoreRecord": "records",
    "Store": "store",
    "columns_to_table": "duck",
    "connect": "duck",
    "from_micros": "times",
    "quoted": "duck",
    "replacing": "atomic",
    "to_micros": "times",
}


if not TYPE_CHECKING:

    def __getattr__(name):
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)

"""The store: imported rows, daily scores, and the catalogue of both; and the DuckDB that reads and writes them."""

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

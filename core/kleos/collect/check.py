"""Checking what plugins yield: a row that cannot be is left out, a value that cannot be is left out of its row, and both are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np
from attrs import frozen

from kleos.collect.cells import EARLIEST, LARGEST, LATEST
from kleos.collect.faults import Faults
from kleos.collect.staged import Staged, empty_columns
from kleos.store.duck import Connection, columns_to_table, quoted

__all__ = ["GOOD", "Checked", "check"]

GOOD = "kleos_good"
"""The table that `check` leaves in the connection, ready for `kleos.collect.admit.admit`."""

_TIMES = ("time", "item_time", "captured")
_EXPECTED = dict.fromkeys(_TIMES, "expected a zone-aware time from 1970 until before 2200") | {
    "audience": "expected a whole number from 0 to 10^12"
}


@frozen
class Checked:
    """What was wrong, by the number of the page."""

    left_out: Counter[int]
    """How many rows were."""
    flawed: set[int]
    """Pages with rows, or values of rows, that were."""


def check(connection: Connection, pages: Sequence[Staged], *, network: str, kinds: Collection[str], faults: Faults) -> Checked:
    """Make `GOOD` from parsed pages; a page's number in it is its place among them."""
    columns = [page.columns for page in pages] or [empty_columns()]
    staged = {name: np.concatenate([part[name] for part in columns]) for name in columns[0]}
    staged["page"] = np.repeat(np.arange(len(pages), dtype=np.int64), [page.rows for page in pages])
    columns_to_table(connection, "kleos_staged", staged)
    connection.execute(_CHECKED.format(kinds=", ".join(quoted(kind) for kind in kinds), largest=LARGEST, times=_within("captured")))
    left_out: Counter[int] = Counter()
    for problem, kind, page, count, row in connection.execute(_PROBLEMS).fetchall():
        left_out[page] += count
        reason = f"a row was left out: {problem}"
        if kind is not None:
            reason = f"rows of the kind {kind!r} were left out: {network} has {', '.join(kinds)}"
        faults.count("clean", f"{pages[page].where}: row {row + 1}", reason, count)

    flawed = set(left_out)
    wrong = {name: f"{name} IS NOT NULL AND NOT ({_within(name)})" for name in _TIMES}
    wrong["audience"] = f"audience IS NOT NULL AND audience NOT BETWEEN 0 AND {LARGEST}"
    for name, condition in wrong.items():
        query = f"SELECT page, count(*), min(row) FROM kleos_checked WHERE problem IS NULL AND {condition} GROUP BY page ORDER BY page"  # noqa: S608 - ours
        for page, count, row in connection.execute(query).fetchall():
            flawed.add(page)
            faults.count("clean", f"{pages[page].where}: row {row + 1}", f"the {name} of a row was left out: {_EXPECTED[name]}", count)
    kept = ", ".join(f"CASE WHEN NOT ({condition}) THEN {name} END AS {name}" for name, condition in wrong.items())
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {GOOD} AS SELECT * REPLACE ({kept}) FROM kleos_checked WHERE problem IS NULL"  # noqa: S608 - names of ours
    )
    return Checked(left_out, flawed)


def _within(column: str) -> str:
    return f"{column} >= {EARLIEST} AND {column} < {LATEST}"


_CHECKED = """
    CREATE OR REPLACE TEMP TABLE kleos_checked AS
    SELECT *, CASE
        WHEN kind IS NULL THEN 'it has no kind'
        WHEN kind NOT IN ({kinds}) THEN 'unknown kind'
        WHEN subject IS NULL THEN 'it has no subject'
        WHEN count NOT BETWEEN 0 AND {largest} THEN 'its count is not a whole number from 0 to 10^12'
        WHEN tally AND (captured IS NULL OR NOT ({times})) THEN 'its total does not say when it was captured'
    END AS problem
    FROM (
        SELECT * REPLACE (
            nullif(trim(kind), '') AS kind, nullif(trim(subject), '') AS subject, nullif(trim(actor), '') AS actor,
            nullif(trim(item), '') AS item, nullif(trim(id), '') AS id
        ) FROM kleos_staged
    )
"""

_PROBLEMS = """
    SELECT problem, CASE problem WHEN 'unknown kind' THEN kind END AS unknown, page, count(*), min(row)
    FROM kleos_checked WHERE problem IS NOT NULL GROUP BY ALL ORDER BY page, problem, unknown
"""

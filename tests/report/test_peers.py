"""Who the metrics of a person are compared with, and what is said where there is nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.report.peers import peers
from kleos.store import ScoreRecord, connect

METRICS = ("engaged_reach", "applause", "momentum")


def record(person: str, *values: float, digest: str = "d1") -> ScoreRecord:
    """Return a record with the values of `METRICS`."""
    return ScoreRecord(
        person=person,
        score=50.0,
        lo=None,
        hi=None,
        percentile=50.0,
        model="kleos",
        version="1",
        digest=digest,
        as_of=datetime(2026, 3, 31, tzinfo=UTC),
        window=90 * 86_400_000_000,
        metrics={name: {"value": value, "unit": "people", "points": 1.0} for name, value in zip(METRICS, values, strict=False)},
        day=date(2026, 3, 31),
    )


def roster(*reaches: float) -> list[ScoreRecord]:
    return [record(f"p{place}", reach, 10.0 * place, 1.0) for place, reach in enumerate(reaches)]


def write(path: Path, rows: Sequence[Mapping[str, float | str]]) -> Path:
    values = ", ".join(f"({', '.join(repr(row[name]) for name in ('person', *METRICS))})" for row in rows)
    options = "csv, HEADER" if path.suffix == ".csv" else "parquet"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (FROM (VALUES {values}) t(person, {', '.join(METRICS)})) TO '{path}' (FORMAT {options})")
    return path


def test_people_of_half_to_twice_the_reach_are_similar() -> None:
    me = record("me", 100.0, 35.0, 1.0)
    with connect() as connection:
        found = peers(connection, None, me, [me, *roster(49.0, 50.0, 80.0, 100.0, 150.0, 200.0, 201.0)])
    assert (found.peers.size, found.peers.low, found.peers.high, found.peers.source) == (5, 50.0, 200.0, "of this roster")
    # Applause of the five: 10, 20, 30, 40, 50.
    applause = found.typical["applause"]
    assert (applause.rank, applause.low, applause.middle, applause.high) == (60.0, 20.0, 30.0, 40.0)
    assert found.typical["momentum"].rank == 50.0, "those with the same count half"


def test_fewer_than_five_are_nobody_and_the_page_says_why() -> None:
    me = record("me", 100.0, 35.0, 1.0)
    with connect() as connection:
        found = peers(connection, None, me, [me, *roster(90.0, 100.0, 110.0, 120.0, 999.0)])
    assert found.typical == {}
    assert found.peers.size == 0
    assert found.peers.source == (
        "of the 5 others that were scored on the same day, fewer than 5 have between half and twice as many people who react"
    )


def test_whoever_was_scored_by_another_model_is_no_peer() -> None:
    me = record("me", 100.0, 35.0, 1.0)
    others = [evolve(other, digest="d2") for other in roster(90.0, 100.0, 110.0, 120.0, 130.0)]
    with connect() as connection:
        assert peers(connection, None, me, [me, *others]).peers.size == 0


def test_nobody_is_compared_without_reactions() -> None:
    nobody = record("nil", 0.0, 0.0, 0.0)
    with connect() as connection:
        assert peers(connection, None, nobody, roster(*[0.0] * 9)).peers.source == "nobody reacted in the window"


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_a_populations_table_comes_before_the_roster(tmp_path: Path, suffix: str) -> None:
    rows = [{"person": f"twitter:{k}", "engaged_reach": 60.0 + k, "applause": float(k), "momentum": 2.0} for k in range(20)]
    table = write(tmp_path / f"scores [1]{suffix}", [*rows, {"person": "me", "engaged_reach": 70.0, "applause": 99.0, "momentum": 99.0}])
    me = record("me", 70.0, 15.5, 2.0)
    with connect() as connection:
        found = peers(connection, table, me, [me, *roster(*[70.0] * 9)])
    assert found.peers.size == 20
    assert found.peers.source == f"of the population in scores [1]{suffix} (over its own window)"
    assert found.typical["applause"].rank == 80.0


@pytest.mark.parametrize("content", [b"no table at all", b"a,b\n1,2\n"])
def test_a_table_of_something_else_is_nothing_to_compare_with(tmp_path: Path, content: bytes) -> None:
    table = tmp_path / "scores.csv"
    table.write_bytes(content)
    me = record("me", 70.0, 15.5, 2.0)
    with connect() as connection:
        assert peers(connection, table, me, [me, *roster(*[70.0] * 9)]).peers.source == "of this roster"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.floats(1.0, 500.0), st.floats(0.0, 100.0)), min_size=1, max_size=30), st.floats(0.0, 100.0))
def test_ranks_and_quartiles_are_those_of_numpy(others: list[tuple[float, float]], mine: float) -> None:
    me = record("me", 100.0, mine, 0.0)
    similar = np.array([applause for reach, applause in others if 50.0 <= reach <= 200.0])
    with connect() as connection:
        found = peers(connection, None, me, [me, *(record(f"p{place}", *values, 0.0) for place, values in enumerate(others))])
    assert found.peers.size == (len(similar) if len(similar) >= 5 else 0)
    assert "momentum" not in found.typical, "nobody has any of it"
    if found.peers.size and (mine or np.quantile(similar, 0.75)):
        typical = found.typical["applause"]
        rank = 100 * ((similar < mine).sum() + (similar == mine).sum() / 2) / len(similar)
        assert typical.rank == pytest.approx(rank, abs=1e-9)
        assert (typical.low, typical.middle, typical.high) == pytest.approx(tuple(np.quantile(similar, [0.25, 0.5, 0.75])), abs=1e-9)

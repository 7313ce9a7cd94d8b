"""What a run leaves behind, and how it is printed as JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kleos.events import Fault
from kleos.scoring.result import Coverage, Delta, MetricPart, ModelId, NetworkPart, PersonScore, PopulationId, RunResult, bucket, iso


@pytest.mark.parametrize(
    ("score", "name"),
    [(1.0, "1-9"), (9.99, "1-9"), (10.0, "10-19"), (39.999, "30-39"), (50.0, "50-59"), (90.0, "90-100"), (99.9999, "90-100")],
)
def test_buckets_are_ten_points_wide_by_floor(score: float, name: str) -> None:
    assert bucket(score) == name


@given(st.floats(1, 100, exclude_max=True))
def test_every_score_lies_in_its_bucket(score: float) -> None:
    low, high = map(int, bucket(score).split("-"))
    assert low <= score < high + 1


def test_times_are_printed_in_utc_with_z() -> None:
    moment = datetime(2026, 1, 2, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    assert iso(moment) == "2026-01-01T23:30:00Z"
    assert iso(moment + timedelta(microseconds=5)) == "2026-01-01T23:30:00.000005Z"


def test_scored_reactions_are_the_imported_ones_inside_the_window() -> None:
    assert Coverage(imported=10, outside_window=3, after_as_of=2).scored == 5


def test_the_json_has_the_keys_of_schema_1_and_unrounded_numbers() -> None:
    person = PersonScore(
        id="ada",
        name="Ada",
        score=41.123456789,
        percentile=50.5,
        interval=None,
        networks={"birdsong": NetworkPart(points=40.123456789, odds=1.5, interactions=7, calibrated=True)},
        metrics={"reach": MetricPart(title="Reach", family="who responds", unit="people", value=3.0, points=40.123456789)},
        coverage=Coverage(networks=("birdsong",), imported=9, outside_window=1, after_as_of=1, actors=0.5, times=1.0),
        delta=Delta(week=-0.25),
    )
    fault = Fault(plugin="birdsong", distribution="kleos-birdsong", version="1", stage="parse", where="a.js", error="cut off")
    result = RunResult(
        as_of=datetime(2026, 1, 2, tzinfo=UTC),
        as_of_reason="the newest time in the data",
        model=ModelId(name="small", version="1", digest="d"),
        population=PopulationId(source="birds", size=3),
        people=(person,),
        faults=(fault,),
    )
    found = json.loads(json.dumps(result.to_json()))
    assert list(found) == ["schema", "as_of", "as_of_reason", "model", "population", "people", "faults"]
    assert found["schema"] == 1
    assert found["people"] == [
        {
            "id": "ada",
            "name": "Ada",
            "score": 41.123456789,
            "bucket": "40-49",
            "percentile": 50.5,
            "interval": None,
            "delta": {"day": None, "week": -0.25, "month": None},
            "move": None,
            "networks": {"birdsong": {"points": 40.123456789, "odds": 1.5, "interactions": 7, "calibrated": True}},
            "metrics": {"reach": {"value": 3.0, "unit": "people", "points": 40.123456789}},
            "coverage": {"networks": ["birdsong"], "imported": 9, "outside_window": 1, "after_as_of": 1, "actors": 0.5, "times": 1.0},
        }
    ]
    assert {"plugin", "distribution", "version", "stage", "where", "error"} <= set(found["faults"][0])

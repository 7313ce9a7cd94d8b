"""``kleos run`` with a ``[population]``."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import field, frozen

from kleos.scoring.result import ModelId, RunResult

Kleos = Callable[..., Any]

TOP = {"schema", "as_of", "as_of_reason", "model", "population", "people", "faults"}


@frozen(kw_only=True)
class Scored:
    """Looks like what the pipeline returns for a population."""

    out: Path | None = None
    size: int = 3
    mean: float = 40.0
    percentiles: dict[int, float] = field(factory=lambda: {5: 21.0, 50: 39.8, 95: 63.1})
    reference_size: int = 0
    reference_mean: float = float("nan")
    reference_top: float = float("nan")
    as_of: datetime = datetime(2012, 7, 7, 23, 59, tzinfo=UTC)
    as_of_reason: str = "the newest time in the data"
    window: float = 604_800.0
    source: str = "events.csv"
    scores: list[float] = field(factory=lambda: [10.0, 40.0, 70.0])
    model: ModelId = field(factory=lambda: ModelId(name="kleos", version="1.0.0", digest="3f2a91c0e47b" * 5))


@pytest.fixture
def population_config(config: Path) -> Path:
    table = config.with_name("events.csv")
    table.write_text("network,subject,actor,kind,time\n", encoding="utf-8")
    config.write_text('[run]\nstore = "store"\n[population]\ninteractions = "events.csv"\nout = "scores.csv"\n', encoding="utf-8")
    return config


def test_a_population_is_scored_and_summed_up(population_config: Path, pipeline: Kleos, kleos_command: Kleos, snapshot: Kleos) -> None:
    given = pipeline(
        population=Scored(out=Path("scores.csv"), size=304_691, mean=17.3, reference_size=14_331, reference_mean=40.02, reference_top=63.1)
    )
    done = kleos_command("run")
    assert [name for name, _ in given.calls] == ["population"]
    assert (done.code, done.err) == (0, "")
    snapshot("population-80", done.out)
    told = json.loads(kleos_command("run", "--json").out)
    assert told["population"]["out"] == "scores.csv"
    assert told["population"]["reference"] == {"size": 14_331, "mean": 40.02, "top_5_percent": 63.1}


def test_a_population_without_reference_accounts_has_no_reference(population_config: Path, pipeline: Kleos, kleos_command: Kleos) -> None:
    pipeline(population=Scored())
    assert "reference" not in kleos_command("run").out
    told = json.loads(kleos_command("run", "--json").out)
    assert told["population"]["reference"] == {"size": 0, "mean": None, "top_5_percent": None}


def test_faults_of_a_population_are_shown_and_end_with_exit_1(
    population_config: Path, pipeline: Kleos, kleos_command: Kleos, fault: Any
) -> None:
    def population(*positional: Any, emit: Callable[[Any], None], **named: Any) -> Scored:
        emit(fault)
        return Scored()

    pipeline(population=population)
    done = kleos_command("run")
    assert done.code == 1
    assert "1 fault" in done.out
    assert json.loads(kleos_command("run", "--json").out)["faults"][0]["count"] == 3


def test_people_beside_a_population_are_shown_with_it(
    population_config: Path, pipeline: Kleos, kleos_command: Kleos, ada: RunResult
) -> None:
    with population_config.open("a", encoding="utf-8") as file:
        file.write('[people.ada]\nname = "Ada Lovelace"\n')
    given = pipeline(run=ada, population=Scored())
    done = kleos_command("run")
    assert [name for name, _ in given.calls] == ["population", "run"]
    assert "3 people scored" in done.out
    assert "Ada Lovelace" in done.out
    assert set(json.loads(kleos_command("run", "--json").out)) == TOP

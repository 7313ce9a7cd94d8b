"""``kleos attack``: the table, the JSON, and the exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from kleos.insight.attacking.outcome import Left, Outcome, Points, Tried
from kleos.scoring.result import ModelId

Kleos = Callable[..., Any]

TRIED = Tried(
    population="events.csv",
    size=42_778,
    model=ModelId(name="kleos", version="1.0.0", digest="3f2a91c0e47b" * 5),
    window=90 * 86_400.0,
    targets=20,
    lowest=38.04,
    highest=41.96,
    kind="like",
    outcomes=(
        Outcome(
            attack="puppets",
            title="100 sock puppets that tell they have no followers",
            population=Points(0.62, 1.04),
            people=Points(0.64, 1.1),
            bound=3.0,
        ),
        Outcome(
            attack="viral",
            title="one viral item: 10,000 strangers in one day",
            population=Points(39.7, 40.6),
            people=Points(39.9, 41.2),
            left=(Left(30, 0.36), Left(60, 0.166, 0.25), Left(91, 0.0, 0.0)),
        ),
        Outcome(attack="pod", title="what the daily pod gains", population=Points(-17.4, -0.04), people=None, bound=0.0, everywhere=False),
        Outcome(
            attack="break",
            title="a break of 14 days, for a steady person with 900 people",
            population=Points(2.7, 2.9),
            people=Points(2.8, 2.95),
            bound=3.0,
            lost=True,
        ),
    ),
)
BROKEN = attrs.evolve(TRIED, outcomes=(attrs.evolve(TRIED.outcomes[0], bound=1.0), *TRIED.outcomes[1:]))


@pytest.fixture
def attacked(monkeypatch: pytest.MonkeyPatch) -> Callable[[Tried], list[dict[str, Any]]]:
    """Return a function that puts an answer in the place of the attacks, and tells with what they were asked for."""

    def answer(tried: Tried) -> list[dict[str, Any]]:
        asked: list[dict[str, Any]] = []

        def remember(*config: Any, **words: Any) -> Tried:
            asked.append({"config": config, **words})
            return tried

        for name in ("attack_shipped", "attack_configured"):
            monkeypatch.setattr(f"kleos.insight.attacking.asking.{name}", remember)
        return asked

    return answer


@pytest.mark.parametrize("width", [80, 120])
def test_every_attack_has_a_line_and_the_bounds_a_verdict(
    kleos_command: Kleos, attacked: Any, snapshot: Callable[[str, str], None], width: int
) -> None:
    attacked(TRIED)
    done = kleos_command("attack", width=width)
    assert done.code == 0
    assert max(map(len, done.out.splitlines())) <= width
    snapshot(f"attack-{width}", done.out)


def test_a_broken_bound_is_told_and_ends_with_1(kleos_command: Kleos, attacked: Any) -> None:
    attacked(BROKEN)
    done = kleos_command("attack")
    assert done.code == 1
    assert "BROKEN" in done.out
    assert "1 of 4 bounds are broken: puppets." in done.out


def test_json_has_every_number_unrounded(kleos_command: Kleos, attacked: Any) -> None:
    attacked(BROKEN)
    done = kleos_command("attack", "--json")
    told = json.loads(done.out)
    assert done.code == 1
    assert list(told) == ["schema", "model", "population", "targets", "kind", "attacks", "bounds_hold"]
    assert told["bounds_hold"] is False
    puppets, viral, pod, paused = told["attacks"]
    assert puppets["population"] == {"median": 0.62, "most": 1.04}
    assert [attack["holds"] for attack in told["attacks"]] == [False, True, True, True]
    assert viral["left"][1] == {"days": 60, "share": 0.166, "bound": 0.25}
    assert pod["people"] is None
    assert paused["lost"] is True


def test_a_configuration_is_attacked_with_its_own_population_unless_an_invented_one_is_asked_for(
    kleos_command: Kleos, attacked: Any, config: Path
) -> None:
    asked = attacked(TRIED)
    assert kleos_command("attack", "kleos.toml").code == 0
    assert kleos_command("attack", "kleos.toml", "--invented").code == 0
    assert [words["invented"] for words in asked] == [False, True]
    assert [person.id for person in asked[0]["config"][0].people.values()] == ["ada"]


def test_a_configuration_that_is_not_there_is_told(kleos_command: Kleos, attacked: Any) -> None:
    attacked(TRIED)
    done = kleos_command("attack", "nowhere.toml")
    assert done.code == 2
    assert "there is no such configuration file" in done.err
    assert done.out == ""


def test_help_loads_no_engine() -> None:
    code = """
import sys
from kleos.cli import main
main(["attack", "--help"])
print([name for name in ("numba", "numpy", "duckdb") if name in sys.modules])
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "Usage: kleos attack [CONFIG] [OPTIONS]" in told
    assert told.splitlines()[-1] == "[]"

"""``kleos run`` and ``kleos score``: what they are asked, and what they print."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from kleos.cli.render.history.move import move_text
from kleos.events import Note, Progress
from kleos.scoring.result import Move, RunResult
from kleos.secrets import Secret

Kleos = Callable[..., Any]

TOP = {"schema", "as_of", "as_of_reason", "model", "population", "people", "faults"}
PERSON = {"id", "name", "score", "bucket", "percentile", "interval", "delta", "move", "networks", "metrics", "coverage"}
COVERAGE = {"networks", "imported", "outside_window", "after_as_of", "actors", "times"}


def test_a_run_prints_its_report_on_stdout(config: Path, pipeline: Kleos, kleos_command: Kleos, fine: RunResult) -> None:
    pipeline(run=fine)
    done = kleos_command("run")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("\nAda Lovelace  ada\n\n  57.3   bucket 50-59")
    assert "\x1b" not in done.out
    assert done.out.endswith("next: kleos explain ada  where these points come from\n")


def test_the_report_is_as_wide_as_the_terminal(config: Path, pipeline: Kleos, kleos_command: Kleos, snapshot: Kleos) -> None:
    pipeline()
    for width in (80, 120):
        snapshot(f"card-{width}", kleos_command("run", width=width).out)


def test_json_has_exactly_the_documented_keys(config: Path, pipeline: Kleos, kleos_command: Kleos, ada: RunResult) -> None:
    pipeline(run=ada)
    done = kleos_command("run", "--json")
    told = json.loads(done.out)
    assert set(told) == TOP
    assert told["schema"] == 1
    assert told["as_of"] == "2026-03-31T18:20:00Z"
    assert set(told["model"]) == {"name", "version", "digest"}
    assert set(told["population"]) == {"source", "size"}
    (one,) = told["people"]
    assert set(one) == PERSON
    assert set(one["delta"]) == {"day", "week", "month"}
    assert one["move"] is None
    assert set(one["coverage"]) == COVERAGE
    assert all(set(part) == {"points", "odds", "interactions", "calibrated"} for part in one["networks"].values())
    assert all(set(part) == {"value", "unit", "points"} for part in one["metrics"].values())
    assert {"plugin", "distribution", "version", "stage", "where", "error"} <= set(told["faults"][0])


def test_json_numbers_are_unrounded(config: Path, pipeline: Kleos, kleos_command: Kleos, ada: RunResult) -> None:
    pipeline(run=ada)
    (one,) = json.loads(kleos_command("run", "--json").out)["people"]
    assert one["score"] == ada.people[0].score
    assert sum(part["points"] for part in one["networks"].values()) == pytest.approx(one["score"] - 1, abs=1e-9)


def test_json_keeps_letters_readable(config: Path, pipeline: Kleos, kleos_command: Kleos, roster: RunResult) -> None:
    pipeline(run=roster)
    assert "李小龙" in kleos_command("run", "--json").out


def test_progress_and_notes_in_a_pipe_are_one_line_each(config: Path, pipeline: Kleos, kleos_command: Kleos, fine: RunResult) -> None:
    def run(*positional: Any, emit: Callable[[Any], None], **named: Any) -> RunResult:
        for done in range(0, 1590, 10):
            emit(Progress(task="twitter archive ada.zip", done=done, total=1589))
        emit(Progress(task="twitter archive ada.zip", done=1589, total=1589, finished=True))
        emit(Note(text="compiling (first run only)"))
        return fine

    pipeline(run=run)
    assert kleos_command("run").err == "twitter archive ada.zip: 1,589 rows\nnote: compiling (first run only)\n"
    assert kleos_command("run", "--quiet").err == ""


def test_score_does_not_collect_and_run_does(config: Path, pipeline: Kleos, kleos_command: Kleos, fine: RunResult) -> None:
    given = pipeline(run=fine)
    kleos_command("run", "--keep", "--strict")
    kleos_command("score")
    (_, first), (_, second) = given.calls
    assert (first["collect"], first["keep"], first["strict"]) == (True, True, True)
    assert (second["collect"], second["keep"], second["strict"]) == (False, False, False)
    assert first["now"].tzinfo is not None


def test_as_of_on_the_command_line_goes_before_the_configuration(
    config: Path, pipeline: Kleos, kleos_command: Kleos, fine: RunResult
) -> None:
    given = pipeline(run=fine)
    done = kleos_command("run", "--as-of", "2026-02-01T12:00:00+01:00")
    assert given.calls[0][1]["positional"][0].run.as_of == datetime(2026, 2, 1, 11, tzinfo=UTC)
    assert "(given by --as-of)" in done.out
    done = kleos_command("run", "--as-of", "tomorrow")
    assert done.code == 2
    assert done.err.startswith("error: --as-of: expected a date or time")


def test_another_configuration_is_named_in_the_next_command(config: Path, pipeline: Kleos, kleos_command: Kleos, fine: RunResult) -> None:
    other = config.rename(config.with_name("my people.toml"))
    pipeline(run=fine)
    assert "next: kleos explain ada 'my people.toml'" in kleos_command("run", other.name).out


def test_faults_of_plugins_stand_in_the_result_too(config: Path, pipeline: Kleos, kleos_command: Kleos, fine: RunResult) -> None:
    import kleos.cli.opening
    from kleos.events import Fault
    from kleos.plugins import Loaded

    broken = Fault(plugin="bad", distribution="kleos-bad", version="1", stage="load", where="kleos_bad", error="raised ImportError")

    def load(*, emit: Callable[[Any], None], **named: Any) -> Loaded:
        emit(broken)
        return Loaded({}, {}, {})

    pipeline(run=fine)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kleos.cli.opening, "load", load)
        done = kleos_command("run", "--json")
    assert done.code == 1
    assert [entry["plugin"] for entry in json.loads(done.out)["faults"]] == ["bad"]


@pytest.mark.usefixtures("config")
def test_a_token_in_a_fault_is_printed_nowhere(
    pipeline: Kleos, kleos_command: Kleos, ada: RunResult, fault: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KLEOS_TEST_TOKEN", "tok-77d1e0c4b2")
    token = Secret(env="KLEOS_TEST_TOKEN").reveal()
    leaky = evolve(fault, error=f"401 for {token}", where=f"https://example.org/?t={token}")

    def run(*positional: Any, emit: Callable[[Any], None], **named: Any) -> RunResult:
        emit(leaky)
        return evolve(ada, faults=[leaky], notes=[f"a note with {token}"])

    pipeline(run=run)
    for argv in (["run"], ["run", "--json"]):
        done = kleos_command(*argv, width=120)
        assert token not in done.out + done.err
        assert "401 for ***" in done.out


@pytest.mark.parametrize(("text", "days"), [("90d", 90), ("13w", 91), (" 1 d ", 1)])
@pytest.mark.usefixtures("config")
def test_a_backfill_is_given_in_days_or_weeks(pipeline: Kleos, kleos_command: Kleos, fine: RunResult, text: str, days: int) -> None:
    given = pipeline(run=fine)
    done = kleos_command("run", "--backfill", text)
    assert given.calls[0][1]["backfill"] == days
    assert done.out.endswith("next: kleos history ada  the curve of the days that were recorded\n")


@pytest.mark.usefixtures("config")
@pytest.mark.parametrize("text", ["", "90", "0d", "d", "3m", "9999d", "-3d"])
def test_a_backfill_of_no_days_is_refused(pipeline: Kleos, kleos_command: Kleos, text: str) -> None:
    given = pipeline()
    done = kleos_command("run", f"--backfill={text}")
    assert (done.code, given.calls) == (2, [])
    assert done.err.startswith("error: --backfill: expected a number of days")


def moved(one: RunResult) -> RunResult:
    old = evolve(one.model, name="kleos", version="0.9.0", digest="0b" * 32)
    move = Move(since=datetime(2026, 3, 24, tzinfo=UTC), points=1.34, own=0.42, model=0.92, old=old, old_score=56.42)
    return evolve(one, people=[evolve(person, move=move) for person in one.people])


def test_after_a_change_of_model_everybodys_move_is_parted(
    config: Path, pipeline: Kleos, kleos_command: Kleos, fine: RunResult, roster: RunResult
) -> None:
    pipeline(run=moved(fine))
    card = kleos_command("run", width=120).out
    assert "moved +1.3 since 2026-03-24: +0.4 yours, +0.9 the model’s" in card
    assert "model before  kleos 0.9.0, digest 0b0b0b0b0b0b, recorded beside; alone it moved 1 person by +0.9" in card
    pipeline(run=moved(roster))
    ranking = kleos_command("run", width=120).out
    assert ranking.count("moved +1.3 since 2026-03-24: +0.4 theirs, +0.9 the model’s") == 3
    assert "alone it moved 3 people by +0.9 on average" in ranking


def test_json_parts_a_move_unrounded(config: Path, pipeline: Kleos, kleos_command: Kleos, fine: RunResult) -> None:
    pipeline(run=moved(fine))
    (one,) = json.loads(kleos_command("run", "--json").out)["people"]
    old = {"name": "kleos", "version": "0.9.0", "digest": "0b" * 32, "score": 56.42}
    assert one["move"] == {"since": "2026-03-24T00:00:00Z", "points": 1.34, "own": 0.42, "model": 0.92, "old": old}


@pytest.mark.parametrize(("points", "own", "told"), [(1.0, 0.45, "+1.0"), (-0.06, 0.06, "−0.1"), (0.0, 0.0, "±0.0")])
def test_the_shown_parts_of_a_move_add_up_to_the_shown_whole(points: float, own: float, told: str, fine: RunResult) -> None:
    move = moved(fine).people[0].move
    assert move is not None
    text = move_text(evolve(move, points=points, own=own, model=points - own), "yours").replace("\u00a0", " ")
    total, mine, models = (float(word.replace("−", "-").replace("±", "")) for word in re.findall(r"[+−±][0-9.]+", text))
    assert f"moved {told} " in text
    assert mine + models == pytest.approx(total)

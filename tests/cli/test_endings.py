"""How ``kleos run`` ends: exit codes, errors, interrupts."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from attrs import evolve

from kleos.errors import ConfigError, FetchError, NoDataError, PluginError, Problem, StoreError
from kleos.scoring.result import RunResult

Kleos = Callable[..., Any]


def test_faults_end_with_exit_1_and_are_told_on_both_streams(
    config: Path, pipeline: Kleos, kleos_command: Kleos, ada: RunResult, fault: Any
) -> None:
    def run(*positional: Any, emit: Callable[[Any], None], **named: Any) -> RunResult:
        emit(fault)
        return ada

    pipeline(run=run)
    done = kleos_command("run", width=120)
    assert done.code == 1
    assert done.err == (
        "fault: twitter (kleos-twitter 0.1.0), parse, archives/ada-2026.zip: tweets.js: row 17: "
        "expected an id, found none: the row was left out (3 times)\n"
    )
    assert "1 fault\n  ! twitter (kleos-twitter 0.1.0), parse" in done.out


def test_a_score_under_the_bar_ends_with_exit_1(config: Path, pipeline: Kleos, kleos_command: Kleos, roster: RunResult) -> None:
    pipeline(run=evolve(roster, faults=()))
    assert kleos_command("run", "--fail-under", "38").code == 0
    done = kleos_command("run", "--fail-under", "60")
    assert done.code == 1
    assert done.err == "under 60: ada (57.3) and bob (38.2)\n"


def test_a_person_at_1_is_done(
    config: Path, pipeline: Kleos, kleos_command: Kleos, result: Callable[..., RunResult], person: Callable[..., Any]
) -> None:
    pipeline(run=result(person("ada", "ada", 1.0, {})))
    assert kleos_command("run").code == 0


@pytest.mark.parametrize("bar", ["0", "101", "nan", "-3"])
def test_a_bar_that_no_score_can_have_is_a_usage_error(config: Path, pipeline: Kleos, kleos_command: Kleos, bar: str) -> None:
    given = pipeline()
    done = kleos_command("run", f"--fail-under={bar}")
    assert done.code == 2
    assert "--fail-under" in done.err
    assert not given.calls


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NoDataError("no source gave a usable row"), 4),
        (StoreError("the store cannot be written", where="store", hint="free some space"), 2),
        (ConfigError([Problem("networks.twitter", "unknown network", "pip install kleos-twitter")], where="kleos.toml"), 2),
        (PluginError("twitter raised ImportError"), 2),
        (FetchError("the network did not answer"), 2),
    ],
)
def test_what_ends_a_run_is_told_with_its_exit_code(
    config: Path, pipeline: Kleos, kleos_command: Kleos, error: Exception, code: int
) -> None:
    def run(*positional: Any, **named: Any) -> RunResult:
        raise error

    pipeline(run=run)
    done = kleos_command("run", "--json")
    assert (done.code, done.out) == (code, "")
    assert done.err == f"error: {error}\n"


def test_an_internal_error_is_one_sentence_and_a_traceback_only_with_debug(config: Path, pipeline: Kleos, kleos_command: Kleos) -> None:
    def run(*positional: Any, **named: Any) -> RunResult:
        raise ZeroDivisionError("division\nby zero")

    pipeline(run=run)
    done = kleos_command("run")
    assert done.code == 3
    first, *others = done.err.splitlines()
    assert first == "error: internal error (ZeroDivisionError): division by zero"
    assert len(others) == 1
    assert others[0].startswith("hint: run it again with --debug")
    assert "Traceback (most recent call last)" in kleos_command("run", "--debug").err


def test_a_plugin_that_exits_ends_no_run_unheard(config: Path, pipeline: Kleos, kleos_command: Kleos) -> None:
    def run(*positional: Any, **named: Any) -> RunResult:
        raise SystemExit(0)

    pipeline(run=run)
    assert kleos_command("run").code == 3


def test_the_first_interrupt_lets_the_run_finish_and_exits_with_130(
    config: Path, pipeline: Kleos, kleos_command: Kleos, fine: RunResult
) -> None:
    def run(*positional: Any, stop: Any, **named: Any) -> RunResult:
        signal.raise_signal(signal.SIGINT)
        assert stop.is_set()
        return fine

    pipeline(run=run)
    before = signal.getsignal(signal.SIGINT)
    done = kleos_command("run")
    assert done.code == 130
    assert "57.3" in done.out
    assert "interrupted" in done.err
    assert signal.getsignal(signal.SIGINT) is before


def test_the_second_interrupt_ends_the_run_at_once(config: Path, pipeline: Kleos, kleos_command: Kleos) -> None:
    def run(*positional: Any, **named: Any) -> RunResult:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        raise AssertionError("never reached")

    pipeline(run=run)
    done = kleos_command("run")
    assert (done.code, done.out) == (130, "")
    assert "interrupted" in done.err


def test_one_interrupt_ends_a_population_run_which_keeps_nothing_until_it_is_done(
    config: Path, pipeline: Kleos, kleos_command: Kleos
) -> None:
    def population(*positional: Any, **named: Any) -> Any:
        signal.raise_signal(signal.SIGINT)
        raise AssertionError("never reached")

    (config.parent / "t.csv").write_text("subject,actor,kind\n", encoding="utf-8")
    config.write_text('[population]\ninteractions = "t.csv"\n', encoding="utf-8")
    pipeline(population=population)
    before = signal.getsignal(signal.SIGINT)
    done = kleos_command("run")
    assert (done.code, done.out) == (130, "")
    assert "finishing the page" not in done.err
    assert signal.getsignal(signal.SIGINT) is before


def test_after_a_population_the_first_interrupt_lets_the_page_at_hand_be_finished(
    config: Path, pipeline: Kleos, kleos_command: Kleos, fine: RunResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*positional: Any, stop: Any, **named: Any) -> RunResult:
        signal.raise_signal(signal.SIGINT)
        assert stop.is_set()
        return fine

    (config.parent / "t.csv").write_text("subject,actor,kind\n", encoding="utf-8")
    config.write_text(config.read_text() + '[population]\ninteractions = "t.csv"\n', encoding="utf-8")
    monkeypatch.setattr("kleos.cli.job.over_population", lambda result, source, scores: result)
    monkeypatch.setattr("kleos.cli.job.population_part", lambda population, width: [])
    pipeline(run=run, population=lambda *_, **__: SimpleNamespace(source="", scores=()))
    assert kleos_command("run").code == 130


def test_nothing_collected_because_of_an_interrupt_is_an_interrupt(config: Path, pipeline: Kleos, kleos_command: Kleos) -> None:
    def run(*positional: Any, **named: Any) -> RunResult:
        signal.raise_signal(signal.SIGINT)
        raise NoDataError("no source gave a usable row")

    pipeline(run=run)
    assert kleos_command("run").code == 130

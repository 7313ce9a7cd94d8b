"""Which command to try next: every verb ends by naming one."""

from __future__ import annotations

import shlex
from pathlib import Path

from attrs import frozen

from kleos.cli.options import DEFAULT_CONFIG
from kleos.scoring.result import RunResult

__all__ = ["Step", "after_collect", "after_factors", "after_plan", "after_population", "after_score", "command"]


@frozen
class Step:
    """A command and what it is good for."""

    command: str
    why: str


def after_score(result: RunResult, config: Path, *, filled: bool = False) -> list[Step]:
    """Return what to try after scores were shown; `filled`: the days before were recorded, too."""
    if not result.people:
        return []
    best = max(result.people, key=lambda person: person.score)
    if filled:
        return [Step(command("history", config, person=best.id), "the curve of the days that were recorded")]
    return [Step(command("explain", config, person=best.id), "where these points come from")]


def after_collect(config: Path) -> list[Step]:
    """Return what to try after collecting."""
    return [Step(command("score", config), "the scores of what is there now")]


def after_plan(verb: str, config: Path) -> list[Step]:
    """Return what to try after a dry run."""
    return [Step(command(verb, config), "the same in earnest")]


def after_population() -> list[Step]:
    """Return what to try after a population was scored."""
    return [Step("kleos metrics", "what the columns of the table mean")]


def after_factors(config: Path | None, person: str | None) -> list[Step]:
    """Return what to try after the factors were listed."""
    if config is None or person is not None:
        return [Step("kleos metrics", "how factors become metrics")]
    return [Step(command("factors", config, "--person", "ID"), "their values for a person")]


def command(verb: str, config: Path, *words: str, person: str | None = None) -> str:
    """Return a command line as one types it, `person` before the configuration; the usual configuration need not be named."""
    named = [] if config == DEFAULT_CONFIG else [str(config)]
    return shlex.join(["kleos", verb, *([person] if person else []), *named, *words])

"""The main job, as ``run`` and ``score`` share it: open, collect, score, show."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from kleos.cli.exits import Exit
from kleos.cli.following import after_population, after_score
from kleos.cli.interrupt import AFTERWARDS
from kleos.cli.listener import Listener
from kleos.cli.opening import open_config
from kleos.cli.options import DEFAULTS, Options
from kleos.cli.render.faults import without_secrets
from kleos.cli.render.population import population_json, population_part, population_report
from kleos.cli.render.report import report
from kleos.cli.terminal import Terminal, open_terminal
from kleos.cli.working import Work, working
from kleos.errors import NoDataError, UsageError
from kleos.report.digits import score_text
from kleos.report.words import clean, listed
from kleos.scoring.result import RunResult, over_population

if TYPE_CHECKING:
    from kleos.pipeline import PopulationResult

__all__ = ["Job", "do"]


@frozen(kw_only=True)
class Job:
    """What was asked for on the command line."""

    config: Path
    collect: bool
    """False: score what is in the store."""
    as_of: str | None = None
    backfill: int = 0
    """How many days before are recorded, too."""
    fail_under: float | None = None
    strict: bool = False
    keep: bool = False
    options: Options = DEFAULTS


@frozen
class _Outcome:
    """What the work brought: people, a population, or both."""

    result: RunResult | None = None
    population: PopulationResult | None = None


def do(job: Job) -> int:
    """Do the job, show its result, and return the exit code."""
    if job.fail_under is not None and not 1 <= job.fail_under <= 100:
        raise UsageError(f"expected a score from 1 to 100, found {job.fail_under:g}", where="--fail-under")
    terminal = open_terminal()
    with working(terminal, job.options) as work:
        try:
            outcome = _work(job, work)
        except NoDataError:
            if not work.stop.is_set():
                raise
            outcome = _Outcome()
    _show(terminal, job, outcome, work.emit)
    if work.stop.is_set():
        terminal.tell(AFTERWARDS, style="yellow")
        return Exit.INTERRUPTED
    faults = work.emit.faults or (outcome.result is not None and outcome.result.faults)
    return Exit.FAULTS if _under(terminal, job, outcome.result) or faults else Exit.DONE


def _work(job: Job, work: Work) -> _Outcome:
    config, loaded = open_config(job.config, emit=work.emit, strict=job.strict, as_of=job.as_of)
    # Here and not above: a mistake in the configuration is told before the engine is loaded.
    from kleos import pipeline

    if job.backfill and not config.people:
        raise UsageError("days are recorded for [people], and the configuration has none", where="--backfill", hint="leave it out")
    now = datetime.now(UTC)
    population = None
    if config.population is not None and job.collect:
        with work.at_once():
            population = pipeline.population(config, loaded, emit=work.emit, now=now, strict=job.strict)
        if not config.people:
            return _Outcome(population=population)
    early = tuple(work.emit.faults)
    result = pipeline.run(
        config,
        loaded,
        emit=work.emit,
        now=now,
        stop=work.stop,
        collect=job.collect,
        keep=job.keep,
        strict=job.strict,
        backfill=job.backfill,
    )
    if population is not None:
        result = over_population(result, population.source, population.scores)
    # Plugins fail before the pipeline begins, so it does not know of that; nor that `as_of` was not the configuration's.
    reason = result.as_of_reason if job.as_of is None else "given by --as-of"
    return _Outcome(evolve(result, faults=[without_secrets(fault) for fault in (*early, *result.faults)], as_of_reason=reason), population)


def _show(terminal: Terminal, job: Job, outcome: _Outcome, heard: Listener) -> None:
    result, population = outcome.result, outcome.population
    width = terminal.out.width
    if result is not None and job.options.json:
        terminal.show_json(result.to_json())
    elif result is not None:
        # On one screen, the notes stand right above already.
        together = terminal.out.is_interactive and terminal.err.is_interactive
        notes = [note for note in result.notes if not (together and note in heard.notes)]
        part = population_part(population, width=width) if population else []
        following = after_score(result, job.config, filled=job.backfill > 0)
        terminal.show(*part, *report(evolve(result, notes=notes), width=width, large=terminal.draws, following=following))
    elif population is not None and job.options.json:
        terminal.show_json(population_json(population, heard.faults))
    elif population is not None:
        terminal.show(*population_report(population, heard.faults, width=width, following=after_population()))


def _under(terminal: Terminal, job: Job, result: RunResult | None) -> bool:
    """Tell who is under ``--fail-under``."""
    if job.fail_under is None or result is None:
        return False
    under = [f"{clean(person.id)} ({score_text(person.score)})" for person in result.people if person.score < job.fail_under]
    if under:
        terminal.tell(f"under {job.fail_under:g}: {listed(under)}", style="bold yellow")
    return bool(under)

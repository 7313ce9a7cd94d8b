"""``kleos explain``: where a person's points come from, and why they changed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from attrs import frozen
from cyclopts import Parameter

from kleos.cli.options import DEFAULT_CONFIG, DEFAULTS, AsOf, ConfigPath, Flag, Options

if TYPE_CHECKING:
    from kleos.cli.terminal import Terminal
    from kleos.insight.explaining.asking import Findings
    from kleos.insight.explaining.change import Change

__all__ = ["explain"]


def explain(
    person: Annotated[str, Parameter(help="The id of a person in the configuration.")],
    config: ConfigPath = DEFAULT_CONFIG,
    /,
    *,
    top: Annotated[int, Parameter(metavar="N", help="How many items and people each list names.")] = 5,
    everything: Annotated[Flag, Parameter(name="--all", help="Name all items and people, and metrics without points too.")] = False,
    by_whom: Annotated[
        Flag, Parameter(help="Say of each moment whom it is from: pseudonyms, and ids of people in the configuration.")
    ] = False,
    as_of: AsOf = None,
    between: Annotated[
        tuple[str, str] | None,
        Parameter(metavar="DATE DATE", show_default=False, help="Explain how the score came from that of one date to that of another."),
    ] = None,
    model_before: Annotated[
        Path | None, Parameter(metavar="FILE", help="With --between: the model of the first date, in place of the one recorded then.")
    ] = None,
    options: Options = DEFAULTS,
) -> int:
    """Score again from what was collected before, and show where a person's points come from, down to items and people."""
    from attrs import evolve

    from kleos.cli.exits import Exit
    from kleos.cli.opening import open_config
    from kleos.cli.terminal import open_terminal
    from kleos.cli.working import working
    from kleos.errors import UsageError
    from kleos.insight.person import check_person

    if top < 0:
        raise UsageError(f"expected a number of at least 0, found {top}", where="--top")
    times = _times(between, as_of, model_before)
    terminal = open_terminal()
    shown = _Shown(None if everything else top, by_whom)
    with working(terminal, options) as work:
        resolved, loaded = open_config(config, emit=work.emit, as_of=as_of)
        check_person(person, {known.id: known.name for known in resolved.people.values()})
        # Here and not above: mistakes are told before the engine is loaded.
        from kleos.insight.explaining.asking import explain_change, look_into

        now = datetime.now(UTC)
        if times is not None:
            since, until = times
            change = explain_change(resolved, loaded, person, since=since, until=until, model_before=model_before, emit=work.emit, now=now)
        else:
            findings = look_into(resolved, loaded, person, emit=work.emit, now=now, everything=everything)
    if times is not None:
        _show_change(terminal, change, config, options, shown)
    else:
        if as_of is not None:
            findings = evolve(findings, explanation=evolve(findings.explanation, as_of_reason="given by --as-of"))
        _show(terminal, findings, config, options, shown)
    return Exit.FAULTS if work.emit.faults else Exit.DONE


@frozen
class _Shown:
    """How much of the answer is shown."""

    top: int | None
    by_whom: bool


def _times(between: tuple[str, str] | None, as_of: str | None, model_before: Path | None) -> tuple[date, date] | None:
    """Return the two days, or the times where hours are given, too."""
    from kleos.errors import UsageError

    if between is None:
        if model_before is not None:
            raise UsageError("expected --between DATE DATE beside it, found none", where="--model-before")
        return None
    if as_of is not None:
        raise UsageError("expected one of --as-of and --between, found both", where="--between", hint="the second date is as of when")
    since, until = between
    return _time(since), _time(until)


def _time(text: str) -> date:
    from kleos.cli.opening import as_of_time
    from kleos.errors import UsageError

    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        pass
    try:
        return as_of_time(text)
    except UsageError as error:
        raise UsageError(error.message, where="--between", hint=error.hint) from None


def _show(terminal: Terminal, findings: Findings, config: Path, options: Options, shown: _Shown) -> None:
    explanation, moments, audience = findings.explanation, findings.moments, findings.audience
    if options.json:
        from kleos.cli.render.explanation.json import explanation_json

        terminal.show_json(explanation_json(explanation, moments, audience, by_whom=shown.by_whom))
        return
    from kleos.cli.following import Step, command
    from kleos.cli.render.explanation.report import explanation_report

    following = [
        Step(command("simulate", config, "--advise", person=explanation.person), "what would raise the score"),
        Step(command("factors", config, "--person", explanation.person), "every factor's value"),
    ]
    report = explanation_report(
        explanation, moments, audience, width=terminal.out.width, top=shown.top, by_whom=shown.by_whom, following=following
    )
    terminal.show(*report)


def _show_change(terminal: Terminal, change: Change, config: Path, options: Options, shown: _Shown) -> None:
    if options.json:
        from kleos.cli.render.explanation.change_json import change_json

        terminal.show_json(change_json(change))
        return
    from kleos.cli.following import Step, command
    from kleos.cli.render.explanation.change import change_report

    following = [Step(command("history", config, person=change.person), "the days between")]
    terminal.show(*change_report(change, width=terminal.out.width, top=shown.top, following=following))

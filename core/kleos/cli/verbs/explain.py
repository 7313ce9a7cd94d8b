"""``kleos explain``: where a person's points come from."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from kleos.cli.options import DEFAULT_CONFIG, DEFAULTS, AsOf, ConfigPath, Flag, Options

__all__ = ["explain"]


def explain(
    person: Annotated[str, Parameter(help="The id of a person in the configuration.")],
    config: ConfigPath = DEFAULT_CONFIG,
    /,
    *,
    top: Annotated[int, Parameter(metavar="N", help="How many items and people each list names.")] = 5,
    everything: Annotated[Flag, Parameter(name="--all", help="Name all items and people, and metrics without points too.")] = False,
    as_of: AsOf = None,
    options: Options = DEFAULTS,
) -> int:
    """Score again from what was collected before, and show where a person's points come from, down to items and people."""
    from datetime import UTC, datetime

    from attrs import evolve

    from kleos.cli.exits import Exit
    from kleos.cli.following import Step, command
    from kleos.cli.opening import open_config
    from kleos.cli.terminal import open_terminal
    from kleos.cli.working import working
    from kleos.errors import UsageError
    from kleos.insight.person import check_person

    if top < 0:
        raise UsageError(f"expected a number of at least 0, found {top}", where="--top")
    terminal = open_terminal()
    with working(terminal, options) as work:
        resolved, loaded = open_config(config, emit=work.emit, as_of=as_of)
        check_person(person, {known.id: known.name for known in resolved.people.values()})
        # Here and not above: mistakes are told before the engine is loaded.
        from kleos.insight.explaining.asking import explain_person

        explanation = explain_person(resolved, loaded, person, emit=work.emit, now=datetime.now(UTC))
    if as_of is not None:
        explanation = evolve(explanation, as_of_reason="given by --as-of")
    if options.json:
        from kleos.cli.render.explanation.json import explanation_json

        terminal.show_json(explanation_json(explanation))
    else:
        from kleos.cli.render.explanation.report import explanation_report

        following = [Step(command("factors", config, "--person", person), "every factor's value")]
        terminal.show(*explanation_report(explanation, width=terminal.out.width, top=None if everything else top, following=following))
    return Exit.FAULTS if work.emit.faults else Exit.DONE

"""``kleos simulate``: what if something were otherwise."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from kleos.cli.options import DEFAULT_CONFIG, DEFAULTS, AsOf, ConfigPath, Flag, Options

__all__ = ["simulate"]


def simulate(
    person: Annotated[str, Parameter(help="The id of a person in the configuration.")],
    config: ConfigPath = DEFAULT_CONFIG,
    /,
    *,
    without: Annotated[
        tuple[str, ...],
        Parameter(metavar="WHAT=VALUE", show_default=False, help="Leave out network=NAME, actor=PSEUDONYM or item=ID; repeatable."),
    ] = (),
    add: Annotated[
        tuple[str, ...],
        Parameter(
            metavar="TEXT",
            show_default=False,
            help='Add reactions: "50 replies by 40 people with 2,000 followers on mastodon over 30 days"; repeatable.',
        ),
    ] = (),
    advise: Annotated[Flag, Parameter(help="Say what would raise the score most for a plausible effort.")] = False,
    top: Annotated[int, Parameter(metavar="N", help="How many items and people each list names, and how many pieces of advice.")] = 5,
    as_of: AsOf = None,
    options: Options = DEFAULTS,
) -> int:
    """Score again from what was collected before, with some reactions taken away or added; nothing of it is recorded."""
    from datetime import UTC, datetime

    from attrs import evolve

    from kleos.cli.exits import Exit
    from kleos.cli.following import Step, command
    from kleos.cli.opening import open_config
    from kleos.cli.terminal import open_terminal
    from kleos.cli.working import working
    from kleos.errors import UsageError
    from kleos.insight.person import check_person
    from kleos.insight.simulating.grammar import read_wish

    if top < 1:
        raise UsageError(f"expected a number of at least 1, found {top}", where="--top")
    if not (without or add or advise):
        raise UsageError("expected something to simulate, found nothing", hint="say --without, --add or --advise")
    for wish in add:
        read_wish(wish)
    terminal = open_terminal()
    simulation = advising = None
    with working(terminal, options) as work:
        resolved, loaded = open_config(config, emit=work.emit, as_of=as_of)
        check_person(person, {known.id: known.name for known in resolved.people.values()})
        # Here and not above: mistakes are told before the engine is loaded.
        from kleos.insight.simulating.asking import advise_person, simulate_person

        now = datetime.now(UTC)
        if without or add:
            simulation = simulate_person(resolved, loaded, person, without=without, add=add, emit=work.emit, now=now)
        if advise:
            advising = advise_person(resolved, loaded, person, most=top, emit=work.emit, now=now)
    if as_of is not None and simulation is not None:
        simulation = evolve(simulation, as_of_reason="given by --as-of")
    if options.json:
        from kleos.cli.render.simulation.json import simulation_json

        terminal.show_json(simulation_json(simulation, advising))
    else:
        from kleos.cli.render.simulation.report import simulation_report

        following = [Step(command("explain", config, person=person), "where the points come from as it is")]
        if not advise:
            following.insert(0, Step(command("simulate", config, "--advise", person=person), "what would raise the score"))
        terminal.show(*simulation_report(simulation, advising, width=terminal.out.width, top=top, following=following))
    return Exit.FAULTS if work.emit.faults else Exit.DONE

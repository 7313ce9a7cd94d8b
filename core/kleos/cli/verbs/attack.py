"""``kleos attack``: what could be gained by cheating."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kleos.cli.options import DEFAULTS, Flag, Options

__all__ = ["attack"]


def attack(
    config: Annotated[
        Path | None, Parameter(help="The configuration file; without one, the model that ships and an invented population.")
    ] = None,
    /,
    *,
    invented: Annotated[Flag, Parameter(help="Attack an invented population, even where the configuration has a [population].")] = False,
    options: Options = DEFAULTS,
) -> int:
    """Simulate attacks on a population, and tell how many points each one gains: sock puppets, pods, bursts, bots, duplicates, breaks.

    Nothing is stored or changed. Ends with 1 where a bound that the model should keep is broken.
    """
    from kleos.cli.exits import Exit
    from kleos.cli.following import Step, command
    from kleos.cli.terminal import open_terminal
    from kleos.cli.working import working

    terminal = open_terminal()
    with working(terminal, options) as work:
        from datetime import UTC, datetime

        from kleos.insight.attacking.asking import attack_configured, attack_shipped

        with work.at_once():
            if config is None:
                tried = attack_shipped(emit=work.emit)
            else:
                from kleos.cli.opening import open_config

                opened, loaded = open_config(config, emit=work.emit)
                tried = attack_configured(opened, loaded, emit=work.emit, now=datetime.now(UTC), invented=invented)
    if options.json:
        from kleos.cli.render.attack.json import attack_json

        terminal.show_json(attack_json(tried))
    else:
        from kleos.cli.render.attack.report import attack_report

        measured = config is not None and opened.population is not None
        step = Step(command("evaluate", config), "how well the same model predicts") if config and measured else None
        following = [step or Step("kleos model show", "the weights and rules behind these numbers")]
        terminal.show(*attack_report(tried, width=terminal.out.width, following=following))
    return Exit.FAULTS if tried.broken or work.emit.faults else Exit.DONE

"""A dry run: what would be asked and read is shown, and nothing is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from kleos.cli.exits import Exit
from kleos.cli.following import after_plan
from kleos.cli.opening import open_config
from kleos.cli.options import Options
from kleos.cli.render.planned import plan_json, plan_report
from kleos.cli.terminal import open_terminal
from kleos.cli.working import working
from kleos.errors import UsageError

__all__ = ["show_plan"]


def show_plan(path: Path, options: Options, *, command: str, replay: Path | None = None) -> int:
    """Show what `command` would do with a configuration, and return the exit code: 1 where a source could not be asked."""
    if replay is not None:
        raise UsageError("--replay asks for nothing, so there is nothing to show", where="--dry-run", hint="leave one of the two out")
    terminal = open_terminal()
    with working(terminal, options) as work:
        config, loaded = open_config(path, emit=work.emit)
        # Here and not above: a mistake in the configuration is told before the engine is loaded.
        from kleos.collect.planning import planned

        plan = planned(config, loaded, now=datetime.now(UTC))
    population = config.population if command == "run" else None
    if options.json:
        terminal.show_json(plan_json(plan, population, work.emit.faults))
    else:
        following = after_plan(command, path)
        terminal.show(*plan_report(plan, population, work.emit.faults, width=terminal.out.width, following=following))
    return Exit.FAULTS if work.emit.faults or any(one.problem for one in plan) else Exit.DONE

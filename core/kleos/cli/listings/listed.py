"""What the listing verbs share: load all plugins, show objects as a table or as JSON, and say what to try next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rich.console import RenderableType

from kleos.cli.exits import Exit
from kleos.cli.following import Step
from kleos.cli.options import Options
from kleos.cli.render.report import WIDEST, next_step
from kleos.cli.terminal import open_terminal
from kleos.cli.working import Work, working

__all__ = ["Row", "listed"]

Row = dict[str, Any]
"""One object of a list, `name` first: what ``--json`` prints."""


def listed(
    options: Options,
    find: Callable[[Work], Sequence[Row]],
    show: Callable[[Sequence[Row], int], Sequence[RenderableType]],
    *,
    following: Sequence[Step],
    fails: Callable[[Row], bool] = lambda row: False,
) -> int:
    """Find rows, show them (`show` is given the rows and a width), and return the exit code: 1 where a plugin, or a row, fails."""
    terminal = open_terminal()
    with working(terminal, options) as work:
        rows = find(work)
    if options.json:
        terminal.show_json(rows)
    else:
        width = min(WIDEST, terminal.out.width)
        terminal.show(*show(rows, width), *next_step(following, width))
    return Exit.FAULTS if work.emit.faults or any(map(fails, rows)) else Exit.DONE

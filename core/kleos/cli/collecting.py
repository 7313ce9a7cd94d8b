"""Collecting alone: open, collect, and show what came of every source."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from kleos.cli.exits import Exit
from kleos.cli.following import after_collect
from kleos.cli.interrupt import AFTERWARDS
from kleos.cli.opening import open_config
from kleos.cli.options import Options
from kleos.cli.render.collected import collected_json, collected_report
from kleos.cli.terminal import open_terminal
from kleos.cli.working import working
from kleos.errors import NoDataError

__all__ = ["do"]


def do(path: Path, *, strict: bool, keep: bool, replay: Path | None, options: Options) -> int:
    """Collect, show what came of it, and return the exit code. Raises `NoDataError` where no source could be read.

    `replay` is a folder of kept pages, which are taken instead of what the sources have.
    """
    terminal = open_terminal()
    with working(terminal, options) as work:
        # Kept pages may be of a network that the configuration names no longer.
        config, loaded = open_config(path, emit=work.emit, strict=strict, everything=replay is not None)
        # Here and not above: a mistake in the configuration is told before the engine is loaded.
        from kleos import pipeline

        now = datetime.now(UTC)
        collected = pipeline.collect_only(config, loaded, emit=work.emit, now=now, stop=work.stop, keep=keep, strict=strict, replay=replay)
    faults = work.emit.faults
    if options.json:
        terminal.show_json(collected_json(collected, faults))
    else:
        terminal.show(*collected_report(collected, faults, width=terminal.out.width, following=after_collect(path)))
    if work.stop.is_set():
        terminal.tell(AFTERWARDS, style="yellow")
        return Exit.INTERRUPTED
    if not any(report.pages or report.skipped_pages for report in collected.sources):
        if not collected.sources:
            raise NoDataError("the configuration names no source", where=str(path), hint="add a [networks.<network>] table")
        raise NoDataError("no source gave a usable row", where=str(path), hint="look at the faults above")
    return Exit.FAULTS if faults else Exit.DONE

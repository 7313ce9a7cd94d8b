"""``kleos history``: read the records, show them, and write what was asked for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from attrs import frozen

from kleos.cli.exits import Exit
from kleos.cli.following import Step, command
from kleos.cli.options import DEFAULTS, Options
from kleos.cli.recorded import open_recorded
from kleos.cli.terminal import open_terminal
from kleos.errors import UsageError

__all__ = ["Asked", "show_history"]

WIDTH = 900
"""Pixels of the picture, before they are doubled."""


@frozen(kw_only=True)
class Asked:
    """What was asked for on the command line."""

    person: str
    config: Path
    since: str | None = None
    until: str | None = None
    csv: Path | None = None
    png: Path | None = None
    options: Options = DEFAULTS


def show_history(asked: Asked) -> int:
    """Show a person's history, and return the exit code."""
    since, until = _day(asked.since, "--since"), _day(asked.until, "--until")
    if since is not None and until is not None and since > until:
        raise UsageError(f"expected a day up to {until}, found {since}", where="--since", hint="exchange --since and --until")
    config = open_recorded(asked.config)
    from kleos.insight.person import check_person

    check_person(asked.person, config.people)
    if asked.png is not None:
        from kleos.report.needs import check_installed

        check_installed(("altair", "vl_convert"))
    # Here and not above: mistakes are told before DuckDB is loaded.
    from kleos.insight.history.reading import read_history

    history = read_history(config.store, asked.person, config.people[asked.person], since=since, until=until)
    if asked.csv is not None:
        from kleos.cli.render.history.csv import history_csv

        _write(asked.csv, history_csv(history).encode())
    if asked.png is not None:
        from kleos.report.curve import curve_chart, curve_png
        from kleos.report.digits import score_text

        last = history.line[-1]
        picture = curve_chart(history.line, history.markers, others=history.others, width=WIDTH, height=WIDTH // 3)
        _write(asked.png, curve_png(picture, f"{history.name}: {score_text(last.score)} on {last.day}"))
    terminal = open_terminal()
    if asked.options.json:
        from kleos.cli.render.history.json import history_json

        terminal.show_json(history_json(history))
        return Exit.DONE
    from kleos.cli.render.history.report import history_report

    following = [Step(command("explain", asked.config, person=asked.person), "where today's points come from")]
    plain = bool(terminal.out.options.ascii_only)
    terminal.show(*history_report(history, width=terminal.out.width, plain=plain, following=following))
    for path in (asked.csv, asked.png):
        if path is not None and not asked.options.quiet:
            terminal.tell(f"written to {path}", style="dim")
    return Exit.DONE


def _day(text: str | None, where: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"expected a day, found {text!r}", where=where, hint="write it like 2026-03-31") from None


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise UsageError(f"the file cannot be written: {error.strerror or error}", where=str(path)) from None

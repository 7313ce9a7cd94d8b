"""``kleos export``: what Kleos knows, as files that others can read."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from kleos.cli.options import DEFAULT_CONFIG, DEFAULTS, AsOf, ConfigPath, Flag, Options

__all__ = ["export"]

_DEFAULT_FOLDER = Path("kleos-export")


def export(
    config: ConfigPath = DEFAULT_CONFIG,
    /,
    *,
    out: Annotated[Path, Parameter(metavar="FOLDER", help="The folder to write to.")] = _DEFAULT_FOLDER,
    format_: Annotated[Literal["csv", "parquet", "ndjson"], Parameter(name="--format", help="How tables are written.")] = "csv",
    only: Annotated[
        tuple[Literal["people", "scores", "networks", "metrics", "factors", "contributions", "graph"], ...],
        Parameter(show_default=False, help="Write this part; give it again for another. Without, all of them."),
    ] = (),
    graph: Annotated[
        tuple[Literal["gexf", "graphml"], ...], Parameter(show_default=False, help="How the graph is written, gexf unless told; or both.")
    ] = (),
    since: Annotated[str | None, Parameter(metavar="DATE", help="Only scores that were recorded on this day or after it.")] = None,
    until: Annotated[str | None, Parameter(metavar="DATE", help="Only scores that were recorded on this day or before it.")] = None,
    as_of: AsOf = None,
    force: Annotated[Flag, Parameter(help="Replace files that are there.")] = False,
    options: Options = DEFAULTS,
) -> int:
    """Write recorded scores, networks and metrics, and factors, contributions and the graph of who reacts to whom as they are now."""
    from datetime import UTC, datetime

    from kleos.cli.exits import Exit
    from kleos.cli.following import Step, command
    from kleos.cli.opening import open_config
    from kleos.cli.render.export import exported_json, exported_report
    from kleos.cli.terminal import open_terminal
    from kleos.cli.working import working

    days = [_day(text, option) for text, option in ((since, "--since"), (until, "--until"))]
    terminal = open_terminal()
    with working(terminal, options) as work:
        resolved, loaded = open_config(config, emit=work.emit, as_of=as_of)
        _check_people(resolved.people, population=resolved.population is not None, where=str(config))
        # Here and not above: mistakes are told before the engine is loaded.
        from kleos.insight.exporting import export as exporting

        order = exporting.Order(
            folder=out,
            parts=only or exporting.PARTS,
            format=format_,
            drawings=graph or ("gexf",),
            since=days[0],
            until=days[1],
            force=force,
        )
        with work.at_once():
            files = exporting.export(resolved, loaded, order, emit=work.emit, now=datetime.now(UTC))
    if options.json:
        terminal.show_json(exported_json(out, files))
    else:
        following = [Step(command("metrics", DEFAULT_CONFIG), "what the metrics mean")]
        terminal.show(*exported_report(out, files, width=terminal.out.width, following=following))
    return Exit.FAULTS if work.emit.faults else Exit.DONE


def _day(text: str | None, option: str) -> date | None:
    from kleos.errors import UsageError

    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"expected a date, found {text!r}", where=option, hint="write it like 2026-03-31") from None


def _check_people(people: object, *, population: bool, where: str) -> None:
    from kleos.errors import UsageError

    if not people:
        hint = "the table of a [population] is its `out`" if population else "name the people to score in [people.<id>]"
        raise UsageError("the configuration has no [people]", where=where, hint=hint)

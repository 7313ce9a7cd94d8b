"""``kleos compare``: several people side by side, or a whole roster by rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from kleos.cli.options import DEFAULTS, Options, people_and_config

if TYPE_CHECKING:
    from kleos.cli.terminal import Terminal
    from kleos.config import Config
    from kleos.insight.comparing.compare import Comparison
    from kleos.plugins import Loaded

__all__ = ["compare"]


def compare(
    *people: Annotated[str, Parameter(help="Ids of people in the configuration, and the configuration file (what holds a dot or slash).")],
    network: Annotated[
        tuple[str, ...], Parameter(metavar="NAME", show_default=False, help="Only people with a scored reaction on this network.")
    ] = (),
    min_score: Annotated[float | None, Parameter(metavar="SCORE", help="Only people with at least this score.")] = None,
    max_score: Annotated[float | None, Parameter(metavar="SCORE", help="Only people with at most this score.")] = None,
    top: Annotated[int | None, Parameter(metavar="N", help="Only so many, the highest scores first.")] = None,
    on: Annotated[str | None, Parameter(metavar="DATE", help="Compare the newest scores up to this day.")] = None,
    csv: Annotated[Path | None, Parameter(metavar="FILE", help="Write everybody who is left as a table, too.")] = None,
    parquet: Annotated[Path | None, Parameter(metavar="FILE", help="The same as Parquet.")] = None,
    options: Options = DEFAULTS,
) -> int:
    """Compare people by the scores that runs have recorded, and say which differences are noise; without names, everybody by rank."""
    from kleos.cli.exits import Exit
    from kleos.cli.opening import open_config
    from kleos.cli.render.comparison.json import comparison_json
    from kleos.cli.terminal import open_terminal
    from kleos.cli.working import working
    from kleos.errors import UsageError

    ids, path = people_and_config(people)
    day = _day(on)
    if top is not None and top < 1:
        raise UsageError(f"expected a number of at least 1, found {top}", where="--top")
    tables = _tables({"--csv": csv, "--parquet": parquet})
    terminal = open_terminal()
    with working(terminal, options) as work:
        config, loaded = open_config(path, emit=work.emit)
        roster = _roster(config, ids, path)
        # Here and not above: mistakes are told before DuckDB is loaded.
        from kleos.insight.comparing.compare import compare_people, compare_roster
        from kleos.insight.comparing.roster import Wanted, chosen, write_table
        from kleos.store import Store

        with Store.open(config.run.store, create=False) as store:
            everybody = (compare_people if ids else compare_roster)(store, roster, until=day)
        comparison = chosen(everybody, Wanted(networks=network, min_score=min_score, max_score=max_score, top=top))
        for table in tables:
            write_table(comparison, table)
    if options.json:
        terminal.show_json(comparison_json(comparison))
    else:
        _show(terminal, comparison, titles=_titles(config, loaded), everybody=everybody, top=top, named=bool(ids), path=path)
    if not options.quiet:
        for table in tables:
            terminal.tell(f"written to {table}", style="dim")
    return Exit.FAULTS if work.emit.faults else Exit.DONE


def _day(text: str | None) -> date | None:
    from kleos.errors import UsageError

    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"expected a date, found {text!r}", where="--on", hint="write it like 2026-03-31") from None


def _tables(asked: Mapping[str, Path | None]) -> list[Path]:
    """Return the tables to write; each ends as its option says."""
    from kleos.errors import UsageError

    for option, table in asked.items():
        suffix = option.replace("--", ".")
        if table is not None and table.suffix != suffix:
            raise UsageError(f"expected a file that ends with {suffix}, found {table}", where=option)
    return [table for table in asked.values() if table is not None]


def _roster(config: Config, ids: Sequence[str], path: Path) -> dict[str, str]:
    """Return whom to compare, id → name: those named, or everybody."""
    from kleos.errors import UsageError
    from kleos.insight.person import check_person

    roster = {person.id: person.name for person in config.people.values()}
    for person in ids:
        check_person(person, roster)
    if not roster:
        hint = "the table of a [population] is its `out`" if config.population else "name the people to score in [people.<id>]"
        raise UsageError("the configuration has no [people]", where=str(path), hint=hint)
    if len(ids) == 1:
        others = [person for person in roster if person not in ids]
        hint = f"kleos compare {ids[0]} {others[0]}" if others else "the configuration has nobody else"
        raise UsageError(f"expected at least two people, found {ids[0]}", hint=hint)
    return {person: roster[person] for person in ids} if ids else roster


def _titles(config: Config, loaded: Loaded) -> dict[str, str]:
    """Return metric → title, in the model's order."""
    from kleos.scoring.model import load_model

    order = [*load_model(config.run.model).metrics, *loaded.metrics]
    return {name: loaded.metrics[name].title for name in sorted(loaded.metrics, key=order.index)}


def _show(
    terminal: Terminal,
    comparison: Comparison,
    *,
    titles: Mapping[str, str],
    everybody: Comparison,
    top: int | None,
    named: bool,
    path: Path,
) -> None:
    from kleos.cli.following import Step, command
    from kleos.cli.render.comparison.report import ABREAST, comparison_report, roster_report

    people = comparison.people
    following = [Step(command("explain", path, person=people[0].id), "where these points come from")] if people else []
    if named and 1 < len(people) <= ABREAST:
        plain = terminal.out.options.ascii_only
        terminal.show(*comparison_report(comparison, titles, width=terminal.out.width, plain=plain, following=following))
    else:
        size = len(everybody.people)
        terminal.show(*roster_report(comparison, width=terminal.out.width, everybody=size, lines=top, following=following))

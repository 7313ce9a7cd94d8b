"""``kleos report``: pages, cards and badges of recorded scores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from attrs import field, frozen
from cyclopts import Parameter

from kleos.cli.options import DEFAULTS, Options, people_and_config

if TYPE_CHECKING:
    from kleos.cli.render.pages.written import Written
    from kleos.events import Emit
    from kleos.report.page import Page

__all__ = ["report"]

FOLDER = Path("kleos-report")


@frozen
class _Made:
    """What came of the pages."""

    people: list[str] = field(factory=list)
    files: list[Written] = field(factory=list)
    told: list[dict[str, Any]] = field(factory=list)


def report(
    *people: Annotated[
        str,
        Parameter(
            name="PERSON",
            help="Ids of people in the configuration (default: everybody), and the configuration (what holds a dot or slash).",
        ),
    ],
    out: Annotated[
        Path | None,
        Parameter(metavar="FOLDER", help="Where the pages go (kleos-report); with --png, --badge or --json there are none without it."),
    ] = None,
    png: Annotated[Path | None, Parameter(metavar="FILE", help="Write one person's card to share, 1200 × 630 pixels.")] = None,
    badge: Annotated[Path | None, Parameter(metavar="FILE", help="Write one person's badge, an SVG.")] = None,
    options: Options = DEFAULTS,
) -> int:
    """Write a page for each person, and one for all of them, from recorded scores; each is one file that works offline."""
    from datetime import UTC, datetime

    from kleos.cli.exits import Exit
    from kleos.cli.following import Step, command
    from kleos.cli.opening import open_config
    from kleos.cli.terminal import open_terminal
    from kleos.cli.working import working
    from kleos.insight.person import check_person
    from kleos.report.needs import check_installed

    ids, path = people_and_config(people)
    pictures = [option for option, file in (("--png", png), ("--badge", badge)) if file is not None]
    if out is None and not pictures and not options.json:
        out = FOLDER
    terminal = open_terminal()
    with working(terminal, options) as work:
        config, loaded = open_config(path, emit=work.emit)
        known = {person.id: person.name for person in config.people.values()}
        for person in ids:
            check_person(person, known)
        _check(ids or list(known), pictures, path)
        if out is not None or pictures:
            check_installed()
        # Here and not above: mistakes are told before the engine is loaded.
        from kleos.report.gather import gather

        pages = gather(config, loaded, ids, emit=work.emit, now=datetime.now(UTC))
        made = _make(pages, len(ids or known), out, png, badge, json=options.json, emit=work.emit)
    if options.json:
        terminal.show_json(made.told)
    else:
        from kleos.cli.render.pages.written import written_report

        following = [Step(command("explain", path, person=made.people[0]), "the same, down to items and people")]
        terminal.show(*written_report(made.files, width=terminal.out.width, following=following))
    return Exit.FAULTS if work.emit.faults else Exit.DONE


def _check(people: Sequence[str], pictures: Sequence[str], path: Path) -> None:
    """Raise `UsageError` where there is nobody, and where a picture of one person is asked for and there are several."""
    from kleos.cli.following import command
    from kleos.errors import UsageError

    if not people:
        raise UsageError("the configuration has no [people]", where=str(path), hint="name the people to score in [people.<id>]")
    if pictures and len(people) > 1:
        hint = f"name one: {command('report', path, pictures[0], 'FILE', person=people[0])}"
        raise UsageError(f"expected one person, found {len(people)}: {', '.join(people[:5])}", where=pictures[0], hint=hint)


def _make(pages: Iterable[Page], count: int, out: Path | None, png: Path | None, badge: Path | None, *, json: bool, emit: Emit) -> _Made:
    """Make everything that was asked for, one page after the other: there may be thousands."""
    from kleos.cli.render.pages.written import Written
    from kleos.events import Progress
    from kleos.report.json import page_json

    made = _Made()
    entries = []
    for page in pages:
        made.people.append(page.id)
        if json:
            made.told.append(page_json(page))
        if out is not None:
            from kleos.report.roster import Entry
            from kleos.report.writing import page_file, write_page

            made.files.append(Written.of(write_page(page, out, roster=count > 1), page.name))
            entries.append(Entry.of(page, page_file(page.id)))
        made.files.extend(_pictures(page, png, badge))
        emit(Progress(task="pages", done=len(made.people), total=count, unit="people"))
    if out is not None and count > 1:
        from kleos.report.writing import write_roster

        made.files.append(Written.of(write_roster(entries, out), "everybody"))
    emit(Progress(task="pages", done=len(made.people), total=count, unit="people", finished=True))
    return made


def _pictures(page: Page, png: Path | None, badge: Path | None) -> Iterator[Written]:
    from kleos.cli.render.pages.written import Written
    from kleos.report.writing import write_file

    if png is not None:
        from kleos.report.card import card_png

        yield Written.of(write_file(png, card_png(page)), "a card to share")
    if badge is not None:
        from kleos.report.badge import badge_svg

        yield Written.of(write_file(badge, badge_svg(page).encode()), "a badge")

"""Several people: their order, and a compact card for each."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from kleos.cli.render.bars import bar
from kleos.cli.render.card import change_text, interval_text, standing, who
from kleos.cli.render.coverage import coverage_sentences
from kleos.cli.render.history.move import move_text
from kleos.cli.render.layout import fit, hanging, held, paragraph, wrapped
from kleos.cli.render.parts import UNCALIBRATED, metric_points, network_label, network_points
from kleos.report.digits import score_text
from kleos.report.words import amount, clean, unit_for
from kleos.scoring.result import PersonScore

__all__ = ["compact_card", "ranked", "ranking"]

_WIDEST_NAME = 24
_DOT = held(" ·") + " "


def ranked(people: Sequence[PersonScore]) -> list[tuple[int, PersonScore]]:
    """Return people with their ranks, highest score first; equal scores share a rank and stand in the order of their ids."""
    ranks: list[tuple[int, PersonScore]] = []
    for place, person in enumerate(sorted(people, key=lambda person: (-person.score, person.id)), start=1):
        tied = ranks and ranks[-1][1].score == person.score
        ranks.append((ranks[-1][0] if tied else place, person))
    return ranks


def ranking(people: Sequence[PersonScore], width: int) -> list[RenderableType]:
    """Return the table of people by rank: score, interval, networks."""
    order = ranked(people)
    digits = len(str(len(order)))
    name = min(_WIDEST_NAME, max([4, *(cell_len(clean(person.name)) for person in people)]))
    drawn = 24 if width >= 100 else 0
    heading = f"{'':{digits}}  {fit('name', name)}  score  {fit('', drawn + 2) if drawn else ''}90 % interval  points by network"
    top = Text(heading, style="bold")
    top.truncate(width, overflow="ellipsis")
    lines: list[RenderableType] = [top]
    for rank, person in order:
        line = Text.assemble(
            (f"{rank:>{digits}}", "dim"), f"  {fit(clean(person.name), name)}  ", (f"{score_text(person.score):>5}", "bold cyan"), "  "
        )
        if drawn:
            line.append(fit(bar(person.score / 100, drawn), drawn + 2), style="cyan")
        line.append(fit(_bounds(person), 15))
        room = line.cell_len
        first, *others = wrapped(_networks(person), max(20, width - room))
        lines += [line.append(first), *(Text(" " * room + other) for other in others)]
    if any(not part.calibrated for person in people for part in person.networks.values()):
        lines.append(paragraph(UNCALIBRATED, width, style="dim"))
    return [*lines, Text()]


def compact_card(person: PersonScore, width: int) -> list[RenderableType]:
    """Return a person's parts as a few lines of text."""
    facts = [held(f"bucket {person.bucket}"), change_text(person.delta), interval_text(person.interval), standing(person)]
    if person.move is not None:
        facts.insert(2, move_text(person.move, "theirs"))
    rows = {
        "standing": _DOT.join(facts),
        "networks": _networks(person),
        "metrics": _metrics(person),
        "coverage": " ".join(coverage_sentences(person.coverage)),
    }
    room = 2 + max(map(cell_len, rows)) + 2
    head = who(person).append("  ").append(score_text(person.score), style="bold cyan")
    return [head, *(hanging(f"  {label}", text, width, room=room, label_style="dim") for label, text in rows.items()), Text()]


def _bounds(person: PersonScore) -> str:
    return "too few" if person.interval is None else f"{score_text(person.interval[0])} to {score_text(person.interval[1])}"


def _networks(person: PersonScore) -> str:
    points = network_points(person)
    named = [held(f"{network_label(name, part)} {points[name]}") for name, part in person.networks.items()]
    return f" {held('+ ')}".join(named) or "no reaction in the window"


def _metrics(person: PersonScore) -> str:
    points = metric_points(person)
    told = [
        f"{clean(part.title)} {amount(part.value)} {unit_for(part.value, part.unit)} ({points[name]})"
        for name, part in person.metrics.items()
    ]
    return _DOT.join(map(held, told))

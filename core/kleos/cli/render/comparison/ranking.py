"""A roster by rank: a line for each person."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from kleos.cli.render.bars import bar
from kleos.cli.render.comparison.places import interval_text, rank_text
from kleos.cli.render.layout import fit, held, paragraph, wrapped
from kleos.insight.comparing.compare import Compared
from kleos.report.digits import percent, points_text, score_tenths, score_text, split_tenths
from kleos.report.words import clean

__all__ = ["ranking"]

_WIDEST_NAME = 24
_DRAWN = 20
_BESIDE = 2 + 2 + 5 + 2 + 15
"""Cells of a line beside rank and name."""
_SHARE = 10
_NARROWEST = 24
_STYLES = ("dim", "", "bold cyan", "cyan", "", "")
_TIES = "Ranks like 2–5: nobody can tell where in that range somebody stands; the differences there are within the noise."


def ranking(people: Sequence[Compared], width: int) -> list[RenderableType]:
    """Return a heading and a line for each person: ranks, score, interval, share outranked, points by network.

    Where there is no room, the last two are left out.
    """
    rank = max([4, *(cell_len(rank_text(person.ranks)) for person in people)])
    name = min(_WIDEST_NAME, max([4, *(cell_len(clean(person.name)) for person in people)]), width - rank - _BESIDE)
    drawn = _DRAWN if width >= 100 else 0
    shares = width >= rank + name + _BESIDE + _SHARE
    room = rank + name + _BESIDE + (drawn + 2 if drawn else 0) + _SHARE
    networks = shares and width - room >= _NARROWEST

    def line(cells: Sequence[str], styles: Sequence[str]) -> Text:
        ranks, who, score, bars, interval, share = cells
        parts = [
            fit(ranks, rank) + "  ",
            fit(who, name) + "  ",
            f"{score:>5}  ",
            fit(bars, drawn + 2) if drawn else "",
            fit(interval, 15),
            fit(share, _SHARE) if shares else "",
        ]
        return Text.assemble(*zip(parts, styles, strict=True))

    headings = line(("rank", "name", "score", "", "90 % interval", "ahead of"), ["bold"] * 6)
    lines = [headings.append("points by network" if networks else "", style="bold")]
    for person in people:
        share = percent(person.percentile) if person.score > 1 else "–"
        cells = (rank_text(person.ranks), clean(person.name), score_text(person.score), bar(person.score / 100, drawn))
        first, *others = wrapped(_networks(person), width - room) if networks else [""]
        lines.append(line((*cells, interval_text(person.interval), share), _STYLES).append(first))
        lines += [Text(" " * room + other) for other in others]
    for shown in lines:
        shown.rstrip()
    if any(person.ranks and person.ranks[0] < person.ranks[1] for person in people):
        lines.append(paragraph(_TIES, width, style="dim"))
    return [*lines]


def _networks(person: Compared) -> str:
    shown = split_tenths([part["points"] for part in person.networks.values()], score_tenths(person.score) - 10)
    named = [
        held(f"{clean(network)}{'' if part['calibrated'] else ' ~'} {points_text(points)}")
        for (network, part), points in zip(person.networks.items(), shown, strict=True)
        if points
    ]
    return f" {held('+ ')}".join(named) or "no reaction in the window"

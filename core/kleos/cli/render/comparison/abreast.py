"""A few people side by side: a column each, as many abreast as the terminal is wide."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from attrs import frozen
from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from kleos.cli.render.comparison.places import interval_text, rank_text
from kleos.cli.render.layout import fit
from kleos.insight.comparing.compare import Compared
from kleos.report.digits import percent, points_text, score_tenths, score_text, split_tenths
from kleos.report.words import amount, clean
from kleos.scoring.result import bucket

__all__ = ["Titles", "abreast"]

Titles = Mapping[str, str]
"""Metric → what people call it, in the order to show them."""

_NARROWEST = 16
_WIDEST = 26
_NONE = "–"


@frozen
class _Row:
    label: str
    cells: Sequence[str]
    style: str = ""
    best: int | None = None
    """The column that leads in this row."""


def abreast(people: Sequence[Compared], titles: Titles, width: int) -> list[RenderableType]:
    """Return rows of score, networks, metrics and coverage with a column for each person; more people than fit go on below."""
    rows = _rows(people, titles)
    room = min(max(cell_len(row.label) for row in rows) + 2, width - _NARROWEST)
    fitting = max(1, (width - room) // _NARROWEST)
    lines: list[RenderableType] = []
    for start in range(0, len(people), fitting):
        size = min(_WIDEST, (width - room) // min(fitting, len(people)))
        lines += [*(_line(row, slice(start, start + fitting), room, size) for row in rows), Text()]
    return lines


def _line(row: _Row, columns: slice, room: int, size: int) -> Text:
    line = Text(fit(row.label, room), style="" if row.cells else "bold")
    for number, cell in enumerate(row.cells[columns], start=columns.start):
        line.append(fit(cell, size - 1) + " ", style="bold" if number == row.best else row.style)
    line.rstrip()
    return line


def _rows(people: Sequence[Compared], titles: Titles) -> list[_Row]:
    names = [clean(person.name) for person in people]
    rows = [_Row("", names, "bold")]
    if any(person.name != person.id for person in people):
        rows.append(_Row("", [clean(person.id) for person in people], "dim"))
    rows += [
        _Row("score", [score_text(person.score) for person in people], "bold cyan"),
        _Row("90 % interval", [interval_text(person.interval) for person in people]),
        _Row("ahead of", [percent(person.percentile) if person.score > 1 else _NONE for person in people]),
        _Row("rank", [rank_text(person.ranks) for person in people]),
        _Row("bucket", [bucket(person.score) for person in people]),
    ]
    if len({person.day for person in people}) > 1:
        rows.append(_Row("as of", [person.day.isoformat() for person in people]))
    return [*rows, _Row("", []), *_networks(people), _Row("", []), *_metrics(people, titles), _Row("", []), *_coverage(people)]


def _networks(people: Sequence[Compared]) -> list[_Row]:
    points = [_points(person.networks, person.score) for person in people]
    names = sorted({name for person in people for name in person.networks})
    lent = {name for person in people for name, part in person.networks.items() if not part["calibrated"]}
    rows = [
        _Row(f"  {clean(name)}{' ~' if name in lent else ''}", [shown.get(name, _NONE) for shown in points], best=_best(people, name))
        for name in names
    ]
    return [_Row("networks, points", []), *rows]


def _best(people: Sequence[Compared], network: str) -> int | None:
    return _leader([person.networks.get(network, {}).get("points", 0.0) for person in people])


def _leader(values: Sequence[float]) -> int | None:
    most = max(values)
    return values.index(most) if len(values) > 1 and most > 0 and values.count(most) == 1 else None


def _metrics(people: Sequence[Compared], titles: Titles) -> list[_Row]:
    points = [_points(person.metrics, person.score) for person in people]
    rows = []
    for name in dict.fromkeys([*titles, *(name for person in people for name in person.metrics)]):
        parts = [person.metrics.get(name) for person in people]
        if any(part is not None for part in parts):
            cells = [
                _NONE if part is None else f"{amount(part['value'])} ({shown[name]})" for part, shown in zip(parts, points, strict=True)
            ]
            unit = next(part["unit"] for part in parts if part is not None)
            title = clean(titles.get(name, name))
            label = f"  {title}" if title.casefold().endswith(unit.casefold()) else f"  {title}, {clean(unit)}"
            rows.append(_Row(label, cells, best=_leader([part["value"] if part else 0.0 for part in parts])))
    return [_Row("metrics, value (points)", []), *rows]


def _coverage(people: Sequence[Compared]) -> list[_Row]:
    def cells(tell: Callable[[Mapping[str, Any]], str]) -> list[str]:
        return [tell(person.coverage) for person in people]

    return [
        _Row("what they rest on", []),
        _Row("  reactions scored", cells(lambda told: amount(told["imported"] - told["outside_window"] - told["after_as_of"]))),
        _Row("  say who reacted", cells(lambda told: _share(told["actors"]))),
        _Row("  say when", cells(lambda told: _share(told["times"]))),
    ]


def _share(share: float | None) -> str:
    return _NONE if share is None else "all" if share >= 1 else percent(100 * share)


def _points(parts: Mapping[str, Mapping[str, Any]], score: float) -> dict[str, str]:
    """Return the shown points of each part; they add up to the shown score, less one."""
    shown = split_tenths([part["points"] for part in parts.values()], score_tenths(score) - 10)
    return dict(zip(parts, map(points_text, shown), strict=True))

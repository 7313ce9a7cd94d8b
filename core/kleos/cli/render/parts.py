"""The points of a score: network by network, then metric by metric, with a bar each. Both lists add up to the score shown, less one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle

from attrs import frozen
from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from kleos.cli.render.bars import bar
from kleos.cli.render.layout import fit, paragraph
from kleos.report.digits import points_text, score_tenths, split_tenths
from kleos.report.words import amount, clean, unit_for
from kleos.scoring.result import MetricPart, NetworkPart, PersonScore

__all__ = ["UNCALIBRATED", "metric_points", "network_label", "network_points", "parts_section"]

UNCALIBRATED = "~ not calibrated: the model lends this network the curve of others"

_ON_TOP = "  on top of the 1 that everybody has"
_WIDEST_LABEL = 26
_WIDEST_BAR = 48
_COLOURS = ("green", "magenta", "blue")


@frozen
class _Row:
    label: str
    value: str
    unit: str
    points: str
    share: float
    """Of the largest points in its list, 0..1: the length of the bar."""


def parts_section(person: PersonScore, width: int) -> list[RenderableType]:
    """Return the networks and the metrics of a person, `width` cells wide."""
    if not person.networks:
        return [Text("networks", style="bold"), Text("  none with a reaction in the window"), Text()]
    networks, families = _network_rows(person), _metric_rows(person)
    layout = _Layout.of([*networks, *(row for rows in families.values() for row in rows)], width)
    lines: list[RenderableType] = [layout.title(width), *(layout.line(row, "cyan") for row in networks)]
    if not all(part.calibrated for part in person.networks.values()):
        lines.append(paragraph(UNCALIBRATED, width, indent=2, style="dim"))
    for (family, rows), colour in zip(families.items(), cycle(_COLOURS), strict=False):
        lines += [Text(), Text(clean(family), style="bold"), *(layout.line(row, colour) for row in rows)]
    return [*lines, Text()]


def network_points(person: PersonScore) -> dict[str, str]:
    """Return the shown points of each network; they add up to the shown score, less one."""
    return _points({name: part.points for name, part in person.networks.items()}, person.score)


def metric_points(person: PersonScore) -> dict[str, str]:
    """Return the shown points of each metric; they add up to the shown score, less one."""
    return _points({name: part.points for name, part in person.metrics.items()}, person.score)


def network_label(name: str, part: NetworkPart) -> str:
    """Return a network's name, marked where the model was not calibrated for it."""
    return clean(name) if part.calibrated else f"{clean(name)} ~"


def _points(parts: Mapping[str, float], score: float) -> dict[str, str]:
    return dict(zip(parts, map(points_text, split_tenths(list(parts.values()), score_tenths(score) - 10)), strict=True))


def _network_rows(person: PersonScore) -> list[_Row]:
    points, most = network_points(person), _most(person.networks)
    rows = []
    for name, part in person.networks.items():
        unit = unit_for(part.interactions, "reactions")
        rows.append(_Row(network_label(name, part), amount(part.interactions), unit, points[name], part.points / most))
    return rows


def _metric_rows(person: PersonScore) -> dict[str, list[_Row]]:
    points, most = metric_points(person), _most(person.metrics)
    families: dict[str, list[_Row]] = {}
    for name, part in person.metrics.items():
        row = _Row(clean(part.title), amount(part.value), unit_for(part.value, part.unit), points[name], part.points / most)
        families.setdefault(part.family, []).append(row)
    return families


def _most(parts: Mapping[str, NetworkPart] | Mapping[str, MetricPart]) -> float:
    return max((part.points for part in parts.values()), default=0.0) or 1.0


@frozen
class _Layout:
    """The widths of the columns: label, value, unit, points, bar."""

    label: int
    value: int
    unit: int
    points: int
    bar: int

    @classmethod
    def of(cls, rows: Sequence[_Row], width: int) -> _Layout:
        label, value, unit, points = (
            max((cell_len(getattr(row, column)) for row in rows), default=0) for column in ("label", "value", "unit", "points")
        )
        label, points = min(_WIDEST_LABEL, max(label, 8)), max(points, len("points"))
        return cls(label, value, unit, points, min(_WIDEST_BAR, width - (2 + label + 2 + value + 1 + unit + 2 + points + 2)))

    def line(self, row: _Row, colour: str) -> Text:
        return Text.assemble(
            f"  {fit(row.label, self.label)}  {row.value:>{self.value}} ",
            (fit(row.unit, self.unit), "dim"),
            "  ",
            (f"{row.points:>{self.points}}", "bold"),
            *(("  ", (bar(row.share, self.bar), colour)) if row.share > 0 and self.bar > 0 else ()),
        )

    def title(self, width: int) -> Text:
        before = 2 + self.label + 2 + self.value + 1 + self.unit + 2
        line = Text.assemble((fit("networks", before), "bold"), (f"{'points':>{self.points}}", "dim"))
        return line.append(_ON_TOP, style="dim") if line.cell_len + len(_ON_TOP) <= width else line

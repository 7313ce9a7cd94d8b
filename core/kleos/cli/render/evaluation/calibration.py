"""Calibration in a terminal: what the model promises, and what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from kleos.cli.render.layout import paragraph
from kleos.report.digits import signed
from kleos.report.words import clean, count_of

if TYPE_CHECKING:
    from kleos.insight.evaluating.calibration import Calibrated

__all__ = ["calibration_part"]

_DECILES = range(10, 100, 10)


def calibration_part(compared: Calibrated, width: int) -> list[RenderableType]:
    """Return one network's calibration as a part of a report."""
    members = f"{count_of(compared.members, 'accounts')} with at least 5 people reacting to them"
    lines: list[RenderableType] = [
        Text.assemble(("calibration", "bold"), f"  Does a score on {clean(compared.network)} mean what it promises?"),
        Text(),
    ]
    if not compared.members:
        return [*lines, paragraph("No account has 5 people reacting to it: there is nothing to compare.", width, indent=2), Text()]
    rows = [("mean", compared.promised_mean, compared.mean)]
    rows += [(f"{level} %", compared.promised[level - 1], compared.quantiles[level - 1]) for level in _DECILES]
    rows.append(("top 5 % from", compared.promised_top, compared.top))
    lines.append(Text(f"  {'':14}{'promised':>10}{'here':>8}{'difference':>12}", style="dim"))
    for name, promised, here in rows:
        style = "bold" if name in ("mean", "top 5 % from") else ""
        lines.append(Text(f"  {name:14}{promised:10.1f}{here:8.1f}{signed(here - promised):>12}", style=style))
    verdict = "The promise holds here to half a point." if compared.kept else "The promise does not hold here."
    told = f"{members}. {verdict} {_why(compared)} Largest distance of the ranks: {100 * compared.distance:.1f} %."
    return [*lines, Text(), paragraph(told, width, style="dim"), Text()]


def _why(compared: Calibrated) -> str:
    if not compared.known:
        return "The model does not know this network, and lends it the curve of others."
    words = f"The curve is of {clean(compared.reference)}."
    return words if compared.enough else f"{words} So few accounts tell little."

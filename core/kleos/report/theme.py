"""The colours and the lettering of everything that is drawn: one accent, and ink on paper, by day and by night.

A chart is drawn in the colours of the day. In a page they become CSS variables, so that the same chart is dark where the page is; in a
PNG they stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

__all__ = ["ACCENT", "DAY", "FONT", "INK", "NIGHT", "PAPER", "QUIET", "RULE", "SOFT", "load_altair", "settings"]

PAPER = "#fdfcfa"
INK = "#1f1c19"
QUIET = "#68625a"
"""Second to ink; still 4.5 : 1 and more on paper (WCAG 2.2, 1.4.3)."""
RULE = "#e4dfd6"
ACCENT = "#ad4127"
SOFT = "#eaccc0"
"""The accent thinned: intervals, bands."""

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif"
"""What the reader's system has: nothing is fetched."""

DAY: Mapping[str, str] = {"paper": PAPER, "ink": INK, "quiet": QUIET, "rule": RULE, "accent": ACCENT, "soft": SOFT}
"""CSS variable → colour."""
NIGHT: Mapping[str, str] = {
    "paper": "#171513",
    "ink": "#f1ede6",
    "quiet": "#a9a196",
    "rule": "#38332d",
    "accent": "#ee8a6d",
    "soft": "#5e3629",
}
"""The same by night."""

_LABELS = 12


def settings() -> dict[str, Any]:
    """Return the `config` of a Vega-Lite chart: quiet axes, no frame, no background, and no ARIA marks (the figure as a whole has them)."""
    axis = {
        "labelColor": QUIET,
        "labelFontSize": _LABELS,
        "titleColor": QUIET,
        "titleFontSize": _LABELS,
        "titleFontWeight": "normal",
        "gridColor": RULE,
        "domainColor": RULE,
        "tickColor": RULE,
    }
    return {
        "aria": False,
        "background": None,
        "font": FONT,
        "view": {"stroke": None},
        "axis": axis,
        "text": {"color": INK, "fontSize": _LABELS},
        "legend": {"labelColor": QUIET, "labelFontSize": _LABELS, "titleColor": QUIET},
    }


def load_altair() -> Any:
    """Return Altair, imported when the first chart is drawn; without types, which half of its classes lack."""
    return import_module("altair")

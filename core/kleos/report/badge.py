"""A badge for a README or a home page: a score as a small SVG that says itself to a screen reader."""

from __future__ import annotations

from kleos.report.digits import score_text
from kleos.report.page import Page
from kleos.report.render import render
from kleos.report.theme import ACCENT, INK

__all__ = ["badge_svg"]

LABEL = 45
"""Pixels of "kleos" and the room around it."""
BLANKS = 16
LETTERS = {".": 4.0}
DIGIT = 7.8
"""Pixels of a bold digit in 11 pixels of Verdana; `textLength` makes other letterings as wide."""


def badge_svg(page: Page) -> str:
    """Return a person's badge as SVG, 20 pixels high; its title and label have the name, the number and the day."""
    score = score_text(page.standing.score)
    width = LABEL + BLANKS + round(sum(LETTERS.get(letter, DIGIT) for letter in score))
    title = f"Kleos score of {page.name}: {score} of 100 ({page.as_of:%Y-%m-%d})"
    return render("badge.svg.jinja", title=title, score=score, width=width, left=LABEL, ink=INK, accent=ACCENT)

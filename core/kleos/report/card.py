"""A card to share: a person's score as a PNG of 1200 × 630 pixels, the size that link previews are made of."""

from __future__ import annotations

from functools import cache

from kleos.errors import UsageError
from kleos.report.digits import percent, score_text, signed
from kleos.report.page import Page
from kleos.report.render import render
from kleos.report.scale import MARKS
from kleos.report.words import clean, span

__all__ = ["card_png", "card_svg"]

LINE = 1040
"""Pixels of the scale from 1 to 100."""
LARGEST, SMALLEST = 64, 26
"""Pixels of a name's letters."""
WIDE = 0.6
"""How wide a letter is, as a part of its height: more than most."""
NO_LETTER = "\U0010fffe"
"""A code point that no font has: how it is drawn is how every letter is drawn that a font lacks."""


def card_png(page: Page) -> bytes:
    """Return a person's card as PNG. Raises `UsageError` where the system has no font: nothing could be read."""
    import vl_convert

    if not _draws("0"):
        raise UsageError("no font was found on this system: the card would be empty", hint="install one, such as DejaVu Sans")
    png: bytes = vl_convert.svg_to_png(card_svg(page), scale=1)
    return png


def card_svg(page: Page) -> str:
    """Return the card as SVG, in the colours of the day."""
    standing = page.standing
    name = clean(page.name)
    if not all(_draws(letter) for letter in set(name) if not letter.isspace()):
        # An id is of plain letters: better than a row of boxes.
        name = page.id
    letters = max(SMALLEST, min(LARGEST, int(LINE / (WIDE * len(name)))))
    most = int(LINE / (WIDE * letters))
    sure = standing.interval
    week = standing.changes.get("week")
    facts = [
        f"band {standing.bucket.replace('-', '–')}",
        f"{score_text(sure[0])} to {score_text(sure[1])} (90 %)" if sure else "too few people to tell how sure",
        f"{signed(week.points)} in a week" if week else "",
        f"ahead of {percent(standing.percentile)} ¹" if standing.score > 1 else "",
    ]
    return render(
        "card.svg.jinja",
        name=name if len(name) <= most else f"{name[: most - 1]}…",
        size=letters,
        score=score_text(standing.score),
        facts=[fact for fact in facts if fact],
        band=None if sure is None else (_along(sure[0]), _along(sure[1])),
        at=_along(standing.score),
        marks=[
            {"x": _along(at), "text": f"{number} {meaning}".strip(), "anchor": {1: "start", 100: "end"}.get(at, "middle")}
            for at, number, meaning in MARKS
        ],
        when=f"{page.as_of:%Y-%m-%d}",
        model=f"{page.reproduction.model.name} {page.reproduction.model.version} · reactions of {span(page.window)} · "
        "¹ of the model’s reference population",
    )


def _along(score: float) -> float:
    return round(LINE * (score - 1) / 99, 1)


@cache
def _draws(letter: str) -> bool:
    """Tell whether some font of this system has a letter: one that draws nothing, or what it draws for a letter that is none, has not."""
    picture = _picture(letter)
    return picture not in (_picture(" "), _picture(NO_LETTER))


@cache
def _picture(letter: str) -> bytes:
    import vl_convert
    from markupsafe import escape

    text = f"<text x='8' y='30' font-size='24' font-family='Arial, \"DejaVu Sans\", sans-serif'>{escape(letter)}</text>"
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' width='48' height='40' xml:space='preserve'>{text}</svg>"
    png: bytes = vl_convert.svg_to_png(svg, scale=1)
    return png

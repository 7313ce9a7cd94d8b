"""What ``kleos compare`` shows: people, what is noise, what it rests on, what it is not for, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from kleos.cli.following import Step
from kleos.cli.render.card import population_text
from kleos.cli.render.comparison.abreast import Titles, abreast
from kleos.cli.render.comparison.curve import curves_section
from kleos.cli.render.comparison.ranking import ranking
from kleos.cli.render.comparison.verdicts import verdicts
from kleos.cli.render.layout import hanging, paragraph
from kleos.cli.render.parts import UNCALIBRATED
from kleos.cli.render.report import WIDEST, model_text, moment, next_step
from kleos.insight.comparing.compare import Compared, Comparison
from kleos.report.notice import NOT_FOR
from kleos.report.words import clean, count_of, listed, span

__all__ = ["ABREAST", "comparison_report", "roster_report"]

ABREAST = 6
"""Of more people than this, a ranking says more than columns."""
LINES = 50
"""Of a roster, so many are shown where nobody says how many."""
_NARROWEST = 40
_MOST_MISSING = 10


def comparison_report(
    comparison: Comparison, titles: Titles, *, width: int, plain: bool = False, following: Sequence[Step] = ()
) -> list[RenderableType]:
    """Return people side by side for a terminal of `width` columns; `plain` as in `curves_section`."""
    width = max(_NARROWEST, min(width, WIDEST))
    return [
        Text(),
        *abreast(comparison.people, titles, width),
        *curves_section(comparison.people, width, plain=plain),
        Text("told apart", style="bold"),
        *(paragraph(sentence, width, indent=2) for sentence in verdicts(comparison.pairs)),
        Text(),
        *_origin(comparison, width, comparison.people),
        *next_step(following, width),
    ]


def roster_report(
    comparison: Comparison, *, width: int, everybody: int, lines: int | None = None, following: Sequence[Step] = ()
) -> list[RenderableType]:
    """Return a ranking for a terminal of `width` columns.

    `everybody` is the size of the whole roster, of which the comparison may be a part; `lines` how many of them are shown, `LINES` unless
    told.
    """
    width = max(_NARROWEST, min(width, WIDEST))
    people = comparison.people[: LINES if lines is None else lines]
    told: list[RenderableType] = [*ranking(people, width)] if people else [Text("nobody in the roster is like that")]
    if len(comparison.people) > len(people):
        more = len(comparison.people) - len(people)
        told.append(paragraph(f"and {more:,} more: --top N shows more of them, --csv and --json all", width, style="dim"))
    if len(comparison.people) < everybody:
        told.append(
            paragraph(f"{len(comparison.people):,} of {count_of(everybody, 'people')}; ranks are among all of them", width, style="dim")
        )
    return [Text(), *told, Text(), *_origin(comparison, width, people), *next_step(following, width)]


def _origin(comparison: Comparison, width: int, shown: Sequence[Compared]) -> list[RenderableType]:
    rows = {"as of": _when(comparison), "model": model_text(comparison.model), "compared with": population_text(comparison.population)}
    if comparison.missing:
        rows["left out"] = f"{_missing(comparison.missing)}: no score by this model (kleos run)"
    room = max(map(len, rows)) + 2
    lent = any(not part["calibrated"] for person in shown for part in person.networks.values())
    return [
        *([paragraph(UNCALIBRATED, width, style="dim"), Text()] if lent else []),
        *(hanging(label, text, width, room=room, label_style="bold") for label, text in rows.items()),
        Text(),
        paragraph(NOT_FOR, width, style="dim"),
    ]


def _when(comparison: Comparison) -> str:
    moments = sorted({person.as_of for person in comparison.people})
    if not moments:
        return "nobody"
    ends = moment(moments[0]) if len(moments) == 1 else f"{moment(moments[0])} to {moment(moments[-1])}: not all were scored together"
    return f"{ends}, over {span(comparison.window)}"


def _missing(people: Sequence[str]) -> str:
    named = [clean(person) for person in people[:_MOST_MISSING]]
    return listed([*named, f"{len(people) - len(named):,} more"] if len(people) > len(named) else named)

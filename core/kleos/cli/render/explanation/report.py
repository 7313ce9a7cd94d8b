"""What ``kleos explain`` shows: a score as a tree of points, what it rests on, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import RenderableType
from rich.text import Text

from kleos.cli.following import Step
from kleos.cli.render.explanation.audience import audience_section
from kleos.cli.render.explanation.coverage import coverage_section
from kleos.cli.render.explanation.digits import hundredths_text, score_hundredths, split_hundredths
from kleos.cli.render.explanation.moments import moments_section
from kleos.cli.render.explanation.sources import POINTS
from kleos.cli.render.explanation.tree import Frame, network_tree
from kleos.cli.render.layout import hanging, paragraph
from kleos.cli.render.parts import UNCALIBRATED
from kleos.cli.render.report import WIDEST, moment, next_step
from kleos.insight.explaining.audience import Audience
from kleos.insight.explaining.explanation import Explanation, NetworkShare
from kleos.insight.explaining.moments import Moment
from kleos.report.words import clean, span

__all__ = ["explanation_report"]

_NARROWEST = 40
_READING = (
    "Numbers below a number add up to it. What a metric counts is plain; a factor's value weighs every reaction by the influence of who "
    "gave it, and so do the points."
)


def explanation_report(
    explanation: Explanation,
    moments: Sequence[Moment],
    audience: Audience,
    *,
    width: int,
    top: int | None,
    by_whom: bool = False,
    following: Sequence[Step] = (),
) -> list[RenderableType]:
    """Return the parts of an explanation for a terminal of `width` columns.

    `top` is how many items and how many people each list names; None names all of them, and metrics without points too. `by_whom` says of
    each moment whom it is from.
    """
    width = max(_NARROWEST, min(width, WIDEST))
    score = score_hundredths(explanation.score)
    networks = sorted(explanation.networks, key=lambda network: -network.points)
    points = dict(zip(networks, split_hundredths([network.points for network in networks], score - 100), strict=True))
    frame = Frame(width, top)
    lines: list[RenderableType] = [Text(), _who(explanation), Text(), *_sum(score, points, width), Text()]
    for network, shown in points.items():
        lines += network_tree(network, shown, frame)
    if score > 100:
        lines += [paragraph(_READING, width, style="dim"), Text()]
        lines += moments_section(explanation, moments, shown=score - 100, width=width, top=top, by_whom=by_whom)
        lines += audience_section(audience, shown=score - 100, points=explanation.score - 1, width=width, top=top)
    return [*lines, *coverage_section(explanation, width), *_origin(explanation, width), *next_step(following, width)]


def _who(explanation: Explanation) -> Text:
    name = Text.assemble((clean(explanation.name), "bold"))
    return name if explanation.name == explanation.person else name.append(f"  {clean(explanation.person)}", style="dim")


def _sum(score: int, points: Mapping[NetworkShare, int], width: int) -> list[RenderableType]:
    """Return the score as a sum: what everybody has, and each network's points."""
    lines: list[RenderableType] = [Text.assemble((f"{hundredths_text(score):>5}", "bold cyan"), "  the score")]
    lines.append(Text.assemble((f"{hundredths_text(100):>5}", "bold"), "  what everybody has"))
    for network, shown in points.items():
        mark = "" if network.calibrated else " ~"
        lines.append(Text.assemble((f"{hundredths_text(shown):>5}", "bold"), f"  {clean(network.name)}{mark}"))
    if not all(network.calibrated for network in points):
        lines.append(paragraph(UNCALIBRATED, width, indent=POINTS, style="dim"))
    return lines


def _origin(explanation: Explanation, width: int) -> list[RenderableType]:
    model = explanation.model
    rows = {
        "as of": f"{moment(explanation.as_of)} ({clean(explanation.as_of_reason)}), over {span(explanation.window)}",
        "model": f"{clean(model.name)} {clean(model.version)}, digest {model.digest[:12]}",
    }
    return [hanging(label, text, width, room=7, label_style="bold") for label, text in rows.items()]

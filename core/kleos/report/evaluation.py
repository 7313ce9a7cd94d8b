"""An evaluation as one picture: how each window was foretold, how judges were met, and scores against their promise."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kleos.errors import UsageError
from kleos.insight.evaluating.asking import Evaluation
from kleos.insight.evaluating.calibration import LEVELS, Calibrated
from kleos.insight.evaluating.pairs import PairsResult
from kleos.insight.evaluating.spread import SpreadResult, Window
from kleos.report.theme import ACCENT, INK, PAPER, QUIET, RULE, settings

__all__ = ["check_picture", "draw_evaluation", "evaluation_chart"]

MEASURES = {"ndcg": "NDCG@100", "spearman_frequent": "Spearman, at least 5 reactions"}
OTHERS = "#b9b1a6"
BAR = 15
"""Pixels from one bar to the next."""
WIDTH = 300
SQUARE = 300
SCALE = 2.0
"""Pixels of a PNG to one of the drawing."""


def check_picture(file: Path) -> None:
    """Raise `UsageError`, before any work is done, where a picture could not be made: a library or the folder is missing."""
    missing = [module.replace("_", "-") for module in ("altair", "vl_convert") if importlib.util.find_spec(module) is None]
    if missing:
        raise UsageError(
            f"pictures need {' and '.join(missing)}", where=str(file), hint="pip install 'kleos[report]'; --json works without"
        )
    if not file.absolute().parent.is_dir():
        raise UsageError("there is no folder for the picture", where=str(file), hint=f"make {file.absolute().parent}, or name another file")


def draw_evaluation(evaluation: Evaluation, *, png: Path | None = None, svg: Path | None = None) -> None:
    """Draw an evaluation into files."""
    import altair
    import vl_convert

    specification = evaluation_chart(evaluation).to_dict()
    specification["config"] = settings() | {"background": PAPER}
    version = ".".join(altair.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    if png is not None:
        png.write_bytes(vl_convert.vegalite_to_png(specification, vl_version=version, scale=SCALE))
    if svg is not None:
        svg.write_text(vl_convert.vegalite_to_svg(specification, vl_version=version), encoding="utf-8")


def evaluation_chart(evaluation: Evaluation) -> Any:
    """Return the Altair chart: a block for each question that was answered."""
    import altair as alt

    blocks = []
    if evaluation.spread is not None:
        blocks.append(_spread(evaluation.spread))
    if evaluation.pairs is not None:
        blocks.append(_pairs(evaluation.pairs))
    if evaluation.calibration:
        blocks.append(_calibration(evaluation.calibration))
    model = evaluation.model
    title = alt.TitleParams(
        f"{model.name} {model.version}",
        subtitle=f"{evaluation.source or 'labelled pairs'} · digest {model.digest[:12]}",
        anchor="start",
        color=INK,
        subtitleColor=QUIET,
        fontSize=18,
        offset=18,
    )
    return alt.vconcat(*blocks, spacing=36, title=title, padding=24)


def _spread(spread: SpreadResult) -> Any:
    import altair as alt

    return alt.vconcat(*(_window(window) for window in spread.windows), spacing=20).properties(
        title=_heading("Does the score foretell who is reacted to next?")
    )


def _window(window: Window) -> Any:
    import altair as alt

    charts: list[Any] = []
    for measure, words in MEASURES.items():
        rows = [(one.name, getattr(one, measure)) for one in (window.ours, *window.baselines)]
        charts.append(_bars(rows, words, labels=not charts))
    return alt.hconcat(*charts, spacing=24).properties(title=_heading(window.title, size=12, colour=QUIET))


def _pairs(pairs: PairsResult) -> Any:
    import altair as alt

    rows = [(one.name, one.auc) for one in (pairs.ours, *sorted(pairs.baselines, key=lambda one: -one.auc))]
    words = f"AUC on {pairs.pairs:,} pairs; .5 is chance"
    chart = _bars(rows, words, labels=True, width=2 * WIDTH, least=0.5)
    if not math.isnan(pairs.ceiling.auc):
        ceiling = alt.Chart(_data([{"value": pairs.ceiling.auc, "text": "ceiling"}])).encode(x="value:Q")
        rule = ceiling.mark_rule(color=INK, strokeDash=[4, 3])
        word = ceiling.mark_text(color=INK, fontSize=10, align="right", dx=-4, baseline="bottom", y="height").encode(text="text:N")
        chart = chart + rule + word
    return chart.properties(title=_heading("Does the score agree with people who were asked?"))


def _bars(rows: Sequence[tuple[str, float]], words: str, *, labels: bool, width: int = WIDTH, least: float = 0.0) -> Any:
    """Return a bar for each (name, value), the first one in the accent; they begin at `least`, or below it where a value does."""
    import altair as alt

    shown = [
        {"name": name, "value": value, "ours": place == 0, "text": f"{value:.3f}"}
        for place, (name, value) in enumerate(rows)
        if not math.isnan(value)
    ]
    axis = alt.Axis(title=None, labelLimit=260, ticks=False, domain=False) if labels else None
    base = alt.Chart(_data(shown)).encode(y=alt.Y("name:N", sort=[name for name, _ in rows], axis=axis))
    lowest = min([least, *(value for _, value in rows if not math.isnan(value))])
    scale = alt.Scale(domain=[lowest, 1.0], nice=False)
    colour = alt.condition("datum.ours", alt.value(ACCENT), alt.value(OTHERS))
    bars = base.mark_bar(height=BAR - 5).encode(
        x=alt.X("value:Q", scale=scale, title=words, axis=alt.Axis(tickCount=5)),
        x2=alt.datum(least),
        color=colour,
    )
    text = base.mark_text(align="left", dx=4, fontSize=10).encode(x="value:Q", text="text:N")
    return (bars + text).properties(width=width, height=BAR * len(rows))


def _calibration(all_compared: Sequence[Calibrated]) -> Any:
    import altair as alt

    return alt.hconcat(*(_quantiles(compared) for compared in all_compared), spacing=24).properties(
        title=_heading("Does a score mean what it promises?")
    )


def _quantiles(compared: Calibrated) -> Any:
    """Return the quantiles that are there against those that are promised: on the line, every score means what it says."""
    import altair as alt

    rows = [
        {"promised": promised, "here": here, "level": level}
        for level, promised, here in zip(LEVELS, compared.promised, compared.quantiles, strict=True)
        if not math.isnan(here)
    ]
    scale = alt.Scale(domain=[1, 100], nice=False)
    x = alt.X("promised:Q", scale=scale, title=f"promised score, {compared.network}")
    y = alt.Y("here:Q", scale=scale, title=f"score here, {compared.members:,} accounts")
    line = alt.Chart(_data([{"promised": 1, "here": 1}, {"promised": 100, "here": 100}])).mark_line(color=RULE, strokeWidth=2)
    points = alt.Chart(_data(rows)).mark_circle(color=ACCENT, size=28, opacity=0.8)
    return (line.encode(x=x, y=y) + points.encode(x=x, y=y)).properties(width=SQUARE, height=SQUARE)


def _data(rows: Sequence[Mapping[str, Any]]) -> Any:
    import altair as alt

    return alt.Data(values=list(rows))  # type: ignore[no-untyped-call]  # Altair's own


def _heading(text: str, size: int = 14, colour: str = INK) -> Any:
    import altair as alt

    return alt.TitleParams(text, anchor="start", color=colour, fontSize=size, fontWeight="normal", offset=10)

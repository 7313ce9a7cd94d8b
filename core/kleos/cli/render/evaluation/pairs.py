"""Agreement with labelled pairs in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from kleos.cli.render.evaluation.figures import NOTHING, share
from kleos.cli.render.layout import fit, paragraph
from kleos.report.words import clean, count_of

if TYPE_CHECKING:
    from kleos.insight.evaluating.ceiling import Ceiling
    from kleos.insight.evaluating.pairs import Judged, PairsResult

__all__ = ["pairs_part"]

_COLUMNS = ("AUC", "accuracy", "AUC, folds")
_SIZES = (8, 10, 16)
_NARROWEST = 24


def pairs_part(pairs: PairsResult, width: int) -> list[RenderableType]:
    """Return the agreement with labelled pairs as a part of a report."""
    told = f"{count_of(pairs.pairs, 'pairs')} of {count_of(pairs.accounts, 'accounts')}, from {clean(pairs.source)}."
    if pairs.unusable:
        told += f" {count_of(pairs.unusable, 'rows')} could not be used."
    if pairs.metrics:
        told += " Scored by " + ", ".join(f"{metric} = {'+'.join(names)}" for metric, names in pairs.metrics.items()) + " alone."
    baselines = sorted(pairs.baselines, key=lambda one: -one.auc)
    rows = [pairs.ours, *baselines, *([pairs.fitted] if pairs.fitted is not None else [])]
    room = min(max(len(row.name) for row in rows), max(_NARROWEST, width - 2 - sum(_SIZES)))
    head = " " * (2 + room) + "".join(heading.rjust(size) for heading, size in zip(_COLUMNS, _SIZES, strict=True))
    return [
        Text.assemble(("pairs", "bold"), "  Does the score agree with people who were asked?"),
        Text(),
        paragraph(clean(told), width, indent=2),
        Text(),
        Text(head, style="dim"),
        *(_row(row, room, "bold cyan" if row is pairs.ours else "") for row in rows),
        Text(),
        *(paragraph(text, width, indent=2) for text in _ahead(pairs)),
        *([Text()] if pairs.ahead else []),
        paragraph(f"{_ceiling(pairs.ceiling)} {_folds(pairs)}", width, style="dim"),
        Text(),
    ]


def _row(judged: Judged, room: int, style: str) -> Text:
    folds = share(judged.fold_auc)
    if folds != NOTHING:
        folds += f" ± {share(judged.fold_deviation)}"
    cells = (share(judged.auc), share(judged.accuracy), folds)
    return Text(
        f"  {fit(clean(judged.name), room)}" + "".join(cell.rjust(size) for cell, size in zip(cells, _SIZES, strict=True)), style=style
    )


def _ceiling(ceiling: Ceiling) -> str:
    if not ceiling.compared:
        return "No pair was judged twice, so there is no telling how well the judges agree with each other."
    return (
        f"Ceiling: {count_of(ceiling.repeated, 'pairs')} were judged more than once, and {100 * ceiling.agreement:.0f} % of the "
        f"judgements agree (90 % interval {100 * ceiling.low:.0f} to {100 * ceiling.high:.0f} %). So no ranking can reach more than an AUC "
        f"of {share(ceiling.auc)} and an accuracy of {share(ceiling.accuracy)}."
    )


def _folds(pairs: PairsResult) -> str:
    if not pairs.folds:
        return "There are too few pairs for folds that share no account."
    told = f"Folds: {pairs.folds}, which share no account within a deal; mean and standard deviation of their AUC."
    if pairs.fitted is not None:
        told += " What is fitted (weights of at least 0) was learnt on other accounts than it is judged by."
    return told


def _ahead(pairs: PairsResult) -> list[str]:
    """Return how far ahead of every baseline that was asked for the score is, and what was fitted."""
    told: dict[str, list[str]] = {}
    for one in pairs.ahead:
        sign = "+" if round(one.gain, 3) > 0 else ""
        gain = sign + share(one.gain) + ("" if share(one.deviation) == NOTHING else f" ± {share(one.deviation)}")
        told.setdefault(one.baseline, []).append(f"{clean(one.name)} {gain}, better in {one.folds} of {pairs.folds}")
    return [f"AUC beside {clean(baseline)}, fold by fold: {'; '.join(ways)}." for baseline, ways in told.items()]

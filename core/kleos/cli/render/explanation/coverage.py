"""What an explanation rests on: where the imported reactions went, kind by kind, and what they do not say."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from kleos.cli.render.coverage import coverage_sentences
from kleos.cli.render.layout import held, paragraph
from kleos.cli.render.table import table
from kleos.insight.explaining.explanation import Explanation, KindCoverage
from kleos.report.words import clean, count_of, listed

__all__ = ["coverage_section"]

_HEADINGS = ("reaction", "imported", "scored", "too old", "after as_of", "anonymous", "untimed")
_DATED = {
    "item_time": "by their item",
    "captured": "by when they were captured",
    "unknown": "by guess: the middle of the window",
}


def coverage_section(explanation: Explanation, width: int) -> list[RenderableType]:
    """Return the table of kinds, and the same in sentences."""
    lines: list[RenderableType] = [Text("what came of the reactions", style="bold")]
    if explanation.kinds:
        rows = [_row(kind) for kind in explanation.kinds]
        lines += [*table(_HEADINGS, rows, width=width, right=range(1, 6), indent=2), Text()]
    sentences = [*coverage_sentences(explanation.coverage), *_unknown([kind for kind in explanation.kinds if kind.counts])]
    return [*lines, *(paragraph(sentence, width, indent=2) for sentence in sentences), Text()]


def _row(kind: KindCoverage) -> list[str]:
    numbers = (kind.scored, kind.outside_window, kind.after_as_of, kind.anonymous, kind.untimed)
    told = [f"{number:,}" if kind.counts else "–" for number in numbers]
    # A table's last column stands to the left.
    return [clean(f"{kind.network}.{kind.kind}"), f"{kind.imported:,}", *told[:-1], held(told[-1].rjust(len(_HEADINGS[-1])))]


def _unknown(kinds: Sequence[KindCoverage]) -> list[str]:
    """Say how many of the scored reactions are anonymous or untimed, and what is made of them."""
    sentences = []
    if anonymous := sum(kind.anonymous for kind in kinds):
        many = held(count_of(anonymous, "reactions"))
        sentences.append(f"Of {many} the network does not say who gave them: they count as people of whom nothing is known.")
    if untimed := sum(kind.untimed for kind in kinds):
        ages = {words: sum(kind.ages.get(source, 0) for kind in kinds) for source, words in _DATED.items()}
        ways = [f"{number:,} {words}" if number < untimed else words for words, number in ages.items() if number]
        sentences.append(f"{held(count_of(untimed, 'reactions'))} without a time of their own were dated {listed(ways)}.")
    return sentences

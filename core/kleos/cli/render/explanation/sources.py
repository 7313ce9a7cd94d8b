"""The items and the people that points come from: the same points told twice, once by item and once by person."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from itertools import zip_longest

from attrs import field, frozen
from rich.cells import cell_len
from rich.text import Text

from kleos.cli.render.explanation.digits import hundredths_text, split_hundredths
from kleos.cli.render.layout import fit, paragraph, wrapped
from kleos.insight.explaining.change import NetworkChange
from kleos.insight.explaining.explanation import NetworkShare, Shares, ranked
from kleos.report.words import clean, unit_for

__all__ = ["POINTS", "Amount", "only", "sources"]

POINTS = 7
"""Cells of points, and two blanks."""
NO_ITEM = "no item"
NO_NAME = "people the network does not name"
_BY_ITEM = "by item"
_BY_PERSON = "by person"
_GAP = 3
_NARROWEST = POINTS + len("people the network")


@frozen
class Amount:
    """Points with a name. `share` is unrounded, `shown` in hundredths."""

    label: str
    share: float
    shown: int = 0
    quiet: bool = field(default=False, kw_only=True)
    """A row that sums up others."""


def only(shares: Shares, network: NetworkShare) -> list[str]:
    """Return "from <somebody>" where everything comes from one person, and "for <something>" where all of it is for one item."""
    words = []
    if len(set(shares.actor.tolist())) == 1:
        words.append(f"from {_person(network, int(shares.actor[0]))}")
    if len(set(shares.item.tolist())) == 1:
        words.append(f"for {item_label(network, int(shares.item[0]))}")
    return words


def sources(
    shares: Shares,
    network: NetworkShare,
    shown: int,
    *,
    width: int,
    indent: int,
    top: int | None,
    beside: Sequence[Amount] = (),
    told: Collection[str] = (),
) -> list[Text]:
    """Return two lists that both add up to `shown` hundredths: the `top` items and people (None: all), and how many more there are.

    `beside` are points of the same sum that lead to no item and nobody. Instead of a list of one there is a line that says who or what
    it is, unless it is among `told`.
    """
    single = [] if beside else only(shares, network)
    lists = []
    if not any(words.startswith("for ") for words in single):
        lists.append(
            (_BY_ITEM, _rows(ranked(shares.item, shares.points), network, item_label, "items", shown=shown, top=top, beside=beside))
        )
    if not any(words.startswith("from ") for words in single):
        lists.append(
            (_BY_PERSON, _rows(ranked(shares.actor, shares.points), network, _person, "people", shown=shown, top=top, beside=beside))
        )
    news = [words for words in single if words not in told]
    lines = [paragraph(f"all of it {' '.join(news)}", width, indent=indent + POINTS, style="dim")] if news else []
    return [*lines, *_laid_out(lists, width, indent)]


def item_label(network: NetworkShare | NetworkChange, code: int) -> str:
    """Return what an item is called: its id and the day of its publication, as far as it is known."""
    if code < 0:
        return NO_ITEM
    identifier = network.items[code]
    time = network.item_times.get(identifier)
    word = " ".join(clean(identifier).split())
    return f"{word}  {time:%Y-%m-%d}" if time else word


def _person(network: NetworkShare, code: int) -> str:
    return NO_NAME if code < 0 else f"someone {network.actors[code][:8]}"


def _rows(
    ranking: Sequence[tuple[int, float]],
    network: NetworkShare,
    label: Callable[[NetworkShare, int], str],
    noun: str,
    *,
    shown: int,
    top: int | None,
    beside: Sequence[Amount],
) -> list[Amount]:
    """Return the rows of a list; who has no name, and what is no item, always has a row and is never one of the top."""
    named = [entry for entry in ranking if entry[0] >= 0]
    # A row for a single one more would take as much room as that one.
    first = {code for code, _ in (named if top is None or len(named) == top + 1 else named[:top])}
    # Equal parts differ in their last bits; rounded, the earlier of them gains.
    rows = [Amount(label(network, code), round(points, 12)) for code, points in ranking if code in first or code < 0]
    rows += beside
    rest = named[len(first) :]
    split = split_hundredths([*(row.share for row in rows), round(math.fsum(points for _, points in rest), 12)], shown)
    told = [Amount(row.label, row.share, hundredths) for row, hundredths in zip(rows, split, strict=False)]
    more = len(rest)
    if top is not None:
        # Rows of 0.00 tell nothing.
        visible = [row for row in told if row.shown or row.label in (NO_ITEM, NO_NAME)]
        more += len(told) - len(visible)
        told = visible
    if more:
        words = f"{more:,} {'more ' if told else ''}{unit_for(more, noun)}"
        told.append(Amount(words, 0.0, split[-1], quiet=True))
    return told


def _laid_out(lists: Sequence[tuple[str, list[Amount]]], width: int, indent: int) -> list[Text]:
    """Return two lists beside each other where both fit, else below each other; one list as it is."""
    if len(lists) < 2:
        return [_moved(line, indent) for _, rows in lists for line in _listed(rows, width - indent)]
    (first_words, left), (second_words, right) = lists
    first = [Text(first_words, style="dim"), *_listed(left, width)]
    room = max(line.cell_len for line in first) + _GAP
    rest = width - indent - room
    if rest < _NARROWEST:
        stacked = [line for words, rows in lists for line in (Text(words, style="dim"), *_listed(rows, width - indent))]
        return [_moved(line, indent) for line in stacked]
    second = [Text(second_words, style="dim"), *_listed(right, rest)]
    lines = []
    for one, other in zip_longest(first, second, fillvalue=Text()):
        line = _moved(one, indent)
        if other.cell_len:
            line.append(" " * (indent + room - line.cell_len)).append_text(other)
        lines.append(line)
    return lines


def _listed(rows: Sequence[Amount], width: int) -> list[Text]:
    """Return one list. Words are wrapped; an id that is too long for a line is cut."""
    lines = []
    for row in rows:
        style = "dim" if row.quiet else ""
        room = width - POINTS
        told = wrapped(row.label, room) if row.label == NO_NAME else [row.label if cell_len(row.label) <= room else fit(row.label, room)]
        lines.append(Text(f"{hundredths_text(row.shown):>5}  {told[0]}", style=style))
        lines += [Text(" " * POINTS + more, style=style) for more in told[1:]]
    return lines


def _moved(line: Text, indent: int) -> Text:
    return Text(" " * indent).append_text(line)

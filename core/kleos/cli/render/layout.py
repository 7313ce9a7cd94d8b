"""Text laid out by hand, cell by cell: no trailing blanks, and what belongs together stays together."""

from __future__ import annotations

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.text import Text

__all__ = ["fit", "hanging", "held", "paragraph", "wrapped"]

_HELD = "\u00a0"


def held(text: str) -> str:
    """Return text that `wrapped` will not break."""
    return text.replace(" ", _HELD)


def wrapped(text: str, width: int) -> list[str]:
    """Break text at its blanks into lines of at most `width` cells; longer words are cut. What is `held` stays in one line."""
    lines: list[str] = []
    for word in text.replace("\n", " ").split(" "):
        if lines and word and cell_len(lines[-1]) + 1 + cell_len(word) <= width:
            lines[-1] += f" {word}"
        elif word:
            lines += chop_cells(word, max(1, width))
    return [line.replace(_HELD, " ") for line in lines] or [""]


def paragraph(text: str, width: int, *, indent: int = 0, style: str = "") -> Text:
    """Return text wrapped to `width` cells, all lines behind `indent` blanks."""
    blanks = " " * indent
    return Text("\n".join(blanks + line for line in wrapped(text, width - indent)), style=style)


def hanging(label: str, text: str, width: int, *, room: int, label_style: str = "", style: str = "") -> Text:
    """Return text wrapped behind a label that takes `room` cells."""
    first, *others = wrapped(text, width - room)
    block = Text.assemble((fit(label, room), label_style), (first, style))
    for line in others:
        block.append(f"\n{' ' * room}{line}", style=style)
    return block


def fit(text: str, width: int) -> str:
    """Return text that takes exactly `width` cells: padded with blanks, or cut with an ellipsis."""
    return set_cell_size(text, width) if cell_len(text) <= width else set_cell_size(text, width - 1) + "…"

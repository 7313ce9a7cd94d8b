"""Plain tables: columns as wide as what stands in them, the last one wrapped."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from kleos.cli.render.layout import fit, wrapped

__all__ = ["table"]

_NARROWEST = 24


def table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], *, width: int, right: Collection[int] = (), indent: int = 0
) -> list[RenderableType]:
    """Return a table of `width` cells; `right` names the columns of numbers. Nothing is cut: what is too long goes on below."""
    sizes = [max(cell_len(row[k]) for row in (headings, *rows)) for k in range(len(headings) - 1)]
    room = indent + sum(size + 2 for size in sizes)

    def line(row: Sequence[str], style: str) -> Text:
        cells = [cell.rjust(size) if k in right else fit(cell, size) for k, (cell, size) in enumerate(zip(row, sizes, strict=False))]
        first, *others = wrapped(row[-1], max(_NARROWEST, width - room))
        text = Text(" " * indent + "".join(f"{cell}  " for cell in cells) + first, style=style)
        for other in others:
            text.append(f"\n{' ' * room}{other}")
        text.rstrip()
        return text

    return [line(headings, "bold"), *(line(row, "") for row in rows)]

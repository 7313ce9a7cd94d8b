"""A drawing on a grid of cells, two dots wide and four high: braille where the terminal has it, plain signs elsewhere."""

from __future__ import annotations

import math

from rich.text import Text

__all__ = ["ACROSS", "DOWN", "Canvas"]

ACROSS, DOWN = 2, 4
"""Dots of one cell."""
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bits of a braille pattern (Unicode 17, chapter 21.1), by row and column."""
_BRAILLE = 0x2800


class Canvas:
    """`width` × `height` cells. What was drawn first stands in front."""

    def __init__(self, width: int, height: int, *, plain: bool = False) -> None:
        self.width, self.height = width, height
        self._plain = plain
        self._dots: dict[tuple[int, int], int] = {}
        self._styles: dict[tuple[int, int], str] = {}
        self._signs: dict[tuple[int, int], tuple[str, str]] = {}

    def line(self, start: tuple[float, float], end: tuple[float, float], style: str) -> None:
        """Draw a straight line between two points, in dots from the left and from the top; a point, where they are one."""
        steps = max(1, math.ceil(max(abs(end[0] - start[0]), abs(end[1] - start[1]))))
        for step in range(steps + 1):
            share = step / steps
            x, y = (round(a + (b - a) * share) for a, b in zip(start, end, strict=True))
            cell = (x // ACROSS, y // DOWN)
            if self._styles.setdefault(cell, style) == style:
                self._dots[cell] = self._dots.get(cell, 0) | _DOTS[y % DOWN][x % ACROSS]

    def sign(self, column: int, row: int, sign: str, plain: str, style: str) -> None:
        """Put a sign into a cell, `plain` where the terminal has only ASCII; nothing where there is a sign already."""
        self._signs.setdefault((column, row), (plain if self._plain else sign, style))

    def rows(self) -> list[Text]:
        """Return the rows; lines stand in front of signs."""
        return [self._row(row) for row in range(self.height)]

    def _row(self, row: int) -> Text:
        text = Text()
        for column in range(self.width):
            cell = (column, row)
            if cell in self._dots:
                text.append("*" if self._plain else chr(_BRAILLE + self._dots[cell]), style=self._styles[cell])
            else:
                text.append(*self._signs.get(cell, (" ", "")))
        return text

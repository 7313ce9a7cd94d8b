"""Drawings made of letters: bars, the scale from 1 to 100, and a score in large figures."""

from __future__ import annotations

from rich.text import Text

__all__ = ["bar", "figures", "scale"]

_FIGURES = {
    "0": ("█▀█", "█ █", "▀▀▀"),
    "1": ("▄█ ", " █ ", "▀▀▀"),
    "2": ("▀▀█", "█▀▀", "▀▀▀"),
    "3": ("▀▀█", " ▀█", "▀▀▀"),
    "4": ("█ █", "▀▀█", "  ▀"),
    "5": ("█▀▀", "▀▀█", "▀▀▀"),
    "6": ("█▀▀", "█▀█", "▀▀▀"),
    "7": ("▀▀█", "  █", "  ▀"),
    "8": ("█▀█", "█▀█", "▀▀▀"),
    "9": ("█▀█", "▀▀█", "▀▀▀"),
    ".": (" ", " ", "▀"),
}


def bar(share: float, width: int) -> str:
    """Return a bar over `share` (0..1) of `width` cells, to half a cell; anything above 0 shows at least that half."""
    halves = round(min(max(share, 0.0), 1.0) * width * 2)
    full, half = divmod(max(halves, 1 if share > 0 else 0), 2)
    return "━" * full + "╸" * half


def scale(score: float, interval: tuple[float, float] | None, width: int) -> Text:
    """Return the line from 1 to 100, `width` cells long, with the score's place on it and its interval as a thicker stretch."""
    track = width - len("1  100")

    def cell(value: float) -> int:
        return min(track - 1, max(0, round((value - 1) / 99 * (track - 1))))

    here = cell(score)
    low, high = (here, here) if interval is None else (min(here, cell(interval[0])), max(here, cell(interval[1])))
    return Text.assemble(
        ("1 " + "─" * low, "dim"),
        ("━" * (here - low), "cyan"),
        ("●", "bold cyan"),
        ("━" * (high - here), "cyan"),
        ("─" * (track - 1 - high) + " 100", "dim"),
    )


def figures(text: str) -> tuple[str, str, str]:
    """Return digits and points three lines high, every line of the same width."""
    top, middle, bottom = (" ".join(rows) for rows in zip(*(_FIGURES[letter] for letter in text), strict=True))
    return top, middle, bottom

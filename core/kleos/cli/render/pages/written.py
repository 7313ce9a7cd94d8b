"""The files that were written, one a line, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self

from attrs import frozen
from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from kleos.cli.following import Step
from kleos.cli.render.report import next_step
from kleos.report.words import clean, count_of

__all__ = ["LISTED", "Written", "written_report"]

LISTED = 12
"""Files that are named one by one; of more, the first."""


@frozen
class Written:
    """A file, and what it is."""

    path: Path
    what: str
    size: int
    """Bytes."""

    @classmethod
    def of(cls, path: Path, what: str) -> Self:
        """Look at a file that is there."""
        return cls(path, what, path.stat().st_size)


def written_report(files: Sequence[Written], *, width: int, following: Sequence[Step] = ()) -> list[RenderableType]:
    """Return a line for each file; paths are never cut, so that they can be copied."""
    shown = files if len(files) <= LISTED + 1 else files[:LISTED]
    words = {file.path: f"{clean(file.what)}, {max(1, round(file.size / 1000)):,} kB" for file in shown}
    fits = [file for file in shown if len(str(file.path)) + 2 + cell_len(words[file.path]) <= width]
    column = max((len(str(file.path)) for file in fits), default=0) + 2
    lines: list[RenderableType] = []
    for file in shown:
        line = Text(clean(str(file.path)), style="bold", no_wrap=True, overflow="ignore")
        if file in fits and column + cell_len(words[file.path]) <= width:
            line.append(f"{'':{column - len(line)}}{words[file.path]}", style="not bold dim")
        lines.append(line)
    rest = files[len(shown) :]
    if rest:
        size = round(sum(file.size for file in rest) / 1000)
        lines.append(Text(f"and {count_of(len(rest), 'more files')}, {size:,} kB", style="dim"))
    return [*lines, *next_step(following, width)]

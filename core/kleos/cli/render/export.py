"""What was exported: a line for each file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.text import Text

from kleos.cli.following import Step
from kleos.cli.render.layout import paragraph
from kleos.cli.render.report import WIDEST, next_step
from kleos.cli.render.table import table
from kleos.report.words import amount, clean, count_of
from kleos.scoring.result import SCHEMA

if TYPE_CHECKING:
    from kleos.insight.exporting.export import Exported

__all__ = ["exported_json", "exported_report"]

_PSEUDONYMS = "People outside the configuration are pseudonyms. datapackage.json says what every file and column is."


def exported_report(folder: Path, files: Sequence[Exported], *, width: int, following: Sequence[Step]) -> list[RenderableType]:
    """Return a line for each file, where they are, and what to do next."""
    width = min(width, WIDEST)
    rows = [[amount(file.rows), size_text(file.bytes), clean(file.path.name)] for file in files]
    where = f"{count_of(len(files), 'files')} in {clean(str(folder))}"
    return [
        Text(),
        *table(("rows", "size", "file"), rows, width=width, right=range(2)),
        Text(),
        Text(where, style="bold"),
        paragraph(_PSEUDONYMS, width, style="dim"),
        *next_step(following, width),
    ]


def exported_json(folder: Path, files: Sequence[Exported]) -> dict[str, Any]:
    """Return what ``--json`` prints: the folder, and {"file", "rows", "bytes"} of each file."""
    return {
        "schema": SCHEMA,
        "folder": str(folder),
        "files": [{"file": file.path.name, "rows": file.rows, "bytes": file.bytes} for file in files],
    }


def size_text(size: int) -> str:
    """Return a number of bytes as people read it: "812 B", "3.4 kB"."""
    amount_, unit = float(size), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if amount_ < 999.5:
            break
        amount_, unit = amount_ / 1000, larger
    return f"{amount_:.0f} {unit}" if unit == "B" or amount_ >= 99.5 else f"{amount_:.1f} {unit}"

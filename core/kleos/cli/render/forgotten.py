"""What is stored of somebody, and what of it is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import asdict
from rich.console import RenderableType
from rich.text import Text

from kleos.cli.render.layout import hanging, held, paragraph
from kleos.report.words import clean, count_of, listed
from kleos.scoring.result import SCHEMA

if TYPE_CHECKING:
    from kleos.store.forget import Forgotten

__all__ = ["ROOM", "forgotten_json", "forgotten_rows", "stored_text"]

ROOM = 12
_RAW = "of the networks concerned, all of them: whom a page names, nobody can say for sure"


def stored_text(who: str, found: Forgotten) -> str:
    """Return in one sentence what there is of somebody."""
    parts = {"rows": "reactions", "scores": "recorded scores", "raw_pages": "raw pages", "names": "names and audiences", "marks": "marks"}
    there = [held(count_of(getattr(found, name), word)) for name, word in parts.items() if getattr(found, name)]
    return f"The store holds of {clean(who)}: {listed(there)}." if there else f"The store holds nothing of {clean(who)}."


def forgotten_rows(who: str, gone: Forgotten, width: int) -> list[RenderableType]:
    """Return what of somebody is gone, a line for each sort of thing."""
    rows = {
        "reactions": f"{gone.rows:,}, given and received; {count_of(gone.segments, 'files')} written anew" if gone.rows else "",
        "scores": f"{gone.scores:,} recorded" if gone.scores else "",
        "raw pages": f"{gone.raw_pages:,} {_RAW}" if gone.raw_pages else "",
        "names": f"{gone.names:,} accounts, handles and audiences" if gone.names else "",
        "marks": f"{gone.marks:,} of imported pages and of where sources left off" if gone.marks else "",
    }
    there = {label: text for label, text in rows.items() if text}
    if not there:
        return [paragraph(stored_text(who, gone), width)]
    title = Text.assemble((clean(who), "bold"), "  forgotten")
    return [title, *(hanging(f"  {label}", text, width, room=ROOM + 1) for label, text in there.items())]


def forgotten_json(who: str, gone: Forgotten, *, done: bool) -> dict[str, Any]:
    """Return what ``--json`` prints: {"who", "done", "rows", "segments", "scores", "raw_pages", "names", "marks"}."""
    return {"schema": SCHEMA, "who": who, "done": done, **asdict(gone)}

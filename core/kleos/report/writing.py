"""Pages into a folder, each whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kleos.errors import UsageError
from kleos.report.page import Page
from kleos.report.pages import person_page
from kleos.report.roster import Entry, roster_page
from kleos.store import replacing

__all__ = ["INDEX", "page_file", "write_file", "write_page", "write_roster"]

INDEX = "index.html"


def write_page(page: Page, folder: Path, *, roster: bool) -> Path:
    """Write somebody's page, with a link to the roster's if there is to be one, and return the file."""
    return write_file(folder / page_file(page.id), person_page(page, index=INDEX if roster else None).encode())


def write_roster(entries: Sequence[Entry], folder: Path) -> Path:
    """Write the roster's page, and return the file."""
    return write_file(folder / INDEX, roster_page(entries).encode())


def page_file(person: str) -> str:
    """Return the name of somebody's file; ids have no dots, so that nobody's is the roster's."""
    return f"{person}.html" if person.casefold() != "index" else f"{person}.person.html"


def write_file(path: Path, content: bytes) -> Path:
    """Write a file in one step, with the folders that it lies in, and return its path; raises `UsageError` where that cannot be done."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as temporary:
            temporary.write_bytes(content)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"the file cannot be written: {reason}", where=str(path), hint="choose another place") from error
    return path

"""Care: what is wrong with a store, and what is left over in it."""

from __future__ import annotations

from pathlib import Path

from kleos.store.atomic import TEMPORARY
from kleos.store.catalog import Catalog
from kleos.store.segments import file_digest

__all__ = ["problems", "sweep"]


def problems(catalog: Catalog, store: Path) -> list[str]:
    """Check the catalogue and every segment's bytes; return one sentence for each thing wrong."""
    found = [f"catalog.sqlite: {text}" for text in catalog.problems()]
    for file, sha256 in catalog.read("SELECT file, sha256 FROM segments ORDER BY file"):
        path = store / file
        if not path.exists():
            found.append(f"{file}: missing")
        elif file_digest(path) != sha256:
            found.append(f"{file}: its bytes have changed since it was written")
    return found


def sweep(catalog: Catalog, store: Path) -> list[str]:
    """Remove what the catalogue does not name: files of imports that were cut short. Returns their paths below the store.

    Only the process that writes may call this: to others a segment in the making looks like one left over.
    """
    named = {file for (file,) in catalog.read("SELECT file FROM segments")}
    runs = {run for (run,) in catalog.read("SELECT run FROM runs")}
    candidates = [path for room in ("interactions", "scores", "models", "raw") for path in (store / room).rglob("*") if path.is_file()]
    candidates += store.glob(f".*{TEMPORARY}")
    swept = []
    for path in sorted(candidates):
        file = path.relative_to(store).as_posix()
        room, _, rest = file.partition("/")
        unnamed = (room == "interactions" and file not in named) or (room == "raw" and rest.split("/")[0] not in runs)
        if unnamed or path.suffix == TEMPORARY:
            path.unlink()
            swept.append(file)
    return swept

"""The store, looked at: can it be opened, is it what it was, may it be written, and is anything left over in it?"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from kleos.errors import StoreError
from kleos.files.limits import plain_size
from kleos.setup.checks import Check, failed, fine, wary
from kleos.store import Store

__all__ = ["check_disk", "check_store"]

_ENOUGH = 1 << 30
_LEAST = 100 << 20
_NAME = "run.store"


def check_store(path: Path) -> Iterator[Check]:
    """Check a store, and remove what imports that were cut short left in it; where there is none, whether one can be made."""
    if not (path / "catalog.sqlite").exists():
        yield _place(path)
        return
    if not (path / "key").exists():
        # To open the store now would make another key, and with it the same people would count as others.
        hint = "restore the file from a backup, or move the store away and collect again"
        yield Check(_NAME, "error", f"{path}: the key is missing, by which people outside the configuration are known", hint)
        return
    try:
        with Store.open(path, create=False) as store:
            problems = store.problems()
            yield from (Check(_NAME, "error", problem, "move the store away and collect again") for problem in problems)
            if not problems:
                yield fine(_NAME, f"{path}: the catalogue and all segments are as they were written")
            yield from _swept(store)
    except StoreError as error:
        yield failed(_NAME, error)
    yield from _rights(path)


def check_disk(path: Path) -> Check:
    """Check how much room there is where the store is, or will be."""
    free = shutil.disk_usage(_nearest(path)).free
    text = f"{plain_size(free)} free at {_nearest(path)}"
    if free < _LEAST:
        return Check("disk", "error", text, "make room, or choose another [run] store")
    return fine("disk", text) if free >= _ENOUGH else wary("disk", text, "imports need room: make some, or choose another [run] store")


def _place(path: Path) -> Check:
    place = _nearest(path)
    if not place.is_dir():
        return Check(_NAME, "error", f"{path}: expected a folder, found a file at {place}", "choose another [run] store")
    if not os.access(place, os.W_OK | os.X_OK):
        return Check(_NAME, "error", f"{path}: it cannot be made, as {place} may not be written", "choose another [run] store")
    return fine(_NAME, f"{path}: not there yet, the first run makes it")


def _nearest(path: Path) -> Path:
    return next(folder for folder in (path, *path.parents) if folder.exists())


def _swept(store: Store) -> Iterator[Check]:
    try:
        swept = store.sweep()
    except StoreError as error:
        yield wary(_NAME, f"{error.where}: {error.message}", error.hint)
        return
    if swept:
        count = f"{len(swept)} files" if len(swept) > 1 else "a file"
        yield fine(
            _NAME, f"removed {count} that an import left when it was cut short: {', '.join(swept[:3])}{' …' if len(swept) > 3 else ''}"
        )


def _rights(path: Path) -> Iterator[Check]:
    key = path / "key"
    mode = stat.S_IMODE(key.stat().st_mode)
    if mode & 0o077:
        yield wary(_NAME, f"{key}: others on this machine may read the key (mode {mode:o})", f"chmod 600 {key}")
    if not os.access(path, os.W_OK | os.X_OK):
        yield Check(_NAME, "error", f"{path}: the folder may not be written", "give yourself the right, or choose another [run] store")

"""A folder that is filled at once: files are made beside it, and take their places when all of them are whole."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kleos.errors import UsageError
from kleos.store.atomic import TEMPORARY, sync_folder

__all__ = ["check_free", "filling"]


def check_free(folder: Path, names: Sequence[str], *, force: bool) -> None:
    """Raise `UsageError` where a file of these names stands in the folder already, unless `force`; or where the folder is a file."""
    if folder.exists() and not folder.is_dir():
        raise UsageError("expected a folder, found a file", where=str(folder), hint="name another with --out")
    there = [name for name in names if (folder / name).exists()]
    if there and not force:
        raise UsageError(
            f"there is already {', '.join(there)}",
            where=str(folder),
            hint="--force replaces these files, or name another folder with --out",
        )


@contextmanager
def filling(folder: Path, last: str) -> Iterator[Path]:
    """Give an empty folder; when the block ends well, what is in it is in `folder`, and if the block fails, nothing of it.

    A new or empty folder appears with all files at once. In one that holds others, these stay; each of the new files takes the place of
    the old one at once, the file named `last` after all others. Raises `UsageError` where the folder cannot be written.
    """
    temporary = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}{TEMPORARY}")
    try:
        temporary.mkdir(parents=True)
        yield temporary
        _settle(temporary, folder, last)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"the folder cannot be written: {reason}", where=str(folder), hint="name another with --out") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _settle(temporary: Path, folder: Path, last: str) -> None:
    files = sorted(temporary.iterdir(), key=lambda path: (path.name == last, path.name))
    for path in files:
        with path.open("rb") as written:
            os.fsync(written.fileno())
    sync_folder(temporary)
    if folder.is_dir() and any(folder.iterdir()):
        for path in files:
            path.replace(folder / path.name)
        sync_folder(folder)
    else:
        temporary.rename(folder)
    sync_folder(folder.parent)

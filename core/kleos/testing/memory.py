"""The check of what a source holds in memory: large exports of the plugin's own kind are made, and fetched."""

from __future__ import annotations

import gc
import threading
import tracemalloc
from contextlib import ExitStack
from pathlib import Path

from kleos.contract import Context, Source
from kleos.files import Limits, open_export
from kleos.files.limits import plain_size
from kleos.testing.large import enlarged
from kleos.testing.reading import owner_of, readings, settings_of, told
from kleos.testing.runs import NOW, scratch
from kleos.testing.subject import Subject
from kleos.testing.verdicts import BrokenContractError, NotCheckedError

__all__ = ["memory_is_bounded"]

_SIZES = (2 << 20, 8 << 20)
_LIMITS = Limits(page_bytes=256 << 10)
"""Small pages, so that what a source holds of a page is little beside what it would hold of an export."""
_SHARE = 0.5
"""How much memory a source may take for each byte by which an export is larger: ids of some items, but not the items."""
_LEAST = 1 << 20
"""Exports whose sizes differ by less tell nothing."""


def memory_is_bounded(subject: Subject) -> None:
    """Fetching a large export takes hardly more memory than fetching a small one."""
    for reading in readings(subject):
        source, sample = reading.source, reading.sample
        if not reading.pages:
            continue
        with scratch() as folder:
            small, large = (_made(subject, source, sample, folder / str(size), size) for size in _SIZES)
            sizes = _bytes(small), _bytes(large)
            if sizes[1] - sizes[0] < _LEAST:
                continue
            peaks = _peak(subject, source, small), _peak(subject, source, large)
        if peaks[1] - peaks[0] > _SHARE * (sizes[1] - sizes[0]):
            raise BrokenContractError(
                f"source {source.name}: fetching an export like {sample.name} takes {plain_size(peaks[0])} of memory "
                f"where it has {plain_size(sizes[0])}, and {plain_size(peaks[1])} where it has {plain_size(sizes[1])}",
                "read large files with export.chunks() or export.elements(), yield every page when it is there, and keep nothing of it",
            )


def _made(subject: Subject, source: Source, sample: Path, folder: Path, size: int) -> Path:
    """Return an export of about a size: the author's own, else one made of the sample."""
    folder.mkdir()
    make = subject.large.get(source.name)
    return enlarged(sample, folder, size) if make is None else make(folder, size)


def _bytes(path: Path) -> int:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files)


def _peak(subject: Subject, source: Source, path: Path) -> int:
    """Return the most bytes that are held at a time while an export is fetched, page by page."""
    settings = settings_of(subject, source, path)
    pages = 0
    with ExitStack() as opened:
        context = Context(open_export=lambda paths: opened.enter_context(open_export(paths, _LIMITS)), stop=threading.Event(), now=NOW)
        gc.collect()
        tracemalloc.start()
        try:
            owner = owner_of(source.owners(opened.enter_context(open_export(path, _LIMITS)))) if source.owned else None
            for _ in source.fetch(settings, owner, context):
                pages += 1
            peak = tracemalloc.get_traced_memory()[1]
        except Exception as error:
            raise NotCheckedError(f"source {source.name}: {_no_use(source, told(error))}") from error
        finally:
            tracemalloc.stop()
    if not pages:
        raise NotCheckedError(f"source {source.name}: {_no_use(source, 'it has no page')}")
    return peak


def _no_use(source: Source, reason: str) -> str:
    return (
        f"the large export that the kit made of the sample is of no use ({reason}); "
        f"give one: large = {{{source.name!r}: function}}, which is given an empty folder and a size in bytes, and returns a path"
    )

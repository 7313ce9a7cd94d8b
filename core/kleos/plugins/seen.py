"""What is installed, from the metadata of distributions alone: no plugin is imported."""

from __future__ import annotations

import importlib.metadata
import os
import re
from collections.abc import Iterator

from kleos.events import Fault
from kleos.plugins.entry import GROUPS, Installed
from kleos.plugins.failure import Refused, told

__all__ = ["LIMIT", "allowed", "canonical", "installed", "survey"]

LIMIT = "KLEOS_PLUGINS"
"""The environment variable that limits what counts as installed."""


def installed() -> tuple[Installed, ...]:
    """Return every entry point for Kleos that ``KLEOS_PLUGINS`` allows, sorted by kind, name and distribution.

    Two distributions that offer one name are both listed; of those whose metadata cannot be read nothing is, and `load` reports them.
    """
    return tuple(entry for entry in survey()[0] if allowed(entry))


def allowed(entry: Installed) -> bool:
    """Whether ``KLEOS_PLUGINS`` lets this entry point count; without the variable, all do."""
    limit = os.environ.get(LIMIT)
    if limit is None:
        return True
    names = {name.strip() for name in limit.split(",")}
    return entry.name in names or canonical(entry.distribution) in {canonical(name) for name in names}


def canonical(distribution: str) -> str:
    """Return a distribution's name as it is compared: lower case, with ``-`` for every run of ``-``, ``_`` and ``.``."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def survey() -> tuple[tuple[Installed, ...], tuple[Refused, ...]]:
    """Return all entry points for Kleos, sorted, whatever ``KLEOS_PLUGINS`` says; and a failure for each distribution it cannot read."""
    entries: dict[str, tuple[Installed, ...]] = {}
    unreadable: list[Refused] = []
    for distribution in importlib.metadata.distributions():
        if not _is_for_kleos(distribution):
            continue
        try:
            read = tuple(_entries(distribution))
        except Exception as error:  # third-party metadata may be broken in any way
            unreadable.append(_unreadable(distribution, error))
            continue
        if read:  # of two copies on sys.path the first counts, as it does for the import itself
            entries.setdefault(canonical(read[0].distribution), read)
    found = {entry for read in entries.values() for entry in read}
    by_place = sorted(found, key=lambda entry: (entry.kind, entry.name, entry.distribution, entry.value))
    return tuple(by_place), tuple(sorted(unreadable, key=lambda failure: failure.fault.where))


def _is_for_kleos(distribution: importlib.metadata.Distribution) -> bool:
    """Tell from the raw text, so that a broken distribution that has nothing to do with Kleos is no concern of ours."""
    try:
        text = distribution.read_text("entry_points.txt") or ""
    except (OSError, UnicodeDecodeError):
        return False
    return any(group in text for group in GROUPS.values())


def _entries(distribution: importlib.metadata.Distribution) -> Iterator[Installed]:
    metadata = distribution.metadata
    missing = [key for key in ("Name", "Version") if key not in metadata]
    if missing:
        raise ValueError(f"it has no {' and no '.join(missing)}")
    for kind, group in GROUPS.items():
        for point in distribution.entry_points.select(group=group):
            yield Installed(kind=kind, name=point.name, distribution=metadata["Name"], version=metadata["Version"], value=point.value)


def _unreadable(distribution: importlib.metadata.Distribution, error: Exception) -> Refused:
    try:
        name, version = distribution.metadata["Name"] or "", distribution.metadata["Version"] or ""
    except Exception:  # the metadata themselves are what is broken
        name, version = "", ""
    folder = str(distribution.locate_file(""))
    who = f"{name} {version}".strip() or "a distribution without a name"
    message = f"the metadata of {who} in {folder} cannot be read ({told(error)})"
    fault = Fault(plugin=name, distribution=name, version=version, stage="see", where=folder, error=message)
    return Refused(fault, f"reinstall {name or 'it'}, or remove its .dist-info folder")

"""Fixtures: the sources, a way to collect from them without the core's pipeline, and the samples."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field, fields
from hypothesis import settings

from kleos.contract import Batch, Context, Export, Flaw, Interaction, Owner, Page, Profile, Profiles, Row, Source, Tallies, Tally
from kleos.errors import KleosError
from kleos.files import OpenExport, open_export
from kleos_twitter import kleos_networks
from kleos_twitter.times import from_microseconds

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

PLUGIN = Path(__file__).parent.parent


@define
class Collected:
    """What a source gave: its rows, and the error that it ended with."""

    pages: list[Page] = field(factory=list)
    rows: list[Row] = field(factory=list)
    error: KleosError | None = None

    @property
    def reactions(self) -> list[dict[str, Any]]:
        """The batches' rows as dictionaries."""
        return [line for row in self.rows if isinstance(row, Batch) for line in lines(row)]

    @property
    def tallies(self) -> list[Tally]:
        """The totals."""
        return [row for row in unfolded(self.rows) if isinstance(row, Tally)]

    @property
    def profiles(self) -> dict[str, Profile]:
        """The accounts by id."""
        return {row.id: row for row in unfolded(self.rows) if isinstance(row, Profile)}

    @property
    def flaws(self) -> list[Flaw]:
        """What could not be read."""
        return [row for row in self.rows if isinstance(row, Flaw)]

    @property
    def counts(self) -> dict[str, int]:
        """Reactions per kind: those of batches, and the totals of tallies."""
        assert not any(isinstance(row, Interaction) for row in self.rows)
        counts = Counter(reaction["kind"] for reaction in self.reactions)
        for tally in self.tallies:
            counts[tally.kind] += tally.total
        return dict(counts)


def lines(row: Batch | Tallies | Profiles) -> list[dict[str, Any]]:
    """Return what stands in columns line by line."""
    columns = {one.name: getattr(row, one.name) for one in fields(type(row)) if one.name != "network"}
    filled = {name: column for name, column in columns.items() if column is not None}
    assert all(len(column) == len(row) for column in filled.values())
    return [dict(zip(filled, values, strict=True)) for values in zip(*filled.values(), strict=True)]


def unfolded(rows: Iterable[Row]) -> list[Row]:
    """Return rows with totals and accounts one by one, their times as such."""
    plain: list[Row] = []
    for row in rows:
        if isinstance(row, Tallies | Profiles):
            one = Tally if isinstance(row, Tallies) else Profile
            for line in lines(row):
                times = {name: from_microseconds(line[name]) for name in ("captured", "item_time") if line.get(name) is not None}
                plain.append(one(network=row.network, **line | times))
        else:
            plain.append(row)
    return plain


@pytest.fixture(scope="session")
def unfold() -> Callable[[Iterable[Row]], list[Row]]:
    """Return `unfolded`."""
    return unfolded


def _source(name: str) -> Source:
    (network,) = kleos_networks()
    return next(source for source in network.sources if source.name == name)


@pytest.fixture(scope="session")
def archive() -> Source:
    """The archive source."""
    return _source("archive")


@pytest.fixture(scope="session")
def api() -> Source:
    """The API source."""
    return _source("api")


@pytest.fixture(scope="session")
def bulk() -> Source:
    """The bulk source."""
    return _source("bulk")


@pytest.fixture(scope="session")
def collect() -> Callable[..., Collected]:
    """A way to fetch and parse: ``collect(source, path or paths)``."""

    def collect(source: Source, path: Path | Sequence[Path], owner: Owner | None = None, stop: threading.Event | None = None) -> Collected:
        paths = (path,) if isinstance(path, Path) else tuple(path)
        collected = Collected()
        opened: list[OpenExport] = []

        def open_one(paths: Any) -> Export:
            opened.append(open_export(paths))
            return opened[-1]

        context = Context(open_export=open_one, stop=stop or threading.Event(), now=datetime(2026, 11, 22, tzinfo=UTC))
        try:
            for page in source.fetch(source.settings(path=paths), owner, context):
                collected.pages.append(page)
                collected.rows += source.parse(page)
        except KleosError as error:
            collected.error = error
        finally:
            for export in opened:
                export.close()
        return collected

    return collect


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of the samples that ship."""
    return PLUGIN / "samples"


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of files made by Twitter itself; the test is skipped where it is absent."""
    shared = Path(os.environ.get("KLEOS_SHARED") or PLUGIN.parent.parent.parent / "shared")
    folder = shared / "real" / "twitter"
    if not folder.is_dir():
        pytest.skip(f"the real files are not at {folder} (set KLEOS_SHARED)")
    return folder

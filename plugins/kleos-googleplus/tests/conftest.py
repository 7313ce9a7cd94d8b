"""What the tests of this plugin share: the samples, and a run of the source from a path to rows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from attrs import frozen

from kleos.contract import Context, Flaw, Interaction, Owner, Page, Profile, Row, Tally, account_key
from kleos.files import open_export
from kleos_googleplus.plugin import GOOGLEPLUS

SOURCE = GOOGLEPLUS.sources[0]


@frozen(kw_only=True)
class Read:
    """What came out of an archive."""

    owner: Owner
    pages: Sequence[Page]
    rows: Sequence[Row]

    @property
    def reactions(self) -> list[Interaction]:
        return [row for row in self.rows if isinstance(row, Interaction)]

    @property
    def flaws(self) -> list[Flaw]:
        return [row for row in self.rows if isinstance(row, Flaw)]

    @property
    def tallies(self) -> list[Tally]:
        return [row for row in self.rows if isinstance(row, Tally)]

    @property
    def distinct(self) -> set[tuple[object, ...]]:
        """The reactions as the core tells them apart: accounts by id where a profile knows it, once where they have no own time."""
        ids = {account_key(row.handle): row.id for row in self.rows if isinstance(row, Profile) and row.handle}
        return {
            (row.kind, ids.get(account_key(row.subject), row.subject), ids.get(account_key(row.actor or ""), row.actor), row.item, row.time)
            for row in self.reactions
        }


@pytest.fixture
def samples() -> Path:
    return Path(__file__).parents[1] / "samples"


@pytest.fixture
def context() -> Iterator[Context]:
    with ExitStack() as exports:
        yield Context(
            open_export=lambda path: exports.enter_context(open_export(path)),
            stop=threading.Event(),
            now=datetime(2026, 1, 1, tzinfo=UTC),
        )


@pytest.fixture
def read(context: Context) -> Callable[..., Read]:
    def run(path: Path | tuple[Path, ...], owner: Owner | None = None) -> Read:
        with open_export(path) as export:
            found = owner or next(iter(SOURCE.owners(export)), Owner())
        pages = list(SOURCE.fetch(SOURCE.settings(path=path), found, context))
        return Read(owner=found, pages=pages, rows=[row for page in pages for row in SOURCE.parse(page)])

    return run


@pytest.fixture
def post() -> Callable[..., dict[str, object]]:
    """A small valid post as a JSON object, with keys replaced or added."""

    def make(**keys: object) -> dict[str, object]:
        return {
            "url": "https://plus.google.com/100000000000000000001/posts/Abc",
            "creationTime": "2018-05-12 18:04:11+0200",
            "author": {"displayName": "Ada", "resourceName": "users/100000000000000000001"},
            "resourceName": "users/100000000000000000001/posts/UgAbc",
            "postAcl": {"visibleToStandardAcl": {"circles": [{"type": "CIRCLE_TYPE_PUBLIC"}]}},
        } | keys

    return make


@pytest.fixture
def page() -> Callable[..., Page]:
    def make(body: bytes, **keys: object) -> Page:
        fields: dict[str, object] = {"network": "googleplus", "source": "takeout", "where": "p", "owner": None, "captured": None}
        return Page(body=body, **(fields | keys))  # type: ignore[arg-type]  # the fields of a page, whatever a test gives

    return make

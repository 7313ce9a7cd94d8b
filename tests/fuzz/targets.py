"""What is fuzzed: pages of every source that ships with samples, files of its exports, and the zips that these come in.

A check raises `AssertionError`, or lets pass what should not have been raised, where a parser breaks its promise.
"""

from __future__ import annotations

import functools
import io
import mimetypes
import sys
import threading
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, get_args

import attrs
from attrs import evolve, frozen

from kleos.contract import Context, Page, Row, Source
from kleos.errors import ExportError, FetchError, ParseError
from kleos.files import Limits, open_export
from kleos.plugins import installed
from kleos.testing.reading import comparable, fetch, owner_of, reactions, settings_of
from kleos.testing.runs import NOW
from kleos.testing.subject import Subject, find

__all__ = ["Exported", "Paged", "exported", "networks", "paged"]

PLUGINS = Path(__file__).parents[2] / "plugins"
LIMITS = Limits(members=1000, total_bytes=64 << 20)
_SURE = 0.5
_CODE = (".py", ".pyc", ".so")
"""What Python itself opens to import a module."""
_SETTINGS = {"youtube": {"comments": {"channel": "UCAdaMuster-Pottery-7A0w"}}}
"""What a sample does not tell."""


@frozen
class Paged:
    """A page of a sample, whose body is exchanged."""

    kinds: frozenset[str]
    source: Source
    page: Page

    @property
    def body(self) -> bytes:
        """What the sample has."""
        return self.page.body

    def check(self, body: bytes) -> None:
        """Parse the page with another body: rows that keep the contract, the same every time, or a `ParseError`."""
        page = evolve(self.page, body=body)
        with nothing_but():
            try:
                rows = list(self.source.parse(page))
            except ParseError:
                return
            again = list(self.source.parse(page))
        assert comparable(again) == comparable(rows)
        _keep(rows, self.kinds)


@frozen
class Exported:
    """An export, one of whose files is exchanged, or the whole of it."""

    kinds: frozenset[str]
    source: Source
    settings: Any
    path: Path
    files: Mapping[str, bytes]

    def zipped(self, name: str = "", body: bytes = b"") -> bytes:
        """Return the export as a zip, one file having another body."""
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w") as archive:
            for member, content in {**self.files, **({name: body} if name else {})}.items():
                archive.writestr(member, content)
        return whole.getvalue()

    def check(self, whole: bytes) -> None:
        """Read a zip from its recognition to the rows: what Kleos declares may be raised, and no other file is opened."""
        self.path.write_bytes(whole)
        with nothing_but(self.path), ExitStack() as opened:
            for page in self._pages(opened):
                try:
                    _keep(list(self.source.parse(page)), self.kinds)
                except ParseError:
                    continue

    def _pages(self, opened: ExitStack) -> Iterator[Page]:
        """Yield what there is until Kleos says why there is no more."""
        context = Context(open_export=lambda paths: opened.enter_context(open_export(paths, LIMITS)), stop=threading.Event(), now=NOW)
        try:
            export = context.open_export(self.path)
        except ExportError:
            return
        assert 0 <= self.source.recognise(export) <= 1
        try:
            owner = owner_of(self.source.owners(export)) if self.source.owned else None
        except ParseError:
            return
        with suppress(ExportError, FetchError, ParseError):
            yield from self.source.fetch(self.settings, owner, context)


def networks() -> list[str]:
    """Return the networks that ship with samples."""
    return sorted(entry.name for entry in installed() if entry.kind == "network" and (PLUGINS / f"kleos-{entry.name}/samples").is_dir())


def paged(network: str) -> list[Paged]:
    """Return all pages of a network's samples."""
    subject, found = _sampled(network)
    kinds = frozenset(subject.network.kinds)
    return [Paged(kinds, source, page) for source, sample in found for page in fetch(subject, source, sample)[1] if page.body]


def exported(network: str, folder: Path) -> list[Exported]:
    """Return all samples of a network, to be written as zips in a folder of their own."""
    subject, found = _sampled(network)
    made = []
    for number, (source, sample) in enumerate(found):
        path = folder / f"{network}-{number}.zip"
        with open_export(sample) as export:
            files = {name: export.read(name) for name in export.names}
        one = Exported(frozenset(subject.network.kinds), source, None, path, files)
        path.write_bytes(one.zipped())
        made.append(evolve(one, settings=settings_of(subject, source, path)))
    return made


def _sampled(network: str) -> tuple[Subject, Sequence[tuple[Source, Path]]]:
    """Return a network, and each of its samples with the source that knows it for its own."""
    subject = find(network, {}, _SETTINGS.get(network, {}), {})
    found = []
    for sample in sorted((PLUGINS / f"kleos-{network}/samples").iterdir()):
        with open_export(sample) as export:
            sure = {source: source.recognise(export) for source in subject.network.sources if "path" in attrs.fields_dict(source.settings)}
        best = max(sure, key=lambda source: sure[source])
        if sure[best] >= _SURE:
            found.append((best, sample))
    return subject, found


def _keep(rows: Sequence[Row], kinds: frozenset[str]) -> None:
    """Assert what the contract says of rows."""
    for row in rows:
        assert isinstance(row, get_args(Row)), type(row)
        for reaction in reactions(row):
            assert reaction["kind"] in kinds
            assert reaction["subject"]
            assert reaction["count"] is None or reaction["count"] >= 0


class _Watch(threading.local):
    allowed: str | None = None


_watch = _Watch()


@contextmanager
def nothing_but(path: Path | None = None) -> Iterator[None]:
    """Raise `AssertionError` where this thread opens another file within, save to import a module (an encoding, say)."""
    _listen()
    _watch.allowed = str(path)
    try:
        yield
    finally:
        _watch.allowed = None


@functools.cache
def _listen() -> None:
    mimetypes.init()  # reads the system's own table, once, when a library that knows workbooks is imported
    sys.addaudithook(_hear)  # for as long as the process lives: there is no way to take one back


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "open" or _watch.allowed is None or isinstance(arguments[0], int):
        return
    name = str(arguments[0])
    if name != _watch.allowed and not name.endswith(_CODE):
        raise AssertionError(f"another file was opened: {name}")

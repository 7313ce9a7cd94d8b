"""Reading the samples: pages, rows, and rows in a form that can be compared."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs
from attrs import frozen

from kleos.contract import Batch, Context, Flaw, Interaction, Owner, Page, Profile, Profiles, Row, Source, Tallies, Tally
from kleos.errors import KleosError
from kleos.files import open_export
from kleos.testing.runs import NOW, PERSON, configure, scratch
from kleos.testing.subject import Subject
from kleos.testing.verdicts import NotCheckedError

__all__ = [
    "Reading",
    "busiest",
    "comparable",
    "fetch",
    "owner_of",
    "profiles",
    "reactions",
    "readings",
    "rows_of",
    "settings_of",
    "steady",
    "told",
]

_COLUMNS = ("kind", "subject", "actor", "item", "time", "id", "item_time", "captured", "audience", "count")


@frozen(kw_only=True)
class Reading:
    """One sample, read."""

    source: Source
    sample: Path
    owner: Owner | None
    pages: Sequence[Page]
    rows: Sequence[Sequence[Row]]
    """For each page."""


def readings(subject: Subject) -> list[Reading]:
    """Return every sample, read; raises `NotCheckedError` where one cannot be, which the check `samples_parse` tells."""
    found = []
    for source, sample in subject.sampled():
        try:
            owner, pages = fetch(subject, source, sample)
            found.append(Reading(source=source, sample=sample, owner=owner, pages=pages, rows=[list(source.parse(page)) for page in pages]))
        except Exception as error:
            raise NotCheckedError(f"{sample} cannot be read: see the check samples_parse") from error
    if not any(_reacts(row) for reading in found for rows in reading.rows for row in rows):
        raise NotCheckedError("no sample tells of a reaction: see the check samples_parse")
    return found


def fetch(subject: Subject, source: Source, sample: Path, *, now: datetime = NOW) -> tuple[Owner | None, list[Page]]:
    """Return the owner and the pages of a sample, as a run with one person would get them. Whatever the plugin raises passes."""
    settings = settings_of(subject, source, sample)
    with ExitStack() as opened:
        owner = None
        if source.owned:
            owner = owner_of(source.owners(opened.enter_context(open_export(sample))))
        context = Context(open_export=lambda paths: opened.enter_context(open_export(paths)), stop=threading.Event(), now=now)
        return owner, list(source.fetch(settings, owner, context))


def settings_of(subject: Subject, source: Source, sample: Path) -> Any:
    """Return the settings of a source that reads a sample."""
    network, more = subject.network, subject.settings.get(source.name, {})
    with scratch() as folder:
        config = configure([network], folder, {network.name: {source.name: {"path": str(sample), **more}}})
    return config.sources[0].settings


def owner_of(said: Sequence[Owner]) -> Owner:
    """Return the owner of an export, from what it says itself, as a run with one person would."""
    ids, handles, names = ([account for owner in said for account in getattr(owner, name)] for name in ("ids", "handles", "names"))
    return Owner(person=PERSON, ids=ids, handles=handles, names=names or ([] if ids or handles else [PERSON.title()]))


def rows_of(found: Iterable[Reading]) -> Iterator[tuple[Reading, Page, Row]]:
    """Yield every row with the page that it comes from."""
    for reading in found:
        for page, rows in zip(reading.pages, reading.rows, strict=True):
            for row in rows:
                yield reading, page, row


def reactions(row: Row) -> Iterator[dict[str, Any]]:
    """Yield the reactions of a row as dictionaries with the columns of a batch; times as the row has them, a total as a count."""
    if isinstance(row, Interaction):
        yield {name: getattr(row, name, None) for name in _COLUMNS} | {"count": 1}
    elif isinstance(row, Tally):
        yield {name: getattr(row, name, None) for name in _COLUMNS} | {"count": row.total}
    elif isinstance(row, Batch | Tallies):
        for values in _unfolded(row):
            values["count"] = values.pop("total", values.get("count", 1))
            yield dict.fromkeys(_COLUMNS) | values


def comparable(rows: Iterable[Row]) -> list[str]:
    """Return rows such that equal ones compare as equal: columns that are arrays do not, nor does what is no number."""
    return [
        repr((type(row), row.network, list(_unfolded(row)))) if isinstance(row, Batch | Tallies | Profiles) else repr(row) for row in rows
    ]


def steady(reading: Reading) -> Reading:
    """Return the reading; raises `NotCheckedError` where parsing it again gives other rows, which the check `parsing_is_pure` tells."""
    for page, rows in zip(reading.pages, reading.rows, strict=True):
        if comparable(reading.source.parse(page)) != comparable(rows):
            raise NotCheckedError(f"{page.where} gives other rows every time: see the check parsing_is_pure")
    return reading


def busiest(found: Iterable[Reading]) -> str:
    """Return the account that most rows are about."""
    counted = Counter(reaction["subject"] for _, _, row in rows_of(found) for reaction in reactions(row))
    return str(counted.most_common(1)[0][0]) if counted else PERSON


def profiles(row: Row) -> Iterator[dict[str, Any]]:
    """Yield the accounts that a row tells of, as dictionaries with the fields of a profile that it fills."""
    if isinstance(row, Profile):
        yield {field.name: getattr(row, field.name) for field in attrs.fields(Profile)}
    elif isinstance(row, Profiles):
        yield from _unfolded(row)


def _unfolded(row: Batch | Tallies | Profiles) -> Iterator[dict[str, Any]]:
    """Yield the lines of columns, each with the columns that there are."""
    columns = {field.name: getattr(row, field.name) for field in attrs.fields(type(row)) if field.name != "network"}
    plain = {name: column.tolist() if hasattr(column, "tolist") else column for name, column in columns.items() if column is not None}
    for values in zip(*plain.values(), strict=True):
        yield dict(zip(plain, values, strict=True))


def _reacts(row: Row) -> bool:
    return not isinstance(row, Profile | Profiles | Flaw)


def told(error: BaseException) -> str:
    """Return an error in one line: Kleos' own as they tell themselves, others with their class."""
    return " ".join(str(error).split()) if isinstance(error, KleosError) else f"{type(error).__name__}: {error}"

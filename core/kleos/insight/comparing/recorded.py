"""What the store has recorded of several people that may be compared: the newest scores by one and the same model."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

import duckdb
from attrs import frozen

from kleos.errors import StoreError, UsageError
from kleos.store import Connection, ScoreRecord, Store, columns_to_table
from kleos.store.duck import first_line, texts
from kleos.store.record_files import from_records

__all__ = ["Recorded", "curves", "newest_comparable", "readable"]


@frozen(kw_only=True)
class Recorded:
    """The newest records of several people by one model."""

    records: Mapping[str, ScoreRecord]
    """By person."""
    missing: Sequence[str]
    """Who has none by this model."""


@frozen
class _Model:
    name: str
    digest: str
    days: Mapping[str, date]
    """Person → the newest day on which it scored them."""


def newest_comparable(
    store: Store, connection: Connection, people: Sequence[str], *, until: date | None = None, everybody: bool = False
) -> Recorded:
    """Return the newest records of `people`, up to the day `until`, by the model that was used last; only such can be compared.

    With `everybody`, the model is the last one that scored all of them. Raises `UsageError` where there is no such record.
    """
    models = _models(store, connection, people, until)
    if not models:
        when = f" up to {until}" if until else ""
        raise UsageError(f"no score is recorded{when}", where=str(store.path), hint="`kleos run` records one for everybody")
    chosen = next((model for model in models if len(model.days) == len(people)), None) if everybody else models[0]
    if chosen is None:
        missing = [person for person in people if person not in models[0].days]
        raise UsageError(
            f"expected scores by one model, found none by {models[0].name} ({models[0].digest[:12]}) of {', '.join(missing)}",
            where=str(store.path),
            hint="`kleos run` records one for everybody",
        )
    records = {}
    for day in sorted(set(chosen.days.values())):
        for record in store.scores(since=day, until=day):
            if record.digest == chosen.digest and chosen.days.get(record.person) == day:
                records[record.person] = record
    return Recorded(
        records={person: records[person] for person in people if person in records},
        missing=[person for person in people if person not in records],
    )


def curves(
    store: Store, connection: Connection, people: Collection[str], digest: str, *, since: date, until: date
) -> dict[str, list[tuple[date, float]]]:
    """Return {person: [(day, score)]} of the days from `since` to `until`, both included, on which this model scored them."""
    found: dict[str, list[tuple[date, float]]] = {person: [] for person in people}
    _ask_about(connection, people)
    query = "SELECT day, person, score FROM {} SEMI JOIN kleos_asked USING (person) WHERE digest = ? ORDER BY day"
    rows = from_records(
        store.path / "scores",
        lambda files: connection.execute(query.format(files.between(since, until).table()), [digest]).fetchall(),
    )
    for day, person, score in rows:
        found[person].append((day, score))
    return found


@contextmanager
def readable(store: Store) -> Iterator[None]:
    """Tell of a file that cannot be read as a `StoreError`."""
    try:
        yield
    except (duckdb.Error, OSError) as error:
        raise StoreError(
            f"a file of the store cannot be read ({first_line(error)})", where=str(store.path / "scores"), hint="kleos doctor"
        ) from error


def _models(store: Store, connection: Connection, people: Sequence[str], until: date | None) -> list[_Model]:
    """Return the models that scored any of `people`, the one used last first; a run's own before one that it has replaced."""
    _ask_about(connection, people)
    query = (
        "SELECT digest, max(model || ' ' || version), person, max(day), max((as_of, successor IS NULL)) "
        "FROM {} SEMI JOIN kleos_asked USING (person) GROUP BY digest, person"
    )
    rows = from_records(
        store.path / "scores", lambda files: connection.execute(query.format(files.between(None, until).table())).fetchall()
    )
    names = {digest: name for digest, name, *_ in rows}
    last: dict[str, tuple[int, bool]] = {}
    days: dict[str, dict[str, date]] = {}
    for digest, _, person, day, newest in rows:
        days.setdefault(digest, {})[person] = day
        last[digest] = max(newest, last.get(digest, newest))
    order = sorted(days, key=lambda digest: (*last[digest], len(days[digest]), digest), reverse=True)
    return [_Model(names[digest], digest, days[digest]) for digest in order]


def _ask_about(connection: Connection, people: Collection[str]) -> None:
    columns_to_table(connection, "kleos_asked", {"person": texts(list(people))})

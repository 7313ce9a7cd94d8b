"""From daily records to a curve: one query over one person's rows, and nothing of the engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import duckdb

from kleos.errors import StoreError, UsageError
from kleos.insight.history.curve import Change, History, Point
from kleos.insight.history.markers import markers_of
from kleos.scoring.result import ModelId
from kleos.store.duck import connect, first_line
from kleos.store.records import STEPS, ScoreRecord, newest_before, read_scores

__all__ = ["history_of", "read_history"]


def read_history(store: Path, person: str, name: str, *, since: date | None = None, until: date | None = None) -> History:
    """Return what the store in a folder recorded of a person from `since` to `until`, both included.

    Raises `UsageError` where nothing was recorded, with what to run, and `StoreError` where a file cannot be read.
    """
    try:
        with connect() as connection:
            records = read_scores(connection, store / "scores", person=person, until=until, documents=("coverage",))
    except (duckdb.Error, OSError) as error:
        raise StoreError(
            f"a file of the store cannot be read ({first_line(error)})", where=str(store / "scores"), hint="kleos doctor"
        ) from error
    if not any(_day(record) >= (since or date.min) for record in records):
        if not records:
            hint = "`kleos run` records today, `kleos run --backfill 90d` the days before it too"
            raise UsageError(f"nothing was recorded of {person!r} yet" if until is None else _nothing(person, since, until), hint=hint)
        days = f"what there is goes from {_day(records[0])} to {_day(records[-1])}"
        raise UsageError(_nothing(person, since, until), hint=days)
    return history_of(records, person, name, since=since)


def history_of(records: Sequence[ScoreRecord], person: str, name: str, *, since: date | None = None) -> History:
    """Return one person's records, which may be in any order, as a curve; those before `since` only serve the changes."""
    newest = _newest_model(records)
    every = {(_day(record), record.digest): record for record in records}
    chosen: dict[date, ScoreRecord] = {}
    for record in records:
        there = chosen.get(_day(record))
        if there is None or _rank(record, newest) > _rank(there, newest):
            chosen[_day(record)] = record
    points = {key: _point(record) for key, record in every.items()}
    line = [points[day, chosen[day].digest] for day in sorted(chosen)]
    shown = [point for point in line if since is None or point.day >= since]
    others = [point for (day, digest), point in points.items() if digest != chosen[day].digest and (since is None or day >= since)]
    return History(
        person=person,
        name=name,
        line=tuple(shown),
        others=tuple(sorted(others, key=lambda point: (point.model.digest, point.day))),
        markers=tuple(marker for marker in markers_of(line, points) if since is None or marker.day >= since),
        changes=_changes(points.values(), line[-1]),
    )


def _newest_model(records: Sequence[ScoreRecord]) -> str:
    """Return the digest of the model in use: of the last day's records the one that no other took the place of."""
    return max(records, key=lambda record: (record.as_of, record.successor is None, record.digest)).digest


def _rank(record: ScoreRecord, newest: str) -> tuple[bool, bool, str]:
    return record.digest == newest, record.successor is None, record.digest


def _changes(points: Iterable[Point], last: Point) -> dict[str, Change | None]:
    same = {point.day: point for point in points if point.model.digest == last.model.digest}
    found: dict[str, Change | None] = {}
    for name, step in STEPS.items():
        day = newest_before(same, last.day, step)
        found[name] = None if day is None else Change(points=last.score - same[day].score, since=day)
    return found


def _point(record: ScoreRecord) -> Point:
    return Point(
        day=_day(record),
        as_of=record.as_of,
        score=record.score,
        interval=None if record.lo is None or record.hi is None else (record.lo, record.hi),
        percentile=record.percentile,
        model=ModelId(name=record.model, version=record.version, digest=record.digest),
        networks=tuple(record.coverage.get("networks", ())),
        actors=record.coverage.get("actors"),
        times=record.coverage.get("times"),
    )


def _day(record: ScoreRecord) -> date:
    return record.day or record.as_of.date()


def _nothing(person: str, since: date | None, until: date | None) -> str:
    stretch = " ".join(f"{word} {day}" for word, day in (("since", since), ("until", until)) if day is not None)
    return f"nothing was recorded of {person!r} {stretch}"

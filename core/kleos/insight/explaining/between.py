"""A change between two times, explained by scoring again in a fixed order: what left, what grew older, what came, audiences, the model."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from itertools import pairwise
from pathlib import Path

import attrs

from kleos.config import Config
from kleos.errors import UsageError
from kleos.events import Emit
from kleos.insight.explaining.change import STEPS, Change, Recorded, Standing
from kleos.insight.explaining.crediting import Times, credited_step
from kleos.insight.explaining.question import Question, item_times
from kleos.insight.explaining.side import sides
from kleos.insight.explaining.tellings import audiences_at, read_tellings
from kleos.insight.person import check_person
from kleos.insight.rescoring import Audiences, Kept, rescore
from kleos.pipeline.kept import resolve_kept
from kleos.pipeline.prepare import Prepared, Setting, resolve
from kleos.plugins import Loaded, load
from kleos.scoring.model import load_model
from kleos.scoring.result import ModelId
from kleos.store import Connection, ScoreRecord, Store, to_micros

__all__ = ["change_of", "explain_between"]

MICROSECONDS_A_SECOND = 1_000_000


def change_of(asked: Question, person: str, since: date, until: date, *, model_before: Path | None = None, emit: Emit) -> Change:
    """Explain how a person's score came from what it was at one time to what it was at another.

    A `datetime` is a time, zone-aware; any other date is the time as of which that day's score was recorded, or where none was, the end of
    the day. Both are scored from what the store holds today; beside them stands what was recorded on those days. Where the earlier time was
    recorded with another model only, that one scores it, as the store has kept it; `model_before`, the file of a model, goes before it.
    Raises `UsageError` for a person who is not in the configuration and for times that are not in their order, `ModelError`, `StoreError`.
    """
    check_person(person, asked.setting.people)
    if model_before is None:
        first, old = _with_recorded(asked, _recorded(asked.store, person, since, asked.setting), emit)
    else:
        old = _with_model(asked.setting, asked.config, asked.loaded, model_before, emit)
        first = _plain(_recorded(asked.store, person, since, old))
    last = _plain(_recorded(asked.store, person, until, asked.setting))
    times = _time(since, first), _time(until, last)
    if times[0] >= times[1]:
        found = " and ".join(f"{time:%Y-%m-%d %H:%M}" for time in times)
        raise UsageError(f"expected the earlier time first, found {found}", where="--between")
    read_tellings(asked.connection, asked.store)
    change = explain_between(
        asked.connection,
        old,
        asked.setting,
        person,
        times,
        audiences=audiences_at(asked.connection, to_micros(times[0])),
        times=item_times(asked.connection, person),
    )
    before, after = attrs.evolve(change.before, recorded=first), attrs.evolve(change.after, recorded=last)
    return attrs.evolve(change, before=before, after=after)


def explain_between(
    connection: Connection,
    old: Setting,
    new: Setting,
    person: str,
    between: tuple[datetime, datetime],
    *,
    audiences: Audiences,
    times: Times,
) -> Change:
    """Score a person again, step by step, from the tables ``reactions`` and ``audiences`` of a connection.

    `old` and `new` are the settings of the two times, with their models and windows; `audiences` were those of the earlier one. `times` is
    {network: {item: when it was published}}.
    """
    since, until = between
    then, later = attrs.evolve(old, as_of=since), attrs.evolve(old, as_of=until)
    stays = _both(_within(then), _within(later))
    states = [
        rescore(connection, then, person, audiences=audiences),
        rescore(connection, then, person, kept=stays, audiences=audiences),
        rescore(connection, later, person, kept=stays, audiences=audiences),
        rescore(connection, later, person, audiences=audiences),
        rescore(connection, later, person),
        rescore(connection, attrs.evolve(new, as_of=until), person),
    ]
    apart = [sides(state, person) for state in states]
    scores = [float(state.scores.score[0]) for state in states]
    return Change(
        person=person,
        name=new.people[person],
        window=new.window / MICROSECONDS_A_SECOND,
        before=_standing(states[0]),
        after=_standing(states[-1]),
        steps=[
            credited_step(way, *both, both_scores, times)
            for way, both, both_scores in zip(STEPS, pairwise(apart), pairwise(scores), strict=True)
        ],
    )


def _standing(state: Prepared) -> Standing:
    return Standing(as_of=state.as_of, score=float(state.scores.score[0]), model=state.resolved.id)


def _within(setting: Setting) -> Kept:
    """Return what lies inside the window of a setting: as `kleos.scoring.reactions` dates reactions."""
    name = f"at_{to_micros(setting.as_of)}".replace("-", "_")
    condition = f"coalesce(coalesce(time, item_time, captured) BETWEEN ${name} - $window AND ${name}, true)"
    return Kept(condition, {name: to_micros(setting.as_of), "window": setting.window})


def _both(one: Kept, other: Kept) -> Kept:
    return Kept(f"{one.condition} AND {other.condition}", {**one.values, **other.values})


def _with_model(setting: Setting, config: Config, loaded: Loaded, file: Path, emit: Emit) -> Setting:
    """Return the setting with another model, and with the metrics that only that one weighs."""
    weighed = load_model(file).metrics
    more = load(networks=(), metrics=[name for name in weighed if name not in loaded.metrics], emit=emit)
    known = attrs.evolve(loaded, metrics={**loaded.metrics, **more.metrics})
    resolved = resolve(attrs.evolve(config, run=attrs.evolve(config.run, model=file)), known)
    return attrs.evolve(setting, resolved=resolved, window=config.run.window or resolved.model.window)


def _with_recorded(asked: Question, record: ScoreRecord | None, emit: Emit) -> tuple[Recorded | None, Setting]:
    """Return a record, and the setting with its model and window; the setting as it is where that is no other, or cannot be used."""
    if record is None or record.digest == asked.setting.resolved.id.digest:
        return _plain(record), asked.setting
    resolved = resolve_kept(asked.store.path, record.digest, asked.loaded, emit=emit)
    if isinstance(resolved, str):
        return _plain(record, unusable=resolved), asked.setting
    return _plain(record), attrs.evolve(asked.setting, resolved=resolved, window=record.window)


def _recorded(store: Store, person: str, day: date, setting: Setting) -> ScoreRecord | None:
    """Return what was recorded on a day, or the day of a time: by the setting's model, if there are several, and the last."""
    day = day.astimezone(UTC).date() if isinstance(day, datetime) else day
    records = store.scores(person=person, since=day, until=day)
    return max(records, key=lambda record: (record.digest == setting.resolved.id.digest, record.as_of), default=None)


def _plain(record: ScoreRecord | None, *, unusable: str = "") -> Recorded | None:
    if record is None:
        return None
    model = ModelId(name=record.model, version=record.version, digest=record.digest)
    return Recorded(score=record.score, as_of=record.as_of, model=model, unusable=unusable)


def _time(day: date, recorded: Recorded | None) -> datetime:
    if isinstance(day, datetime):
        return day
    return recorded.as_of if recorded is not None else datetime.combine(day, time.max, tzinfo=UTC)

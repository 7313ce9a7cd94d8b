"""After a change of model: old and new side by side, and how much of everybody's move was theirs and how much the model's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import evolve, frozen

from kleos.events import Emit, Note
from kleos.pipeline.kept import resolve_kept
from kleos.pipeline.prepare import Prepared, Setting, score_setting
from kleos.pipeline.record import record_day
from kleos.pipeline.telling import result_of
from kleos.plugins import Loaded
from kleos.scoring.interval import intervals
from kleos.scoring.resolved import Resolved
from kleos.scoring.result import Move, RunResult
from kleos.store import Connection, ScoreRecord, Store

__all__ = ["predecessors", "with_moves"]


@frozen
class Predecessor:
    """The model that a person was scored with before this run's took its place."""

    digest: str
    window: int
    """µs."""
    base: ScoreRecord
    """What it said last."""


def with_moves(
    records: Sequence[ScoreRecord],
    result: RunResult,
    prepared: Prepared,
    *,
    loaded: Loaded,
    store: Store,
    connection: Connection,
    threads: int,
    emit: Emit,
    record: bool,
) -> RunResult:
    """Return the result with everybody's `Move`, where they were scored with another model before; unchanged where nobody was.

    Today is scored with the old model once more, from the tables that `prepare` made in `connection`, and with `record` recorded beside
    the new one. A note tells where the old model cannot be used again.
    """
    before = predecessors(records, result)
    moves: dict[str, Move] = {}
    for digest in sorted({one.digest for one in before.values()}):
        group = {person: one for person, one in before.items() if one.digest == digest}
        resolved = _again(store, next(iter(group.values())).base, loaded, emit)
        if resolved is None:
            continue
        window = next(iter(group.values())).window
        setting = Setting(
            people={person: name for person, name in prepared.people.items() if person in group},
            networks=loaded.networks,
            resolved=resolved,
            as_of=prepared.as_of,
            as_of_reason=prepared.as_of_reason,
            window=window,
            threads=threads,
        )
        then = score_setting(setting, connection)
        old = result_of(then, intervals(then.tables, then.scores, then.clock, then.resolved, threads=threads))
        if record:
            record_day(store, old, then, successor=result.model.digest)
        moves |= _moves(group, old, result)
    return evolve(result, people=tuple(evolve(person, move=moves.get(person.id)) for person in result.people)) if moves else result


def predecessors(records: Sequence[ScoreRecord], result: RunResult) -> dict[str, Predecessor]:
    """Return the predecessor of this run's model for everybody who was last scored with another one.

    Whoever was scored with both on one day is past the change, if the old record says so; another run on the day of the change tells of
    it again.
    """
    found = {}
    of_person: dict[str, list[ScoreRecord]] = {}
    for one in records:
        if one.as_of <= result.as_of:
            of_person.setdefault(one.person, []).append(one)
    for person in result.people:
        mine = sorted(of_person.get(person.id, ()), key=lambda one: one.as_of)
        others = [one for one in mine if one.digest != result.model.digest]
        if not others:
            continue
        last = others[-1]
        own = [one for one in mine if one.digest == result.model.digest and one.as_of.date() < result.as_of.date()]
        changed = not own or last.as_of.date() > own[-1].as_of.date()
        if not changed and (last.as_of.date() < own[-1].as_of.date() or last.successor == result.model.digest):
            continue
        same = [one for one in others if one.digest == last.digest]
        base = next((one for one in reversed(same) if one.as_of < result.as_of), last)
        found[person.id] = Predecessor(last.digest, last.window, base)
    return found


def _moves(group: Mapping[str, Predecessor], old: RunResult, new: RunResult) -> dict[str, Move]:
    scores = {person.id: person.score for person in new.people}
    return {
        person.id: Move(
            since=group[person.id].base.as_of,
            points=scores[person.id] - group[person.id].base.score,
            own=person.score - group[person.id].base.score,
            model=scores[person.id] - person.score,
            old=old.model,
            old_score=person.score,
        )
        for person in old.people
    }


def _again(store: Store, base: ScoreRecord, loaded: Loaded, emit: Emit) -> Resolved | None:
    """Return an old model, resolved as it was; None, with a note, where that is not possible any more."""
    resolved = resolve_kept(store.path, base.digest, loaded, emit=emit)
    if isinstance(resolved, str):
        model = f"{base.model} {base.version}, digest {base.digest[:12]}"
        emit(Note(text=f"the model changed, and the old one ({model}) cannot be used: {resolved}; nobody can say what the change did"))
        return None
    return resolved

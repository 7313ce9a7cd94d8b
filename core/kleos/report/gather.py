"""From a store to pages: the newest recorded score of everybody asked for, and what the store tells about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from attrs import evolve

from kleos.config import Config
from kleos.errors import UsageError
from kleos.events import Emit, Note
from kleos.insight.comparing.recorded import newest_comparable
from kleos.insight.explaining.question import question
from kleos.insight.history.reading import read_history
from kleos.insight.person import check_person
from kleos.plugins import Loaded
from kleos.report.describe import describe
from kleos.report.page import Page
from kleos.report.peers import peers
from kleos.store import ScoreRecord, Store, connect

__all__ = ["gather"]

CURVE = timedelta(days=365)
"""How far back a page's curve goes."""


def gather(config: Config, loaded: Loaded, people: Sequence[str], *, emit: Emit, now: datetime) -> Iterator[Page]:
    """Yield the pages of some people, of everybody in the configuration where `people` is empty: by the time of their scores, in its order.

    All of them are of scores by one model, so that they can be compared. Nothing is collected and nothing recorded. Raises `UsageError`
    for who is not in the configuration and where nobody has a recorded score, `StoreError` where there is no store, and `ModelError`.
    Who alone has no recorded score by that model is left out, with a note.
    """
    names = {person.id: person.name for person in config.people.values()}
    for person in people:
        check_person(person, names)
    records = _records(config, list(names))
    table = config.population.out if config.population is not None else None
    wanted = [person for person in names if person in people or not people]
    missing = [person for person in wanted if person not in records]
    if len(missing) == len(wanted):
        raise UsageError(f"the model in use has recorded no score of {', '.join(missing)}", hint="`kleos run` records one for everybody")
    if missing:
        emit(Note(text=f"no page for {', '.join(missing)}: the model in use has recorded no score of theirs; `kleos run` does"))
    for as_of in sorted({records[person].as_of for person in wanted if person in records}):
        then = evolve(config, run=evolve(config.run, as_of=as_of))
        with question(then, loaded, emit=emit, now=now) as asked:
            for person in wanted:
                if person in records and records[person].as_of == as_of:
                    record = records[person]
                    history = read_history(config.run.store, person, names[person], since=as_of.date() - CURVE, until=as_of.date())
                    beside = peers(asked.connection, table, record, list(records.values()))
                    yield describe(asked, record, history, beside, emit=emit)


def _records(config: Config, people: Sequence[str]) -> Mapping[str, ScoreRecord]:
    with Store.open(config.run.store, create=False) as store, connect() as connection:
        return newest_comparable(store, connection, people).records

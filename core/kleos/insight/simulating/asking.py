"""What if, answered from the store: nothing is collected, nothing recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import attrs

from kleos.config import Config
from kleos.contract import Network
from kleos.events import Emit, silent
from kleos.insight.explaining.crediting import credited_step
from kleos.insight.explaining.question import Question, item_times, question
from kleos.insight.explaining.side import sides
from kleos.insight.person import check_person
from kleos.insight.rescoring import rescore
from kleos.insight.simulating.advice import Advising
from kleos.insight.simulating.advising import MOST, advise_on
from kleos.insight.simulating.certainty import Certainty
from kleos.insight.simulating.grammar import read_wish
from kleos.insight.simulating.simulation import ADDED, TAKEN, Outlook, Simulation
from kleos.insight.simulating.taking import taken_away
from kleos.insight.simulating.wishes import new_reactions, understood
from kleos.plugins import Loaded, load
from kleos.store import to_micros

__all__ = ["advise", "advise_person", "simulate", "simulate_person"]

MICROSECONDS_A_SECOND = 1_000_000


def simulate_person(
    config: Config, loaded: Loaded, person: str, *, without: Sequence[str] = (), add: Sequence[str] = (), emit: Emit, now: datetime
) -> Simulation:
    """Score a person without some of the reactions in the store, and with some that nobody gave.

    Raises `UsageError` for a person, a network, an actor, an item or a kind that is not there, and for wishes that cannot be read.
    """
    wishes = [read_wish(text) for text in add]
    with question(config, loaded, person=person, emit=emit, now=now) as asked:
        return simulate(asked, person, without=without, add=[wish.text for wish in wishes])


def advise_person(config: Config, loaded: Loaded, person: str, *, most: int = MOST, emit: Emit, now: datetime) -> Advising:
    """Return what would raise a person's score most for a plausible effort; raises `UsageError` for a person who is not there."""
    with question(config, loaded, person=person, emit=emit, now=now) as asked:
        return advise(asked, person, most=most)


def simulate(asked: Question, person: str, *, without: Sequence[str] = (), add: Sequence[str] = ()) -> Simulation:
    """Take away, then add, and compare with the score as it is; raises as `simulate_person`."""
    check_person(person, asked.setting.people)
    setting = attrs.evolve(asked.setting, networks=_networks(asked))
    usual = sorted({row.network for row in asked.prepared.counted if row.person == person} or asked.config.people[person].accounts)
    additions = [understood(read_wish(text), setting.networks, usual, window=setting.window) for text in add]
    rows = [
        row
        for number, addition in enumerate(additions, start=1)
        for row in new_reactions(addition, to_micros(setting.as_of), name=f"new {number}")
    ]
    kept, taken = taken_away(asked, person, without)
    before = rescore(asked.connection, setting, person)
    between = rescore(asked.connection, setting, person, kept=kept) if taken else before
    after = rescore(asked.connection, setting, person, kept=kept, added=rows) if rows else between
    times = item_times(asked.connection, person)
    states = [sides(state, person) for state in (before, between, after)]
    scores = [float(state.scores.score[0]) for state in (before, between, after)]
    steps = [
        credited_step(way, states[k], states[k + 1], (scores[k], scores[k + 1]), times)
        for k, (way, done) in enumerate(((TAKEN, taken), (ADDED, rows)))
        if done
    ]
    certainty = Certainty(setting.threads)
    return Simulation(
        person=person,
        name=setting.people[person],
        as_of=setting.as_of,
        as_of_reason=setting.as_of_reason,
        window=setting.window / MICROSECONDS_A_SECOND,
        model=setting.resolved.id,
        before=Outlook(score=scores[0], interval=certainty.interval(before)),
        after=Outlook(score=scores[2], interval=certainty.interval(after)),
        interval=certainty.of_change(before, after),
        taken=taken,
        added=additions,
        steps=steps,
    )


def advise(asked: Question, person: str, *, most: int = MOST) -> Advising:
    """Return the pieces of advice with the largest predicted gains, at most `most`, but the best of each sort in any case."""
    check_person(person, asked.setting.people)
    return advise_on(asked.connection, attrs.evolve(asked.setting, networks=_networks(asked)), person, most=most)


def _networks(asked: Question) -> Mapping[str, Network]:
    """Return all networks that are installed: those of the configuration, and those where nobody reacts to anybody yet."""
    # What fails here is none of this question's business: a run says so.
    return {**load(networks=None, metrics=(), emit=silent).networks, **asked.setting.networks}

"""Advice for a person: every plausible effort scored, and the best of them told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from attrs import evolve, frozen

from kleos.insight.rescoring import Kept, rescore, with_networks_of
from kleos.insight.simulating.advice import Advice, Advising, Sort
from kleos.insight.simulating.certainty import Certainty
from kleos.insight.simulating.efforts import Effort, efforts, people_asked, span_of
from kleos.insight.simulating.sentences import sentence
from kleos.pipeline.prepare import Prepared, Setting
from kleos.store import Connection

__all__ = ["MOST", "advise_on"]

MOST = 6
"""Pieces of advice that are told unless more are asked for."""
OF_A_GROUP = 2
"""Pieces of advice of one sort for one network, as long as there are others."""
MICROSECONDS_A_SECOND = 1_000_000


@frozen(eq=False)
class _Tried:
    """An effort, and the score with it."""

    effort: Effort
    after: Prepared
    gain: float
    calibrated: bool
    alike: tuple[str, ...] = ()
    """Titles of other networks of which the same can be said."""


def advise_on(connection: Connection, setting: Setting, person: str, *, most: int = MOST) -> Advising:
    """Try every effort for a person of a setting; tell the `most` that gain most, but the best of each sort in any case."""
    before = rescore(connection, setting, person)
    score = float(before.scores.score[0])
    tried = []
    for effort in efforts(before, setting):
        only = Kept("network = $only", {"only": effort.network.name})
        after = with_networks_of(before, rescore(connection, setting, person, kept=only, added=effort.rows))
        calibrated = setting.resolved.form(effort.network).calibrated
        tried.append(_Tried(effort, after, float(after.scores.score[0]) - score, calibrated))
    certainty = Certainty(setting.threads)
    return Advising(
        person=person,
        name=setting.people[person],
        as_of=setting.as_of,
        score=score,
        people=people_asked(before),
        span=span_of(setting) / MICROSECONDS_A_SECOND,
        advice=[_advice(one, before, certainty) for one in _best(tried, most)],
    )


def _best(tried: Sequence[_Tried], most: int) -> list[_Tried]:
    """Return the best efforts, the largest gain first, none of them without a gain: of every sort one, and few of one sort and network."""
    # Equal gains stay in the order of networks and roles.
    order = _without_twins(sorted((one for one in tried if one.gain > 0), key=lambda one: -round(one.gain, 9)))
    groups: Counter[tuple[Sort, str]] = Counter()
    sorts: Counter[Sort] = Counter()
    turns = []
    for place, one in enumerate(order):
        group = (one.effort.sort, one.effort.network.name)
        turns.append((groups[group] >= OF_A_GROUP, sorts[one.effort.sort] > 0, place))
        groups[group] += 1
        sorts[one.effort.sort] += 1
    return [order[place] for place in sorted(place for *_, place in sorted(turns)[:most])]


def _without_twins(order: Sequence[_Tried]) -> list[_Tried]:
    """Make one of those new networks that the model cannot tell apart."""
    kept: list[_Tried] = []
    for one in order:
        twin = next((other for other in kept if _twins(one, other)), None)
        if twin is None:
            kept.append(one)
        else:
            kept[kept.index(twin)] = evolve(twin, alike=(*twin.alike, one.effort.network.title))
    return kept


def _twins(one: _Tried, other: _Tried) -> bool:
    return (
        one.effort.sort == other.effort.sort == "networks"
        and abs(one.gain - other.gain) < 1e-6
        and not (one.calibrated or other.calibrated)
    )


def _advice(one: _Tried, before: Prepared, certainty: Certainty) -> Advice:
    effort = one.effort
    interval = certainty.of_change(before, one.after)
    return Advice(
        sort=effort.sort,
        network=effort.network.name,
        title=effort.network.title,
        kind=effort.kind,
        people=len(effort.rows),
        familiar=effort.familiar,
        followers=effort.followers,
        score=float(one.after.scores.score[0]),
        points=one.gain,
        interval=interval,
        alike=one.alike,
        sentence=sentence(effort, one.gain, interval, alike=one.alike, calibrated=one.calibrated),
    )

"""What might be done with a plausible effort: each a handful of reactions that nobody gave yet.

The effort is the same for all, so that gains can be compared: a tenth of the people who react now, at least 5 and at most 50, once each,
within a third of the window. Of people with many followers a fifth as many are taken for as hard to win.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from attrs import evolve, frozen

from kleos.contract import Network, Role
from kleos.insight.rescoring import NewReaction
from kleos.insight.simulating.advice import Sort
from kleos.kernel.layout import WEEKS, Influence
from kleos.pipeline.prepare import Prepared, Setting
from kleos.scoring.reactions import Reactions
from kleos.store import to_micros

__all__ = ["Effort", "efforts", "people_asked", "span_of"]

FEWEST, MOST = 5, 50
RARE = 5
"""One in so many of the people asked is taken for influential."""
INFLUENTIAL = 0.99
"""Influential: with more followers than this share of active accounts."""
ROLES = (Role.REPLY, Role.SHARE, Role.ENDORSE, Role.MENTION, Role.LIKE)


@frozen(kw_only=True)
class Effort:
    """Something that people might do."""

    sort: Sort
    network: Network
    kind: str
    rows: Sequence[NewReaction]
    familiar: int = 0
    followers: int | None = None
    again: bool = False
    """Whether those who came once come back."""


class _Known(NamedTuple):
    """Somebody with a name who reacts."""

    actor: str
    kinds: Counter[str]
    weeks: frozenset[int]


def people_asked(prepared: Prepared) -> int:
    """Return how many people the effort is."""
    return min(MOST, max(FEWEST, round(int(prepared.scores.actors[0]) / 10)))


def span_of(setting: Setting) -> int:
    """Return how long they take, in µs."""
    return setting.window // 3


def efforts(prepared: Prepared, setting: Setting) -> Iterator[Effort]:
    """Yield what might be done for a person who is alone in `prepared`: on the networks where somebody reacts, and on others.

    Of the others, only those count that can still be asked for reactions: with a live source.
    """
    people = people_asked(prepared)
    found = {reactions.form.network.name: (reactions, influence) for reactions, influence in prepared.tables if _any(reactions)}
    for name, network in sorted(setting.networks.items()):
        kinds = _kinds(network)
        if not kinds:
            continue
        if name in found:
            known = _known(*found[name], setting.window)
            yield from (_of_kind(setting, network, kind, known, people) for kind in kinds.values())
            yield from _coming_back(setting, network, known, people)
            yield _influential(setting, network, next(iter(kinds.values())), people)
        elif any(source.live for source in network.sources):
            kind = next(iter(kinds.values()))
            yield Effort(sort="networks", network=network, kind=kind, rows=_once_each(setting, network, kind, _strangers(people)))


def _any(reactions: Reactions) -> bool:
    return bool(len(reactions.named.kind) or len(reactions.anonymous.kind))


def _kinds(network: Network) -> dict[Role, str]:
    """Return the first kind of each role that a network has, most telling role first."""
    found = {role: [name for name, kind in network.kinds.items() if kind.role is role] for role in ROLES}
    return {role: names[0] for role, names in found.items() if names}


def _of_kind(setting: Setting, network: Network, kind: str, known: Sequence[_Known], people: int) -> Effort:
    """Those who react, but not in this way, would; where too few have a name, strangers make up for them."""
    familiar = [one.actor for one in known if not one.kinds[kind]][:people]
    actors = [*familiar, *_strangers(people - len(familiar))]
    return Effort(sort="quality", network=network, kind=kind, rows=_once_each(setting, network, kind, actors), familiar=len(familiar))


def _coming_back(setting: Setting, network: Network, known: Sequence[_Known], people: int) -> Iterator[Effort]:
    """Those who reacted in a single week would do so in another."""
    once = [one for one in known if len(one.weeks) == 1][:people]
    if len(once) < FEWEST:
        return
    often: Counter[str] = sum((one.kinds for one in known), Counter())
    kind = min(often, key=lambda name: (-often[name], name))
    rows = _once_each(setting, network, kind, [one.actor for one in once])
    as_of = to_micros(setting.as_of)
    moved = [
        row if _week(as_of - row.time, setting.window) not in one.weeks else _earlier(row, setting.window // WEEKS + 1)
        for row, one in zip(rows, once, strict=True)
    ]
    yield Effort(sort="quality", network=network, kind=kind, rows=moved, familiar=len(moved), again=True)


def _influential(setting: Setting, network: Network, kind: str, people: int) -> Effort:
    """A few whom many follow would react."""
    form = setting.resolved.form(network)
    followers = float(np.expm1(np.interp(INFLUENTIAL, form.share, np.log1p(form.followers))))
    told = int(float(f"{followers:.1g}"))
    rows = _once_each(setting, network, kind, _strangers(max(1, people // RARE)), told)
    return Effort(sort="influencers", network=network, kind=kind, rows=rows, followers=told)


def _once_each(setting: Setting, network: Network, kind: str, actors: Sequence[str], audience: int | None = None) -> list[NewReaction]:
    """Return one reaction of each, evenly over the span; to no post in particular, so that nothing is assumed about posts."""
    as_of, span, number = to_micros(setting.as_of), span_of(setting), len(actors)
    return [
        NewReaction(
            network=network.name, kind=kind, actor=actor, item=None, time=as_of - (2 * k + 1) * span // (2 * number), audience=audience
        )
        for k, actor in enumerate(actors)
    ]


def _strangers(number: int) -> list[str]:
    return [f"advised person {k + 1}" for k in range(number)]


def _known(reactions: Reactions, influence: Influence, window: int) -> list[_Known]:
    """Return those who react and have a name, the most frequent first.

    Their order depends on what they did and not on their pseudonyms, so that another store gives the same advice.
    """
    named, form = reactions.named, reactions.form
    kinds: dict[int, Counter[str]] = {}
    ages: dict[int, list[int]] = {}
    columns = (named.actor, named.kind, named.age, named.reactions)
    for actor, kind, age, number in zip(*(column.tolist() for column in columns), strict=True):
        if form.in_any[kind]:
            kinds.setdefault(actor, Counter())[form.kinds[kind]] += number
            ages.setdefault(actor, []).append(age)
    order = sorted(kinds, key=lambda actor: (-kinds[actor].total(), influence.q[actor], sorted(ages[actor]), reactions.actors[actor]))
    return [_Known(reactions.actors[actor], kinds[actor], frozenset(_week(age, window) for age in ages[actor])) for actor in order]


def _week(age: int, window: int) -> int:
    return min(age * WEEKS // window, WEEKS - 1)


def _earlier(row: NewReaction, by: int) -> NewReaction:
    return evolve(row, time=row.time - by)

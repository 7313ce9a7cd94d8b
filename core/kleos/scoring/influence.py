"""The table q: how influential each actor is, made before a scoring run and frozen for it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.layout import Clock, Influence
from kleos.scoring.model import Influence as Rules
from kleos.scoring.reactions import Reactions
from kleos.scoring.resolved import NetworkForm, Resolved
from kleos.scoring.strength import measure

__all__ = ["earned_influence", "outranked_by_audience", "table_digest", "told_influence"]


def told_influence(reactions: Reactions, rules: Rules) -> Influence:
    """Return the table of a `[people]` run: q from told audiences only.

    An actor whose audience is not told is unknown, not small: q = 0.5, the same as the anonymous. A told audience has the share of the
    network's reference curve that it outranks, at least the floor.
    """
    form = reactions.form
    q = outranked_by_audience(reactions.audience, form, rules)
    return Influence(q=q, unknown=rules.unknown, given=np.zeros(len(q)), attention=form.attention)


def earned_influence(
    tables: Sequence[Reactions],
    holders: Sequence[NDArray[np.int64]],
    clock: Clock,
    resolved: Resolved,
    *,
    threads: int = 1,
) -> list[Influence]:
    """Return the table of a `[population]` run, one per network: q from what actors received themselves, and from told audiences.

    `holders` has int64[A] for each network: the person behind an actor, −1 for one who is not scored. q is the largest of the floor, the
    share that the actor outranks by their own odds on that network, and the share outranked by the told audience; who received nothing
    and told nothing is unknown. A fixed number of rounds from a cold start, so that the same rows and model give the same table.
    """
    rules = resolved.model.influence
    told = [outranked_by_audience(table.audience, table.form, rules) for table in tables]
    given = [_given(table) for table in tables]
    influences = [
        Influence(q=q, unknown=rules.unknown, given=total, attention=table.form.attention)
        for q, total, table in zip(told, given, tables, strict=True)
    ]
    for _ in range(rules.iterations):
        for n, (table, holder) in enumerate(zip(tables, holders, strict=True)):
            logs = measure(table, influences[n], clock, resolved, threads=threads).log_odds
            outranked = np.append(1.0 / (1.0 + np.exp(-logs)), 0.0)[holder]  # −1 takes the 0 at the end
            silent = np.isnan(table.audience)
            audience = np.where(silent, 0.0, told[n])
            q = np.where(silent & (outranked == 0.0), rules.unknown, np.maximum(np.maximum(outranked, audience), rules.floor))
            influences[n] = influences[n]._replace(q=q)
    return influences


def _given(table: Reactions) -> NDArray[np.float64]:
    """Return float64[A]: all scored reactions that an actor gave on the network within the window."""
    scored = table.form.in_any[table.named.kind]
    return np.bincount(table.named.actor[scored], weights=table.named.reactions[scored], minlength=len(table.actors)).astype(np.float64)


def outranked_by_audience(audience: NDArray[np.float64], form: NetworkForm, rules: Rules) -> NDArray[np.float64]:
    """Return float64[A], q from the told audience (float64[A], NaN: not told): between knots linear in log(1 + followers)."""
    share = np.interp(np.log1p(audience), np.log1p(form.followers), form.share)
    return np.where(np.isnan(audience), rules.unknown, np.maximum(share, rules.floor))


def table_digest(tables: list[tuple[Reactions, Influence]]) -> str:
    """Return the sha256 (hex) of the frozen tables of a run, to be recorded beside its scores."""
    seal = hashlib.sha256()
    for reactions, influence in sorted(tables, key=lambda pair: pair[0].form.network.name):
        seal.update(reactions.form.network.name.encode())
        for actor, q in zip(reactions.actors, influence.q.tolist(), strict=True):
            seal.update(f"\n{actor}\t{q!r}".encode())
    return seal.hexdigest()

"""The table q: how influential each actor is, made before a scoring run and frozen for it."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.layout import Influence
from kleos.kernel.odds import log_odds
from kleos.scoring.model import Influence as Rules
from kleos.scoring.reactions import Reactions
from kleos.scoring.resolved import NetworkForm

__all__ = ["earned_share", "outranked_by_audience", "table_digest", "told_influence"]


def told_influence(reactions: Reactions, rules: Rules) -> Influence:
    """Return the table of a `[people]` run: q from told audiences only.

    An actor whose audience is not told is unknown, not small: q = 0.5, the same as the anonymous. A told audience has the share of the
    network's reference curve that it outranks, at least the floor.
    """
    form = reactions.form
    q = outranked_by_audience(reactions.audience, form, rules)
    return Influence(q=q, unknown=rules.unknown, given=np.zeros(len(q)), attention=form.attention)


def earned_share(received: NDArray[np.float64], form: NetworkForm) -> NDArray[np.float64]:
    """Return float64[P], the share of the reference population that receives less attention than these people (float64[P])."""
    logs = log_odds(np.log1p(received), form.earned)
    return 1.0 / (1.0 + np.exp(-logs))


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

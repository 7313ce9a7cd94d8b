"""How often the 90 % interval holds the truth, over simulated people whose true scores are known.

The truth is the score at the expected value of every metric. `bootstrap` is the interval of a `[people]` run, `delta` that of a
`[population]` run.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.simulated import Rates, rates, realised
from kleos.kernel.layout import Influence
from kleos.kernel.odds import combine, log_odds, score
from kleos.plugins import load
from kleos.scoring.interval import FEWEST_ACTORS, intervals
from kleos.scoring.model import load_model
from kleos.scoring.reactions import Reactions
from kleos.scoring.resolved import NetworkForm, Resolved, resolve_model
from kleos.scoring.spread import spreads
from kleos.scoring.strength import Scores, measure, score_networks

__all__ = ["Lives", "covered", "lived", "main", "shipped", "truth"]

NETWORKS = ("mastodon", "twitter", "youtube")
LIVES = 40
"""Lives of each person that the expected values are made of: their errors are a sixth of one life's."""
TRIED = 3
"""Lives of each person whose bootstrap is tried."""


class Lives(NamedTuple):
    """Everybody's lives, P in all, scored."""

    who: NDArray[np.int64]
    """int64[P]: whose life it is, by their number in `Rates`."""
    tables: Sequence[tuple[Reactions, Influence]]
    scores: Scores


def main(rows: int = 1_000, *, seed: int = 1) -> dict[str, Any]:
    """Simulate so many people, and return by kind of interval and of people: the share that holds the truth, and how wide it is."""
    resolved, forms = shipped()
    whom = rates(rows, len(forms), seed=seed)
    expected = lived(whom, LIVES, resolved, forms, seed=seed)
    true = truth(expected, resolved)
    tried = lived(whom, TRIED, resolved, forms, seed=seed + 1)
    bootstrap = intervals(tried.tables, tried.scores, resolved.clock(resolved.model.window), resolved, threads=2)
    return {
        "benchmark": "coverage",
        "rows": rows,
        "model": {"name": resolved.id.name, "version": resolved.id.version, "digest": resolved.id.digest},
        "seed": seed,
        "promised": 0.9,
        "delta": _by_kind(spreads(expected.scores, resolved), expected.who, true, whom),
        "bootstrap": _by_kind(bootstrap, tried.who, true, whom),
    }


def shipped() -> tuple[Resolved, list[NetworkForm]]:
    """Return the model that ships, and three networks of those that are installed."""
    model = load_model()
    loaded = load(networks=NETWORKS, metrics=list(model.metrics))
    resolved = resolve_model(model, loaded.metrics)
    return resolved, [resolved.form(network) for network in loaded.networks.values()]


def lived(whom: Rates, lives: int, resolved: Resolved, forms: Sequence[NetworkForm], *, seed: int) -> Lives:
    """Draw so many lives of everybody, one after the other, and score them."""
    window = resolved.model.window
    who = np.repeat(np.arange(len(whom.unnamed)), lives)
    tables = [realised(form, n, whom, who, window, seed=seed) for n, form in enumerate(forms)]
    strengths = [measure(reactions, influence, resolved.clock(window), resolved, threads=2) for reactions, influence in tables]
    return Lives(who, tables, score_networks(strengths, resolved, len(who)))


def truth(lives: Lives, resolved: Resolved) -> NDArray[np.float64]:
    """Return float64[K], everybody's score at the expected value of every metric: the mean over their lives."""
    people = int(lives.who[-1]) + 1
    logs = []
    for network in lives.scores.networks:
        form = network.form.form
        expected = network.metrics.reshape(people, -1, network.metrics.shape[1]).mean(axis=1)
        logs.append(log_odds((form.value * np.log1p(expected / form.scale)).sum(axis=1), network.form.table))
    log_rho = np.array([network.form.log_rho for network in lives.scores.networks])
    return score(combine(np.array(logs), log_rho), resolved.curve)


def covered(bounds: NDArray[np.float64], true: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return bool[P]: whether the interval (float64[P, 2]) holds the truth (float64[P])."""
    return (bounds[:, 0] <= true) & (true <= bounds[:, 1])


def _by_kind(bounds: NDArray[np.float64], who: NDArray[np.int64], true: NDArray[np.float64], whom: Rates) -> dict[str, Any]:
    told = ~np.isnan(bounds[:, 0])
    enough = whom.actors.sum(axis=0)[who] >= FEWEST_ACTORS
    inside, wide = covered(bounds, true[who]), bounds[:, 1] - bounds[:, 0]
    kinds = {"everybody": np.ones(len(who), dtype=np.bool_), **_kinds(whom, who)}
    return {
        name: {
            "intervals": int(chosen.sum()),
            "hold the truth": round(float(inside[chosen].mean()), 3),
            "truth below": round(float((true[who] < bounds[:, 0])[chosen].mean()), 3),
            "truth above": round(float((true[who] > bounds[:, 1])[chosen].mean()), 3),
            "points wide": round(float(np.median(wide[chosen])), 1),
        }
        for name, kind in kinds.items()
        if (chosen := kind & told & enough).any()
    }


def _kinds(whom: Rates, who: NDArray[np.int64]) -> Mapping[str, NDArray[np.bool_]]:
    actors, networks = whom.actors.sum(axis=0)[who], (whom.actors > 0).sum(axis=0)[who]
    return {
        **{
            f"{low} to {high} expected people": (actors >= low) & (actors < high)
            for low, high in ((5, 10), (10, 25), (25, 100), (100, 1000))
        },
        **{f"dispersion {size:.0f}": whom.dispersion[who] == size for size in (1.0, 2.0, 4.0)},
        **{f"{number} networks": networks == number for number in (1, 2, 3)},
        "all named": whom.unnamed[who] == 0,
        "half unnamed or more": whom.unnamed[who] >= 0.5,
        "all timed": whom.untimed[who] == 0,
        "half untimed or more": whom.untimed[who] >= 0.5,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage", description=__doc__)
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    print(json.dumps(main(wanted.people, seed=wanted.seed)))

"""Whether two people can be told apart: the formula of `kleos compare` beside drawing the actors of both together.

Needs the Higgs retweets, replies and mentions of 1-4 July 2012 in the folder that `KLEOS_SHARED` names, or in ``../shared``.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs
import duckdb
import numpy as np
from numpy.typing import NDArray

from kleos.cli.opening import open_config
from kleos.collect import collect
from kleos.events import silent
from kleos.insight.comparing.difference import difference
from kleos.kernel.odds import combine, log_odds, score
from kleos.kernel.resample import draw
from kleos.pipeline.prepare import Prepared, prepare
from kleos.scoring.interval import FEWEST_ACTORS
from kleos.scoring.strength import measure
from kleos.store import Store, connect

__all__ = ["main"]

TABLE = Path(os.environ.get("KLEOS_SHARED", Path(__file__).parents[2] / "shared")) / "bench-data" / "higgs-2012-07-01-to-04.csv.gz"
PEOPLE = 300
REPLICATES = 400
NEAR = 12.0
"""Points: people further apart are told apart by any rule."""


def main() -> dict[str, Any]:
    """Return how often both ways agree, and how wide the formula's interval is beside the drawn one (quantiles of 5, 50 and 95 %)."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = _prepared(Path(folder))
    drawn = _replicates(prepared)
    scores = prepared.scores.score
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
    low, high = np.minimum(low, scores), np.maximum(high, scores)
    sure = np.flatnonzero(prepared.scores.actors >= FEWEST_ACTORS)
    agree, widths = [], []
    for i in sure:
        for j in sure[(scores[sure] < scores[i]) & (scores[sure] > scores[i] - NEAR)]:
            told = difference(scores[i], (low[i], high[i]), scores[j], (low[j], high[j]))
            below, above = np.quantile(drawn[:, i] - drawn[:, j], [0.05, 0.95])
            assert told.interval is not None
            agree.append(told.told_apart == (below > 0))
            widths.append((told.interval[1] - told.interval[0]) / (above - below))
    return {
        "benchmark": "differences",
        "people": len(sure),
        "pairs": len(agree),
        "agree": round(float(np.mean(agree)), 4),
        "width": [round(float(width), 3) for width in np.quantile(widths, [0.05, 0.5, 0.95])],
        "versions": {name: importlib.metadata.version(name) for name in ("kleos", "numpy", "duckdb")},
    }


def _prepared(folder: Path) -> Prepared:
    """Score accounts with at least five actors, picked by a hash, from a store in a folder."""
    query = (
        f"SELECT subject FROM read_csv('{TABLE}') GROUP BY subject HAVING count(DISTINCT actor) >= 5 ORDER BY hash(subject) LIMIT {PEOPLE}"  # noqa: S608
    )
    subjects = [row[0] for row in duckdb.execute(query).fetchall()]
    lines = ["[run]", 'store = "store"', 'window = "96h"']
    lines += [f'[people.h{subject}]\naccounts = {{ twitter = "{subject}" }}' for subject in subjects]
    kinds = '{ RT = "retweet", MT = "mention", RE = "reply" }'
    duckdb.execute(
        f"COPY (FROM read_csv('{TABLE}') WHERE list_contains($subjects, subject)) TO '{folder / 'events.csv'}' (HEADER)",
        {"subjects": subjects},
    )
    lines.append(f'[networks.twitter]\ninteractions = {{ path = "events.csv", kinds = {kinds}, time_unit = "s" }}')
    (folder / "kleos.toml").write_text("\n".join(lines), encoding="utf-8")
    config, loaded = open_config(folder / "kleos.toml", emit=silent)
    now = datetime.now(UTC)
    with Store.open(config.run.store) as store, connect() as connection:
        collect(config, loaded, store, emit=silent, now=now)
        return prepare(config, loaded, store, connection, now=now, emit=silent)


def _replicates(prepared: Prepared) -> NDArray[np.float64]:
    """Return float64[R, P]: everybody's score in each replicate, all of them with the same draws of the actors."""
    ((reactions, influence),) = prepared.tables
    (network,) = prepared.scores.networks
    found = np.array(
        [
            measure(
                attrs.evolve(
                    reactions,
                    anonymous=reactions.anonymous._replace(reactions=reactions.anonymous.reactions * draw(reactions.block_hashes, r)),
                ),
                influence,
                prepared.clock,
                prepared.resolved,
                drawn=draw(reactions.hashes, r),
            ).strength
            for r in range(REPLICATES)
        ]
    )
    shifted = np.maximum(found - np.median(found, axis=0) + network.strength, 0.0)
    logs = log_odds(shifted.ravel(), network.form.table).reshape(1, -1)
    drawn: NDArray[np.float64] = score(combine(logs, np.array([network.form.log_rho])), prepared.resolved.curve)
    return drawn.reshape(shifted.shape)


if __name__ == "__main__":
    argparse.ArgumentParser(prog="python -m benchmarks.differences", description=__doc__).parse_args()
    print(json.dumps(main()))

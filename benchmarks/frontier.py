"""The frontier of the model card: the more weight momentum has, the better the next day is foretold, and the more a break costs.

Weights are fitted to the Higgs data with another limit for momentum each time, all else as the model that ships was fitted; every model is
calibrated anew. `python -m benchmarks.frontier CONFIG` takes the configuration of the model card and a few minutes.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs

from kleos.cli.opening import open_config
from kleos.config import Config
from kleos.events import silent
from kleos.insight.attacking.opened import world_of
from kleos.insight.attacking.trying import breaks, open_field, viral
from kleos.insight.evaluating.cuts import cuts_of
from kleos.insight.evaluating.gathered import gathered
from kleos.insight.evaluating.spread import spread
from kleos.insight.fitting.fit import Wanted, fit_population
from kleos.pipeline import calibrate
from kleos.plugins import Loaded
from kleos.scoring.fitting.limits import Limits
from kleos.scoring.writing import model_text
from kleos.store import to_micros

__all__ = ["main"]

SHARES = (0.0, 0.04, 0.08, 0.12, 0.16, 0.20)
"""The largest share of all weight that momentum may have."""
LEAST = {"engaged_reach": 0.1, "consistency": 0.2, "amplification": 0.05, "attention_share": 0.03, "audience_influence": 0.04}
MOST = {"mentions": 0.14, "returning_audience": 0.05, "endorsements": 0.07}
CUTS, HORIZONS = ("2d", "2.5d", "3d", "3.5d"), ("1d", "1d", "1d", "12h")
PENALTY = 0.005


def main(path: Path, shares: Sequence[float] = SHARES) -> dict[str, Any]:
    """Return a point of the frontier for each share, from the configuration of a population."""
    config, loaded = open_config(path, emit=silent)
    with TemporaryDirectory() as folder:
        points = [_point(config, loaded, share, Path(folder) / f"{place}.toml") for place, share in enumerate(shares)]
    return {"benchmark": "frontier", "points": points}


def _point(config: Config, loaded: Loaded, share: float, file: Path) -> dict[str, Any]:
    now = datetime.now(UTC)
    limits = Limits(at_least=LEAST, at_most=MOST | {"momentum": share})
    wanted = Wanted(name="frontier", version="1", cuts=CUTS, horizons=HORIZONS, limits=limits, penalty=PENALTY, leave_out=False)
    fit = fit_population(config, loaded, wanted, emit=silent, now=now)
    file.write_text(model_text(fit.model), encoding="utf-8")
    config = attrs.evolve(config, run=attrs.evolve(config.run, model=file))
    model = calibrate(config, loaded, emit=silent, now=now, name="frontier", version="1", reference="frontier")
    file.write_text(model_text(model), encoding="utf-8")
    with gathered(config, loaded, emit=silent, now=to_micros(now)) as found:
        windows = spread(found, cuts_of((), (), first=found.first, last=found.last)).windows
    field = open_field(world_of(config, loaded, emit=silent, now=now))
    return {
        "momentum": round(fit.weights.weights["momentum"].share, 3),
        "spearman": [round(window.ours.spearman_frequent, 3) for window in windows],
        "ndcg": [round(window.ours.ndcg, 3) for window in windows],
        "break": [round(max(lost.population.most, lost.people.most), 1) for lost in breaks(field)],
        "viral_left_after_60_days": [round(left.share, 2) for one in viral(field) for left in one.left if left.days == 60],
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.frontier", description=__doc__)
    parser.add_argument("config", type=Path, help="a configuration with the [population] to fit to")
    print(json.dumps(main(parser.parse_args().config), indent=2))

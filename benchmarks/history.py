"""Looking back: `kleos history` over a year of a thousand people, and a backfill of 90 days of a million reactions; against the goals."""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import math
import os
import random
import statistics
import subprocess
import sysconfig
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from kleos.store import ScoreRecord, Store, columns_to_table, connect
from kleos.store.duck import integers, texts

__all__ = ["main"]

ROUNDS = 5
PEOPLE = 1_000
DAYS = 365
BACKFILL = 90
SPAN = 180
"""Days of the reactions: as many before the backfill as its windows reach."""
END = datetime(2026, 3, 31, 18, 20, tzinfo=UTC)
HISTORY, BACKFILLED = "history", f"backfill of {BACKFILL} days"
GOALS = {HISTORY: "0.5 s", BACKFILLED: "10 runs"}
METRICS = tuple(f"metric{number}" for number in range(12))


def main(rows: int = 1_000_000) -> dict[str, Any]:
    """Return seconds on the wall and of the processors: medians of `kleos history`, one run, and one run with a backfill."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = _config(folder)
        _reactions(folder / "events.parquet", rows)
        _kleos(folder, "collect", str(config), "--quiet")
        run = [_kleos(folder, "score", str(config), "--quiet") for _ in range(2)][-1]
        filled = _kleos(folder, "run", str(config), "--quiet", "--backfill", f"{BACKFILL}d")
        _records(folder / "store")
        _kleos(folder, "history", "p500", str(config))
        history = [_kleos(folder, "history", "p500", str(config)) for _ in range(ROUNDS)]
    looked = {kind: statistics.median(one[kind] for one in history) for kind in ("wall", "cpu")}
    took = {HISTORY: looked, "run": run, BACKFILLED: filled}
    return {
        "benchmark": "history",
        "rows": rows,
        "people": PEOPLE,
        "days": DAYS,
        "seconds": {name: round(seconds["wall"], 3) for name, seconds in took.items()},
        "cpu_seconds": {name: round(seconds["cpu"], 3) for name, seconds in took.items()},
        "goal": GOALS,
        "ratio": {
            "the goal of 0.5 s for history": round(0.5 / looked["wall"], 2),
            "the goal of 10 runs for a backfill": round(10 * run["wall"] / filled["wall"], 2),
        },
        "versions": {name: importlib.metadata.version(name) for name in ("numba", "numpy", "duckdb")},
    }


def _config(folder: Path) -> Path:
    people = (f'[people.p{number}]\naccounts = {{ twitter = "s{number}" }}\n' for number in range(PEOPLE))
    source = '[run]\nstore = "store"\n[networks.twitter]\ninteractions = { path = "events.parquet", time_unit = "us" }\n'
    config = folder / "kleos.toml"
    config.write_text(source + "".join(people), encoding="utf-8")
    return config


def _reactions(path: Path, rows: int) -> None:
    """Write reactions to people of whom some are much liked, by actors of whom some react often."""
    chance = random.Random(7)  # noqa: S311  # made-up data, the same every time
    kinds = ("like",) * 10 + ("retweet",) * 4 + ("reply",) * 3 + ("mention",) * 2 + ("quote",)
    liked = [chance.paretovariate(1.2) for _ in range(PEOPLE)]
    end = int(END.timestamp() * 1e6)
    moments = [end - int(chance.random() * SPAN * 86_400e6) for _ in range(rows)]
    verbs = [chance.choice(kinds) for _ in range(rows)]
    actors = [int(300 * chance.paretovariate(1.0)) % 200_000 for _ in range(rows)]
    columns = {
        "subject": texts([f"s{number}" for number in chance.choices(range(PEOPLE), liked, k=rows)]),
        "actor": texts([f"a{actor}" for actor in actors]),
        "kind": texts(verbs),
        "item": texts([None if verb == "mention" else f"t{moment // 86_400_000_000}" for verb, moment in zip(verbs, moments, strict=True)]),
        "time": integers(moments),
        "audience": integers([actor * 7 % 5_000 if actor % 3 == 0 else None for actor in actors]),
    }
    with connect() as connection:
        columns_to_table(connection, "events", columns)
        connection.execute(f"COPY events TO '{path}' (FORMAT parquet)")


def _records(store: Path) -> None:
    """Record a year of a thousand people, with as much beside each score as a run records."""
    with Store.open(store) as opened:
        for back in range(DAYS):
            day = END.date() - timedelta(days=back)
            opened.record_scores(day, [_record(number, day, back) for number in range(PEOPLE)])


def _record(number: int, day: date, back: int) -> ScoreRecord:
    score = 40 + 20 * math.sin(number) + 5 * math.sin(back / 17 + number)
    coverage = {
        "networks": ["twitter", "youtube"],
        "actors": 0.8,
        "times": 0.9,
        "kinds": {"twitter.like": 1_000 + number},
        "influence": "cd" * 32,
    }
    part = {"points": score / 2, "odds": score / 7, "interactions": number, "calibrated": True}
    return ScoreRecord(
        person=f"p{number}",
        score=score,
        lo=score - 3.1,
        hi=score + 2.7,
        percentile=55.5,
        model="kleos",
        version="1",
        digest="ab" * 32,
        as_of=datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC),
        window=90 * 86_400_000_000,
        networks={"twitter": part, "youtube": part},
        metrics={metric: {"value": score * 3, "unit": "people", "points": score / 12} for metric in METRICS},
        coverage=coverage,
    )


def _kleos(folder: Path, *arguments: str) -> dict[str, float]:
    """Run `kleos` in a process of its own, and return its seconds on the wall and of the processors."""
    command = [str(Path(sysconfig.get_path("scripts"), "kleos")), *arguments]
    with (folder / "told").open("wb") as told:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=os.environ | {"NO_COLOR": "1"}, stdout=told, stderr=told)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {(folder / 'told').read_text(encoding='utf-8')}")
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.history", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="reactions to fill days from")
    print(json.dumps(main(parser.parse_args().rows)))

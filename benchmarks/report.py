"""Pages: seconds for each person of a roster, from a store with a year of daily records to files on the disk; against the goal."""

from __future__ import annotations

import argparse
import csv
import importlib.metadata
import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from attrs import evolve

from kleos import pipeline
from kleos.cli.opening import open_config
from kleos.config import Config
from kleos.events import silent
from kleos.plugins import Loaded
from kleos.report.gather import gather
from kleos.report.roster import Entry
from kleos.report.writing import page_file, write_page, write_roster
from kleos.store import ScoreRecord, Store

__all__ = ["main"]

GOAL = 3.0
"""Seconds a person."""
LARGEST = 300_000
"""Bytes a page."""
PEOPLE = 10
DAYS = 365
ACTORS = 20_000
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
KINDS = ("like", "like", "like", "reply", "retweet", "quote")


def main(rows: int = 100_000) -> dict[str, Any]:
    """Make a store of `rows` reactions to `PEOPLE` people and a year of records, then their pages; return seconds, sizes and versions.

    The store is made before the clock starts. The first page pays for what is imported on the way, and is told apart.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config, loaded = _home(folder, rows)
        took, cpu, sizes, entries = [], [], [], []
        pages = gather(config, loaded, (), emit=silent, now=NOW)
        while True:
            start, used = time.perf_counter(), time.process_time()
            page = next(pages, None)
            if page is None:
                break
            sizes.append(write_page(page, folder / "out", roster=True).stat().st_size)
            entries.append(Entry.of(page, page_file(page.id)))
            took.append(time.perf_counter() - start)
            cpu.append(time.process_time() - used)
        start = time.perf_counter()
        write_roster(entries, folder / "out")
        last = time.perf_counter() - start
    median = statistics.median(took[1:])
    return {
        "benchmark": "report",
        "rows": rows,
        "people": PEOPLE,
        "days": DAYS,
        "seconds": {
            "first page": round(took[0], 3),
            "a page": round(median, 3),
            "the slowest": round(max(took[1:]), 3),
            "the roster": round(last, 3),
        },
        "cpu_seconds": {"first page": round(cpu[0], 3), "a page": round(statistics.median(cpu[1:]), 3)},
        "bytes": {"a page": round(statistics.median(sizes)), "the largest": max(sizes), "the most that it may be": LARGEST},
        "goal": {"a page": GOAL},
        "ratio": {f"the goal of {GOAL} s a person": round(GOAL / median, 2)},
        "versions": {name: importlib.metadata.version(name) for name in ("altair", "vl-convert-python", "jinja2", "duckdb")},
    }


def _home(folder: Path, rows: int) -> tuple[Config, Loaded]:
    """Write a table and a configuration, score twice, and record the days between as a year of small changes."""
    with (folder / "reactions.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("subject", "actor", "kind", "item", "time", "audience"))
        writer.writerows(_reactions(rows))
    people = "".join(f'[people.p{k}]\nname = "Person {k}"\naccounts = {{ twitter = "p{k}" }}\n' for k in range(PEOPLE))
    (folder / "kleos.toml").write_text(
        f'[run]\nstore = "store"\nas_of = {NOW.isoformat()}\n{people}[networks.twitter]\ninteractions = "reactions.csv"\n', encoding="utf-8"
    )
    config, loaded = open_config(folder / "kleos.toml", emit=silent)
    pipeline.run(config, loaded, emit=silent, now=NOW)
    earlier = evolve(config, run=evolve(config.run, as_of=NOW - timedelta(days=7)))
    pipeline.run(earlier, loaded, emit=silent, now=NOW, collect=False)
    with Store.open(config.run.store) as store:
        newest = {record.person: record for record in store.scores(since=NOW.date())}
        scored = {record.day for record in store.scores()}
        for back in range(1, DAYS):
            day = (NOW - timedelta(days=back)).date()
            if day not in scored:
                store.record_scores(day, [_aged(record, back) for record in newest.values()])
    return config, loaded


def _aged(record: ScoreRecord, back: int) -> ScoreRecord:
    rng = random.Random(f"{record.person} {back}")  # noqa: S311 - invented data, the same every time
    return evolve(record, as_of=record.as_of - timedelta(days=back), score=max(1.0, record.score - rng.random() * 3), day=None)


def _reactions(rows: int) -> Iterator[tuple[str, str, str, str, str, int]]:
    rng = random.Random(8)  # noqa: S311 - invented data, the same every time
    followers: Mapping[int, int] = {actor: int(rng.paretovariate(1.1) * 20) for actor in range(ACTORS)}
    for _ in range(rows):
        subject, actor = int(PEOPLE * rng.random() ** 2), int(ACTORS * rng.random() ** 2)
        when = NOW - timedelta(days=100 * rng.random())
        yield f"p{subject}", f"a{actor}", rng.choice(KINDS), f"{subject}-{int(300 * rng.random())}", when.isoformat(), followers[actor]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="reactions in the store (default: %(default)s)")
    print(json.dumps(main(parser.parse_args().rows)))

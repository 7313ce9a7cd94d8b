"""Runs for people in a folder of their own: two networks' tables, and everything that a table can say."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, frozen

from kleos import pipeline
from kleos.config import Config, read, resolve
from kleos.events import Event, Note
from kleos.plugins import Loaded, load
from kleos.scoring.model import load_model
from kleos.scoring.result import RunResult

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
COLUMNS = ("network", "subject", "actor", "kind", "item", "time", "count", "audience", "item_time", "captured")
KINDS = {"twitter": ("like", "retweet", "reply", "mention"), "youtube": ("comment", "like")}


@frozen
class Home:
    """A configuration in a folder, with what it needs."""

    config: Config
    loaded: Loaded
    notes: list[str]

    def run(self, **options: Any) -> RunResult:
        """Run, and keep the notes."""

        def emit(event: Event) -> None:
            if isinstance(event, Note):
                self.notes.append(event.text)

        return pipeline.run(self.config, self.loaded, emit=emit, now=NOW, **options)

    def at(self, **changes: Any) -> Home:
        """Return the same with other settings of ``[run]``."""
        return evolve(self, config=evolve(self.config, run=evolve(self.config.run, **changes)))


@pytest.fixture
def home(tmp_path: Path) -> Callable[..., Home]:
    """Return a function: how many rows each network has → a configuration of ada and bob, who get reactions, and eve, who gets none."""

    def make(rows: int = 60) -> Home:
        chance = random.Random(5)
        text = '[run]\nstore = "store"\n'
        for person in ("ada", "bob", "eve"):
            text += f'[people.{person}]\naccounts = {{ twitter = "{person}", youtube = "{person}" }}\n'
        for network, kinds in KINDS.items():
            with (tmp_path / f"{network}.csv").open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, COLUMNS)
                writer.writeheader()
                writer.writerows({"network": network} | _row(chance, kinds) for _ in range(rows))
            text += f'[networks.{network}]\ninteractions = "{network}.csv"\n'
        raw = read(text, "kleos.toml")
        loaded = load(networks=raw.networks, metrics=list(load_model().metrics))
        return Home(resolve(raw, loaded.networks, loaded.metrics, folder=tmp_path), loaded, [])

    return make


def _row(chance: random.Random, kinds: tuple[str, ...]) -> dict[str, Any]:
    """Return a reaction by somebody, by nobody in particular, or a running total; with its own time, its item's, or without any."""
    time = NOW - timedelta(days=chance.random() * 130 - 2)
    sort = chance.choice(("named", "named", "counted", "total"))
    row: dict[str, Any] = {"subject": chance.choice(("ada", "bob")), "kind": chance.choice(kinds)}
    if chance.random() < 0.8:
        row["item"] = f"i{chance.randrange(8)}"
    if sort == "named":
        row |= {"actor": f"x{chance.randrange(20)}", "audience": chance.choice((None, 0, 20, 20_000))}
    elif sort == "counted":
        row["count"] = chance.randrange(1, 9)
    else:
        row |= {"captured": time.isoformat(), "count": chance.randrange(1, 30)}
    if sort != "total" and chance.random() < 0.7:
        row["time"] = time.isoformat()
    elif chance.random() < 0.5:
        row["item_time"] = time.isoformat()
    return row

"""A whole run in a folder of its own: a configuration, a canonical table, the pipeline, a result."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kleos import pipeline
from kleos.config import read, resolve
from kleos.events import silent
from kleos.plugins import load
from kleos.scoring.model import load_model
from kleos.scoring.result import PersonScore, RunResult

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
COLUMNS = ("network", "subject", "actor", "kind", "item", "time", "count", "audience", "id", "item_time", "captured")

Row = Mapping[str, Any]
Run = Callable[..., RunResult]


def days_ago(days: float) -> str:
    """Return a time before that of the runs, as a table has it."""
    return (NOW - timedelta(days=days)).isoformat()


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Return a function: tables of rows (each a file of its own), accounts of people, extra TOML → the result of a run in a fresh store."""
    numbers = itertools.count()

    def of(
        *tables: Iterable[Row],
        people: Mapping[str, Mapping[str, list[str]]] | None = None,
        extra: str = "",
        folder: Path | None = None,
        key: bytes = bytes(32),
        settings: str = "",
    ) -> RunResult:
        home = folder or tmp_path / f"run{next(numbers)}"
        (home / "store").mkdir(parents=True, exist_ok=True)
        if not (home / "store" / "key").exists():
            # Scores do not depend on the key of the pseudonyms; intervals do, since they hash actors as they are stored.
            (home / "store" / "key").write_bytes(key)
        files: dict[str, list[str]] = {}
        for number, table in enumerate(tables):
            by_network: dict[str, list[Row]] = {}
            for row in table:
                by_network.setdefault(row.get("network", "twitter"), []).append(row)
            for network, rows in by_network.items():
                path = home / f"{network}-{number}-{next(numbers)}.csv"
                with path.open("w", newline="", encoding="utf-8") as file:
                    writer = csv.DictWriter(file, COLUMNS)
                    writer.writeheader()
                    writer.writerows({"network": network, **row} for row in rows)
                files.setdefault(network, []).append(path.name)
        text = [f'[run]\nstore = "store"\nas_of = {NOW.isoformat()}\n{settings}']
        for person, accounts in (people or {"ada": {"twitter": ["ada"], "googleplus": ["ada"]}}).items():
            listed = ", ".join(f"{network} = {names!r}" for network, names in accounts.items())
            text.append(f"[people.{person}]\naccounts = {{ {listed} }}")
        text += [f"[networks.{network}]\ninteractions = {names!r}" for network, names in files.items()]
        raw = read("\n".join([*text, extra]), "kleos.toml")
        loaded = load(networks=raw.networks, metrics=[*load_model().metrics, *raw.metrics])
        config = resolve(raw, loaded.networks, loaded.metrics, folder=home)
        return pipeline.run(config, loaded, emit=silent, now=NOW)

    return of


@pytest.fixture
def ada(run: Run) -> Callable[..., PersonScore]:
    """Return a function like `run` that gives the first person's score."""

    def of(*tables: Iterable[Row], **kwargs: Any) -> PersonScore:
        return run(*tables, **kwargs).people[0]

    return of

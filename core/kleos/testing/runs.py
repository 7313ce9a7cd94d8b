"""Configurations, collections and whole runs in a folder that goes away afterwards."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kleos import pipeline
from kleos.collect import collect, known_accounts
from kleos.config import Config, Raw, resolve
from kleos.contract import Kind, Metric, Network, Role, Term
from kleos.events import silent
from kleos.plugins import Installed, Loaded
from kleos.scoring.result import RunResult
from kleos.store import Store, connect

__all__ = ["NOW", "OTHER", "PERSON", "REACH", "configure", "given_reactions", "loaded_with", "scored", "scratch", "stored_reactions"]

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
PERSON = "kit"
"""The one person of every configuration made here, and their account of `OTHER`."""

OTHER = Network(
    name="kit_other",
    title="A network of the kit",
    kinds={role.value: Kind(role=role, title=role.value) for role in (Role.LIKE, Role.REPLY, Role.VIEW, Role.FOLLOW)},
    sources=(),
)
"""A network that needs no plugin."""

REACH = Metric(
    name="engaged_reach", title="Reach", family="who responds", unit="people", definition="People.", source="", terms=(Term("any.actors"),)
)
"""A metric that the model weighs, so that there is a score where no metrics are installed."""


@contextmanager
def scratch() -> Iterator[Path]:
    """Make a folder, and remove it again."""
    with tempfile.TemporaryDirectory(prefix="kleos-testing-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def configure(
    networks: Sequence[Network],
    folder: Path,
    sources: Mapping[str, Mapping[str, Any]],
    *,
    accounts: Mapping[str, Sequence[str]] | None = None,
    metrics: Mapping[str, Metric] | None = None,
    as_of: datetime | None = None,
) -> Config:
    """Return the configuration that these ``[networks.…]`` tables make, as if read from a file in `folder`; raises `ConfigError`."""
    run: dict[str, Any] = {"store": "store", "threads": 1} | ({"as_of": as_of} if as_of else {})
    person: dict[str, Any] = {"accounts": {name: list(ids) for name, ids in (accounts or {}).items()}}
    tables: dict[str, Any] = {"run": run, "people": {PERSON: person}, "networks": dict(sources)}
    if metrics:
        tables["metrics"] = {name: {"weight": 1.0} for name in metrics}
    raw = Raw(tables=tables, networks=tuple(sources), metrics=tuple(metrics or {}), where="")
    return resolve(raw, {network.name: network for network in networks}, metrics or {}, folder=folder)


def loaded_with(loaded: Loaded, *, networks: Sequence[Network] = (), metrics: Sequence[Metric] = ()) -> Loaded:
    """Return what is loaded with more beside it, as if the core's own distribution offered that."""
    more = {("network", network.name) for network in networks} | {("metric", metric.name) for metric in metrics}
    own = {
        (kind, name): Installed(kind="network" if kind == "network" else "metric", name=name, distribution="kleos", version="0", value="")
        for kind, name in more
    }
    return Loaded(
        networks={**loaded.networks, **{network.name: network for network in networks}},
        metrics={**{metric.name: metric for metric in metrics}, **loaded.metrics},
        origins={**own, **loaded.origins},
    )


def stored_reactions(config: Config, loaded: Loaded, *, now: datetime = NOW) -> list[tuple[Any, ...]]:
    """Collect into the configuration's store, and return everything that a scoring run would read from it, sorted."""
    kinds = [(network.name, name, kind.once) for network in loaded.networks.values() for name, kind in network.kinds.items()]
    columns = "kind, actor, item, time, item_time, count"
    with Store.open(config.run.store) as store, connect(threads=1) as connection:
        collect(config, loaded, store, now=now, emit=silent)
        store.reactions(connection, known_accounts(config, store), kinds)
        return connection.execute(f"SELECT {columns} FROM reactions ORDER BY ALL").fetchall()  # noqa: S608 - names of ours


def scored(config: Config, loaded: Loaded, *, now: datetime = NOW) -> RunResult:
    """Run everything; what fails is among the result's faults."""
    return pipeline.run(config, loaded, emit=silent, now=now)


def given_reactions(folder: Path, end: datetime, *, and_what_never_counts: bool = False) -> str:
    """Write a small table of reactions to `PERSON` on `OTHER` in the weeks before `end`; return its name in `folder`.

    What never counts are the person's own reactions, to themselves and to others, views, and follows.
    """
    with (folder / "other.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("network", "subject", "actor", "kind", "item", "time", "id"))
        for number in range(24):
            time = (end - timedelta(days=number)).isoformat()
            kind = ("like", "reply")[number % 2]
            writer.writerow((OTHER.name, PERSON, f"kit_actor{number % 9}", kind, f"post{number % 4}", time, f"r{number}"))
            if and_what_never_counts:
                writer.writerow((OTHER.name, PERSON, PERSON, kind, f"post{number % 4}", time, f"own{number}"))
                writer.writerow((OTHER.name, "kit_somebody", PERSON, kind, "theirs", time, f"given{number}"))
                writer.writerow((OTHER.name, PERSON, f"kit_viewer{number}", Role.VIEW.value, f"post{number % 4}", time, f"view{number}"))
                writer.writerow((OTHER.name, PERSON, f"kit_follower{number}", Role.FOLLOW.value, "", time, f"follow{number}"))
    return "other.csv"

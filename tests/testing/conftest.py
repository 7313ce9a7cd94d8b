"""A good network and a good metric, installed as distributions of their own, and their twins: the same with one thing changed."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import frozen

from kleos.testing import Verdict, check_plugin

NETWORK = '''
"""A network whose exports are folders of JSON lines."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from attrs import field, frozen

from kleos.contract import Batch, Calibration, Interaction, Kind, Network, Owner, Page, Profile, Profiles, Role, Source, Tallies, Tally
from kleos.errors import FetchError, ParseError
from kleos.hookspecs import hookimpl
from kleos.secrets import Secret

CAPTURED = datetime(2026, 1, 1, tzinfo=UTC)
CALLS = []


@frozen(kw_only=True)
class Archive:
    path: Path
    """The folder."""


@frozen(kw_only=True)
class Api:
    token: Secret
    """Where the token is."""
    instances: tuple[str, ...]
    """The servers to ask."""


def recognise(export):
    return 1.0 if export.find("likes.jsonl") else 0.0


def owners(export):
    return (Owner(ids=["1"], handles=["ada"]),)


def fetch(settings, owner, context):
    export = context.open_export(settings.path)
    for name in export.names:
        for lines in export.chunks(name):
            yield Page(
                network="twin", source="archive", where=f"{export.where}: {name}", owner=owner, captured=CAPTURED, body=lines,
                context={"items": {"1": "post1"}},
            )


def fetch_api(settings, owner, context):
    raise FetchError("nobody answers")
    yield


def parse(page):
    for number, line in enumerate(page.body.splitlines()):
        try:
            row = json.loads(line)
            actor, kind = str(row["actor"]), str(row["kind"])
            item = page.context["items"]["1"]
            time = datetime.fromtimestamp(int(row["time"]), UTC)
            followers = int(row["followers"])
        except (ValueError, KeyError, TypeError, OverflowError, OSError, RecursionError) as error:
            raise ParseError("expected a reaction", where=page.where) from error
        if kind != "like" or followers < 0 or time.year < 2000:
            raise ParseError("expected a like", where=page.where)
        if actor == "ada":
            continue
        id_ = str(row.get("id"))
        yield Interaction(network="twin", kind=kind, subject="1", actor=actor, item=item, time=time, id=id_, audience=followers)
    yield Tally(network="twin", kind="view", subject="1", item="post1", total=10, captured=CAPTURED)
    yield Profile(network="twin", id="1", handle="ada")


KINDS = {"like": Kind(role=Role.LIKE, title="like"), "view": Kind(role=Role.VIEW, title="view")}
ARCHIVE = Source(name="archive", title="Archive", settings=Archive, fetch=fetch, parse=parse, owners=owners, recognise=recognise)
API = Source(name="api", title="API", settings=Api, fetch=fetch_api, parse=parse, live=True)


@hookimpl
def kleos_networks():
    return (Network(name="twin", title="Twin", kinds=KINDS, sources=(ARCHIVE, API)),)
'''

METRIC = '''
"""A metric with a function of its own."""

import math

from kleos.contract import Metric
from kleos.hookspecs import hookimpl


def compute(factors):
    actors, replies = factors["any.actors"], factors["role:REPLY.acts"]
    return actors + 2 * replies


@hookimpl
def kleos_metrics():
    return (
        Metric(
            name="twin", title="Twin", family="who responds", unit="people", definition="People and their replies.", source="A test.",
            compute=compute,
        ),
    )
'''


@frozen
class Bench:
    """Where twins are installed and checked."""

    folder: Path

    def network(self, old: str = "", new: str = "") -> tuple[Verdict, ...]:
        """Check the good network with one text of its source replaced."""
        self.install_network(old, new)
        return check_plugin("twin", {"archive": [self.sample()]})

    def metric(self, old: str = "", new: str = "") -> tuple[Verdict, ...]:
        """Check the good metric with one text of its source replaced."""
        self.install_metric(old, new)
        return check_plugin("twin")

    def install_network(self, old: str = "", new: str = "") -> None:
        """Install the good network, or a twin of it."""
        self.install("networks", _changed(NETWORK, old, new))

    def install_metric(self, old: str = "", new: str = "") -> None:
        """Install the good metric, or a twin of it."""
        self.install("metrics", _changed(METRIC, old, new))

    def sample(self) -> Path:
        """Make the sample of the good network."""
        sample = self.folder / "sample"
        sample.mkdir(exist_ok=True)
        rows = [
            {"actor": actor, "kind": "like", "time": 1_760_000_000 + n, "id": n, "followers": 5}
            for n, actor in enumerate(["bob", "ada", "eve"])
        ]
        (sample / "likes.jsonl").write_text("\n".join(map(json.dumps, rows)))
        return sample

    def install(self, group: str, source: str) -> None:
        """Install a source as the distribution kleos-twin, with an entry point in a group."""
        site = self.folder / "site"
        (site / "kleos_twin.py").write_text(source, encoding="utf-8")
        info = site / "kleos_twin-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.3\nName: kleos-twin\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[kleos.{group}]\ntwin = kleos_twin\n")
        importlib.invalidate_caches()


def _changed(source: str, old: str, new: str) -> str:
    assert source.count(old) == 1 or not old
    return source.replace(old, new) if old else source


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setenv("KLEOS_PLUGINS", "kleos-twin")
    (tmp_path / "site").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    sys.modules.pop("kleos_twin", None)
    yield Bench(tmp_path)
    sys.modules.pop("kleos_twin", None)

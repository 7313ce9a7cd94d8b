"""``kleos plugins``, ``networks``, ``metrics`` and ``factors``: tables for people, lists of objects for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import pytest
from attrs import field, frozen

from kleos.contract import Kind, Metric, Network, Role, Source, Term
from kleos.events import Emit, Fault
from kleos.plugins import Installed, Loaded
from kleos.scoring.model import Weight

Kleos = Callable[..., Any]


@frozen
class ArchiveSettings:
    path: str
    photos: bool = False


EXAMPLE = Network(
    name="example",
    title="Example",
    homepage="https://example.org",
    kinds={
        "cheer": Kind(role=Role.LIKE, title="cheer", once=True),
        "echo": Kind(role=Role.SHARE, title="echo", weight=2.0),
        "glance": Kind(role=Role.VIEW, title="glance"),
    },
    sources=[
        Source(name="archive", title="account archive", settings=ArchiveSettings, fetch=lambda *given: iter(()), parse=lambda page: ()),
    ],
)
METRICS = {
    "applause": Metric(
        name="applause",
        title="Applause",
        family="what they do",
        unit="acts",
        definition="Likes that people gave, one for each person and item.",
        source="Kaushik, Best Social Media Metrics (2011)",
        terms=[Term("role:LIKE.acts")],
    ),
    "depth": Metric(
        name="depth",
        title="Depth",
        family="who responds",
        unit="people",
        definition="People who echoed, and a bit of those who came back, told in a sentence that is long enough to be wrapped.",
        source="ours",
        terms=[Term("echo.actors"), Term("any.returning", 0.5)],
        weight=0.25,
    ),
}
INSTALLED = (
    Installed("metric", "applause", "kleos-metrics", "0.1.0", "kleos_metrics.plugin"),
    Installed("metric", "depth", "kleos-depth", "2.0", "kleos_depth"),
    Installed("network", "broken", "kleos-broken", "0.3", "kleos_broken.plugin"),
    Installed("network", "example", "kleos-example", "1.2", "kleos_example.plugin"),
)
BROKEN = Fault(
    plugin="broken",
    distribution="kleos-broken",
    version="0.3",
    stage="load",
    where="kleos_broken.plugin",
    error="network broken of kleos-broken 0.3: importing it raised ModuleNotFoundError: No module named 'nothing'; reinstall it",
)


@pytest.fixture
def plugins(monkeypatch: pytest.MonkeyPatch, pipeline: Kleos) -> None:
    """Install one network, two metrics and a plugin that cannot be imported, without installing anything."""

    def load(*, networks: Collection[str] | None, metrics: Collection[str] | None, emit: Emit, strict: bool = False) -> Loaded:
        asked: dict[str, Collection[str] | None] = {"network": networks, "metric": metrics}
        if networks is None:
            emit(BROKEN)
        there = []
        for entry in INSTALLED:
            names = asked[entry.kind]
            if entry.name != "broken" and (names is None or entry.name in names):
                there.append(entry)
        return Loaded(
            networks={entry.name: EXAMPLE for entry in there if entry.kind == "network"},
            metrics={entry.name: METRICS[entry.name] for entry in there if entry.kind == "metric"},
            origins={(entry.kind, entry.name): entry for entry in there},
        )

    @frozen
    class Model:
        metrics: dict[str, Weight] = field(factory=lambda: {"applause": Weight(weight=0.8, scale=3.0)})

    pipeline()
    for verb in ("plugins", "networks", "metrics", "factors"):
        monkeypatch.setattr(f"kleos.cli.listings.{verb}.load", load)
    monkeypatch.setattr("kleos.cli.listings.plugins.installed", lambda: INSTALLED)
    monkeypatch.setattr("kleos.cli.listings.metrics.load_model", Model)


@pytest.fixture
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder, in which there is no configuration."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@frozen(kw_only=True)
class Factor:
    """Looks like what the pipeline returns for a factor."""

    name: str
    network: str = "example"
    kind: str = "cheer"
    aggregation: str = "actors"
    role: str = "LIKE"
    title: str = "cheer"
    value: float | None = None
    weight: float | None = None


def test_plugins_are_listed_with_what_became_of_them(plugins: None, kleos_command: Kleos, snapshot: Kleos) -> None:
    done = kleos_command("plugins", width=100)
    assert done.code == 1
    assert done.err.startswith("fault: load, kleos_broken.plugin: network broken of kleos-broken 0.3: ")
    snapshot("plugins-100", done.out)


def test_networks_are_listed_with_kinds_and_sources(plugins: None, kleos_command: Kleos, snapshot: Kleos) -> None:
    snapshot("networks-80", kleos_command("networks").out)


def test_metrics_are_listed_with_definition_and_weight(plugins: None, kleos_command: Kleos, snapshot: Kleos) -> None:
    done = kleos_command("metrics")
    assert (done.code, done.err) == (0, "")
    snapshot("metrics-80", done.out)


def test_factors_are_listed(plugins: None, pipeline: Kleos, kleos_command: Kleos, snapshot: Kleos, empty_folder: Path) -> None:
    given = pipeline(
        list_factors=[Factor(name="example.cheer.actors"), Factor(name="example.echo.h_index", aggregation="h_index", title="echo")]
    )
    snapshot("factors-80", kleos_command("factors").out)
    assert given.calls[0][1]["positional"][0] is None


def test_a_person_s_factors_show_what_is_above_nothing(config: Path, pipeline: Kleos, kleos_command: Kleos, snapshot: Kleos) -> None:
    rows = [
        Factor(name="example.cheer.actors", value=412.0),
        Factor(name="example.cheer.prestige", aggregation="prestige", value=198.21, weight=0.5),
        Factor(name="example.cheer.days", aggregation="days", value=0.0, weight=1.0),
    ]
    given = pipeline(list_factors=rows)
    done = kleos_command("factors", "--person", "ada")
    assert (done.code, done.err) == (0, "")
    snapshot("factors-person-80", done.out)
    positional = given.calls[0][1]["positional"]
    assert (positional[0].people["ada"].name, positional[2]) == ("Ada Lovelace", "ada")
    assert len(json.loads(kleos_command("factors", "--person", "ada", "--json").out)) == 3


@pytest.mark.parametrize("verb", ["plugins", "networks", "metrics", "factors"])
def test_json_is_a_list_of_objects_with_the_name_first(
    plugins: None, pipeline: Kleos, kleos_command: Kleos, verb: str, empty_folder: Path
) -> None:
    pipeline(list_factors=[Factor(name="example.cheer.actors")])
    rows = json.loads(kleos_command(verb, "--json").out)
    assert rows
    assert all(next(iter(row)) == "name" for row in rows)


def test_json_of_a_plugin_says_why_it_does_not_load(plugins: None, kleos_command: Kleos) -> None:
    rows = {row["name"]: row for row in json.loads(kleos_command("plugins", "--json").out)}
    assert rows["example"] == {
        "name": "example",
        "kind": "network",
        "distribution": "kleos-example",
        "version": "1.2",
        "module": "kleos_example.plugin",
        "loads": True,
        "adds": {"kinds": ["cheer", "echo", "glance"], "factors": 56, "sources": ["archive", "interactions"]},
        "stage": None,
        "fault": None,
    }
    assert rows["depth"]["adds"] == {"metrics": ["depth"], "unit": "people"}
    assert (rows["broken"]["loads"], rows["broken"]["stage"], rows["broken"]["adds"]) == (False, "load", None)
    assert "No module named 'nothing'" in rows["broken"]["fault"]


def test_json_of_a_network_has_its_sources_and_the_one_that_all_have(plugins: None, kleos_command: Kleos) -> None:
    (row,) = json.loads(kleos_command("networks", "--json").out)
    assert row["kinds"]["echo"] == {"role": "SHARE", "title": "echo", "weight": 2.0, "once": False}
    assert [source["name"] for source in row["sources"]] == ["archive", "interactions"]
    assert row["sources"][0]["keys"] == ["path", "photos"]


@pytest.mark.parametrize("verb", ["plugins", "networks", "metrics", "factors"])
def test_without_any_plugin_each_says_what_to_install(pipeline: Kleos, kleos_command: Kleos, verb: str, empty_folder: Path) -> None:
    pipeline(list_factors=[])
    done = kleos_command(verb)
    assert done.code == 0
    assert "pip install kleos-" in done.out

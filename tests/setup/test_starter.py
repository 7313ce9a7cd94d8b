"""The configuration to begin with: valid as it stands, complete, and right about every key it shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import tomli
from attrs import frozen

from kleos.config import KEYS, Config, read, resolve
from kleos.contract import Kind, Metric, Network, Role, Source, Term
from kleos.plugins import Loaded
from kleos.secrets import Secret
from kleos.setup.starter import starter

MOMENTUM = Metric(
    name="momentum", title="Momentum", family="how far", unit="people", definition="…", source="…", terms=[Term("any.recent")]
)
OFF = re.compile(r"#(?=[\[a-z])")


@frozen(kw_only=True)
class Api:
    token: Secret
    limit: float = 1.0


def nothing(*args: Any) -> Any:
    return iter(())


CLOUD = Network(
    name="cloud",
    title="Cloud",
    kinds={"rain": Kind(role=Role.LIKE, title="rain")},
    sources=[Source(name="api", title="the API", settings=Api, fetch=nothing, parse=nothing, live=True)],
)


def resolved(text: str, loaded: Loaded, folder: Path) -> Config:
    return resolve(read(text), loaded.networks, {"momentum": MOMENTUM}, folder=folder)


@pytest.fixture
def text(loaded: Loaded) -> str:
    return starter({**loaded.networks, "cloud": CLOUD}, {"momentum": MOMENTUM})


def test_it_is_valid_as_it_stands(text: str, loaded: Loaded, tmp_path: Path) -> None:
    config = resolved(text, loaded, tmp_path)
    assert [(person.id, person.name) for person in config.people.values()] == [("me", "Me")]
    assert (config.sources, config.population) == ((), None)


def test_it_is_valid_where_nothing_is_installed(tmp_path: Path) -> None:
    assert resolve(read(starter({}, {})), {}, {}, folder=tmp_path).people


def test_everything_is_explained(text: str) -> None:
    """Every key of the core, every source of every network, and what each means."""
    shown = tomli.loads(OFF.sub("", text))
    for key in KEYS:
        assert key.meaning in " ".join(text.replace("\n# ", " ").split()), key.path
        table: Any = shown
        path = key.path.replace("<id>", "me").replace("<network>", "birdsong").replace("<metric>", "momentum")
        for part in path.replace('"<factor>"', "birdsong~trill~count").split("."):
            table = table[part.replace("~", ".")]
    assert {source for network in ("birdsong", "meadow", "cloud") for source in shown["networks"][network]} == {
        "archive",
        "bulk",
        "api",
        "interactions",
    }


def test_switched_on_no_key_is_unknown_and_no_value_of_a_wrong_sort(text: str, loaded: Loaded, tmp_path: Path) -> None:
    for name in ("model.toml", "reactions.csv", "accounts.parquet", "events/a.parquet", "downloads/export.zip", "downloads/file.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    config = resolve(read(OFF.sub("", text)), {**loaded.networks, "cloud": CLOUD}, {"momentum": MOMENTUM}, folder=tmp_path)
    assert {source.key_path for source in config.sources} == {
        "networks.birdsong.archive",
        "networks.birdsong.bulk",
        "networks.meadow.archive",
        "networks.cloud.api",
        "networks.birdsong.interactions",
    }
    assert config.population is not None
    assert config.limits.members == 100_000


def test_lines_fit_a_screen(text: str) -> None:
    assert max(map(len, text.splitlines())) <= 120

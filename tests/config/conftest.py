"""A network, a metric and a folder of files for the tests of the configuration. The network is invented: Birdsong, also called "b"."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import pytest
from attrs import field, frozen

from kleos.config import Config, read, resolve
from kleos.contract import Kind, Metric, Network, Role, Source, Term
from kleos.errors import ConfigError, Problem
from kleos.secrets import Secret


class Depth(enum.Enum):
    SHALLOW = "shallow"
    DEEP = "deep"


@frozen(kw_only=True)
class Archive:
    path: Path | Sequence[Path]


@frozen(kw_only=True)
class Bulk:
    path: tuple[Path, ...]
    languages: tuple[str, ...] = ()


@frozen(kw_only=True)
class Retry:
    times: int = 3
    wait: float = 1.0


def _not_negative(instance: Any, attribute: Any, value: float) -> None:
    if value < 0:
        raise ValueError(f"{attribute.name}: expected at least 0, found {value}")


@frozen(kw_only=True)
class Api:
    token: Secret
    limit_usd: float = field(default=1.0, validator=_not_negative)
    since: datetime | None = None
    depth: Depth = Depth.SHALLOW
    order: Literal["new", "old"] = "new"
    verbose: bool = False
    retry: Retry = Retry()
    pages: int | tuple[int, ...] = 1
    headers: Mapping[str, str | Secret] = {}
    extra_tokens: Secret | tuple[Secret, ...] = ()
    box: tuple[float, float] = (0.0, 0.0)


def _nothing(*args: Any) -> Any:
    return iter(())


def _source(name: str, settings: type, **more: Any) -> Source:
    return Source(name=name, title=name, settings=settings, fetch=_nothing, parse=_nothing, **more)


BIRDSONG = Network(
    name="birdsong",
    title="Birdsong",
    kinds={
        "trill": Kind(role=Role.LIKE, title="trill"),
        "echo": Kind(role=Role.SHARE, title="echo"),
        "flock": Kind(role=Role.FOLLOW, title="flock"),
    },
    sources=[_source("archive", Archive), _source("bulk", Bulk, owned=False), _source("api", Api, live=True)],
    aliases=["b"],
)
MEADOW = Network(name="meadow", title="Meadow", kinds={"nod": Kind(role=Role.LIKE, title="nod")}, sources=[])
MOMENTUM = Metric(
    name="momentum", title="Momentum", family="how far", unit="people", definition="…", source="…", terms=[Term("any.recent")]
)

Resolve = Callable[..., Config]
Problems = Callable[..., list[Problem]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as a user might have it."""
    home = tmp_path / "home"
    (home / "events").mkdir(parents=True)
    for name in (
        "ada.zip",
        "bob.zip",
        "part-1.zip",
        "part-2.zip",
        "table.csv",
        "accounts.csv",
        "model.toml",
        "events/b.csv",
        "events/a.csv",
    ):
        (home / name).write_bytes(b"")
    return home


@pytest.fixture
def known() -> dict[str, Any]:
    """The plugins that are loaded: Birdsong, Meadow and the metric momentum."""
    return {"networks": {"birdsong": BIRDSONG, "meadow": MEADOW}, "metrics": {"momentum": MOMENTUM}}


@pytest.fixture
def config(folder: Path, known: dict[str, Any]) -> Resolve:
    """Read and resolve a text in `folder`; the plugins may be replaced by keyword."""
    return lambda text, **more: resolve(read(text), folder=folder, **(known | more))


@pytest.fixture
def problems(config: Resolve) -> Problems:
    """Return the problems of a text that is wrong."""

    def found(text: str, **more: Any) -> list[Problem]:
        with pytest.raises(ConfigError) as caught:
            config(text, **more)
        assert caught.value.exit_code == 2
        assert caught.value.where == "kleos.toml"
        return list(caught.value.problems)

    return found

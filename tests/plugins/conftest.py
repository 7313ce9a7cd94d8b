"""Fake installed distributions: real modules and real metadata in folders on ``sys.path``."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from attrs import define, field

from kleos.events import Event, Fault, Note

HEAD = """
from kleos.contract import Kind, Metric, Network, Role, Source, Term
from kleos.hookspecs import hookimpl

def network(name, **more):
    return Network(name=name, title=name, kinds={"like": Kind(role=Role.LIKE, title="like")}, sources=(), **more)

def metric(name, **more):
    about = dict(title=name, family="who responds", unit="people", definition="How many.", source="A test.")
    return Metric(name=name, **{"terms": (Term("any.actors"),), **about, **more})
"""


@define
class Site:
    """Folders like site-packages, and what is installed there."""

    root: Path
    on_path: Callable[[Path], None]
    modules: set[str] = field(factory=set)

    def folder(self, name: str = "site") -> Path:
        """Return a folder of this name that stands on sys.path; a new one goes first."""
        folder = self.root / name
        if not folder.exists():
            folder.mkdir()
            self.on_path(folder)
        return folder

    def install(
        self,
        distribution: str,
        source: str = "",
        *,
        networks: Mapping[str, str] | None = None,
        metrics: Mapping[str, str] | None = None,
        version: str = "1.2.3",
        folder: str = "site",
        module: str | None = None,
    ) -> Path:
        """Install a distribution of one module (``kleos-x`` → ``kleos_x``, its source after `HEAD`); return its .dist-info folder."""
        place = self.folder(folder)
        name = module or distribution.replace("-", "_")
        (place / f"{name}.py").write_text(HEAD + dedent(source), encoding="utf-8")
        self.modules.add(name)
        info = place / f"{distribution.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.3\nName: {distribution}\nVersion: {version}\n", encoding="utf-8")
        groups = {"kleos.networks": networks or {}, "kleos.metrics": metrics or {}}
        lines = [
            line for group, points in groups.items() for line in (f"[{group}]", *(f"{key} = {value}" for key, value in points.items()))
        ]
        (info / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        importlib.invalidate_caches()
        return info

    def install_network(self, name: str, source: str | None = None, **more: Any) -> Path:
        """Install the distribution ``kleos-<name>`` with one network; without a source it is a good one."""
        good = f"@hookimpl\ndef kleos_networks():\n    return (network({name!r}),)\n"
        return self.install(f"kleos-{name}", good if source is None else source, networks={name: f"kleos_{name}"}, **more)

    def imported(self) -> set[str]:
        """Return which of the installed modules have been imported."""
        return self.modules & set(sys.modules)


@define
class Listener:
    """Collects what is emitted."""

    events: list[Event] = field(factory=list)

    def __call__(self, event: Event) -> None:
        self.events.append(event)

    @property
    def faults(self) -> list[Fault]:
        return [event for event in self.events if isinstance(event, Fault)]

    @property
    def notes(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, Note)]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.delenv("KLEOS_PLUGINS", raising=False)
    site = Site(root=tmp_path, on_path=lambda folder: monkeypatch.syspath_prepend(str(folder)))
    yield site
    for name in site.modules:
        sys.modules.pop(name, None)


@pytest.fixture
def listener() -> Listener:
    return Listener()

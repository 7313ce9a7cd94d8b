"""Finding what a plugin is to be checked with, where only its name is given."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import attrs
from attrs import frozen

from kleos.contract import Network, Source
from kleos.errors import PluginError
from kleos.files import open_export
from kleos.plugins import load
from kleos.testing.plugin_contract import PluginContract
from kleos.testing.subject import Large, Samples, Settings, entries_of

__all__ = ["Given", "given_by", "samples_in"]

_SURE = 0.5
_MODULE = "kleos_testing_contract"


@frozen(kw_only=True)
class Given:
    """What the checks of a plugin are given."""

    samples: Samples
    settings: Settings
    large: Large


def given_by(plugin: str) -> Given:
    """Return what the project gives that a plugin was installed from with ``pip install -e``.

    Its ``tests/test_contract.py`` says it, as it says it to pytest; without one, its folder ``samples`` is looked through. Nothing is
    given where there is neither.
    """
    for distribution in sorted({entry.distribution for entry in entries_of(plugin)}):
        for project in _projects(distribution):
            for contract in _contracts(project / "tests" / "test_contract.py"):
                if {entry.name for entry in entries_of(contract.plugin)} & {entry.name for entry in entries_of(plugin)}:
                    return Given(samples=contract.samples, settings=contract.settings, large=contract.large)
            if (project / "samples").is_dir():
                return Given(samples=samples_in(project / "samples", plugin), settings={}, large={})
    return Given(samples={}, settings={}, large={})


def samples_in(folder: Path, plugin: str) -> dict[str, list[Path]]:
    """Return source → samples: what bears the name of a source, alone or with more behind a ``-``, else what one recognises."""
    found: dict[str, list[Path]] = {}
    network = _network(plugin)
    sources = [source for source in network.sources if "path" in attrs.fields_dict(source.settings)] if network else []
    for path in sorted(folder.iterdir()):
        source = None if path.name.startswith(".") else _named(path, sources) or _recognised(path, sources)
        if source is not None:
            found.setdefault(source.name, []).append(path)
    return found


def _projects(distribution: str) -> Iterator[Path]:
    told = importlib.metadata.distribution(distribution).read_text("direct_url.json")
    origin = json.loads(told) if told else {}
    if origin.get("dir_info", {}).get("editable"):
        yield Path(unquote(urlsplit(origin["url"]).path))


def _contracts(file: Path) -> list[type[PluginContract]]:
    """Return the classes of a test file that test a plugin; none where it cannot be imported, which pytest tells."""
    spec = importlib.util.spec_from_file_location(_MODULE, file) if file.is_file() else None
    if spec is None or spec.loader is None:
        return []
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception:
        return []
    found = [value for value in vars(module).values() if isinstance(value, type) and issubclass(value, PluginContract)]
    return [class_ for class_ in found if hasattr(class_, "plugin")]


def _network(plugin: str) -> Network | None:
    names = [entry.name for entry in entries_of(plugin) if entry.kind == "network"]
    try:
        return next(iter(load(networks=names, metrics=(), strict=True).networks.values()), None)
    except PluginError:  # the check loads_alone tells it
        return None


def _named(path: Path, sources: list[Source]) -> Source | None:
    return next((source for source in sources if path.name.partition(".")[0].partition("-")[0] == source.name), None)


def _recognised(path: Path, sources: list[Source]) -> Source | None:
    """Return the source that is surest; one that fails is not, which the check junk_exports_are_survived tells."""
    answers: list[tuple[float, Source]] = []
    for source in sources:
        try:
            with open_export(path) as export:
                answers.append((source.recognise(export), source))
        except Exception:  # noqa: S112 - a plugin under test may raise anything
            continue
    sure, surest = max(answers, key=lambda answer: answer[0], default=(0.0, None))
    return surest if sure >= _SURE else None

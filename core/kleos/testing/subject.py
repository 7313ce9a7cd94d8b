"""The plugin under test: what is installed under its name, loaded, with the samples that its author gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from kleos.contract import Metric, Network, Source
from kleos.errors import PluginError
from kleos.plugins import Installed, Loaded, installed, load
from kleos.testing.verdicts import NotCheckedError

__all__ = ["Large", "Samples", "Settings", "Subject", "entries_of", "find"]

Samples = Mapping[str, Sequence[Path]]
"""Source → exports or bulk files to read, one at a time; relative paths start from the current folder."""
Settings = Mapping[str, Mapping[str, Any]]
"""Source → keys of its table that it needs beside `path`."""
Large = Mapping[str, Callable[[Path, int], Path]]
"""Source → what makes a large export: given an empty folder and a size in bytes, it returns the path of an export of about that size."""


@frozen(kw_only=True)
class Subject:
    """What the checks are about: one network, or the metrics of a distribution."""

    plugin: str
    entries: tuple[Installed, ...]
    loaded: Loaded
    samples: Samples
    settings: Settings
    large: Large

    @property
    def network(self) -> Network:
        """The network; raises `NotCheckedError` for a plugin of metrics."""
        for network in self.loaded.networks.values():
            return network
        raise NotCheckedError(f"{self.plugin} is no network")

    @property
    def metrics(self) -> Sequence[Metric]:
        """The metrics, by name."""
        return tuple(self.loaded.metrics.values())

    def sampled(self) -> Sequence[tuple[Source, Path]]:
        """Return every sample with the source that reads it; samples of sources that there are not are left to `samples_parse`."""
        sources = {source.name: source for source in self.network.sources}
        return [(sources[name], path) for name, paths in self.samples.items() if name in sources for path in paths]


def entries_of(plugin: str) -> tuple[Installed, ...]:
    """Return what is installed under a name: a network's, a metric's, or that of a distribution, whose metrics these are then."""
    seen = installed()
    return tuple(entry for entry in seen if entry.name == plugin) or tuple(
        entry for entry in seen if entry.distribution == plugin and entry.kind == "metric"
    )


def find(plugin: str, samples: Samples, settings: Settings, large: Large) -> Subject:
    """Load the plugin; raises `NotCheckedError` where it is not installed or does not load, which the check `loads_alone` tells."""
    entries = entries_of(plugin)
    try:
        loaded = load(
            networks=[entry.name for entry in entries if entry.kind == "network"],
            metrics=[entry.name for entry in entries if entry.kind == "metric"],
            strict=True,
        )
    except PluginError as error:
        raise NotCheckedError(f"{plugin} does not load: see the check loads_alone") from error
    if not entries:
        raise NotCheckedError(f"{plugin} is not installed: see the check loads_alone")
    placed = {name: [path.absolute() for path in paths] for name, paths in samples.items()}
    return Subject(plugin=plugin, entries=entries, loaded=loaded, samples=placed, settings=settings, large=large)

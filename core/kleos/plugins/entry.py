"""An entry point, and the plugin behind it: what the other modules of this room talk about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from attrs import frozen

from kleos import hookspecs

__all__ = ["GROUPS", "HOOKS", "Installed", "Plugin", "PluginKind"]

PluginKind = Literal["network", "metric"]

GROUPS: Mapping[PluginKind, str] = {"network": hookspecs.NETWORKS_GROUP, "metric": hookspecs.METRICS_GROUP}
"""The entry-point group of each kind."""

HOOKS: Mapping[PluginKind, str] = {"network": hookspecs.kleos_networks.__name__, "metric": hookspecs.kleos_metrics.__name__}
"""The hook that a plugin of each kind implements."""

_NAMED = 3


@frozen
class Installed:
    """An entry point: the promise of a distribution to offer a network or a metric of this name."""

    kind: PluginKind
    name: str
    distribution: str
    version: str
    value: str
    """The module behind it, as the entry point spells it."""


@frozen
class Plugin:
    """What is loaded, registered and asked as one: the entry points (at least one) of a distribution that name the same module."""

    entries: tuple[Installed, ...]

    @property
    def distribution(self) -> str:
        return self.entries[0].distribution

    @property
    def version(self) -> str:
        return self.entries[0].version

    @property
    def value(self) -> str:
        return self.entries[0].value

    def __str__(self) -> str:
        names = [f"{entry.kind} {entry.name}" for entry in self.entries]
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        return f"{', '.join(names[:_NAMED])}{more} of {self.distribution} {self.version}"

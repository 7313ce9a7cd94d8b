"""What is known while a configuration is resolved, and the problems found so far."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from attrs import field, frozen
from cattrs import Converter

from kleos.config.problems import structure
from kleos.config.rules import closest, expected, key
from kleos.config.strict import converter
from kleos.contract import Metric, Network
from kleos.errors import Problem

__all__ = ["Inspection"]

T = TypeVar("T")


@frozen(kw_only=True)
class Inspection:
    """The plugins at hand, the folder that paths start from, and a growing list of problems.

    A plugin that is installed but could not be loaded is known by name only: it is no problem of the configuration, and what concerns
    it is left out.
    """

    networks: Mapping[str, Network]
    metrics: Mapping[str, Metric]
    folder: Path
    installed: Collection[str] = ()
    installed_metrics: Collection[str] = ()
    people: Collection[str] = ()
    """The ids of the file's people, even of those with something wrong."""
    problems: list[Problem] = field(factory=list)
    strict: Converter = field(init=False)

    @strict.default
    def _strict(self) -> Converter:
        return converter(self.folder)

    def problem(self, where: str, message: str, hint: str = "") -> None:
        """Note one thing that is wrong."""
        self.problems.append(Problem(where, message, hint))

    def structure(self, value: Any, type_: type[T], where: str, *, also: Sequence[str] = ()) -> T | None:
        """Return a value structured strictly; None where that failed, with its problems noted."""
        result, problems = structure(value, type_, where, self.strict, also=also)
        self.problems.extend(problems)
        return result

    def entries(self, value: Any, where: str) -> Iterator[tuple[str, Any, str]]:
        """Yield name, value and key path of every entry of a table; anything but a table is a problem, and nothing is nothing."""
        if value is None:
            return
        if not isinstance(value, dict):
            self.problem(where, expected("a table", value, shown=False).message)
            return
        for name, entry in value.items():
            yield name, entry, key(where, name)

    def network(self, name: str, where: str) -> Network | None:
        """Return a network by its name; None where it is not at hand, which is a problem unless it is installed and broken."""
        network = self.networks.get(name)
        if network is None and name not in self.installed:
            known = sorted({*self.networks, *self.installed})
            called = f"installed: {', '.join(known)}" if known else "none is installed"
            self.problem(where, f"no network is called {name!r} ({called})", self._network_hint(name, known))
        return network

    def _network_hint(self, name: str, known: Sequence[str]) -> str:
        for network in self.networks.values():
            if name.casefold() in (alias.casefold() for alias in network.aliases):
                return f"write {network.name!r}: that is its name here"
        near = closest(name, known)
        if near is not None:
            return f"did you mean {near!r}?"
        distribution = name.replace("_", "-")
        return (
            f"pip install kleos-{distribution}"
            if distribution.isascii() and distribution.replace("-", "").isalnum()
            else "kleos networks lists those that are installed"
        )

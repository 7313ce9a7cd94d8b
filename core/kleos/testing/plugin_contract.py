"""The class that a plugin's tests extend."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from kleos.testing.checks import Check, checks_of, verdict_of

__all__ = ["PluginContract"]


class PluginContract:
    """Everything that a plugin has to keep, each check a test method: ``test_loads_alone``, ``test_samples_parse``, …

    A subclass has the methods that concern its plugin: those of a network or those of metrics. One that it defines itself stands.
    """

    plugin: ClassVar[str]
    """The name of a network or a metric, or of a distribution of metrics; it has to be installed."""
    samples: ClassVar[Mapping[str, Sequence[Path]]] = {}
    """Source → exports or bulk files, small and invented, that ship with the plugin."""
    settings: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    """Source → the keys that its table needs beside `path`, where the kit cannot guess a value."""
    large: ClassVar[Mapping[str, Callable[[Path, int], Path]]] = {}
    """Source → a function that makes a large export, where repeating the sample's lines, elements or files does not: it is given an
    empty folder and a size in bytes, and returns the path of an export of about that size."""

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        for check in checks_of(cls.plugin) if hasattr(cls, "plugin") else ():
            if not hasattr(cls, f"test_{check.name}"):
                setattr(cls, f"test_{check.name}", _method(check))


def _method(check: Check) -> Callable[[PluginContract], None]:
    def test(self: PluginContract) -> None:
        import pytest  # here, so that checking without pytest needs none

        verdict = verdict_of(check, self.plugin, self.samples, self.settings, self.large)
        if verdict.outcome == "broken":
            pytest.fail(f"{self.plugin}: {verdict.message}", pytrace=False)
        if verdict.outcome == "not checked":
            pytest.skip(verdict.message)

    test.__doc__ = check.claim
    return test

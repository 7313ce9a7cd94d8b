"""Faults of one source: told at once, or counted and told once, and never twice."""

from __future__ import annotations

import logging
from collections.abc import Callable

from attrs import field, frozen, mutable

from kleos.errors import KleosError, PluginError
from kleos.events import Fault
from kleos.plugins import Loaded

__all__ = ["Faults", "Origin", "sentence"]

_log = logging.getLogger(__name__)

_LONGEST = 300


@frozen(kw_only=True)
class Origin:
    """What a fault is blamed on."""

    plugin: str
    distribution: str
    version: str

    @classmethod
    def of(cls, loaded: Loaded, network: str) -> Origin:
        """Return the plugin of a network."""
        found = loaded.origins.get(("network", network))
        return cls(plugin=network, distribution=found.distribution if found else "?", version=found.version if found else "?")


@mutable
class Faults:
    """Collects the faults of a source and gives each to `tell`."""

    origin: Origin
    tell: Callable[[Fault], None]
    strict: bool = False
    """Raise the first failure instead."""
    _counted: dict[tuple[str, str], tuple[str, int]] = field(factory=dict)

    def failed(self, stage: str, where: str, error: BaseException) -> None:
        """Tell that a plugin's function, or a file, failed."""
        if self.strict:
            raise error if isinstance(error, KleosError) else PluginError(sentence(error), where=where) from error
        self._emit(stage, (error.where if isinstance(error, KleosError) else "") or where, sentence(error), 1)

    def count(self, stage: str, where: str, reason: str, count: int = 1) -> None:
        """Add to what is told once for all rows that share a reason; `where` is remembered of the first."""
        first, counted = self._counted.get((stage, reason), (where, 0))
        self._counted[stage, reason] = (first, counted + count)

    def flush(self) -> None:
        """Tell what has been counted."""
        for (stage, reason), (where, count) in self._counted.items():
            if self.strict:
                raise KleosError(reason, where=where)
            self._emit(stage, where, reason, count)
        self._counted.clear()

    def _emit(self, stage: str, where: str, error: str, count: int) -> None:
        origin = self.origin
        self.tell(
            Fault(
                plugin=origin.plugin,
                distribution=origin.distribution,
                version=origin.version,
                stage=stage,
                where=where,
                error=error,
                count=count,
            )
        )


def sentence(error: BaseException) -> str:
    """Return an error as one sentence: ours as they are, with their hint; anything else is a bug in the plugin, and says so.

    The traceback of a bug goes to the log: ``--debug`` shows it.
    """
    if isinstance(error, KleosError):
        return f"{error.message}; {error.hint}" if error.hint else error.message
    try:
        text = " ".join(str(error).split())[:_LONGEST]
    except Exception:  # a message that cannot even be told must not hide the failure
        text = ""
    named = f"{type(error).__name__}: {text}" if text else type(error).__name__
    _log.debug("%s", named, exc_info=error)
    return f"{named} (a bug in the plugin; update it, or tell its author; --debug shows the traceback)"

"""Installed plugins: seen without an import, loaded one by one, each failure kept to the plugin that caused it.

A plugin is what one entry-point value of one distribution names (a module); it may offer several networks and metrics. It passes five
stages, and a failure at any of them becomes a `Fault` with the stage's name, while the other plugins go on:

========  ====================================================================================================
see       the metadata of the distribution are read; nothing is imported. Two offers of one name are found here
load      the module is imported
register  its hooks are compared with the specs (`kleos.hookspecs`)
check     it has the hooks that it should have, and what they return has the right types and names
ask       its hooks are called
========  ====================================================================================================

Nothing of a plugin that failed is kept. The environment variable ``KLEOS_PLUGINS`` (entry-point names or distributions, with commas
between) limits what counts as installed; set to nothing, there are no plugins.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping

from attrs import evolve, frozen

from kleos.contract import Metric, Network
from kleos.errors import PluginError
from kleos.events import Emit, Note, silent
from kleos.plugins.answers import offered
from kleos.plugins.clashes import without_clashes, without_clashing_aliases
from kleos.plugins.entry import Installed, Plugin, PluginKind
from kleos.plugins.failure import Refused
from kleos.plugins.host import ask, import_plugin
from kleos.plugins.seen import allowed, installed, survey

__all__ = ["Installed", "Loaded", "PluginKind", "installed", "load"]

_log = logging.getLogger(__name__)


@frozen
class Loaded:
    """The networks and metrics that a run works with, by name and sorted by it."""

    networks: Mapping[str, Network]
    metrics: Mapping[str, Metric]
    origins: Mapping[tuple[str, str], Installed]
    """Where each comes from: ``("network", "twitter")`` or ``("metric", "momentum")`` → what is installed."""


def load(
    *,
    networks: Collection[str] | None,
    metrics: Collection[str] | None,
    emit: Emit = silent,
    strict: bool = False,
) -> Loaded:
    """Load the plugins that offer the named networks and metrics; None asks for all that are installed.

    Names that no installed plugin offers are absent from the result, as are those of plugins that failed; each failure is emitted as a
    `Fault`. Only the modules behind the names asked for are imported. The result depends on what is installed, not on the order in
    which it was. Raises `PluginError` for the first failure where `strict`; a KeyboardInterrupt passes.
    """

    def report(failure: Refused) -> None:
        if strict:
            raise PluginError(failure.fault.error, where=failure.fault.where, hint=failure.advice) from failure.__cause__
        _log.debug("%s", failure.fault.error, exc_info=failure.__cause__)
        emit(evolve(failure.fault, error=f"{failure.fault.error}; {failure.advice}"))

    seen, unreadable = survey()
    for failure in unreadable:
        report(failure)
    wanted = _wanted(seen, {"network": networks, "metric": metrics}, emit)
    chosen, clashes = without_clashes(wanted)
    for failure in clashes:
        report(failure)

    found: dict[Installed, Network | Metric] = {}
    for plugin in _plugins(chosen):
        try:
            found.update(_load_plugin(plugin, seen))
        except Refused as failure:
            report(failure)
    return _collect(found, report)


def _wanted(seen: Iterable[Installed], names: Mapping[PluginKind, Collection[str] | None], emit: Emit) -> list[Installed]:
    """Return what is asked for and allowed; tell of what ``KLEOS_PLUGINS`` leaves out though it is named."""
    wanted, left_out = [], set()
    for entry in seen:
        asked = names[entry.kind]
        if asked is not None and entry.name not in asked:
            continue
        if allowed(entry):
            wanted.append(entry)
        elif asked is not None:
            left_out.add(f"{entry.kind} {entry.name} ({entry.distribution})")
    if left_out:
        emit(Note(text=f"KLEOS_PLUGINS leaves out what this run asks for: {', '.join(sorted(left_out))}"))
    return wanted


def _plugins(entries: Iterable[Installed]) -> list[Plugin]:
    """Put the entry points of one module together: it is imported and asked once."""
    groups: dict[tuple[str, str], list[Installed]] = {}
    for entry in entries:
        groups.setdefault((entry.distribution, entry.value), []).append(entry)
    return [Plugin(tuple(group)) for _, group in sorted(groups.items())]


def _load_plugin(plugin: Plugin, seen: Collection[Installed]) -> dict[Installed, Network | Metric]:
    """Return what a plugin offers under each of its entry points that were asked for; raises `Refused`, and then keeps nothing."""
    module = import_plugin(plugin)
    found: dict[Installed, Network | Metric] = {}
    for kind, answer in ask(plugin, module).items():
        # The names are compared with all entry points of the module, not only with those asked for.
        declared = {
            entry.name for entry in seen if (entry.distribution, entry.value, entry.kind) == (plugin.distribution, plugin.value, kind)
        }
        offers = offered(plugin, kind, answer, declared)
        found |= {entry: offers[entry.name] for entry in plugin.entries if entry.kind == kind}
    return found


def _collect(found: Mapping[Installed, Network | Metric], report: Callable[[Refused], None]) -> Loaded:
    entries = sorted(found, key=lambda entry: entry.name)
    networks, clashes = without_clashing_aliases({entry: offer for entry in entries if isinstance(offer := found[entry], Network)})
    for failure in clashes:
        report(failure)
    return Loaded(
        networks={entry.name: network for entry, network in networks.items()},
        metrics={entry.name: offer for entry in entries if isinstance(offer := found[entry], Metric)},
        origins={(entry.kind, entry.name): entry for entry in entries},
    )

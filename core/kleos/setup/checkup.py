"""What is in order and what is not: the machine, the plugins, and everything that a configuration names. Failures are values here."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Collection, Iterator, Sequence

from kleos.config import Config
from kleos.errors import KleosError
from kleos.events import Fault
from kleos.kernel.compiled import cache_folder, is_cold
from kleos.plugins import Installed
from kleos.scoring.model import load_model
from kleos.setup.checks import Check, Status, failed, fine, wary
from kleos.setup.secret_checks import check_secrets
from kleos.setup.source_checks import check_sources
from kleos.setup.spending_checks import check_spending
from kleos.setup.store_checks import check_disk, check_store
from kleos.setup.survey import Means

__all__ = ["Check", "check_configured", "check_machine", "check_plugins"]

_OLDEST = (3, 11)


def check_machine() -> Iterator[Check]:
    """Check the Python and the folder of compiled code."""
    text = f"{platform.python_version()} ({sys.executable})"
    if sys.version_info >= _OLDEST:
        yield fine("python", text)
    else:
        yield Check("python", "error", text, f"use Python {'.'.join(map(str, _OLDEST))} or newer")
    folder = cache_folder()
    if folder is None:
        where = os.environ.get("KLEOS_CACHE_DIR") or "the user's cache folder"
        hint = "make it writable, or name another one: export KLEOS_CACHE_DIR=…"
        yield wary("kernel cache", f"{where} may not be written: every run compiles the engine anew", hint)
    else:
        cold = " (empty: the next run compiles the engine first)" if is_cold("fold._fold_range") else ""
        yield fine("kernel cache", f"{folder}{cold}")


def check_plugins(
    entries: Sequence[Installed], loaded: Collection[Installed], faults: Sequence[Fault], named: Collection[str]
) -> Iterator[Check]:
    """Check what became of loading the plugins installed; a failure is an error where the configuration names what failed."""
    if not any(entry.kind == "network" for entry in entries):
        yield Check("plugins", "error", "no network is installed: there is nothing to collect from", "pip install kleos-<network>")
    if not any(entry.kind == "metric" for entry in entries):
        yield Check("plugins", "error", "no metric is installed: there is nothing to score by", "pip install kleos-metrics")
    modules = dict.fromkeys((entry.distribution, entry.version, entry.value) for entry in entries)
    for distribution, version, value in modules:
        its = [entry for entry in entries if (entry.distribution, entry.value) == (distribution, value)]
        what = _listed(its)
        gone = [entry for entry in its if entry not in loaded]
        if not gone:
            yield fine("plugin", f"{distribution} {version}: {what}")
            continue
        reason = next((fault.error for fault in faults if (fault.distribution, fault.where) == (distribution, value)), "does not load")
        status: Status = "error" if any(entry.name in named for entry in gone) else "warning"
        yield Check(
            "plugin", status, f"{distribution} {version}: {reason}", f"pip install --force-reinstall {distribution}, or uninstall it"
        )
    for fault in faults:
        if fault.stage == "see" and not any(entry.value == fault.where for entry in entries):
            yield wary("plugin", fault.error)


def check_configured(config: Config, means: Means) -> Iterator[Check]:
    """Check what a configuration names: its model, sources, secrets, store, and the room for it."""
    try:
        model = load_model(config.run.model)
    except KleosError as error:
        yield failed("run.model", error)
    else:
        yield fine("run.model", f"{model.name} {model.version}")
    yield from check_sources(config, means)
    yield from check_secrets(config)
    yield from check_spending(config, means.loaded, means.now)
    yield from check_store(config.run.store)
    yield check_disk(config.run.store)


def _listed(entries: Sequence[Installed]) -> str:
    networks = [entry.name for entry in entries if entry.kind == "network"]
    metrics = [entry.name for entry in entries if entry.kind == "metric"]
    parts = [
        f"network {', '.join(networks)}" if networks else "",
        f"{len(metrics)} metrics" if len(metrics) > 1 else f"metric {metrics[0]}" if metrics else "",
    ]
    return "; ".join(filter(None, parts))

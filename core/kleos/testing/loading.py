"""The check of how a plugin is imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from kleos.errors import PluginError
from kleos.plugins import Installed, load
from kleos.testing.subject import entries_of
from kleos.testing.verdicts import BrokenContractError

__all__ = ["HEAVY", "loads_alone"]

HEAVY = ("numpy", "numba", "duckdb", "pandas", "pyarrow", "requests", "httpx", "httpx2", "googleapiclient")
"""What no plugin may import before it has work to do: every start would wait for it."""

_LOOK = """
import importlib, json, sys
importlib.import_module(sys.argv[1])
json.dump([name for name in sys.argv[2:] if name in sys.modules], sys.stdout)
"""


def loads_alone(plugin: str) -> None:
    """It is installed, loads under its entry points' names, and its import brings nothing heavy along."""
    entries = entries_of(plugin)
    if not entries:
        raise BrokenContractError(
            f"nothing called {plugin!r} is installed",
            'install the plugin ("pip install -e ."), with an entry point of that name in the group kleos.networks or kleos.metrics',
        )
    try:
        load(
            networks=[entry.name for entry in entries if entry.kind == "network"],
            metrics=[entry.name for entry in entries if entry.kind == "metric"],
            strict=True,
        )
    except PluginError as error:
        raise BrokenContractError(
            error.message, f'correct that, and install it again if entry points changed; python -c "import {error.where}" shows a traceback'
        ) from error
    for module in sorted({entry.value.partition(":")[0] for entry in entries}):
        heavy = _brings_along(module, entries)
        if heavy:
            raise BrokenContractError(
                f"importing {module} imports {', '.join(heavy)}",
                "import it inside the function that needs it: a run imports every plugin that its configuration names",
            )


def _brings_along(module: str, entries: tuple[Installed, ...]) -> list[str]:
    environment: Mapping[str, str] = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, "-c", _LOOK, module, *HEAVY], env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise BrokenContractError(
            f"{entries[0].distribution}: {module} cannot be imported by a fresh Python ({last})",
            "it must not need anything that another module imported before",
        )
    found: Any = json.loads(done.stdout.splitlines()[-1])
    return list(found)

"""The configuration room: one TOML file becomes one checked value, or a list of everything that is wrong with it.

Two steps, because plugins stand between them: `read` tells which networks and metrics the text mentions, the caller loads those
plugins, and `resolve` checks every key against what they declare. Both raise only `ConfigError`.

Names are looked up when they are first used: who only glances at a text does without the libraries that check one.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kleos.config.keys import KEYS, Key
    from kleos.config.raw import Raw, read
    from kleos.config.resolving import resolve
    from kleos.config.values import BUILT_IN, COLUMNS, Config, Person, Population, Run, SourceConfig, SourceLimits, TableSettings, TimeUnit

__all__ = [
    "BUILT_IN",
    "COLUMNS",
    "KEYS",
    "Config",
    "Key",
    "Person",
    "Population",
    "Raw",
    "Run",
    "SourceConfig",
    "SourceLimits",
    "TableSettings",
    "TimeUnit",
    "read",
    "resolve",
]

_HOMES = {"KEYS": "keys", "Key": "keys", "Raw": "raw", "read": "raw", "resolve": "resolving"}


if not TYPE_CHECKING:

    def __getattr__(name):
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'values')}"), name)

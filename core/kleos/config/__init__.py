"""The configuration room: one TOML file becomes one checked value, or a list of everything that is wrong with it.

Two steps, because plugins stand between them: `read` tells which networks and metrics the text mentions, the caller loads those
plugins, and `resolve` checks every key against what they declare. Both raise only `ConfigError`.
"""

from __future__ import annotations

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

"""What was recorded, opened without plugins and without the engine: for verbs that only look back."""

from __future__ import annotations

from pathlib import Path

from kleos.config import Config, read, resolve
from kleos.errors import UsageError

__all__ = ["open_recorded"]


def open_recorded(path: Path) -> Config:
    """Read a configuration for its store and its people; keys that only a plugin could check are left unchecked.

    Raises `ConfigError`, and `UsageError` where the file cannot be read.
    """
    try:
        raw = read(path.read_text(encoding="utf-8"), where=str(path))
    except FileNotFoundError:
        hint = "`kleos init --from PATH…` writes one for your exports; or name yours after the verb"
        raise UsageError("there is no such configuration file", where=str(path), hint=hint) from None
    except (OSError, ValueError) as error:
        raise UsageError(f"the configuration cannot be read: {getattr(error, 'strerror', None) or error}", where=str(path)) from None
    return resolve(raw, {}, {}, folder=path.parent, installed=raw.networks, installed_metrics=raw.metrics)

"""What was recorded, opened without plugins and without the engine: for verbs that only look back."""

from __future__ import annotations

from pathlib import Path

from kleos.config.glance import Glance, glance
from kleos.config.raw import read
from kleos.errors import UsageError

__all__ = ["open_recorded"]


def open_recorded(path: Path) -> Glance:
    """Read a configuration for its store and its people; nothing else in it is checked where these are plain, and else no plugin's keys.

    Raises `ConfigError`, and `UsageError` where the file cannot be read.
    """
    try:
        raw = read(path.read_text(encoding="utf-8"), where=str(path))
    except FileNotFoundError:
        hint = "`kleos init --from PATH…` writes one for your exports; or name yours after the verb"
        raise UsageError("there is no such configuration file", where=str(path), hint=hint) from None
    except (OSError, ValueError) as error:
        raise UsageError(f"the configuration cannot be read: {getattr(error, 'strerror', None) or error}", where=str(path)) from None
    plain = glance(raw, path.parent)
    if plain is not None:
        return plain
    from kleos.config.resolving import resolve  # here: most configurations do without

    config = resolve(raw, {}, {}, folder=path.parent, installed=raw.networks, installed_metrics=raw.metrics)
    return Glance(store=config.run.store, people={known.id: known.name for known in config.people.values()})

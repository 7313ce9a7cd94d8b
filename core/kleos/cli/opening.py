"""From a configuration's path to what a run needs: the text, the plugins it mentions, the checked configuration."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from pathlib import Path
from typing import Any

from attrs import evolve

from kleos.config import Config, Raw, read, resolve
from kleos.config.quantities import moment
from kleos.config.rules import WrongValueError
from kleos.errors import UsageError
from kleos.events import Emit
from kleos.plugins import Loaded, installed, load
from kleos.scoring.model import load_model

__all__ = ["as_of_time", "open_config"]


def open_config(
    path: Path, *, emit: Emit, strict: bool = False, everything: bool = False, as_of: str | None = None
) -> tuple[Config, Loaded]:
    """Read a configuration, load the plugins it needs (`everything`: all installed), and check it.

    A run loads only the networks its configuration names and the metrics that the configuration or the model weighs, so that installing
    a plugin alone changes nothing. `as_of` takes the place of the configuration's. Plugins that fail are emitted as faults. Raises
    `ConfigError`, `UsageError`, `ModelError`, and `PluginError` where `strict`.
    """
    moment_given = None if as_of is None else as_of_time(as_of)
    raw = read(_text(path), where=str(path))
    loaded = load(
        networks=None if everything or _may_name_any_network(raw) else raw.networks,
        metrics=None if everything else _metrics(raw, path.parent),
        emit=emit,
        strict=strict,
    )
    names = {kind: {entry.name for entry in installed() if entry.kind == kind} for kind in ("network", "metric")}
    config = resolve(
        raw, loaded.networks, loaded.metrics, folder=path.parent, installed=names["network"], installed_metrics=names["metric"]
    )
    return (config if moment_given is None else evolve(config, run=evolve(config.run, as_of=moment_given))), loaded


def _may_name_any_network(raw: Raw) -> bool:
    """Tell whether a population's own table says which networks it is about: then whatever is installed may be in it."""
    population = raw.tables.get("population")
    return isinstance(population, Mapping) and "network" not in population


def as_of_time(text: str) -> datetime:
    """Return the time that ``--as-of`` means, by the rules of ``[run] as_of``; raises `UsageError`."""
    try:
        return moment(text, whole_day=time.max)
    except WrongValueError as error:
        raise UsageError(str(error), where="--as-of", hint="write it like 2026-03-31 or 2026-03-31T18:00:00Z") from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        hint = "`kleos init --from PATH…` writes one for your exports; or name yours after the verb: kleos run CONFIG"
        raise UsageError("there is no such configuration file", where=str(path), hint=hint) from None
    except IsADirectoryError:
        raise UsageError("expected a configuration file, found a folder", where=str(path), hint=f"try {path / 'kleos.toml'}") from None
    except UnicodeDecodeError as error:
        hint = "save the file as UTF-8; if it is an export, name it in the configuration's [networks.<network>] table"
        raise UsageError(f"expected text in UTF-8, found something else at byte {error.start:,}", where=str(path), hint=hint) from None
    except (OSError, ValueError) as error:
        raise UsageError(f"the configuration cannot be read: {getattr(error, 'strerror', None) or error}", where=str(path)) from None


def _metrics(raw: Raw, folder: Path) -> tuple[str, ...]:
    """Return the metrics that the configuration or its model weighs."""
    run = raw.tables.get("run")
    named: Any = run.get("model") if isinstance(run, Mapping) else None
    file = folder / Path(named).expanduser() if isinstance(named, str) else None
    # A model that is not there is the configuration's mistake, which `resolve` tells together with all others.
    weighed = load_model(file).metrics if file is None or file.is_file() else ()
    return tuple(dict.fromkeys((*weighed, *raw.metrics)))

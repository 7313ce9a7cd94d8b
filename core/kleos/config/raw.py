"""The first step: from text to TOML tables, and to the names of the plugins that they need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import tomli
from attrs import frozen

from kleos.errors import ConfigError, Problem

__all__ = ["Raw", "read"]


@frozen(kw_only=True)
class Raw:
    """A configuration that is valid TOML and nothing more: any key may still be wrong."""

    tables: Mapping[str, Any]
    networks: tuple[str, ...]
    """The networks mentioned (their tables, accounts, factors, the population's), in order of appearance."""
    metrics: tuple[str, ...]
    """The metrics mentioned, in order of appearance."""
    where: str
    """The file, for messages; empty for a text that is no file."""


def read(text: str, where: str = "kleos.toml") -> Raw:
    """Parse a configuration. Raises `ConfigError` with ``file:line`` where it is not TOML."""
    try:
        tables = tomli.loads(text.removeprefix("\ufeff"))  # the mark that some editors put before the text
    except tomli.TOMLDecodeError as error:
        raise ConfigError(
            [Problem(f"{where}:{error.lineno}", f"not valid TOML: {_lower(error.msg)} (column {error.colno})")], where=where
        ) from None
    except (ValueError, RecursionError) as error:
        raise ConfigError([Problem(where, f"not valid TOML: {_lower(str(error))}")], where=where) from None
    return Raw(tables=tables, networks=_unique(_networks(tables)), metrics=_unique(_table(tables, "metrics")), where=where)


def _networks(tables: Mapping[str, Any]) -> Iterator[str]:
    yield from _table(tables, "networks")
    for person in _table(tables, "people").values():
        yield from _table(person, "accounts")
    for factor in _table(tables, "factors"):
        yield factor.partition(".")[0]
    network = _table(tables, "population").get("network")
    if isinstance(network, str):
        yield network


def _table(tables: Any, name: str) -> Mapping[str, Any]:
    """Return a table, or an empty one where something else stands: that is told by the second step."""
    found = tables.get(name) if isinstance(tables, dict) else None
    return found if isinstance(found, dict) else {}


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]

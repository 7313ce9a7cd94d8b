"""The secrets of a configuration, looked up: whether each can be found, and never what it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from kleos.config import Config
from kleos.errors import KleosError
from kleos.secrets import Secret
from kleos.setup.checks import Check, failed, fine

__all__ = ["check_secrets"]


def check_secrets(config: Config) -> Iterator[Check]:
    """Check every secret in the settings of the sources; only the reference is told."""
    for source in config.sources:
        for place, secret in _secrets(source.settings, source.key_path):
            try:
                secret.reveal()
            except KleosError as error:
                yield failed(place, error)
            else:
                yield fine(place, f"{secret.describe()} holds a secret")


def _secrets(value: Any, where: str) -> Iterator[tuple[str, Secret]]:
    """Yield every secret in settings, however deep, with its key path."""
    if isinstance(value, Secret):
        yield where, value
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from _secrets(getattr(value, field.name), f"{where}.{field.name}")
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _secrets(inner, f"{where}.{name}")
    elif isinstance(value, list | tuple | set | frozenset):
        for index, inner in enumerate(value):
            yield from _secrets(inner, f"{where}[{index}]")

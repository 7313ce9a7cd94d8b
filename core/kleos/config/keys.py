"""Every key of the configuration that the core defines, with its default and meaning: for the example, the docs and their tests."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
from attrs import frozen

from kleos.config.tables import SHAPES

__all__ = ["KEYS", "Key"]


@frozen(kw_only=True)
class Key:
    """One key. The keys of a network's sources are the fields of their settings classes, ``isolate``, and ``person`` for exports."""

    path: str
    """With ``<…>`` for a name of the user's: ``people.<id>.name``."""
    default: str
    """As written in TOML, or in words; empty for a key that is required."""
    meaning: str


def _keys() -> Iterator[Key]:
    for table, class_ in SHAPES.items():
        for field in attrs.fields(class_):
            yield Key(path=f"{table}.{field.name}", default=field.metadata["default"], meaning=field.metadata["meaning"])


KEYS: tuple[Key, ...] = tuple(_keys())
"""In the order in which the tables and their keys are explained."""

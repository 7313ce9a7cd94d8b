"""What a plugin takes from Kleos, read from its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

__all__ = ["PUBLIC", "Taken", "taken"]

PUBLIC = frozenset({"kleos.contract", "kleos.hookspecs", "kleos.asking", "kleos.secrets", "kleos.errors", "kleos.events"})
"""What the source of a plugin may import; its tests may also import what the guide to testing shows."""


@frozen
class Taken:
    """One name that a file imports from Kleos."""

    where: str
    module: str
    name: str
    """Empty where the module itself is imported."""

    @property
    def path(self) -> str:
        return f"{self.module}.{self.name}" if self.name else self.module


def taken(text: str, where: Path | str = "") -> Iterator[Taken]:
    """Yield all that a source text imports from Kleos, wherever in it, also by name at run time."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and _ours(node.module or "") and not node.level:
            yield from (Taken(f"{where}:{node.lineno}", str(node.module), alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (Taken(f"{where}:{node.lineno}", alias.name, "") for alias in node.names if _ours(alias.name))
        elif isinstance(node, ast.Call) and _called(node) in ("import_module", "__import__"):
            found = node.args[0] if node.args else None
            if isinstance(found, ast.Constant) and isinstance(found.value, str) and _ours(found.value):
                yield Taken(f"{where}:{node.lineno}", found.value, "")


def _ours(module: str) -> bool:
    return module.partition(".")[0] == "kleos"


def _called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")

"""The public surface of Kleos as griffe reads it, frozen in ``docs/api``; ``python tests/stability/surface.py`` freezes it anew."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import griffe

from kleos.contract import CONTRACT_VERSION

__all__ = ["FROZEN", "MODULES", "added", "broken", "frozen", "surface", "write"]

ROOT = Path(__file__).parents[2]
FROZEN = ROOT / "docs" / "api" / f"contract-{CONTRACT_VERSION}.json"
MODULES = ("contract", "hookspecs", "asking", "secrets", "errors", "events", "testing", "testing.strategies")
"""What a plugin may import: the modules of the reference."""

_ASIDE = frozenset({"docstring", "filepath", "filepaths", "analysis", "runtime", "git_info", "source_link"})
"""What griffe tells that is no promise."""


def surface(core: Path = ROOT / "core") -> dict[str, dict[str, Any]]:
    """Return module → public name → what griffe knows of it."""
    package = griffe.load("kleos", search_paths=[core], submodules=True, allow_inspection=False)
    return {module: {name: _plain(package[f"{module}.{name}"]) for name in sorted(package[module].exports or ())} for module in MODULES}


def frozen() -> dict[str, dict[str, Any]]:
    """Return the surface as it was promised."""
    found: dict[str, dict[str, Any]] = json.loads(FROZEN.read_text(encoding="utf-8"))
    return found


def write(found: Mapping[str, Mapping[str, Any]]) -> None:
    """Freeze a surface: a line for each name, so that a change shows what it is about."""
    modules = []
    for module, members in found.items():
        lines = [f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False, sort_keys=True)}" for name, value in members.items()]
        modules.append(f"{json.dumps(module)}: {{\n" + ",\n".join(lines) + "\n}")
    FROZEN.write_text("{\n" + ",\n".join(modules) + "\n}\n", encoding="utf-8")


def broken(old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return what would break a plugin, each in one line: what is gone, what was changed, and what has become required."""
    told = []
    for module, members in old.items():
        before, after = (_module(module, values) for values in (members, new.get(module, {})))
        told += [_explained(breakage) for breakage in griffe.find_breaking_changes(before, after)]
        # Of fields and constants griffe knows only whether they are there.
        for name, value in members.items():
            now = new.get(module, {}).get(name, {})
            fields = sorted(set(now.get("required", ())) - set(value.get("required", ())))
            told += [f"kleos.{module}.{name}.{field}: the field has become required" for field in fields]
            told += [f"kleos.{module}.{name}: the constant has lost or changed a value"] if now and _values(value) - _values(now) else []
    return told


def added(old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Return the names that are there and were not."""
    return _names(new) - _names(old)


def _plain(found: griffe.Object | griffe.Alias) -> Any:
    target = found.final_target if isinstance(found, griffe.Alias) else found
    value: dict[str, Any] = _stripped(json.loads(target.as_json(full=False)))
    real = getattr(importlib.import_module(target.module.path), target.name)
    if isinstance(real, type) and attrs.has(real):
        # griffe reads the text, in which a default may be told in many ways; attrs knows.
        value["required"] = [field.alias for field in attrs.fields(real) if field.init and field.default is attrs.NOTHING]
    return value


def _stripped(value: Any) -> Any:
    if isinstance(value, dict):
        # griffe wants lines when it reads this again; where in the file something stands is no promise.
        kept = {name: 0 if name in ("lineno", "endlineno") else _stripped(part) for name, part in value.items() if name not in _ASIDE}
        if isinstance(kept.get("members"), dict):
            kept["members"] = {name: part for name, part in kept["members"].items() if not name.startswith("_") or name == "__init__"}
        return kept
    return [_stripped(part) for part in value] if isinstance(value, list) else value


def _module(name: str, members: Mapping[str, Any]) -> griffe.Module:
    told = {member: {key: part for key, part in value.items() if key != "required"} for member, value in members.items()}
    return griffe.Module.from_json(json.dumps({"kind": "module", "name": f"kleos.{name}", "members": told}))


def _explained(breakage: griffe.Breakage) -> str:
    what = breakage.kind.value
    return f"{breakage.obj.path}: {what[0].lower()}{what[1:]}"


def _values(value: Mapping[str, Any]) -> set[str]:
    """Return what a constant holds: itself, or the parts of a tuple; nothing for anything else."""
    found = value.get("value") if value["kind"] == "attribute" else None
    if isinstance(found, str):
        return {found}
    parts = found.get("elements", ()) if isinstance(found, Mapping) else ()
    return {part for part in parts if isinstance(part, str)}


def _names(found: Mapping[str, Mapping[str, Any]]) -> set[str]:
    names = {f"kleos.{module}.{name}" for module, members in found.items() for name in members}
    return names | {
        f"kleos.{module}.{name}.{member}"
        for module, members in found.items()
        for name, value in members.items()
        for member in value.get("members", {})
    }


if __name__ == "__main__":
    write(surface())

"""``[networks.<network>]``: what is collected, and from where."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from kleos.config.inspection import Inspection
from kleos.config.paths import locate, require
from kleos.config.rules import WrongValueError, closest, expected, key, suggest
from kleos.config.strict import mentions
from kleos.config.values import BUILT_IN, SourceConfig, TableSettings
from kleos.contract import Network, Source

__all__ = ["check_kinds", "resolve_sources"]


def resolve_sources(tables: Mapping[str, Any], seen: Inspection) -> tuple[SourceConfig, ...]:
    """Return one value per instance of a source, in the order of the file."""
    found: list[SourceConfig | None] = []
    for name, value, where in seen.entries(tables.get("networks"), "networks"):
        network = seen.network(name, where)
        if network is None:
            continue
        for source, written, place in seen.entries(value, where):
            if _is_known(network, source, place, seen):
                instances = written if isinstance(written, list) else [written]
                for index, one in enumerate(instances):
                    found.append(_instance(network, source, one, f"{place}[{index}]" if written is instances else place, seen))
    return tuple(source for source in found if source is not None)


def check_kinds(table: Mapping[str, Any], network: Network, where: str, seen: Inspection) -> None:
    """Note the kinds that a table's words are mapped to and that the network does not have."""
    kinds = table.get("kinds")
    for word, kind in kinds.items() if isinstance(kinds, dict) else ():
        if isinstance(kind, str) and kind not in network.kinds:
            hint = suggest(kind, network.kinds, "its kinds are")
            seen.problem(key(f"{where}.kinds", word), f"{network.name} has no kind of reaction called {kind!r}", hint)


def _is_known(network: Network, name: str, where: str, seen: Inspection) -> bool:
    names = [*(source.name for source in network.sources), BUILT_IN]
    if name in names:
        return True
    near = closest(name, names)
    hint = f"did you mean {near!r}?" if near else "a source is a way to obtain data: an export, a bulk file, an API"
    seen.problem(where, f"{network.name} has no source called {name!r} (its sources: {', '.join(names)})", hint)
    return False


def _instance(network: Network, name: str, written: Any, where: str, seen: Inspection) -> SourceConfig | None:
    source = next((source for source in network.sources if source.name == name), None)
    settings_class = TableSettings if source is None else source.settings
    table = _as_table(written, settings_class, where, seen)
    if table is None:
        return None
    person = _pop_person(table, source, where, seen)
    isolate = _pop_isolate(table, source, where, seen)
    if source is None:
        _check_table(table, network, where, seen)
    also = () if source is None else ("person", "isolate") if source.owned else ("isolate",)
    settings: Any = seen.structure(table, settings_class, where, also=also)
    if source is not None:
        _check_paths(table, settings_class, f"{where}.path", seen)
    if settings is None:
        return None
    return SourceConfig(network=network.name, source=name, key_path=where, settings=settings, person=person, isolate=isolate)


def _as_table(written: Any, settings_class: type, where: str, seen: Inspection) -> dict[str, Any] | None:
    """Return a copy of the table, or the table that a path alone stands for."""
    takes_path = attrs.has(settings_class) and "path" in attrs.fields_dict(settings_class)
    if isinstance(written, str) and takes_path:
        return {"path": written}
    if isinstance(written, dict):
        return dict(written)
    hint = 'the parts of one split export are one table: { path = ["part-1.zip", "part-2.zip"] }'
    what = "a table or a path" if takes_path else "a table"
    # What stands here may be a token in the wrong place, so it is not shown.
    problem = expected(what, written, hint if isinstance(written, list) and takes_path else "", shown=False)
    seen.problem(where, problem.message, problem.hint)
    return None


def _pop_person(table: dict[str, Any], source: Source | None, where: str, seen: Inspection) -> str | None:
    if "person" not in table:
        return None
    person = table.pop("person")
    place = key(where, "person")
    if source is None or not source.owned:
        seen.problem(place, "this source holds reactions to many accounts and belongs to nobody", "leave the key out")
    elif not isinstance(person, str):
        seen.problem(place, expected("a person's id", person).message)
    elif person not in seen.people:
        seen.problem(
            place, f"no person has the id {person!r}", suggest(person, seen.people, "people are") or f"add [{key('people', person)}]"
        )
    else:
        return person
    return None


def _pop_isolate(table: dict[str, Any], source: Source | None, where: str, seen: Inspection) -> bool:
    isolate = table.pop("isolate", False)
    if not isinstance(isolate, bool):
        seen.problem(key(where, "isolate"), expected("true or false", isolate, shown=False).message)
    elif isolate and source is None:
        seen.problem(key(where, "isolate"), "no plugin reads this table: there is nothing to isolate", "leave the key out")
    return isolate is True


def _check_table(table: dict[str, Any], network: Network, where: str, seen: Inspection) -> None:
    """Settle the network of a canonical table that stands under one, and check what its words are mapped to."""
    if table.setdefault("network", network.name) != network.name:
        seen.problem(
            key(where, "network"), f"expected {network.name!r}, since the table stands under networks.{network.name}", "leave it out"
        )
    check_kinds(table, network, where, seen)


def _check_paths(table: Mapping[str, Any], settings_class: type, where: str, seen: Inspection) -> None:
    """Note what is not there among the paths of the field `path`; texts that are no paths are told by the structuring."""
    field = attrs.fields_dict(settings_class).get("path") if attrs.has(settings_class) else None
    if field is None or not mentions(field.type, Path):
        return
    written = table.get("path")
    for index, text in enumerate(written if isinstance(written, list) else [written]):
        try:
            path = locate(text, seen.folder)
        except WrongValueError:
            continue
        try:
            require(path, seen.folder)
        except WrongValueError as error:
            seen.problem(f"{where}[{index}]" if isinstance(written, list) else where, error.message, error.hint)

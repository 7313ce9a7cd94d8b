"""The descriptor of an export: a Data Package (version 2, datapackage.org), which says what every file and column is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from attrs import frozen

from kleos import __version__
from kleos.insight.exporting.declared import TABLES, Column, Table
from kleos.scoring.result import iso
from kleos.store.segments import file_digest

__all__ = ["DESCRIPTOR", "File", "descriptor_text"]

DESCRIPTOR = "datapackage.json"
_PROFILES = "https://datapackage.org/profiles/2.0"


@frozen(kw_only=True)
class File:
    """A file of an export."""

    name: str
    """Of the resource."""
    path: Path
    format: str
    mediatype: str
    text: bool
    rows: int
    table: Table | None = None
    """None for a graph."""
    title: str = ""
    description: str = ""


def descriptor_text(files: Sequence[File], *, created: datetime, sources: Sequence[str], about: Mapping[str, Any]) -> str:
    """Return the descriptor as JSON; `about` is what Kleos says of itself beyond the standard, `sources` where the reactions came from."""
    names = {file.name for file in files}
    package = {
        "$schema": f"{_PROFILES}/datapackage.json",
        "name": "kleos-export",
        "title": "Scores of influence, and what they are made of",
        "description": f"Written by Kleos {__version__}. People outside the configuration are pseudonyms, which only the store that they "
        "come from can tell apart from others. A score says how much reaction reached a person in a window, in these data, and nothing "
        "about worth or character: do not hire, lend, insure, grade or refuse anybody by it.",
        "created": iso(created),
        "sources": [{"title": source} for source in sources],
        "resources": [_resource(file, names) for file in files],
        "kleos": {"version": __version__, **about},
    }
    return json.dumps({key: value for key, value in package.items() if value}, indent=2, ensure_ascii=False) + "\n"


def _resource(file: File, names: set[str]) -> dict[str, Any]:
    described = file.table or file
    resource: dict[str, Any] = {
        "$schema": f"{_PROFILES}/dataresource.json",
        "name": file.name,
        "title": described.title,
        "description": described.description,
        "path": file.path.name,
        "format": file.format,
        "mediatype": file.mediatype,
        "hash": f"sha256:{file_digest(file.path)}",
    }
    if file.text:
        # Frictionless, the standard's own checker, counts no bytes of a Parquet file, and takes that for a fault.
        resource |= {"encoding": "utf-8", "bytes": file.path.stat().st_size}
    if file.table is not None:
        resource |= {"type": "table", "schema": _schema(file.table, names)}
    return resource


def _schema(table: Table, names: set[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {"$schema": f"{_PROFILES}/tableschema.json", "fields": [_field(column) for column in table.columns]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    keys = [(name, list(TABLES[name].key)) for name in table.refers if name in names]
    if keys:
        schema["foreignKeys"] = [{"fields": key, "reference": {"resource": name, "fields": key}} for name, key in keys]
    return schema


def _field(column: Column) -> dict[str, Any]:
    limits = {"minimum": column.minimum, "maximum": column.maximum}
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    constraints |= {name: value for name, value in limits.items() if value is not None}
    told = {"name": column.name, "type": column.sort, "description": column.description, "unit": column.unit, "constraints": constraints}
    return {name: value for name, value in told.items() if value}

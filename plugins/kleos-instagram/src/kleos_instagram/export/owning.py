"""Whose export it is: what the owner said of themselves, or the name that Instagram gave the zip."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import msgspec

from kleos.contract import Export, Owner, account_key
from kleos.errors import ExportError, ParseError
from kleos_instagram.export.shapes import Entry, elements
from kleos_instagram.export.sorting import File, sorted_files, start
from kleos_instagram.export.words import USER_NAME, YOUR_NAME, plain
from kleos_instagram.values import HANDLE, repaired, text

__all__ = ["named_day", "owner_of", "owners"]

_NAME = re.compile(r"instagram-(?P<handle>[A-Za-z0-9._]{1,30})-(?P<day>\d{4}-\d\d-\d\d)-[A-Za-z0-9]+(?:[-_ (.].*)?")
"""instagram-ada.quill-2026-11-12-Kx3fQ9aB.zip, or the folder that it was unpacked to."""
_OLD_NAME = re.compile(r"(?P<handle>[A-Za-z0-9._]{1,30}?)_(?P<day>20\d{6})(?:_part_\d+)?(?:[ (.].*)?")
"""The same before 2023: ada.quill_20211112.zip, ada.quill_20211112_part_2.zip."""


def owners(export: Export) -> Sequence[Owner]:
    """Return the owner with their user names, the present one first, and display name; empty where nothing says so."""
    files = sorted_files(export)
    if not files:
        return ()
    owner = owner_of(export, files)
    return (owner,) if owner.account else ()


def owner_of(export: Export, files: Sequence[File]) -> Owner:
    """Return what the files and the export's name say of the owner; nothing at all perhaps."""
    said = [pair for file in files if file.content == "person" for entry in _entries(export, file.name) for pair in _said(entry)]
    handles = [value for label, value in said if label in USER_NAME and HANDLE.fullmatch(value)]
    names = [value for label, value in said if label in YOUR_NAME]
    match = _named(export)
    if not handles and match is not None:
        handles = [match["handle"]]
    if handles:
        handles += [handle for file in files if file.content == "changes" for handle in _former(export, file.name)]
    distinct: dict[str, str] = {}
    for handle in handles:
        distinct.setdefault(account_key(handle), handle)
    return Owner(handles=distinct.values(), names=dict.fromkeys(names))


def named_day(export: Export) -> datetime | None:
    """Return the day on which the export was made, as its name has it."""
    match = _named(export)
    if match is None:
        return None
    try:
        return datetime.strptime(match["day"].replace("-", ""), "%Y%m%d").replace(tzinfo=UTC)
    except ValueError:
        return None


def _named(export: Export) -> re.Match[str] | None:
    """Return what the export's name says; of the folders around it only the newer names are telling enough."""
    *folders, name = re.split(r"[/\\]", export.where.partition(", ")[0].rstrip("/\\"))
    around = (match for folder in reversed(folders) if (match := _NAME.fullmatch(folder)))
    return _NAME.fullmatch(name) or _OLD_NAME.fullmatch(name) or next(around, None)


def _entries(export: Export, name: str) -> Iterator[Entry]:
    try:
        wrapper = msgspec.json.decode(start(export, name).removeprefix(b"\xef\xbb\xbf"), type=dict[str, msgspec.Raw])
        for rows in wrapper.values():
            yield from (entry for entry in elements(bytes(rows), Entry, name) if entry is not None)
    except (ExportError, ParseError, ValueError, RecursionError):
        return  # what is broken says nothing of the owner


def _said(entry: Entry) -> Iterator[tuple[str, str]]:
    for label, value in entry.labelled():
        found = text(value)
        if found is not None:
            yield plain(label), repaired(found)


def _former(export: Export, name: str) -> Iterator[str]:
    """Yield the user names of a change: one of its texts says that it is the user name that changed, in the account's language."""
    for entry in _entries(export, name):
        values = [value for _, value in _said(entry)]
        if any(plain(value) in USER_NAME for value in values):
            yield from (value for value in values if plain(value) not in USER_NAME and HANDLE.fullmatch(value))

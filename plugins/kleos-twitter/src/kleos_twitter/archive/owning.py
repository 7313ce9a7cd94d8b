"""Is this a Twitter archive, and whose?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kleos.contract import Export, Owner, account_key
from kleos.errors import ExportError, ParseError
from kleos_twitter.archive.naming import ACCOUNT, MANIFEST, OLD_STYLE, RENAMED, TWEETS, named, read_rows

__all__ = ["owners", "read_manifest", "recognise"]

_HEAD = 256


def recognise(export: Export) -> float:
    """Tell how sure it is that this is a Twitter archive: its files begin with names of Twitter's own, in every locale."""
    if _begins(export, MANIFEST, b"__THAR_CONFIG"):
        return 1.0
    if _begins(export, ACCOUNT, b"YTD.account") or _begins(export, TWEETS, b"YTD.tweet"):
        return 0.95
    return 0.9 if _begins(export, OLD_STYLE, b"user_details") else 0.0


def owners(export: Export) -> Sequence[Owner]:
    """Return whose archive it is: id, present and past handles, display name.

    Empty where no file says so. Raises `ParseError` where none of the files that would say so can be read.
    """
    found: dict[str, tuple[dict[str, str], dict[str, None]]] = {}
    failures: list[ExportError | ParseError] = []
    for read in (_from_manifest, _from_account, _from_old_style, _from_renaming):
        try:
            for id_, handle, name in read(export):
                handles, names = found.setdefault(id_, ({}, {}))
                handles.setdefault(account_key(handle), handle)
                names[name] = None
        except (ExportError, ParseError) as error:
            failures.append(error)
    if failures and not found:
        raise ParseError(failures[0].message, where=failures[0].where, hint=failures[0].hint) from failures[0]
    return tuple(
        Owner(ids=[id_] if id_ else [], handles=[handle for handle in handles.values() if handle], names=[name for name in names if name])
        for id_, (handles, names) in found.items()
    )


def read_manifest(export: Export) -> Mapping[str, Any]:
    """Return the contents of ``manifest.js``, empty where there is none. Raises `ParseError`, `ExportError`."""
    for name in named(export, MANIFEST):
        for row in read_rows(export, name, ""):
            if "userInfo" in row or "archiveInfo" in row:
                return row
    return {}


def _from_manifest(export: Export) -> Iterator[tuple[str, str, str]]:
    for name in named(export, MANIFEST):
        for row in read_rows(export, name, ""):
            user = row.get("userInfo")
            if isinstance(user, dict):
                yield from _account(user.get("accountId"), user.get("userName"), user.get("displayName"))


def _from_account(export: Export) -> Iterator[tuple[str, str, str]]:
    for name in named(export, ACCOUNT):
        for row in read_rows(export, name, "account"):
            yield from _account(row.get("accountId"), row.get("username"), row.get("accountDisplayName"))


def _from_old_style(export: Export) -> Iterator[tuple[str, str, str]]:
    for name in named(export, OLD_STYLE):
        for row in read_rows(export, name, ""):
            yield from _account(row.get("id"), row.get("screen_name"), row.get("full_name"))


def _from_renaming(export: Export) -> Iterator[tuple[str, str, str]]:
    for name in named(export, RENAMED):
        for row in read_rows(export, name, "screenNameChange"):
            change = row.get("screenNameChange")
            if isinstance(change, dict):
                yield from _account(row.get("accountId"), change.get("changedTo"), None)
                yield from _account(row.get("accountId"), change.get("changedFrom"), None)


def _account(id_: object, handle: object, name: object) -> Iterator[tuple[str, str, str]]:
    if _text(id_) or _text(handle):
        yield _text(id_), _text(handle), _text(name)


def _text(value: object) -> str:
    return str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def _begins(export: Export, pattern: re.Pattern[str], sign: bytes) -> bool:
    for name in named(export, pattern):
        try:
            with export.open(name) as stream:
                if sign in stream.read(_HEAD):
                    return True
        except ExportError:
            continue  # a broken file says nothing; what is wrong with it is told when it is read
    return False

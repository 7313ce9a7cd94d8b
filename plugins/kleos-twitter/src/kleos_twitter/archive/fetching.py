"""The files of an archive that tell of reactions received, as pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from kleos.contract import Context, Export, Owner, Page
from kleos.errors import ExportError, ParseError
from kleos_twitter.archive.naming import ACCOUNT, FOLLOWERS, LISTS, OLD_STYLE, TWEETS, named
from kleos_twitter.archive.owning import owners, read_manifest
from kleos_twitter.kinds import NETWORK
from kleos_twitter.times import from_microseconds, microseconds, moment

__all__ = ["ArchiveSettings", "fetch"]

_CREATED = re.compile(rb'"created_at"\s*:\s*"([^"\\]{20,40})"')
_CONTENTS: Mapping[str, re.Pattern[str]] = {"account": ACCOUNT, "tweets": TWEETS, "followers": FOLLOWERS, "lists": LISTS}
_DATA_TYPES = ("tweet", "tweets")


@frozen(kw_only=True)
class ArchiveSettings:
    """``[networks.twitter.archive]``"""

    path: tuple[Path, ...]
    """The zip as it was downloaded, the folder it was unpacked to, or a list of the parts of one split archive."""


def fetch(settings: ArchiveSettings, owner: Owner | None, context: Context) -> Iterator[Page]:
    """Yield the account, its posts, followers and list memberships.

    A file that is cut off gives what is whole of it. Raises `ExportError` for the first thing that is wrong, once all the rest is given.
    """
    export = context.open_export(settings.path)
    failures: list[ExportError] = []
    template = Page(network=NETWORK, source="archive", where=export.where, owner=owner, captured=None, body=b"")
    template = evolve(template, context={"account": _account(export, owner)}, captured=_generated(export))
    if template.captured is None:
        template = evolve(template, captured=_newest_post(export))
    names = [(content, name) for content, pattern in _CONTENTS.items() for name in named(export, pattern)]
    for done, (content, name) in enumerate(names):
        context.progress(done, len(names), "files")
        try:
            for number, body in enumerate(export.elements(name), 1):
                if context.stop.is_set():
                    return
                where = name if number == 1 else f"{name} (page {number})"
                yield evolve(template, where=where, body=body, context={**(template.context or {}), "content": content})
        except ExportError as error:
            failures.append(error)
    context.progress(len(names), len(names), "files")
    failures += _missing(export)
    if failures:
        more = f" (and {len(failures) - 1} more)" if len(failures) > 1 else ""
        raise ExportError(failures[0].message + more, where=failures[0].where, hint=failures[0].hint) from failures[0]


def _account(export: Export, owner: Owner | None) -> str:
    """Return the account that the archive is of; raises `ExportError` where it is of several."""
    try:
        found = owners(export)
    except ParseError:
        found = ()
    if len(found) > 1:
        raise ExportError(
            f"expected the archive of one account, found those of {', '.join(one.account for one in found)}",
            where=export.where,
            hint="give each archive a path of its own",
        )
    own = found[0].account if found else ""
    return own or (owner.account if owner else "")


def _generated(export: Export) -> datetime | None:
    try:
        info = read_manifest(export).get("archiveInfo")
    except (ExportError, ParseError):
        return None
    return moment(info.get("generationDate")) if isinstance(info, dict) else None


def _newest_post(export: Export) -> datetime | None:
    """Return the newest time of a post: an archive without a manifest was made no earlier."""
    newest: int | None = None
    for name in named(export, TWEETS):
        try:
            for body in export.elements(name):
                texts = [text.decode("ascii", "replace") for text in _CREATED.findall(body)]
                newest = max((time for time in (newest, *microseconds(texts)) if time is not None), default=None)
        except ExportError:
            continue  # told when the file is read
    return None if newest is None else from_microseconds(newest)


def _missing(export: Export) -> Sequence[ExportError]:
    """Return what the archive should hold and does not."""
    if not named(export, TWEETS):
        if named(export, OLD_STYLE):
            return [
                ExportError(
                    "is an archive of the kind made until 2018, which holds posts but no reactions to them",
                    where=export.where,
                    hint="download a new archive from x.com",
                )
            ]
        return [ExportError("expected data/tweets.js, found no such file", where=export.where, hint=_PARTS)]
    gone = [name for name in _listed(export) if not export.find(name)]
    return [ExportError(f"the manifest names {name}, which is not here", where=export.where, hint=_PARTS) for name in gone]


def _listed(export: Export) -> Iterator[str]:
    try:
        types = read_manifest(export).get("dataTypes")
    except (ExportError, ParseError):
        return
    for name, entry in types.items() if isinstance(types, dict) else ():
        files: Any = entry.get("files") if name in _DATA_TYPES and isinstance(entry, dict) else None
        for file in files if isinstance(files, list) else ():
            if isinstance(file, dict) and isinstance(file.get("fileName"), str):
                yield file["fileName"]


_PARTS = 'give all parts of a split archive as one list: archive = { path = ["part-1.zip", "part-2.zip"] }'

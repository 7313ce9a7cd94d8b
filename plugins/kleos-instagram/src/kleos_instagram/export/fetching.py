"""The files of an export that tell of reactions received, as pages of at most some megabytes, whatever their size."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from attrs import Attribute, field, frozen

from kleos.contract import Context, Export, Owner, Page
from kleos.errors import ExportError
from kleos_instagram.export.owning import named_day, owner_of
from kleos_instagram.export.sorting import Content, File, is_web_page, sorted_files
from kleos_instagram.export.splitting import split_wrapped
from kleos_instagram.export.words import COUNTED
from kleos_instagram.kinds import NETWORK
from kleos_instagram.values import BAD, from_microseconds, seconds

__all__ = ["ExportSettings", "fetch"]

_SIZE = 4 << 20
_BLOCK = 1 << 20
_LONGEST_TIME = 64
_TIME = re.compile(rb'"(?:creation_)?timestamp"\s*:\s*(\d{9,13})(?!\d)')
_READ: tuple[Content, ...] = ("insights", "followers", "requests")


def _kinds(instance: Any, attribute: Attribute[Any], value: Mapping[str, str]) -> None:
    for label, kind in value.items():
        if kind not in COUNTED:
            raise ValueError(f"{label!r}: expected what it counts, one of {', '.join(COUNTED)}, found {kind!r}")


@frozen(kw_only=True)
class ExportSettings:
    """``[networks.instagram.export]``"""

    path: tuple[Path, ...]
    """The zip as it was downloaded, the folder it was unpacked to, or a list of the parts of one split export."""
    labels: Mapping[str, str] = field(factory=dict, validator=_kinds)
    """What the numbers of an export in a language that is not known yet count: { "Polubienia" = "like" }."""


def fetch(settings: ExportSettings, owner: Owner | None, context: Context) -> Iterator[Page]:
    """Yield the counts of each post, then followers and follow requests.

    A file that is cut off gives what is whole of it. Raises `ExportError` for the first thing that is wrong, once all the rest is given.
    """
    export = context.open_export(settings.path)
    files = sorted_files(export)
    read = [file for content in _READ for file in files if file.content == content]
    if not read:
        raise _nothing(export)
    captured = named_day(export) or _newest(export, read)
    said = owner_of(export, files)
    told = {"account": said.account or (owner.account if owner else ""), "labels": dict(settings.labels)}
    failures: list[ExportError] = []
    for done, file in enumerate(read):
        context.progress(done, len(read), "files")
        try:
            for number, body in enumerate(_pieces(export, file), 1):
                if context.stop.is_set():
                    return
                yield Page(
                    network=NETWORK,
                    source="export",
                    where=file.name if number == 1 else f"{file.name} (page {number})",
                    owner=owner,
                    captured=captured,
                    body=body,
                    context={**told, "content": file.content, "file": file.name.rpartition("/")[2]},
                )
        except ExportError as error:
            failures.append(error)
    context.progress(len(read), len(read), "files")
    if not any(file.content == "insights" for file in read):
        failures.append(_no_counts(export))
    if failures:
        more = f" (and {len(failures) - 1} more)" if len(failures) > 1 else ""
        raise ExportError(failures[0].message + more, where=failures[0].where, hint=failures[0].hint)


def _pieces(export: Export, file: File) -> Iterator[bytes]:
    if not file.wrapped:
        yield from export.elements(file.name)
        return
    with export.open(file.name) as stream:
        yield from split_wrapped(stream, f"{export.where}: {file.name}", _SIZE)


def _newest(export: Export, files: Sequence[File]) -> datetime | None:
    """Return the newest time in the files: an export whose name does not say when it was made was made no earlier."""
    newest = 0
    for file in files:
        try:
            with export.open(file.name) as stream:
                before = b""
                while block := stream.read(_BLOCK):
                    found = (seconds(int(time)) for time in _TIME.findall(before + block))
                    newest = max([newest, *(time for time in found if time is not None and time != BAD)])
                    before = block[-_LONGEST_TIME:]
        except ExportError:
            continue  # told when it is read
    return from_microseconds(newest or None)


def _nothing(export: Export) -> ExportError:
    if is_web_page(export):
        found, hint = "one of web pages", 'ask Instagram for it once more, and choose "JSON" as the format'
    else:
        found, hint = "no file of followers or insights", "download your information once more, with all of it or these two parts"
    return ExportError(f"expected an export of Instagram as JSON, found {found}", where=export.where, hint=hint)


def _no_counts(export: Export) -> ExportError:
    return ExportError(
        "the export tells who follows, but of no reaction: it has no insights, which only professional accounts get",
        where=export.where,
        hint="if yours is one, ask for the export with all of your information, or use the source api; else leave this export out",
    )

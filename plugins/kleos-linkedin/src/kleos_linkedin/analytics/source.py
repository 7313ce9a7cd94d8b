"""The source `analytics`: from workbooks to pages, and from those to running totals."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from io import BytesIO
from pathlib import Path

from attrs import frozen

from kleos.contract import Context, Export, Flaw, Owner, Page, Row, Source, Tally
from kleos.errors import ExportError, ParseError
from kleos_linkedin.analytics.posts import Count, read_posts
from kleos_linkedin.analytics.workbook import MOST_BYTES, check, need_library
from kleos_linkedin.kinds import NETWORK

__all__ = ["ANALYTICS", "AnalyticsSettings"]

_SOURCE = "analytics"
_SUFFIXES = (".xlsx", ".xls")
_MEMBER = re.compile(
    r"(?:AggregateAnalytics_(?P<name>[^/]+?)|Content)_\d{4}-\d\d-\d\d_(?P<until>\d{4}-\d\d-\d\d)(?:_(?P<older>[^/]+?))?(?: ?\(\d+\))?\.xlsx"
)
_PAGE = re.compile(r"_content_(?P<made>1[0-9]{12})(?: ?\(\d+\))?\.xlsx?")
_MOST_LOOKED_AT = 50
_LOOK_BYTES = 1 << 18
_MARKS = (b"linkedin.com/feed/update/", b"linkedin.com/posts/")


@frozen(kw_only=True)
class AnalyticsSettings:
    """``[networks.linkedin.analytics]``"""

    path: Path | tuple[Path, ...]
    """A workbook, a folder or zip of workbooks, or a list of them."""
    captured: datetime | None = None
    """When they were downloaded, where neither their names nor their sheets tell."""


def recognise(export: Export) -> float:
    """Tell how sure it is that these are workbooks of LinkedIn's, by names or by addresses of posts in them, whatever the language.

    Little where there is more beside them, or they are of several accounts: then each is better looked at alone.
    """
    sure = 0.0
    for name in [name for name in export.names if name.lower().endswith(".xlsx")][:_MOST_LOOKED_AT]:
        sure = max(sure, 1.0 if _has_posts(export, name) else 0.9 if _MEMBER.search(name) or _PAGE.search(name) else 0.0)
        if sure == 1.0:
            break
    alone = all(name.lower().endswith(_SUFFIXES) for name in export.names)
    whose = {(match["name"] or match["older"]) if (match := _MEMBER.search(name)) else None for name in export.names}
    return sure if alone and len(whose) == 1 else min(sure, 0.3)


def owners(export: Export) -> Sequence[Owner]:
    """Return the name in a member's file names: nothing inside of a workbook says whose it is."""
    found = [match for name in export.names if (match := _MEMBER.search(name))]
    names = dict.fromkeys(" ".join((match["name"] or match["older"] or "").split()) for match in found)
    names.pop("", None)
    return (Owner(names=names),) if names else ()


def fetch(settings: AnalyticsSettings, owner: Owner | None, context: Context) -> Iterator[Page]:
    """Yield each workbook as a page.

    Raises `FetchError` without the library that reads them, and `ExportError` where there is no workbook, or none of them has posts.
    """
    need_library()
    export = context.open_export(settings.path)
    names = [name for name in export.names if name.lower().endswith(_SUFFIXES)]
    if not names:
        raise ExportError("expected a workbook (xlsx), found none", where=export.where, hint="give the file as LinkedIn made it")
    posts = False
    for done, name in enumerate(names, 1):
        body = _read(export, name)
        posts = posts or _holds_posts(body)
        where = export.where if len(export.names) == 1 else f"{export.where}: {name}"
        made = settings.captured or _made(name)
        yield Page(network=NETWORK, source=_SOURCE, where=where, owner=owner, captured=made, body=body)
        context.progress(done, len(names), "workbooks")
        if context.stop.is_set():
            return
    if not posts:
        raise ExportError(
            "no workbook here has a table of posts",
            where=export.where,
            hint='export the analytics of your content: the sheet "TOP POSTS" has what counts, the others have sums over all posts',
        )


def parse(page: Page) -> Iterator[Row]:
    """Yield a `Tally` for every post and count. Raises `ParseError` for what is no workbook, and for a page without an owner."""
    subject = page.owner.account if page.owner else ""
    if not subject:
        raise ParseError("expected the owner of the workbook, found nobody", where=page.where)
    try:
        found = read_posts(page.body)
    except ParseError as error:
        raise ParseError(error.message, where=page.where, hint=error.hint) from None
    for sheet in found.unknown:
        yield Flaw(
            where=f"{page.where}: {sheet}", reason="columns in a language that is not known: set LinkedIn to English, and export again"
        )
    captured = page.captured or found.until
    if captured is None:
        if found.counts:
            yield Flaw(where=page.where, reason="nothing says when the counts were taken: give the key captured")
        return
    largest: dict[tuple[str, str], Count] = {}
    for count in found.counts:
        if count.total is None:
            yield Flaw(where=f"{page.where}: {count.where}", reason="expected a count, found something else")
        elif count.total >= (largest.get((count.kind, count.post), count).total or 0):
            largest[count.kind, count.post] = count
    for (kind, post), count in largest.items():
        total = count.total or 0
        yield Tally(network=NETWORK, kind=kind, subject=subject, item=post, total=total, captured=captured, item_time=count.posted)


def _read(export: Export, name: str) -> bytes:
    with export.open(name) as stream:
        body = stream.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise ExportError("expected a workbook of some hundred kB, found one of more than 16 MB", where=f"{export.where}: {name}")
    return body


def _holds_posts(body: bytes) -> bool:
    """Tell whether a workbook has posts, or cannot be read: the parser says why."""
    try:
        found = read_posts(body)
    except ParseError:
        return True
    return bool(found.counts or found.unknown)


def _has_posts(export: Export, name: str) -> bool:
    """Look into the beginnings of a workbook's parts, without the library."""
    try:
        body = _read(export, name)
        check(body)
        with zipfile.ZipFile(BytesIO(body)) as archive:
            for part in archive.namelist():
                if part.endswith(("sharedStrings.xml", ".xml.rels")) or "/worksheets/" in part:
                    with archive.open(part) as stream:
                        start = stream.read(_LOOK_BYTES)
                    if any(mark in start for mark in _MARKS):
                        return True
    except (ExportError, ParseError):
        return False
    except Exception:  # zipfile and zlib raise a dozen kinds on broken bytes
        return False
    return False


def _made(name: str) -> datetime | None:
    """Return when a workbook was made, as far as its name tells: the end of its last day, or the moment."""
    member, page = _MEMBER.search(name), _PAGE.search(name)
    try:
        if member:
            return datetime.combine(date.fromisoformat(member["until"]), time(23, 59, 59, tzinfo=UTC))
        return datetime.fromtimestamp(int(page["made"]) / 1000, UTC) if page else None
    except (ValueError, OverflowError):
        return None


ANALYTICS = Source(
    name=_SOURCE,
    title="Analytics of a member's or a page's posts (xlsx)",
    settings=AnalyticsSettings,
    recognise=recognise,
    owners=owners,
    fetch=fetch,
    parse=parse,
)

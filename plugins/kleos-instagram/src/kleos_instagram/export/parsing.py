"""From the rows of an export to the reactions received. What the owner did (likes and comments given) is in none of these files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import unquote

from kleos.contract import Batch, Flaw, Page, Row, Tally, account_key
from kleos.errors import ParseError
from kleos_instagram.export.shapes import Entry, Relation, elements
from kleos_instagram.export.words import COUNTED, LABELS, plain
from kleos_instagram.kinds import FOLLOW, FOLLOW_REQUEST, NETWORK
from kleos_instagram.values import BAD, HANDLE, count, from_microseconds, repaired, seconds, text

__all__ = ["parse"]

# …/17940060624158613.jpg, …/56560768_1970692303053594_6309902514592175656_n_18025938001189213.jpg
_MEDIA = re.compile(r"(?:.*/)?(?:[^/]*_)?(\d{15,20})\.\w+")
_ADDRESS = re.compile(r"https?://(?:www\.)?instagram\.com/(?:_u/)?([^/?#\s]+)/?(?:[?#].*)?", re.IGNORECASE)


def parse(page: Page) -> Iterator[Row]:
    """Yield a `Tally` per post and kind, or followers and follow requests as a `Batch`; what cannot be read is a `Flaw`.

    ``context`` says what the page holds (``content``), of whom (``account``), and what further labels mean (``labels``).
    Raises `ParseError` for a page that is no JSON array.
    """
    context = page.context or {}
    readers: Mapping[object, Callable[[Page, str], Iterator[Row]]] = {"insights": _insights, "followers": _people, "requests": _people}
    content = context.get("content")
    reader = readers.get(content) if isinstance(content, str) else None
    if reader is None:
        raise ParseError("expected a page that says what it holds (insights, followers, requests)", where=page.where)
    account = text(context.get("account")) or (page.owner.account if page.owner else "")
    if not account:
        raise ParseError("nothing says whose export it is", where=page.where)
    return reader(page, account)


def _insights(page: Page, subject: str) -> Iterator[Row]:
    told = (page.context or {}).get("labels")
    taught = {plain(label): kind for label, kind in told.items() if kind in COUNTED} if isinstance(told, dict) else {}
    kinds = {**LABELS, **taught}
    strange: dict[str, None] = {}
    known = False
    for number, entry in enumerate(elements(page.body, Entry, page.where), 1):
        where = f"{page.where}: row {number}"
        if entry is None:
            yield Flaw(where=where, reason="expected a post with its counts, found something else")
            continue
        item_time = next((time for time in map(seconds, entry.times()) if time is not None and time != BAD), None)
        item = _item(entry, item_time)
        totals: dict[str, int] = {}
        for label, value in entry.labelled():
            total = count(value)
            kind = kinds.get(plain(label))
            if kind is None:
                if total is not None and total != BAD:
                    strange[repaired(label)] = None
                continue
            known = True
            if total == BAD:
                yield Flaw(where=where, reason=f"the number of the kind {kind} was left out: expected a whole number of at least 0")
            elif total is not None:
                # Impressions and plays are both views: the larger one has the other in it.
                totals[kind] = max(total, totals.get(kind, 0))
        if item is None:
            yield Flaw(where=where, reason="a post without a picture's name and without a time: its counts were left out")
        elif page.captured is None:
            yield Flaw(where=where, reason="nothing says when the counts were taken: they are left out")
        else:
            published = from_microseconds(item_time)
            for kind, total in totals.items():
                yield Tally(
                    network=NETWORK, kind=kind, subject=subject, item=item, total=total, captured=page.captured, item_time=published
                )
    if strange and not known:
        yield Flaw(
            where=f"{page.where}: {', '.join(strange)}"[:500],
            reason="these labels are of a language that is not known: say under `labels` of this export which of them count what",
        )


def _item(entry: Entry, time: int | None) -> str | None:
    """Return what a post is known by: the id in its picture's name, which is the API's, else when it was published, else the name."""
    pictures = list(entry.pictures())
    media = next((match[1] for uri in pictures if (match := _MEDIA.fullmatch(uri))), None)
    published = None if time is None else f"{from_microseconds(time):%Y-%m-%dT%H:%M:%SZ}"
    return media or text(entry.fbid) or published or next(iter(pictures), None)


def _people(page: Page, subject: str) -> Iterator[Row]:
    kind = FOLLOW if (page.context or {}).get("content") == "followers" else FOLLOW_REQUEST
    actors: list[str] = []
    times: list[int | None] = []
    own = account_key(subject)
    for number, row in enumerate(elements(page.body, Relation, page.where), 1):
        handle = None if row is None else _handle(row)
        if row is None or handle is None:
            yield Flaw(where=f"{page.where}: row {number}", reason="expected an account with its user name, found none")
            continue
        if account_key(handle) == own:
            continue
        time = seconds(row.string_list_data[0].timestamp) if row.string_list_data else None
        if time == BAD:
            yield Flaw(where=f"{page.where}: row {number}", reason="expected a time from 2010 on, found another")
        actors.append(handle)
        times.append(None if time == BAD else time)
    if actors:
        size = len(actors)
        yield Batch(network=NETWORK, kind=[kind] * size, subject=[subject] * size, actor=actors, time=times)


def _handle(row: Relation) -> str | None:
    """Return the user name: the value, else the title (as newer exports have it), else the last part of the address."""
    for written in _written(row):
        if HANDLE.fullmatch(written):
            return written
    return None


def _written(row: Relation) -> Iterator[str]:
    for link in row.string_list_data:
        yield (link.value or "").strip()
    yield (row.title or "").strip()
    for link in row.string_list_data:
        address = _ADDRESS.fullmatch(link.href or "")
        if address is not None:
            yield unquote(address[1])

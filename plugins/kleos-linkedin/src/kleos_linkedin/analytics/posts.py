"""The tables of posts in a workbook, found by the posts' addresses: names of sheets and columns are in the account's language.

A member's workbook has two side by side on one sheet (``TOP POSTS`` in English): address, date and engagements in the columns A to C,
address, date and impressions in E to G. A page's has one, with many counts in a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from attrs import field, frozen, mutable

from kleos_linkedin.accounts import post_of, posted_at
from kleos_linkedin.analytics.workbook import Row, sheets
from kleos_linkedin.dates import DAY_FIRST, MONTH_FIRST, Votes, moment
from kleos_linkedin.kinds import COMMENT, ENGAGEMENT, IMPRESSION, REACTION, REPOST

__all__ = ["Count", "Found", "read_posts"]

_KINDS: Mapping[str, str] = {
    "engagements": ENGAGEMENT,
    "impressions": IMPRESSION,
    "reactions": REACTION,
    "likes": REACTION,
    "comments": COMMENT,
    "reposts": REPOST,
    "shares": REPOST,
}
_DATES = ("post publish date", "created date")
_BY_PLACE = {0: ENGAGEMENT, 4: IMPRESSION}
"""What a member's table counts, by the column of its addresses; date and count stand right of them."""

_PERIOD = re.compile(r"\s*([0-9][0-9./-]{5,9})\s*[-–—]\s*([0-9][0-9./-]{5,9})\s*")
_PERIOD_ROWS = 5
_WHOLE = re.compile(r"[0-9]{1,12}|[0-9]{1,3}(?:[.,'’\s][0-9]{3}){1,3}")
_MISSING = ("", "-", "--", "–", "n/a")
_LARGEST = 10**12
_NEAR = timedelta(hours=36)
_END_OF_DAY = time(23, 59, 59, tzinfo=UTC)


@frozen
class Count:
    """How many reactions of a kind a post has drawn."""

    kind: str
    post: str
    total: int | None
    """None for a cell that holds no count."""
    posted: datetime | None
    where: str


@frozen
class Found:
    """What a workbook holds."""

    counts: Sequence[Count]
    unknown: Sequence[str]
    """Sheets with posts whose columns mean nothing to this parser."""
    until: datetime | None
    """The end of the period that the workbook says it is about."""


@mutable
class _Block:
    """A table of posts."""

    address: int
    """The column of its addresses."""
    dates: int | None
    counted: Mapping[int, str]
    """What is counted, by column."""
    posts: list[tuple[int, str, Row]] = field(factory=list)
    """The number of the row, the post, the row."""


def read_posts(body: bytes) -> Found:
    """Return the posts of a workbook with their counts. Raises `ParseError` for what is no workbook."""
    tables: list[tuple[str, _Block]] = []
    unknown: list[str] = []
    periods: list[tuple[str, str]] = []
    for name, rows in sheets(body):
        blocks = _blocks(rows, periods)
        tables += [(name, block) for block in blocks if block.counted]
        unknown += [name] if blocks and not any(block.counted for block in blocks) else []
    votes = Votes()
    for period in periods:
        votes.look(period)
    for _, block in tables:
        for _, post, row in block.posts:
            written, made = _cell(row, block.dates), posted_at(post)
            if isinstance(written, str):
                votes.look((written,))
                if made is not None:
                    votes.compare(written, made)
    counts = [count for name, block in tables for count in _counts(name, block, votes.order)]
    return Found(counts, unknown, _until(periods, votes.order))


def _blocks(rows: Sequence[Row], periods: list[tuple[str, str]]) -> list[_Block]:
    """Return the tables of a sheet, and note the periods that its first rows tell."""
    blocks: list[_Block] = []
    before: Row = ()
    for number, row in enumerate(rows, 1):
        if number <= _PERIOD_ROWS:
            periods += [(found[1], found[2]) for cell in row if isinstance(cell, str) and (found := _PERIOD.fullmatch(cell))]
        posts = {column: post for column, cell in enumerate(row) if (post := post_of(cell)) is not None}
        for column, post in posts.items():
            block = next((block for block in blocks if block.address == column), None)
            if block is None:
                block = _block(column, before)
                blocks.append(block)
            block.posts.append((number, post, row))
        if not posts and any(isinstance(cell, str) and cell.strip() for cell in row):
            before = row
    return blocks


def _block(address: int, header: Row) -> _Block:
    """Return an empty table whose addresses are in a column, with the columns that its header names, else those where they always are."""
    names = [" ".join(cell.split()).casefold() if isinstance(cell, str) else "" for cell in header]
    own = names[address] if address < len(names) else ""
    # The next address begins another table.
    end = names.index(own, address + 1) if own and own in names[address + 1 :] else len(names)
    start = 0 if names[:address].count(own) == 0 else address
    places = [place for place in range(start, end) if place != address]
    counted = {place: _KINDS[names[place]] for place in places if names[place] in _KINDS}
    dates = next((place for place in places if names[place] in _DATES), None)
    if address in _BY_PLACE:
        dates = address + 1 if dates is None else dates
        counted = counted or {address + 2: _BY_PLACE[address]}
    return _Block(address, dates, counted)


def _counts(sheet: str, block: _Block, order: str) -> Iterator[Count]:
    for number, post, row in block.posts:
        posted = _posted(post, _cell(row, block.dates), order)
        for column, kind in block.counted.items():
            cell = _cell(row, column)
            if not _is_missing(cell):
                yield Count(kind, post, _total(cell), posted, f"{sheet}: row {number}")


def _posted(post: str, written: object, order: str) -> datetime | None:
    """Return when a post was made: to the millisecond, where its number agrees with the date."""
    made = posted_at(post)
    if isinstance(written, datetime):
        day: datetime | None = written if written.tzinfo else written.replace(tzinfo=UTC)
    elif isinstance(written, date):
        day = datetime(written.year, written.month, written.day, tzinfo=UTC)
    else:
        day = moment(written, order) if isinstance(written, str) else None
    return made if day is None or (made is not None and abs(made - day) <= _NEAR) else day


def _until(periods: Sequence[tuple[str, str]], order: str) -> datetime | None:
    """Return the end of the last day of the periods that are told."""
    ends = []
    for start, end in periods:
        for way in (order, DAY_FIRST if order == MONTH_FIRST else MONTH_FIRST):
            first, last = moment(start, way), moment(end, way)
            if first is not None and last is not None and first <= last:
                ends.append(datetime.combine(last.date(), _END_OF_DAY))
                break
    return max(ends, default=None)


def _cell(row: Row, column: int | None) -> Any:
    return row[column] if column is not None and column < len(row) else None


def _is_missing(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and cell.strip().casefold() in _MISSING)


def _total(cell: object) -> int | None:
    """Return a count, whether it is a number or a text with signs between thousands; None for anything else."""
    if isinstance(cell, str):
        text = cell.strip()
        cell = int(re.sub(r"[^0-9]", "", text)) if _WHOLE.fullmatch(text) else None
    # Compared before it is converted: infinity has no int, and NaN fails every comparison.
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not 0 <= cell <= _LARGEST or cell != int(cell):
        return None
    return int(cell)

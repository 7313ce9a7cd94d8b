"""Which of an archive's files hold what, in archives of every age, and how the small ones are read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from kleos.contract import Export
from kleos.errors import ParseError

__all__ = [
    "ACCOUNT",
    "FOLLOWERS",
    "LISTS",
    "MANIFEST",
    "OLD_STYLE",
    "RENAMED",
    "TWEETS",
    "damaged",
    "json_of",
    "named",
    "read_rows",
    "value_of",
]

# 2018 to 2021: tweet.js; since 2022: tweets.js; large ones go on as tweets-part1.js. Community posts (community-tweet.js) are other files.
TWEETS = re.compile(r"(?:.*/)?tweets?(?:[-_]part\d+)?\.js")
FOLLOWERS = re.compile(r"(?:.*/)?follower(?:[-_]part\d+)?\.js")
LISTS = re.compile(r"(?:.*/)?lists-member(?:[-_]part\d+)?\.js")
MANIFEST = re.compile(r"(?:.*/)?manifest\.js")
ACCOUNT = re.compile(r"(?:.*/)?account\.js")
RENAMED = re.compile(r"(?:.*/)?screen-name-change\.js")
OLD_STYLE = re.compile(r"(?:.*/)?user_details\.js")
"""Only in archives made before 2018, which hold no counts."""


def named(export: Export, pattern: re.Pattern[str]) -> Sequence[str]:
    """Return the names that match; the viewer's own files (``assets/``) are left out."""
    return [name for name in export.names if pattern.fullmatch(name) and "assets" not in name.split("/")[:-1]]


def json_of(text: bytes) -> bytes:
    """Return what follows ``window.YTD.<name>.part0 =``, or the text itself where it begins as JSON."""
    start = text.lstrip(b"\xef\xbb\xbf \t\r\n")
    return start if start[:1] in (b"[", b"{") else start.partition(b"=")[2]


def value_of(text: bytes, where: str) -> Any:
    """Return the JSON value of a small file. Raises `ParseError`."""
    try:
        return msgspec.json.decode(json_of(text))
    except (ValueError, RecursionError) as error:
        raise damaged(error, where) from error


def damaged(error: Exception, where: str) -> ParseError:
    """Return the error for a file whose JSON cannot be read."""
    detail = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
    return ParseError(
        f"expected JSON after window.YTD… =, found something else ({detail})",
        where=where,
        hint="the file is damaged: unpack the archive again, or download it again",
    )


def read_rows(export: Export, name: str, key: str) -> list[dict[str, Any]]:
    """Return the objects of a small file, freed of the wrapper `key` that each row has. Raises `ParseError`, `ExportError`."""
    value = value_of(export.read(name), name)
    rows = value if isinstance(value, list) else [value]
    inner = [row.get(key, row) for row in rows if isinstance(row, dict)]
    return [row for row in inner if isinstance(row, dict)]

"""Which kind of dump a file is, from how it begins."""

from __future__ import annotations

import re
from typing import Literal

from kleos_youtube.dumps.records import comments_in

__all__ = ["Shape", "shape_of"]

Shape = Literal["answer", "comments", "info", "lines"]
"""An answer of the Data API v3, an array of comments, an object that has one (yt-dlp's info.json), or one comment a line."""

_ANSWER = re.compile(rb'"kind"\s*:\s*"youtube#[A-Za-z]+ListResponse"')
_COMMENT = re.compile(rb'"(?:cid|author_id)"\s*:')
_YOUTUBE = re.compile(rb"ytimg\.com|googlevideo\.com|youtube\.com|\"comments\"\s*:\s*\[|\"channel_id\"\s*:", re.IGNORECASE)
_FIRST = 4096
"""Bytes within which an answer says what it is."""


def shape_of(head: bytes, name: str) -> Shape | None:
    """Return the shape of a file, None for one that is no dump; `head` is how it begins, 64 kB are plenty."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] == b"[":
        return "comments" if _COMMENT.search(start) else None
    if start[:1] != b"{":
        return None
    if _ANSWER.search(start[:_FIRST]):
        return "answer"
    if _is_comment(start.partition(b"\n")[0]):
        return "lines"
    return "info" if _YOUTUBE.search(start) and (b'"comments"' in start or name.lower().endswith((".info.json", ".info.json.gz"))) else None


def _is_comment(line: bytes) -> bool:
    return any(comment is not None and comment.cid for comment in comments_in(line, "", lines=True))

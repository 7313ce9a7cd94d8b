"""Which file of an export holds what. Files and folders have had other names and places, so the first key in a file tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from attrs import frozen

from kleos.contract import Export
from kleos.errors import ExportError

__all__ = ["Content", "File", "is_web_page", "recognise", "sorted_files", "start"]

Content = Literal["insights", "followers", "requests", "person", "changes"]

_LOOKED_AT = 2000
_HEAD = 4096
_MOST = 4 << 20

# Chats can be thousands of files, and nothing in them is read.
_PRIVATE = re.compile(r"(?:.*/)?(?:messages/|inbox/|message_\d+\.json)", re.IGNORECASE)
_KEY = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"([a-z_]{3,80})"\s*:\s*\[')
_LIST = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[\s*[{\]]")
_KEYS: tuple[tuple[re.Pattern[bytes], Content], ...] = (
    (re.compile(rb"organic_insights_(?:posts|reels|stories|live\w*|videos|igtv)"), "insights"),
    (re.compile(rb"relationships_followers"), "followers"),
    (re.compile(rb"relationships_follow_requests_received"), "requests"),
    (re.compile(rb"profile_user"), "person"),
    (re.compile(rb"profile_profile_change"), "changes"),
)
# A list without a key says nothing of itself. The same name in the folder of Threads is of another network.
_FOLLOWERS = re.compile(r"(?:.*/)?(?:followers_and_following/)?followers(?:_\d+)?\.json", re.IGNORECASE)
_THREADS = re.compile(r"(?:.*/)?threads/[^/]*", re.IGNORECASE)
_INSIGHTS = re.compile(r"(?:.*/)?past_instagram_insights/(?:posts|reels|stories)\.json", re.IGNORECASE)
_WEB_PAGE = re.compile(
    r"(?:.*/)?(?:followers_and_following/followers(?:_\d+)?|past_instagram_insights/\w+|instagram_profile_information)\.html", re.IGNORECASE
)


@frozen
class File:
    """A file that is read."""

    name: str
    content: Content
    wrapped: bool
    """Whether its list stands below a key, as ``{"relationships_followers": […]}``."""


def recognise(export: Export) -> float:
    """Tell how sure it is that this is an export of Instagram, in any language."""
    found = {file.content for file in sorted_files(export)}
    if found & {"insights", "requests", "person", "changes"}:
        return 1.0
    if found:
        return 0.9
    return 0.6 if is_web_page(export) else 0.0


def is_web_page(export: Export) -> bool:
    """Tell whether it is an export as web pages, which is what Instagram gives unless one asks for JSON."""
    return any(_WEB_PAGE.fullmatch(name) for name in export.names)


def sorted_files(export: Export) -> Sequence[File]:
    """Return the files that tell of reactions or of the owner, sorted by name."""
    return tuple(_files(export))


def start(export: Export, name: str) -> bytes:
    """Return the first megabytes of a file; raises `ExportError`."""
    with export.open(name) as stream:
        return stream.read(_MOST)


def _files(export: Export) -> Iterator[File]:
    names = [name for name in export.names if name.lower().endswith(".json") and not _PRIVATE.match(name)]
    for name in names[:_LOOKED_AT]:
        try:
            with export.open(name) as stream:
                head = stream.read(_HEAD)
        except ExportError:
            continue
        key = _KEY.match(head)
        if key is not None:
            content = next((content for pattern, content in _KEYS if pattern.fullmatch(key[1])), None)
            if content is not None:
                yield File(name, content, wrapped=True)
        elif _LIST.match(head) and _FOLLOWERS.fullmatch(name) and not _THREADS.fullmatch(name):
            yield File(name, "followers", wrapped=False)
        elif _LIST.match(head) and _INSIGHTS.fullmatch(name):
            yield File(name, "insights", wrapped=False)

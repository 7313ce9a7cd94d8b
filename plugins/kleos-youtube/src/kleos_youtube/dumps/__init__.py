"""Comments that a program has saved: yt-dlp, youtube-comment-downloader, or the answers of the API themselves."""

from __future__ import annotations

from kleos.contract import Source
from kleos_youtube.dumps.fetching import Comments, fetch, recognise
from kleos_youtube.dumps.parsing import parse

__all__ = ["COMMENTS"]

COMMENTS = Source(
    name="comments",
    title="dumps of comments (yt-dlp, youtube-comment-downloader, saved answers of the API)",
    settings=Comments,
    fetch=fetch,
    parse=parse,
    recognise=recognise,
    owned=False,
)

"""Dumps of comments as pages of at most some megabytes, whatever their size."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from attrs import Attribute, field, frozen

from kleos.contract import Context, Export, Owner, Page
from kleos.errors import ExportError, ParseError
from kleos_youtube.dumps.parsing import About, about, author_of, parent_of
from kleos_youtube.dumps.records import Info, comments_in, info_in
from kleos_youtube.dumps.shapes import Shape, shape_of
from kleos_youtube.dumps.splitting import outline, split_comments
from kleos_youtube.kinds import NETWORK
from kleos_youtube.values import CHANNEL

__all__ = ["Comments", "fetch", "recognise"]

_VIDEO = re.compile(r"(?=.*[A-Z0-9])[A-Za-z0-9_-]{11}")
"""The id of a video. Files are often called so; words of eleven small letters are not taken for one."""
_SUFFIXES = (".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz")
_HEAD = 1 << 16
_LOOKED_AT = 5
_WHOLE = 8 << 20
"""Bytes up to which a dump is one page."""
_MOST = 32 << 20
_PART = 4 << 20


def _is_channel(instance: Any, attribute: Attribute[Any], value: str | None) -> None:
    if value is not None and not CHANNEL.fullmatch(value):
        raise ValueError("expected a channel's id: UC and 22 more letters, digits, - and _")


@frozen(kw_only=True)
class Comments:
    """``[networks.youtube.comments]``"""

    path: tuple[Path, ...]
    """A dump, a folder or zip of dumps, or a list of them."""
    video: str | None = None
    """The id of the video, for dumps that do not say it: those of youtube-comment-downloader."""
    channel: str | None = field(default=None, validator=_is_channel)
    """The id of the channel whose video it is, for the same."""


def fetch(settings: Comments, owner: Owner | None, context: Context) -> Iterator[Page]:
    """Yield the dumps. Raises `ExportError` for the first that cannot be read or breaks off, once all others are given."""
    failures: list[ExportError] = []
    for path in settings.path:
        export = context.open_export(path)
        names = _names(export)
        if not names:
            failures.append(ExportError("expected dumps of comments (.json, .jsonl), found none", where=export.where))
        for done, name in enumerate(names):
            context.progress(done, len(names), "dumps")
            try:
                for page in _Dump(export, name, settings).pages():
                    if context.stop.is_set():
                        return
                    yield page
            except (ExportError, ParseError) as error:
                failures.append(ExportError(error.message, where=error.where or name, hint=error.hint))
        context.progress(len(names), len(names), "dumps")
    if failures:
        more = f" (and {len(failures) - 1} more dumps have problems)" if len(failures) > 1 else ""
        raise ExportError(failures[0].message + more, where=failures[0].where, hint=failures[0].hint) from failures[0]


def recognise(export: Export) -> float:
    """Tell how sure it is that these are dumps of comments, from how some of the files begin."""
    for name in _names(export)[:_LOOKED_AT]:
        try:
            if shape_of(_head(export, name), name) is not None:
                return 0.9
        except ExportError:
            continue
    return 0.0


def _names(export: Export) -> Sequence[str]:
    if len(export.names) == 1:
        return export.names
    # yt-dlp puts chats beside the info.json: they are no comments, and not read
    return [name for name in export.names if name.lower().endswith(_SUFFIXES) and not name.lower().endswith(".live_chat.json")]


def _head(export: Export, name: str) -> bytes:
    if name.lower().endswith(".gz"):
        return next(export.chunks(name), b"")[:_HEAD]
    with export.open(name) as stream:
        return stream.read(_HEAD)


class _Dump:
    """One file of an export."""

    def __init__(self, export: Export, name: str, settings: Comments) -> None:
        self.export = export
        self.name = name
        self.where = export.where if export.where.endswith(name) else f"{export.where}: {name}"
        stem = name.rpartition("/")[2].partition(".")[0]
        video = settings.video or (stem if _VIDEO.fullmatch(stem) else None)
        self.told = About(video=video, channel=settings.channel)

    def pages(self) -> Iterator[Page]:
        """Yield the pages of the file. Raises `ExportError` or `ParseError`, in the end for a file that breaks off."""
        shape = shape_of(_head(self.export, self.name), self.name)
        if shape is None:
            raise ExportError(
                "expected comments as yt-dlp, youtube-comment-downloader or the YouTube Data API write them, found something else",
                where=self.where,
                hint="leave the file out",
            )
        if shape == "answer":
            yield self._page(self._whole(), shape, self.told)
        elif shape == "info":
            yield from self._info()
        else:
            self._require(self.told)
            pieces = self.export.chunks(self.name) if shape == "lines" else self.export.elements(self.name)
            yield from self._pieces(pieces, shape, self.told)

    def _info(self) -> Iterator[Page]:
        packed = self.name.lower().endswith(".gz")
        body = self._whole() if packed else self._start()
        try:
            info = info_in(body, self.where)
        except ParseError:
            if packed:
                raise
            # Too large for one page, or cut off: what is whole of it can still be cut out.
            with self.export.open(self.name) as stream:
                body = outline(stream, self.where, _MOST)
            found = self._about(info_in(body, self.where))
            yield self._page(body, "info", found)
            with self.export.open(self.name) as stream:
                yield from self._pieces(split_comments(stream, self.where, _PART), "comments", found)
        else:
            self._about(info)
            yield self._page(body, "info", self.told)

    def _start(self) -> bytes:
        with self.export.open(self.name) as stream:
            return stream.read(_WHOLE + 1)

    def _about(self, info: Info) -> About:
        found = about(info, self.told)
        if info.kind in (None, "video"):
            # The info.json of a channel or a playlist has no comments, and tells of the channel all the same.
            self._require(found)
        return found

    def _pieces(self, pieces: Iterator[bytes], shape: Shape, found: About) -> Iterator[Page]:
        """Tell every page which comments that it answers are the owner's, on earlier pages."""
        own: set[str] = set()
        for body in pieces:
            comments = [comment for comment in comments_in(body, self.where, lines=shape == "lines") if comment is not None]
            answered = own & {parent_of(comment) for comment in comments}
            yield self._page(body, shape, found, sorted(answered))
            own.update(comment.cid or comment.id for comment in comments if author_of(comment, found) == found.channel)

    def _page(self, body: bytes, shape: Shape, found: About, answered: Sequence[str] = ()) -> Page:
        told = {"video": found.video, "channel": found.channel, "own": list(found.own), "captured": found.captured, "answered": answered}
        context = {"shape": shape, **{key: value for key, value in told.items() if value}}
        return Page(network=NETWORK, source="comments", where=self.where, owner=None, captured=None, body=body, context=context)

    def _whole(self) -> bytes:
        packed = self.name.lower().endswith(".gz")
        body = bytearray()
        if packed:
            for chunk in self.export.chunks(self.name):
                body += chunk
                if len(body) > _MOST:
                    break
        else:
            with self.export.open(self.name) as stream:
                body += stream.read(_MOST + 1)
        if len(body) > _MOST:
            hint = "unpack it (gunzip) and give it as it is then" if packed else "check that this is the file you mean"
            raise ExportError("is larger than can be read at once", where=self.where, hint=hint)
        return bytes(body)

    def _require(self, found: About) -> None:
        if found.channel is None or found.video is None:
            raise ExportError(
                "nothing in the dump says whose video it is about",
                where=self.where,
                hint='say it: comments = { path = "…", video = "the video\'s id", channel = "UC…" }',
            )

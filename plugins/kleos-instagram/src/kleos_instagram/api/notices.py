"""Saved webhook notifications: the only way in which Instagram tells in which captions and comments one was mentioned.

A file holds one notification a line, or a JSON array of them, as Meta posts them:
``{"object": "instagram", "entry": [{"id": "<account>", "changes": [{"field": "mentions", "value": {"media_id": …, "comment_id": …}}]}]}``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from kleos.contract import Context
from kleos.errors import ExportError

__all__ = ["mentioned_in"]


class _Value(msgspec.Struct):
    media_id: str | int | None = None
    comment_id: str | int | None = None


class _Change(msgspec.Struct):
    field: str = ""
    value: msgspec.Raw = msgspec.Raw(b"{}")


class _Entry(msgspec.Struct):
    id: str | int
    changes: list[_Change] = []


class _Notice(msgspec.Struct):
    entry: list[_Entry] = []


def mentioned_in(paths: Sequence[Path], context: Context) -> list[tuple[str, str, str]]:
    """Return (account's id, post, comment or empty) for each mention, in the order of the files; each once.

    Raises `ExportError` for a file that cannot be read, or holds something else.
    """
    found: dict[tuple[str, str, str], None] = {}
    for path in paths:
        export = context.open_export((path,))
        for name in export.names:
            for number, piece in enumerate(export.chunks(name), 1):
                for notice in _notices(piece, f"{export.where}: part {number}"):
                    found.update(dict.fromkeys(_mentions(notice)))
    return list(found)


def _notices(piece: bytes, where: str) -> Iterator[_Notice]:
    try:
        if piece.lstrip()[:1] == b"[":
            yield from msgspec.json.decode(piece, type=list[_Notice])
            return
        for line in piece.splitlines():
            if line.strip():
                yield msgspec.json.decode(line, type=_Notice)
    except (ValueError, RecursionError):
        raise ExportError(
            "expected notifications as Meta posts them, one a line or a JSON array, found something else",
            where=where,
            hint="save each notification's body as one line of the file, or correct mentions",
        ) from None


def _mentions(notice: _Notice) -> Iterator[tuple[str, str, str]]:
    for entry in notice.entry:
        for change in entry.changes:
            if change.field != "mentions":
                continue
            try:
                value = msgspec.json.decode(change.value, type=_Value)
            except (ValueError, RecursionError):
                continue
            media, comment = (str(part) if part and str(part).isdigit() else "" for part in (value.media_id, value.comment_id))
            if media or comment:
                yield str(entry.id), media, comment

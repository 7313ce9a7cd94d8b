"""Raw pages, kept only where the user asks for it: they name everybody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from attrs import asdict, fields

from kleos.contract import Page
from kleos.store.atomic import replacing

__all__ = ["keep_page"]


def keep_page(folder: Path, number: int, page: Page) -> None:
    """Write a page as ``<number>.body``, and beside it, as ``<number>.json``, all else that its parser was given."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    told = asdict(page, filter=lambda attribute, _: attribute != fields(Page).body, value_serializer=_plain)
    with replacing(folder / f"{number:06d}.body") as temporary:
        temporary.write_bytes(page.body)
    with replacing(folder / f"{number:06d}.json") as temporary:
        temporary.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def _plain(instance: Any, attribute: Any, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return dict(value) if isinstance(value, Mapping) else value

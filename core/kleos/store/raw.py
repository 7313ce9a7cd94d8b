"""Raw pages, kept only where the user asks for it: they name everybody."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from attrs import asdict, fields, frozen

from kleos.contract import Owner, Page
from kleos.errors import StoreError
from kleos.store.atomic import replacing

__all__ = ["KeptPage", "keep_page", "kept_pages"]


@frozen
class KeptPage:
    """A page that was kept: all of it but the body, which is read with `page`."""

    file: Path
    told: Mapping[str, Any]

    @property
    def network(self) -> str:
        return str(self.told["network"])

    @property
    def source(self) -> str:
        return str(self.told["source"])

    @property
    def person(self) -> str | None:
        """Whose page it is; None for bulk files."""
        owner = self.told["owner"]
        return owner.get("person") if isinstance(owner, dict) else None

    def page(self) -> Page:
        """Return the page, without its cursor: to read a page again is not to ask on from there. Raises `StoreError`."""
        try:
            owner = self.told["owner"]
            captured = self.told["captured"]
            return Page(
                **{
                    **self.told,
                    "owner": Owner(**owner) if owner else None,
                    "captured": datetime.fromisoformat(captured) if captured else None,
                    "cursor": None,
                    "body": self.file.with_suffix(".body").read_bytes(),
                }
            )
        except (OSError, ValueError, TypeError) as error:
            raise _not_kept(self.file, error) from None


def kept_pages(folder: Path) -> Sequence[KeptPage]:
    """Return the pages kept below a folder, the ``raw`` of a store or a part of it, in the order in which they were kept.

    Raises `StoreError` where there is none, or one is not as `keep_page` has left it.
    """
    found = []
    for file in sorted(folder.rglob("*.json")):
        try:
            told = json.loads(file.read_text(encoding="utf-8"))
            found.append(KeptPage(file, {name: told[name] for name in _TOLD}))
        except (OSError, ValueError, TypeError, LookupError) as error:
            raise _not_kept(file, error) from None
    if not found:
        raise StoreError("no pages are kept here", where=str(folder), hint="`kleos collect --keep` keeps them, in raw/ in the store")
    return found


def _not_kept(file: Path, error: Exception) -> StoreError:
    reason = type(error).__name__
    return StoreError(f"expected a page as --keep leaves it, found something else ({reason})", where=str(file), hint="take it away")


_TOLD = tuple(attribute.name for attribute in fields(Page) if attribute.name != "body")


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

"""Names of members: made safe, and freed of a folder that says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kleos.errors import ExportError

__all__ = ["is_litter", "safe_name", "top_folder"]

_DRIVE = re.compile(r"[A-Za-z]:/")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def safe_name(raw: str, where: str) -> str:
    """Return a member's name with ``/`` between its folders, without empty and ``.`` parts, and safe to be shown.

    Raises `ExportError` for a name that points outside of the export: no network makes such exports.
    """
    name = _CONTROL.sub("\ufffd", raw.replace("\\", "/")).encode("utf-8", "backslashreplace").decode("utf-8")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith("/") or _DRIVE.match(name) or ".." in parts:
        raise ExportError(
            f"expected names inside of the export, found {raw!r}, which points outside of it",
            where=where,
            hint="this is not a file as a network makes it: download the export again from the network itself",
        )
    return "/".join(parts)


def is_litter(name: str) -> bool:
    """Tell whether a member was put there by somebody's file manager."""
    parts = name.split("/")
    return parts[0] == "__MACOSX" or parts[-1] in (".DS_Store", "Thumbs.db", "desktop.ini") or parts[-1].startswith("._")


def top_folder(names: Iterable[str]) -> str:
    """Return the one folder that all names lie in, with its ``/``; empty where there is none."""
    tops = {name.partition("/")[0] if "/" in name else "" for name in names}
    top = tops.pop() if len(tops) == 1 else ""
    return f"{top}/" if top else ""

"""Words, paths and remarks as they stand in a TOML file, whatever signs are in them."""

from __future__ import annotations

import os
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

__all__ = ["inline", "listing", "path_text", "quoted", "remark"]

_WIDTH = 120
_SHORT = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_UP = 2
"""Folders above the configuration's own up to which a relative path is still easy to read."""


def quoted(text: str) -> str:
    """Return a text as a basic string (TOML 1.0).

    Signs that cannot be seen, or that turn the direction of writing, are written as their code points. Raises `ValueError` for half of a
    surrogate pair, which no TOML file can hold.
    """
    return '"' + "".join(_SHORT.get(sign) or _visible(sign) for sign in text) + '"'


def inline(entries: Iterable[tuple[str, str]]) -> str:
    """Return an inline table of keys (bare) and values that are TOML already."""
    return "{ " + ", ".join(f"{key} = {value}" for key, value in entries) + " }"


def listing(values: Sequence[str]) -> str:
    """Return one value (TOML already) as it is, several as a list."""
    return values[0] if len(values) == 1 else "[" + ", ".join(values) + "]"


def path_text(path: Path, folder: Path) -> str:
    """Return a path as it should stand in a configuration in `folder`: relative where that is short and leads to the same place."""
    whole = path.absolute()
    try:
        relative = Path(os.path.relpath(whole, folder.absolute()))
        close = relative.parts[: _UP + 1].count("..") <= _UP
        # With a link on the way, ".." leads somewhere else; a "~" at the start would be taken for a home folder.
        if close and not str(relative).startswith("~") and (folder / relative).samefile(whole):
            return relative.as_posix()
    except (OSError, ValueError):
        pass
    return whole.as_posix()


def remark(text: str, *, indent: str = "") -> list[str]:
    """Return the lines of a comment; the text may hold anything, and stays inside of it."""
    plain = " ".join("".join(sign if sign.isspace() or _is_plain(sign) else "\ufffd" for sign in text).split())
    return textwrap.wrap(
        plain, _WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# ", break_long_words=False, break_on_hyphens=False
    )


def _visible(sign: str) -> str:
    if unicodedata.category(sign) == "Cs":
        raise ValueError(f"half of a surrogate pair cannot be written: {sign!a}")
    if _is_plain(sign):
        return sign
    return f"\\u{ord(sign):04X}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08X}"


def _is_plain(sign: str) -> bool:
    return unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")

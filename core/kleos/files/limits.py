"""How much of an export is read before it is called hostile."""

from __future__ import annotations

from typing import Any

from attrs import Attribute, field, frozen

__all__ = ["Limits", "plain_size"]


def _positive(instance: Any, attribute: Attribute[Any], value: float) -> None:
    if not 0 < value < float("inf"):
        raise ValueError(f"{attribute.name}: expected a number above 0, found {value!r}")


@frozen(kw_only=True)
class Limits:
    """The bounds of every read. The defaults fit the largest exports seen with room to spare; a configuration may change them."""

    members: int = field(default=100_000, validator=_positive)
    """Files in one export."""
    member_bytes: int = field(default=8 << 30, validator=_positive)
    """One file, unpacked."""
    total_bytes: int = field(default=64 << 30, validator=_positive)
    """All files of an export, unpacked; a file read twice counts once."""
    ratio: float = field(default=200.0, validator=_positive)
    """Unpacked bytes per packed byte of one file; looked at from the first megabyte on."""
    line_bytes: int = field(default=64 << 20, validator=_positive)
    """One line, or one element of a big JSON array."""
    page_bytes: int = field(default=8 << 20, validator=_positive)
    """One page of whole lines or elements; a longer line is a page of its own. Larger pages are slower: their memory is new each time."""
    read_bytes: int = field(default=1 << 30, validator=_positive)
    """One file that is read into memory as a whole."""


def plain_size(count: float) -> str:
    """Return a number of bytes as people say it: "64 MB"."""
    unit = "bytes"
    for larger in ("kB", "MB", "GB", "TB"):
        if count < 1024:
            break
        count, unit = count / 1024, larger
    return f"{count:.0f} {unit}" if count >= 10 or count == int(count) else f"{count:.1f} {unit}"

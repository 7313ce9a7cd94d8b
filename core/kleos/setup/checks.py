"""One thing that was looked at, and how it is."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from kleos.errors import KleosError

__all__ = ["Check", "Status", "failed", "fine", "wary"]

Status = Literal["ok", "warning", "error"]


@frozen
class Check:
    """A line of a check-up."""

    name: str
    """What was looked at: a word, or a key path of the configuration."""
    status: Status
    """ok; warning: a run works, but not as well as it could; error: a run fails, or leaves something out."""
    text: str
    hint: str = ""
    """What to do; empty where there is nothing to do."""


def fine(name: str, text: str) -> Check:
    """Return a check with a good end."""
    return Check(name, "ok", text)


def wary(name: str, text: str, hint: str = "") -> Check:
    """Return a warning."""
    return Check(name, "warning", text, hint)


def failed(name: str, error: KleosError, *, where: str = "") -> Check:
    """Return an error; `where` stands for a place that is clear from the name."""
    place = f"{error.where}: " if error.where and error.where != where else ""
    return Check(name, "error", f"{place}{error.message}", error.hint)

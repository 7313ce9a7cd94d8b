"""The note on what a score must not be used for. It stands once in every report."""

from __future__ import annotations

__all__ = ["NOT_FOR"]

NOT_FOR = (
    "The score says how much reaction reached a person in this window, in these data. It says nothing about worth or character: "
    "do not hire, lend, insure, grade or refuse anybody by it."
)

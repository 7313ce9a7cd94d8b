"""Foreign text and counts, made fit to stand in a sentence: on a terminal, on a page, in a picture."""

from __future__ import annotations

import unicodedata

from kleos.secrets import redact

__all__ = ["amount", "clean", "count_of", "listed", "span", "unit_for"]

# Overrides of the writing direction could make a line read other than it is.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_NO_LETTERS = frozenset("\ufffe\uffff")

_BLANKS = str.maketrans("\t\n", "  ")


def clean(text: str) -> str:
    """Return text from elsewhere as one line, without secrets and without characters that steer a terminal or that XML forbids."""
    return "".join("\ufffd" if _steers(letter) else letter for letter in redact(text).translate(_BLANKS))


def count_of(count: float, unit: str) -> str:
    """Return "1,481 rows", "1 row"."""
    return f"{amount(count)} {unit_for(count, unit)}"


def amount(value: float) -> str:
    """Return a value as a person counts: whole numbers with thousands separators, others to three digits."""
    if float(value).is_integer() or abs(value) >= 1000:
        return f"{value:,.0f}"
    if abs(value) >= 100:
        return f"{value:.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if abs(value) >= 0.005 else f"{value:.1g}"


def unit_for(value: float, unit: str) -> str:
    """Return a unit given in the plural as it stands after a value: "1 person", "2 people"."""
    unit = clean(unit)
    if value != 1:
        return unit
    if unit == "people":
        return "person"
    return unit[:-1] if unit.endswith("s") and not unit.endswith("ss") else unit


def listed(words: list[str]) -> str:
    """Return "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def span(seconds: float) -> str:
    """Return the length of a time in the largest unit that divides it: "90 days", "36 hours"."""
    for unit, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= length and seconds % length == 0:
            return count_of(seconds / length, unit)
    if seconds >= 86_400:
        return f"{seconds / 86_400:.1f} days"
    return count_of(seconds, "seconds")


def _steers(letter: str) -> bool:
    return letter in _TURNING or letter in _NO_LETTERS or unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp")

"""A check-up as lines: ok, warning or error, what was looked at, how it is, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.text import Text

from kleos.cli.render.layout import fit, held, wrapped
from kleos.report.words import clean, count_of, listed

if TYPE_CHECKING:
    from kleos.setup.checks import Check

__all__ = ["checkup_json", "checkup_report"]

_STYLES = {"ok": "green", "warning": "bold yellow", "error": "bold red"}
_STATUS = len("warning") + 2


def checkup_report(checks: Sequence[Check], *, width: int) -> list[RenderableType]:
    """Return a line for each check, with its hint below it, and how many there are of each status."""
    lines = [_line(check, width) for check in checks]
    counts = {status: sum(check.status == status for check in checks) for status in _STYLES}
    words = [f"{counts['ok']:,} ok", *(count_of(counts[status], f"{status}s") for status in ("warning", "error") if counts[status])]
    return [*lines, Text(), Text(listed(words), style=_STYLES[max(_STYLES, key=lambda status: (counts[status] > 0, len(status)))])]


def checkup_json(checks: Sequence[Check]) -> list[dict[str, Any]]:
    """Return the checks as plain objects."""
    return [{"name": check.name, "status": check.status, "text": check.text, "hint": check.hint} for check in checks]


def _line(check: Check, width: int) -> Text:
    name = held(clean(check.name))
    first, *others = wrapped(f"{name}: {clean(check.text)}", width - _STATUS)
    shown = name.replace("\u00a0", " ")
    line = Text.assemble((fit(check.status, _STATUS), _STYLES[check.status]))
    line.append(first[: len(shown)], style="bold").append(first[len(shown) :])
    for text in others:
        line.append(f"\n{' ' * _STATUS}{text}")
    for number, text in enumerate(wrapped(clean(check.hint), width - _STATUS - 6) if check.hint else ()):
        line.append(f"\n{' ' * _STATUS}").append("      " if number else "hint: ", style="green").append(text)
    return line

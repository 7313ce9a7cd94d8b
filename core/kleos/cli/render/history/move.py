"""What a change of model did, in one line."""

from __future__ import annotations

from statistics import fmean

from kleos.cli.render.layout import held
from kleos.report.digits import points_text
from kleos.report.words import clean, count_of
from kleos.scoring.result import Move, RunResult

__all__ = ["move_text", "moves_text"]


def move_text(move: Move, whose: str) -> str:
    """Return "moved +1.3 since 2026-03-30: +0.4 yours, +0.9 the model's"; the shown parts add up to the shown whole."""
    total, own = round(move.points * 10), round(move.own * 10)
    since = held(f"moved {_signed(total)} since {move.since.date()}:")
    return f"{since} {held(f'{_signed(own)} {whose},')} {held(f'{_signed(total - own)} the model’s')}"


def moves_text(result: RunResult) -> str:
    """Return which model was in use before, and what its change did to everybody on average; empty where the model did not change."""
    moves = [person.move for person in result.people if person.move is not None]
    if not moves:
        return ""
    old = moves[0].old
    by = f"alone it moved {count_of(len(moves), 'people')} by {_signed(round(fmean(move.model for move in moves) * 10))}"
    return (
        f"{clean(old.name)} {clean(old.version)}, digest {old.digest[:12]}, recorded beside; {by}{' on average' if len(moves) > 1 else ''}"
    )


def _signed(tenths: int) -> str:
    return f"{'+' if tenths > 0 else '−' if tenths < 0 else '±'}{points_text(abs(tenths))}"

"""Where a stretch of time is cut: what came before is scored, what came next is to be foretold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import time

from attrs import frozen

from kleos.config.quantities import moment
from kleos.config.rules import WrongValueError
from kleos.errors import UsageError
from kleos.store import from_micros, to_micros

__all__ = ["Cut", "cuts_of", "default_cuts", "lasting"]

_LENGTH = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(%|[smhdw])\Z")
_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_WORDS = (("days", 86_400), ("hours", 3_600), ("minutes", 60), ("seconds", 1))


@frozen(kw_only=True)
class Cut:
    """One cut, in µs since 1970."""

    at: int
    """Reactions before this are known."""
    horizon: int
    """Those within so many µs from the cut on are to be foretold."""


def default_cuts(first: int, last: int, window: int | None = None, horizon: int | None = None) -> list[Cut]:
    """Return three cuts through the data from `first` to `last` (µs), half a horizon apart, the last of them with a whole one left.

    Unless given, a horizon is a third of the window, at most a quarter of the data. So of four days the last is foretold from the first
    three, and so are the day after two and the one after two and a half.
    """
    length = last + 1 - first
    if horizon is None:
        horizon = max(1, length // 4 if window is None else min(length // 4, window // 3))
    return [Cut(at=last + 1 - horizon - back * horizon // 2, horizon=horizon) for back in (2, 1, 0)]


def cuts_of(cuts: Sequence[str], horizons: Sequence[str], *, first: int, last: int, window: int | None = None) -> list[Cut]:
    """Return the cuts that were asked for, in the order of time.

    A cut is a date (its beginning) or time, a length ("3d") after the first reaction, or a share ("75%") of the data's span. A horizon is
    a length or a share; one for all cuts, or one for each. What is not said is as `default_cuts` has it. Raises `UsageError`.
    """
    lengths = [_length(text, last + 1 - first, "--next") for text in horizons]
    if not cuts:
        if len(lengths) > 1:
            raise UsageError(f"expected a cut for each horizon, found {len(lengths)} horizons and no cut", where="--next")
        found = default_cuts(first, last, window, *lengths)
        told = [f"--next {text}" for text in horizons] * len(found) or ["the default cuts"] * len(found)
    else:
        if len(lengths) not in {0, 1, len(cuts)}:
            raise UsageError(f"expected one horizon, or one for each of the {len(cuts)} cuts, found {len(lengths)}", where="--next")
        if len(lengths) < len(cuts):
            lengths = (lengths or [default_cuts(first, last, window)[0].horizon]) * len(cuts)
        found = [Cut(at=_moment(text, first, last), horizon=length) for text, length in zip(cuts, lengths, strict=True)]
        told = [f"--cut {text}" for text in cuts]
    for cut, where in zip(found, told, strict=True):
        if not first < cut.at <= last:
            raise UsageError(
                f"expected a cut with reactions before and after it, found {_shown(cut.at)}; "
                f"the data go from {_shown(first)} to {_shown(last)}",
                where=where,
                hint='name one in between, for example --cut "75%", or a shorter horizon with --next',
            )
    return sorted(set(found), key=lambda cut: (cut.at, cut.horizon))


def lasting(micros: int) -> str:
    """Return the length of a time in the largest unit that it has at least one of: "3 days", "12.5 hours"."""
    seconds = micros / 1_000_000
    unit, length = next(((unit, length) for unit, length in _WORDS if seconds >= length), _WORDS[-1])
    number = f"{seconds / length:.1f}".removesuffix(".0")
    return f"{number} {unit.removesuffix('s') if number == '1' else unit}"


def _shown(micros: int) -> str:
    return f"{from_micros(micros):%Y-%m-%d %H:%M} UTC"


def _moment(text: str, first: int, last: int) -> int:
    if _LENGTH.match(text.strip()):
        return first + _length(text, last + 1 - first, "--cut")
    try:
        return to_micros(moment(text, whole_day=time.min))
    except WrongValueError as error:
        hint = 'write it like 2026-03-31, 2026-03-31T18:00:00Z, "3d" (after the first reaction) or "75%" (of the data\'s span)'
        raise UsageError(str(error), where="--cut", hint=hint) from None


def _length(text: str, span: int, where: str) -> int:
    match = _LENGTH.match(text.strip())
    if match is None:
        raise UsageError(f"expected a length of time, found {text!r}", where=where, hint='write it like "1d", "12h" or "25%"')
    length = round(span * float(match[1]) / 100) if match[2] == "%" else round(float(match[1]) * _UNITS[match[2]] * 1_000_000)
    if length <= 0:
        raise UsageError(f"expected a length of time above 0, found {text!r}", where=where)
    return length

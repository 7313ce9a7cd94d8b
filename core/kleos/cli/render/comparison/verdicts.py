"""Who is ahead of whom, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from kleos.cli.render.layout import held
from kleos.insight.comparing.compare import Pair
from kleos.report.digits import points_text, signed
from kleos.report.words import clean, listed

__all__ = ["verdicts"]

_ALL = 3
"""Up to so many pairs each has its sentence; of more, only those that cannot be told apart."""


def verdicts(pairs: Sequence[Pair]) -> list[str]:
    """Return a sentence for each pair, or, of many pairs, for each that cannot be told apart and one for all others."""
    if len(pairs) <= _ALL:
        return [_sentence(pair) for pair in pairs]
    close = [pair for pair in pairs if not pair.difference.told_apart]
    rest = "Between all others" if close else "Between all of them"
    told = [_sentence(pair) for pair in close]
    return told if len(close) == len(pairs) else [*told, f"{rest} the difference is more than noise."]


def _sentence(pair: Pair) -> str:
    first, second, told_apart = clean(pair.first.name), clean(pair.second.name), pair.difference.told_apart
    if pair.difference.interval is None:
        few = listed([clean(person.name) for person in (pair.first, pair.second) if person.interval is None])
        return f"Nobody can tell whether {first} is ahead of {second}: too few people reacted to {few}."
    points = held(f"{points_text(abs(round(pair.difference.points * 10)))} points")
    low, high = map(signed, pair.difference.interval)
    interval = f"{held('90 % interval')} of the difference: {held(f'{low} to {high}')}"
    if told_apart:
        return f"{first} is ahead of {second} by {points}, which is more than noise ({interval})."
    return f"{first} and {second} cannot be told apart: {points} between them are within the noise ({interval})."

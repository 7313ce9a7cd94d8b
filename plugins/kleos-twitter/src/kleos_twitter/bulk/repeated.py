"""Columns in which the same thing comes again and again: where, and which of it is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import compress
from typing import Any

__all__ = ["Columns", "Keys", "compressed", "outdone", "without"]

Columns = list[list[Any]]
"""Of equal length."""


class Keys:
    """A column of texts, and which of them are there again."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.first: dict[str, int] = {}
        """The first place of each text."""
        self.again: list[int] = []
        """The places of texts that have been there before."""

    def add(self, texts: Sequence[str]) -> None:
        """Put texts behind those that are there."""
        begin = len(self.texts)
        self.texts += texts
        first = list(map(self.first.setdefault, texts, range(begin, len(self.texts))))
        if len(self.first) + len(self.again) < len(self.texts):
            self.again += [place for place, at in enumerate(first, begin) if place != at]

    def repeated(self) -> Collection[int]:
        """Return all places of texts that are there more than once."""
        return {*self.again, *(self.first[self.texts[place]] for place in self.again)}


def outdone(keys: Any, places: Iterable[int], marks: Sequence[Sequence[Any]]) -> list[int]:
    """Return the places where the marks, compared one after the other, are not the greatest of their key's; None is the least of all."""
    best: dict[Any, int] = {}
    lesser = []
    for place in places:
        key = keys[place]
        other = best.setdefault(key, place)
        if other == place:
            continue
        is_greater = False
        for mark in marks:
            if mark[place] != mark[other]:
                is_greater = mark[other] is None or (mark[place] is not None and mark[place] > mark[other])
                break
        if is_greater:
            best[key] = place
        lesser.append(other if is_greater else place)
    return lesser


def compressed(columns: Columns, are_there: Sequence[Any]) -> Columns:
    """Return the lines that are wanted."""
    return [list(compress(column, are_there)) for column in columns]


def without(columns: Columns, places: Collection[int]) -> Columns:
    """Return all lines but some; the columns given are of no more use."""
    if len(places) > len(columns[0]) // 8:
        are_there = [True] * len(columns[0])
        for place in places:
            are_there[place] = False
        return compressed(columns, are_there)
    for place in sorted(places, reverse=True):
        for column in columns:
            del column[place]
    return columns

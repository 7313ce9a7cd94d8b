"""What was received within the window, counted by item or by actor: the facts beside the points."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from attrs import frozen

from kleos.insight.explaining.question import Question
from kleos.store import from_micros, to_micros

__all__ = ["Received", "within", "received_by"]


@frozen(kw_only=True)
class Received:
    """What one item drew, or one actor gave."""

    reactions: int
    kinds: Mapping[str, int]
    """By kind, the most frequent first; together they are the `reactions`."""
    people: int
    """Distinct actors with a name."""
    first: datetime | None
    """UTC; None where no reaction has a time of its own."""
    last: datetime | None


def received_by(asked: Question, person: str, what: Literal["item", "actor"]) -> dict[tuple[str, str], Received]:
    """Return {(network, item or actor): what was received} for the scored reactions to a person within the window."""
    condition, values = within(asked)
    rows = asked.connection.execute(
        f"SELECT network, {what}, kind, sum(count), min(time), max(time) FROM reactions "  # noqa: S608 - names of ours
        f"WHERE person = $person AND {what} IS NOT NULL AND count > 0 AND {condition} GROUP BY ALL ORDER BY sum(count) DESC, kind",
        {"person": person, **values},
    ).fetchall()
    names = asked.connection.execute(
        f"SELECT network, {what}, count(DISTINCT actor) FROM reactions "  # noqa: S608 - names of ours
        f"WHERE person = $person AND {what} IS NOT NULL AND count > 0 AND {condition} GROUP BY ALL",
        {"person": person, **values},
    ).fetchall()
    people = {(network, key): number for network, key, number in names}
    grouped: dict[tuple[str, str], list[tuple[str, int, int | None, int | None]]] = {}
    for network, key, kind, number, first, last in rows:
        if asked.setting.networks[network].kinds[kind].role.in_any:
            grouped.setdefault((network, key), []).append((kind, int(number), first, last))
    return {
        key: Received(
            reactions=sum(number for _, number, _, _ in kinds),
            kinds={kind: number for kind, number, _, _ in kinds},
            people=people[key],
            first=min((from_micros(first) for *_, first, _ in kinds if first is not None), default=None),
            last=max((from_micros(last) for *_, last in kinds if last is not None), default=None),
        )
        for key, kinds in grouped.items()
    }


def within(asked: Question) -> tuple[str, dict[str, int]]:
    """Return the condition that a row of ``reactions`` lies inside the window, with its values."""
    as_of = to_micros(asked.prepared.as_of)
    condition = "coalesce(coalesce(time, item_time, captured) BETWEEN $as_of - $window AND $as_of, true)"
    return condition, {"as_of": as_of, "window": asked.prepared.window}

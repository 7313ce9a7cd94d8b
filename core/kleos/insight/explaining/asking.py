"""A question about a person, answered from the store: nothing is collected, nothing recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kleos.config import Config
from kleos.events import Emit
from kleos.insight.explaining.explain import explain
from kleos.insight.explaining.explanation import Explanation
from kleos.insight.person import check_person
from kleos.pipeline.prepare import prepare
from kleos.plugins import Loaded
from kleos.store import Connection, Store, connect, from_micros

__all__ = ["explain_person", "item_times"]


def explain_person(config: Config, loaded: Loaded, person: str, *, emit: Emit, now: datetime) -> Explanation:
    """Score everybody in the configuration once more from what the store holds, and take one person's score apart.

    Raises `UsageError` for a person who is not in the configuration, `StoreError` where there is no store yet, and `ModelError`.
    """
    check_person(person, {known.id: known.name for known in config.people.values()})
    with Store.open(config.run.store, create=False) as store, connect() as connection:
        prepared = prepare(config, loaded, store, connection, now=now, emit=emit)
        return explain(prepared, person, item_times=item_times(connection, person))


def item_times(connection: Connection, person: str) -> Mapping[str, Mapping[str, datetime]]:
    """Return {network: {item: when it was published}} for one person, as far as the table `reactions` knows."""
    rows = connection.execute(
        "SELECT network, item, min(item_time) FROM reactions WHERE person = ? AND item IS NOT NULL AND item_time IS NOT NULL GROUP BY ALL",
        [person],
    ).fetchall()
    times: dict[str, dict[str, datetime]] = {}
    for network, item, time in rows:
        times.setdefault(network, {})[item] = from_micros(time)
    return times

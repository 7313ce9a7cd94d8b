"""A store opened to be asked about its people: read once, for any number of questions. Nothing is collected, nothing recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from attrs import frozen

from kleos.collect import known_accounts
from kleos.config import Config
from kleos.events import Emit
from kleos.insight.person import check_person
from kleos.pipeline.prepare import Prepared, Setting, broken_metrics, say_compiling, score_setting, set_up
from kleos.plugins import Loaded
from kleos.store import Connection, Store, connect, from_micros

__all__ = ["Question", "item_times", "question"]


@frozen(kw_only=True, eq=False)
class Question:
    """What every answer is made from."""

    config: Config
    loaded: Loaded
    store: Store
    connection: Connection
    """Has the tables of `Store.reactions`."""
    setting: Setting
    prepared: Prepared
    """Everybody in the configuration, scored."""
    accounts: Sequence[tuple[str, str, str]]
    """(network, account key, person) of everybody in the configuration."""
    known: Mapping[tuple[str, str], str]
    """(network, pseudonym) → person: those who react and are in the configuration themselves."""


@contextmanager
def question(config: Config, loaded: Loaded, *, person: str | None = None, emit: Emit, now: datetime) -> Iterator[Question]:
    """Score everybody in the configuration once more from what the store holds, and hold everything open for questions.

    Raises `UsageError` for a `person` who is not in the configuration, `StoreError` where there is no store yet, and `ModelError`.
    """
    if person is not None:
        check_person(person, {known.id: known.name for known in config.people.values()})
    with Store.open(config.run.store, create=False) as store, connect() as connection:
        setting = set_up(config, loaded, store, connection, now=now, emit=emit)
        say_compiling(emit)
        prepared = score_setting(setting, connection)
        for fault in broken_metrics(loaded, prepared.scores.networks):
            emit(fault)
        accounts = known_accounts(config, store)
        yield Question(
            config=config,
            loaded=loaded,
            store=store,
            connection=connection,
            setting=setting,
            prepared=prepared,
            accounts=accounts,
            known={(network, store.pseudonyms.account(network, account)): person for network, account, person in accounts},
        )


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

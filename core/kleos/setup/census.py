"""Who received how many reactions, and from when to when: counted from rows as they are, without a store and without a configuration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from attrs import frozen

from kleos.collect.staged import Told
from kleos.contract import Network
from kleos.store import Connection, columns_to_table, from_micros, to_micros
from kleos.store.duck import integers, quoted, texts

__all__ = ["Census", "Counted", "Subject"]

_TIMES = ("time", "item_time", "captured")


@frozen(kw_only=True)
class Subject:
    """An account that others reacted to."""

    network: str
    account: str
    """As the data name it."""
    handle: str | None
    name: str | None
    reactions: int
    """Of kinds that are scored."""


@frozen(kw_only=True)
class Counted:
    """What a census found."""

    reactions: Mapping[tuple[str, str], int]
    """(network, kind) → reactions: those listed one by one, and what running totals have beyond them; most first."""
    oldest: datetime | None
    newest: datetime | None
    """Of all times in the rows; times after `now` are no evidence."""
    subjects: Sequence[Subject]
    """Those with most reactions, of each network."""

    def told(self, network: str | None = None) -> str:
        """Return what was counted (of one network), for people: "1,481 like, 108 retweet, 2025-10-07 to 2026-03-06"."""
        kinds = ", ".join(f"{count:,} {kind}" for (its, kind), count in self.reactions.items() if network in (None, its))
        if self.oldest is None or self.newest is None:
            return f"{kinds}, without times" if kinds else "no reactions"
        days = dict.fromkeys((f"{self.oldest:%Y-%m-%d}", f"{self.newest:%Y-%m-%d}"))
        return f"{kinds or 'no reactions'}, {' to '.join(days)}"


class Census:
    """Counts rows added one batch after another; lives in tables of a DuckDB connection, which may spill."""

    def __init__(self, connection: Connection, networks: Mapping[str, Network], now: datetime) -> None:
        self._connection = connection
        self._now = to_micros(now)
        self._times: list[int] = []
        self._once = _pairs((name, kind) for name, network in networks.items() for kind, declared in network.kinds.items() if declared.once)
        self._scored = _pairs(
            (name, kind) for name, network in networks.items() for kind, declared in network.kinds.items() if declared.role.in_any
        )
        connection.execute(_TABLES)

    def add(self, relation: str, *, network: str | None = None) -> None:
        """Count the good rows of a relation with the canonical columns: a page's (of `network`, with `tally`), or a canonical table's."""
        good = "problem IS NULL" if network is None else "true"
        query = _TABLE if network is None else _PAGE
        named = "" if network is None else quoted(network)
        self._connection.execute(query.format(relation=relation, network=named, once=self._once, good=good))
        extremes = ", ".join(
            f"min({time}) FILTER ({good} AND {time} <= $1), max({time}) FILTER ({good} AND {time} <= $1)" for time in _TIMES
        )
        found = self._connection.execute(f"SELECT {extremes} FROM {relation}", [self._now]).fetchone()  # noqa: S608 - names of ours
        self._times += [time for time in found or () if time is not None]

    def meet(self, network: str, profiles: Sequence[Told]) -> None:
        """Remember what accounts are called."""
        known = [profile for profile in profiles if isinstance(profile.id, str)]
        columns = {
            "network": texts([network] * len(known)),
            "account": texts([profile.id for profile in known]),
            "handle": texts([profile.handle for profile in known]),
            "name": texts([profile.name for profile in known]),
            "captured": integers([max(profile.captured, 0) for profile in known]),
        }
        columns_to_table(self._connection, "census_met", columns)
        self._connection.execute("INSERT INTO census_profiles SELECT * FROM census_met")

    def counted(self, top: int) -> Counted:
        """Return the sums, and the `top` accounts of each network."""
        self._connection.execute(_SUMS)
        kinds = self._connection.execute(
            "SELECT network, kind, sum(n) AS n FROM census_sums GROUP BY ALL ORDER BY n DESC, network, kind"
        ).fetchall()
        rows = self._connection.execute(_TOP.format(scored=self._scored), [top]).fetchall()
        return Counted(
            reactions={(network, kind): int(count) for network, kind, count in kinds},
            oldest=from_micros(min(self._times)) if self._times else None,
            newest=from_micros(max(self._times)) if self._times else None,
            subjects=tuple(
                Subject(network=network, account=account, handle=handle, name=name, reactions=int(count))
                for network, account, handle, name, count in rows
            ),
        )


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"({quoted(network)}, {quoted(kind)})" for network, kind in pairs) or "(NULL, NULL)"


_TABLES = """
    CREATE OR REPLACE TEMP MACRO census_key(account) AS lower(regexp_replace(trim(account), '^@', ''));
    CREATE OR REPLACE TEMP TABLE census_rows (
        network VARCHAR, subject VARCHAR, kind VARCHAR, item UBIGINT, reaction UBIGINT, tally BOOLEAN, captured BIGINT, count BIGINT
    );
    CREATE OR REPLACE TEMP TABLE census_profiles (network VARCHAR, account VARCHAR, handle VARCHAR, name VARCHAR, captured BIGINT);
"""

# The same reaction in two pages is one, by the rules of cleaning.
_PAGE = """
    INSERT INTO census_rows
    SELECT {network}, subject, kind, hash(coalesce(item, '')), CASE
        WHEN id IS NOT NULL THEN hash(kind, id)
        WHEN actor IS NULL THEN hash(page, row)
        WHEN ({network}, kind) IN ({once}) THEN hash(kind, actor, item)
        ELSE hash(kind, actor, item, time)
    END, tally, captured, count
    FROM {relation} WHERE actor IS NULL OR census_key(actor) <> census_key(subject)
"""

# A canonical table is taken as given: rows alike are as many reactions. FILTER, since a WHERE would reach down into the reading of a CSV,
# where DuckDB 2.0 takes ten times as long for it.
_TABLE = """
    INSERT INTO census_rows
    SELECT network, subject, kind, item, row_number() OVER (), tally, captured, CASE WHEN tally THEN total ELSE listed END FROM (
        SELECT network, subject, kind, hash(coalesce(item, '')) AS item, actor IS NULL AND captured IS NOT NULL AS tally,
            max(captured) AS captured, max_by(count, captured) FILTER ({good}) AS total,
            CAST(sum(count) FILTER ({good} AND (actor IS NULL OR census_key(actor) <> census_key(subject))) AS BIGINT) AS listed
        FROM {relation} GROUP BY network, subject, kind, hash(coalesce(item, '')), actor IS NULL AND captured IS NOT NULL
    ) WHERE CASE WHEN tally THEN total ELSE listed END IS NOT NULL
"""

_SUMS = """
    CREATE OR REPLACE TEMP TABLE census_sums AS
    WITH listed AS (
        SELECT network, census_key(subject) AS subject, min(subject) AS account, kind, item, sum(count) AS n FROM (
            SELECT network, subject, kind, item, reaction, max(count) AS count FROM census_rows WHERE NOT tally GROUP BY ALL
        ) GROUP BY ALL
    ), told AS (
        SELECT network, census_key(subject) AS subject, min(subject) AS account, kind, item, max_by(count, captured) AS n
        FROM census_rows WHERE tally GROUP BY ALL
    )
    SELECT network, subject, min(account) AS account, kind, sum(n)::BIGINT AS n FROM (
        SELECT network, subject, kind, item, coalesce(l.account, t.account) AS account, greatest(coalesce(l.n, 0), coalesce(t.n, 0)) AS n
        FROM listed l FULL JOIN told t USING (network, subject, kind, item)
    ) GROUP BY ALL
"""

# A handle is the account that bore it last; data may know one account by both.
_TOP = """
    WITH handles AS (
        SELECT network, census_key(handle) AS handle, max_by(account, captured) AS account FROM census_profiles
        WHERE handle IS NOT NULL GROUP BY ALL
    ), accounts AS (
        SELECT s.network, coalesce(h.account, s.account) AS account, s.n
        FROM census_sums s LEFT JOIN handles h ON s.network = h.network AND s.subject = h.handle WHERE (s.network, s.kind) IN ({scored})
    ), summed AS (
        SELECT network, census_key(account) AS key, min(account) AS account, sum(n) AS n FROM accounts GROUP BY ALL
    ), first AS (
        SELECT * FROM summed WHERE n > 0 QUALIFY row_number() OVER (PARTITION BY network ORDER BY n DESC, key) <= ?
    )
    SELECT f.network, f.account, max_by(p.handle, p.captured), max_by(p.name, p.captured), f.n
    FROM first f LEFT JOIN census_profiles p ON f.network = p.network AND f.key = census_key(p.account)
    GROUP BY ALL ORDER BY f.network, f.n DESC, f.account
"""

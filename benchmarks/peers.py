"""The same fold by others: as SQL for DuckDB, as a lazy query for Polars."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.folding import ATTENTION, UNKNOWN
from benchmarks.generate import AS_OF, KINDS, WINDOW
from kleos.contract import AGGREGATIONS

__all__ = ["KEYS", "fold_sql", "polars_fold"]

KEYS = ("subject", "network", "slot")


def fold_sql(table: Path, influence: Path, *, network: str = "network", kind: str = "kind", where: str = "true") -> str:
    """Return the query for the keys and all fourteen factors of every (subject, network, kind) and of `any`."""
    factors = ", ".join(f'"{name}"::FLOAT AS {name}' for name in AGGREGATIONS)
    given = f"""
        SELECT subject, actor, {network} AS network, {kind} AS kind, item, {AS_OF} - time AS age FROM read_parquet('{table}') WHERE {where}
    """  # noqa: S608 - files and words of ours
    return f"""
        WITH given AS ({given}), influence AS (FROM read_parquet('{influence}')), {_FACTORS}
        SELECT subject, network, slot, {factors}
        FROM by_actor JOIN days USING (subject, network, slot) JOIN by_item USING (subject, network, slot)
    """  # noqa: S608 - names of ours


_FACTORS = f"""
slotted AS (
    SELECT g.subject, g.network, g.actor, g.item, g.age, s.slot, i.q, i.q / {UNKNOWN} AS w,
           least(g.age * 90 // {WINDOW}, 89) AS day, least(g.age * 13 // {WINDOW}, 12) AS week
    FROM given g JOIN influence i USING (actor), LATERAL (SELECT unnest([g.kind, {KINDS}::UTINYINT]) AS slot) s
), actors AS (
    SELECT subject, network, slot, actor, any_value(w) AS w, any_value(q) AS q, count(*) AS own, min(age) AS latest,
           count(DISTINCT week) AS weeks, count(DISTINCT day) AS days, count(DISTINCT item) AS items
    FROM slotted GROUP BY subject, network, slot, actor
), by_actor AS (
    SELECT subject, network, slot, sum(w * own) AS count, sum(w * items) AS acts, sum(w) AS actors, sum(w * ln(1 + own)) AS saturated,
           sum(w * pow(2, -latest / ({WINDOW} / 3.0))) AS decayed, sum(w * pow(2, -latest / ({WINDOW} / 16.0))) AS recent,
           sum(w * q) AS prestige, sum(w * (own / (own + {ATTENTION}))) AS share_of_attention,
           coalesce(sum(w) FILTER (weeks > 1), 0) AS returning, sum(w * days) AS actor_days
    FROM actors GROUP BY subject, network, slot
), days AS (
    SELECT subject, network, slot, sum(best) AS days
    FROM (SELECT subject, network, slot, day, least(max(w), 1) AS best FROM slotted GROUP BY subject, network, slot, day)
    GROUP BY subject, network, slot
), crowds AS (
    SELECT subject, network, slot, item, sum(w) AS crowd, least(max(w), 1) AS best
    FROM (SELECT DISTINCT subject, network, slot, item, actor, w FROM slotted) GROUP BY subject, network, slot, item
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY subject, network, slot ORDER BY crowd DESC) AS rank FROM crowds
), by_item AS (
    SELECT subject, network, slot, sum(best) AS items, max(crowd) AS peak, count(*) FILTER (crowd >= rank) AS h_index
    FROM ranked GROUP BY subject, network, slot
)
"""  # noqa: S608 - numbers of ours


def polars_fold(table: Path, influence: Path) -> Any:
    """Return the same as a Polars data frame, by the streaming engine. All fourteen are possible."""
    import polars as pl

    age, w = pl.col("age"), pl.col("w")
    rows = (
        pl.scan_parquet(table)
        .join(pl.scan_parquet(influence), on="actor")
        .with_columns(age=AS_OF - pl.col("time"), w=pl.col("q") / UNKNOWN)
        .with_columns(
            day=(age * 90 // WINDOW).clip(upper_bound=89).cast(pl.UInt8), week=(age * 13 // WINDOW).clip(upper_bound=12).cast(pl.UInt8)
        )
    )
    slotted = pl.concat([rows.with_columns(slot=pl.col("kind")), rows.with_columns(slot=pl.lit(KINDS, dtype=pl.UInt8))])
    own, latest = pl.col("own"), pl.col("latest")
    by_actor = (
        slotted.group_by(*KEYS, "actor")
        .agg(
            pl.first("w", "q"),
            own=pl.len(),
            latest=age.min(),
            weeks=pl.col("week").n_unique(),
            active=pl.col("day").n_unique(),
            objects=pl.col("item").n_unique(),
        )
        .group_by(*KEYS)
        .agg(
            count=(w * own).sum(),
            acts=(w * pl.col("objects")).sum(),
            actors=w.sum(),
            saturated=(w * own.cast(pl.Float64).log1p()).sum(),
            decayed=(w * (latest * (-3.0 / WINDOW)).mul(_LN_2).exp()).sum(),
            recent=(w * (latest * (-16.0 / WINDOW)).mul(_LN_2).exp()).sum(),
            prestige=(w * pl.col("q")).sum(),
            share_of_attention=(w * (own / (own + ATTENTION))).sum(),
            returning=w.filter(pl.col("weeks") > 1).sum(),
            actor_days=(w * pl.col("active")).sum(),
        )
    )
    days = slotted.group_by(*KEYS, "day").agg(best=w.max().clip(upper_bound=1)).group_by(*KEYS).agg(days=pl.col("best").sum())
    crowd = pl.col("crowd")
    by_item = (
        slotted.group_by(*KEYS, "item", "actor")
        .agg(pl.first("w"))
        .group_by(*KEYS, "item")
        .agg(crowd=w.sum(), best=w.max().clip(upper_bound=1))
        .group_by(*KEYS)
        .agg(items=pl.col("best").sum(), peak=crowd.max(), h_index=(crowd.sort(descending=True) >= pl.int_range(1, pl.len() + 1)).sum())
    )
    whole = by_actor.join(days, on=KEYS).join(by_item, on=KEYS).select(*KEYS, pl.col(*AGGREGATIONS).cast(pl.Float32))
    return whole.collect(engine="streaming")


_LN_2 = 0.6931471805599453

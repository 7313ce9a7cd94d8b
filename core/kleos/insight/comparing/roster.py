"""A roster cut down to those asked for, and written as a table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from kleos.errors import UsageError
from kleos.insight.comparing.compare import Compared, Comparison
from kleos.scoring.result import bucket
from kleos.store import columns_to_table, connect, quoted, replacing, to_micros
from kleos.store.duck import integers, texts

__all__ = ["Wanted", "chosen", "write_table"]


@frozen(kw_only=True)
class Wanted:
    """Whom to leave in a roster. Ranks stay those in the whole roster."""

    networks: Sequence[str] = ()
    """Only people with a scored reaction on each of these."""
    min_score: float | None = None
    max_score: float | None = None
    top: int | None = None
    """Only so many, the highest scores first."""


def chosen(comparison: Comparison, wanted: Wanted) -> Comparison:
    """Return the comparison with those people only."""
    low = 0.0 if wanted.min_score is None else wanted.min_score
    high = 100.0 if wanted.max_score is None else wanted.max_score
    people = [person for person in comparison.people if low <= person.score <= high and _on(person, wanted.networks)]
    return evolve(comparison, people=people[: wanted.top])


def _on(person: Compared, networks: Sequence[str]) -> bool:
    return all(person.networks.get(network, {}).get("interactions", 0) > 0 for network in networks)


def write_table(comparison: Comparison, path: Path) -> None:
    """Write a row for each person as CSV or Parquet, by the suffix of `path`; a file that is there is replaced in one step.

    Columns: rank_from, rank_to, person, name, score, lo, hi, percentile, population, bucket, day, as_of, model, version, digest; for each
    network ``<network>_points``; for each metric its value. Raises `UsageError` where the file cannot be written.
    """
    form = {".csv": "csv, HEADER", ".parquet": "parquet, COMPRESSION zstd"}[path.suffix]
    as_of = "strftime(make_timestamp(as_of), '%Y-%m-%dT%H:%M:%SZ')" if path.suffix == ".csv" else "make_timestamp(as_of)::TIMESTAMPTZ"
    try:
        with connect() as connection, replacing(path) as temporary:
            columns_to_table(connection, "kleos_roster", _columns(comparison))
            connection.execute(
                f"COPY (SELECT * REPLACE (day::DATE AS day, {as_of} AS as_of) FROM kleos_roster) "  # noqa: S608 - names of ours
                f"TO {quoted(str(temporary))} (FORMAT {form})"
            )
    except (OSError, duckdb.Error) as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())[:200]
        raise UsageError(f"the table cannot be written: {reason}", where=str(path), hint="name another file") from error


def _columns(comparison: Comparison) -> dict[str, NDArray[Any]]:
    people, model = comparison.people, comparison.model
    networks = sorted({name for person in people for name in person.networks})
    metrics = dict.fromkeys(name for person in people for name in person.metrics)

    def numbers(values: Sequence[float | None]) -> NDArray[np.float64]:
        return np.array(values, dtype=np.float64)

    return {
        "rank_from": integers([person.ranks and person.ranks[0] for person in people]),
        "rank_to": integers([person.ranks and person.ranks[1] for person in people]),
        "person": texts([person.id for person in people]),
        "name": texts([person.name for person in people]),
        "score": numbers([person.score for person in people]),
        "lo": numbers([person.interval and person.interval[0] for person in people]),
        "hi": numbers([person.interval and person.interval[1] for person in people]),
        "percentile": numbers([person.percentile for person in people]),
        "population": texts([comparison.population.source] * len(people)),
        "bucket": texts([bucket(person.score) for person in people]),
        "day": texts([person.day.isoformat() for person in people]),
        "as_of": integers([to_micros(person.as_of) for person in people]),
        "model": texts([model.name] * len(people)),
        "version": texts([model.version] * len(people)),
        "digest": texts([model.digest] * len(people)),
        **{f"{name}_points": numbers([person.networks.get(name, {}).get("points") for person in people]) for name in networks},
        **{name: numbers([person.metrics.get(name, {}).get("value") for person in people]) for name in metrics},
    }

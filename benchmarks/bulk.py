"""Bulk: collected tweets (JSON lines) → reactions, totals and accounts as columns, against the same by hand from other decoders.

Seeded pages of the API v2 always, and real tweets in three forms where `benchmarks.tweets` finds them.
"""

from __future__ import annotations

import gc
import json
import resource
import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
import orjson
from attrs import frozen

from benchmarks import by_hand
from benchmarks.tweets import pages, real
from kleos.contract import Batch, Page, Profiles, Row, Tallies
from kleos.plugins import load

__all__ = ["main"]

ROUNDS = 7
SIZE = 8 << 20
"""Bytes of one page that a parser is given: whole lines, as many as the core gives at once."""
REAL = 3
"""Pages of each form of real tweets."""
DECODERS: Mapping[str, Callable[[bytes], Any]] = {
    "stdlib json": json.loads,
    "orjson": orjson.loads,
    "msgspec": msgspec.json.Decoder().decode,
}


@frozen
class _Case:
    """Pages to read, and how one reads them by hand."""

    by_hand: Callable[[Iterable[Any]], by_hand.Table]
    bodies: list[bytes]


def main(megabytes: int = 100) -> dict[str, Any]:
    """Run all in turns, compare what they found, and return CPU seconds (medians; one thread each), ratio, memory and versions."""
    seeded = [pages(SIZE, seed=seed) for seed in range(1, 2 + (megabytes << 20) // SIZE)]
    cases = {"seeded pages": _Case(by_hand.pages, seeded)}
    for form, body in real(SIZE).items():
        cases[f"real {form}"] = _Case(getattr(by_hand, form), [body] * REAL)
    found = {name: _measure(case) for name, case in cases.items()}
    whole = found["seeded pages"]
    return {
        "benchmark": "bulk",
        "rows": whole["rows"],
        "megabytes": whole["megabytes"],
        "memory": "REUSED",
        "seconds": {f"{name}, {case}": took for case, one in found.items() for name, took in one["seconds"].items()},
        "ratio": {f"{name}, {case}": ratio for case, one in found.items() for name, ratio in one["ratio"].items()},
        "megabytes_per_second": {case: one["megabytes_per_second"] for case, one in found.items()},
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "versions": {"msgspec": msgspec.__version__, "orjson": orjson.__version__},
    }


def _measure(case: _Case) -> dict[str, Any]:
    network = load(networks=["twitter"], metrics=[]).networks["twitter"]
    bulk = next(source for source in network.sources if source.name == "bulk")

    def kleos(body: bytes) -> list[Row]:
        return list(bulk.parse(Page(network="twitter", source="bulk", where="tweets.jsonl", owner=None, captured=None, body=body)))

    def decoded(decode: Callable[[bytes], Any]) -> Callable[[bytes], by_hand.Table]:
        return lambda body: case.by_hand(map(decode, body.splitlines()))

    contenders: dict[str, Callable[[bytes], Any]] = {"kleos": kleos, **{name: decoded(decode) for name, decode in DECODERS.items()}}
    expected = _sorted(contenders["stdlib json"](case.bodies[0]))
    for name, parse in contenders.items():
        found = parse(case.bodies[0])
        if _sorted(_table(found) if name == "kleos" else found) != expected:
            raise AssertionError(f"{name} found something else")
    rows = sum(map(len, expected)) * len(case.bodies)
    del expected, found
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS + 1):  # the first round warms up
        for name, parse in contenders.items():
            gc.collect()
            start = time.process_time()
            for body in case.bodies:
                parse(body)
            seconds[name].append(time.process_time() - start)
    medians = {name: statistics.median(took[1:]) for name, took in seconds.items()}
    length = sum(map(len, case.bodies))
    return {
        "rows": rows,
        "megabytes": length >> 20,
        "seconds": {name: round(took, 3) for name, took in medians.items()},
        "ratio": {name: round(took / medians["kleos"], 2) for name, took in medians.items() if name != "kleos"},
        "megabytes_per_second": round(length / medians["kleos"] / 1e6),
    }


def _table(rows: Iterable[Row]) -> by_hand.Table:
    """Return rows of the contract in the form of `by_hand`."""
    reactions: by_hand.Columns = {}
    totals: by_hand.Columns = {}
    accounts: by_hand.Columns = {}
    for row in rows:
        whole = reactions if isinstance(row, Batch) else totals if isinstance(row, Tallies) else accounts
        assert isinstance(row, Batch | Tallies | Profiles)
        if isinstance(row, Profiles) and row.audience is None:
            continue  # accounts that are only named in a text
        for name in ("kind", "subject", "actor", "item", "time", "id", "item_time", "audience", "total", "captured", "handle", "name"):
            column = getattr(row, name, None)
            if column is not None:
                whole.setdefault(name, []).extend(column)
    return reactions, totals, accounts


def _sorted(table: by_hand.Table) -> list[list[str]]:
    return [sorted(map(repr, zip(*(columns[name] for name in sorted(columns)), strict=True))) for columns in table]


if __name__ == "__main__":
    print(json.dumps(main()))

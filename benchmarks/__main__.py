"""``python -m benchmarks [--rows N] [--only NAME]``: one JSON object for each benchmark, and a table of the ratios."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

REQUIREMENTS = "pip install -r requirements-bench.txt"


class Benchmark(NamedTuple):
    """A module of this package with a ``main(size)`` that returns what was measured."""

    needs: Sequence[str]
    """What has to be installed beside Kleos."""
    size: Callable[[int], int] = lambda rows: rows
    """The size that `main` is given for a number of rows."""


BENCHMARKS: Mapping[str, Benchmark] = {
    "fold": Benchmark(needs=("duckdb", "polars", "pyarrow")),
    "population": Benchmark(needs=("duckdb", "pyarrow")),
    "aggregate": Benchmark(needs=("duckdb", "polars", "scipy")),
    "influence": Benchmark(needs=("scipy",)),
    "bulk": Benchmark(needs=("orjson", "msgspec", "kleos_twitter"), size=lambda rows: max(1, rows // 10_000)),
    "startup": Benchmark(needs=()),
    "spark": Benchmark(needs=("duckdb", "pyarrow", "pyspark")),
    "history": Benchmark(needs=()),
    "report": Benchmark(needs=("altair", "jinja2", "vl_convert"), size=lambda rows: max(10_000, rows // 10)),
    "coverage": Benchmark(needs=("kleos_mastodon", "kleos_twitter", "kleos_youtube"), size=lambda rows: max(200, rows // 1_000)),
}
"""`aggregate` takes the rows for people, `influence` for edges, `coverage` a thousandth of them for people; `bulk` wants megabytes;
`startup` asks for no size. `differences`, `exports` and `frontier` want data or settings of their own, and are run by their own names."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run benchmarks one after the other: they share the machine with nothing but themselves. Returns 1 where one was left out."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Kleos side by side with others, on the same work.")
    parser.add_argument("--rows", type=int, default=1_000_000, help="how large a table (default: %(default)s)")
    parser.add_argument("--only", choices=BENCHMARKS, action="append", help="run this one alone; may be given more than once")
    wanted = parser.parse_args(arguments)
    results: list[dict[str, Any]] = []
    left_out: list[str] = []
    for name in wanted.only or BENCHMARKS:
        benchmark = BENCHMARKS[name]
        missing = [need for need in benchmark.needs if importlib.util.find_spec(need) is None]
        if missing:
            left_out.append(f"{name} needs {', '.join(missing)}")
            continue
        results.append(importlib.import_module(f"benchmarks.{name}").main(benchmark.size(wanted.rows)))
        print(json.dumps(results[-1]), flush=True)
    print()
    for result in results:
        left_out += [f"{result['benchmark']}: {reason}" for reason in result.get("left_out", {}).values()]
        for peer, ratio in result.get("ratio", {}).items():
            print(f"{result['benchmark']:<10} {result['rows']:>12,} rows  {ratio:>7.2f} × as fast as {peer}")
    for reason in left_out:
        print(f"left out: {reason} ({REQUIREMENTS})", file=sys.stderr)
    return 1 if left_out else 0


if __name__ == "__main__":
    sys.exit(main())

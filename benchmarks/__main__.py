"""``python -m benchmarks [--rows N] [--only NAME …]``: one JSON object for each benchmark, and a table of the ratios.

Needs ``pip install -r requirements-bench.txt``; what lacks a library is left out, and says which.
"""

from __future__ import annotations

import argparse
import json
from importlib import import_module

EACH = {"fold": True, "population": True, "aggregate": True, "influence": True, "bulk": False, "startup": False}
"""Benchmark → whether `--rows` is its size, too; the others have one of their own."""


def main() -> None:
    """Run the benchmarks one after the other: they share the machine's cores with nothing but themselves."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows to fold, edges, people (default: %(default)s)")
    parser.add_argument("--only", action="append", choices=EACH, help="this one alone; may be given again")
    wanted = parser.parse_args()
    results = []
    for name, sized in EACH.items():
        if wanted.only and name not in wanted.only:
            continue
        try:
            run = import_module(f"benchmarks.{name}").main
        except ModuleNotFoundError as missing:
            print(f"{name}: left out, {missing.name} is not installed (pip install -r requirements-bench.txt)")
            continue
        results.append(run(wanted.rows) if sized else run())
        print(json.dumps(results[-1]), flush=True)
    print()
    for result in results:
        for peer, ratio in result["ratio"].items():
            print(f"{result['benchmark']:<10} {result['rows']:>12,} rows  {ratio:>6.2f} × as fast as {peer}")


if __name__ == "__main__":
    main()

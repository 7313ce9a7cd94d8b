"""``python -m benchmarks [--rows N]``: one JSON object for each benchmark, and a table of the ratios."""

from __future__ import annotations

import argparse
import json

from benchmarks import fold


def main() -> None:
    """Run all benchmarks one after the other: they share the machine's cores with nothing but themselves."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows to fold (default: %(default)s)")
    rows = parser.parse_args().rows
    results = [fold.main(rows)]
    for result in results:
        print(json.dumps(result))
    print()
    for result in results:
        for peer, ratio in result["ratio"].items():
            print(f"{result['benchmark']:<10} {result['rows']:>12,} rows  {ratio:>6.2f} × as fast as {peer}")


if __name__ == "__main__":
    main()

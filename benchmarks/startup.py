"""Start-up: `kleos --help`, a personal run that has run before, and the first run ever, which compiles the engine; against the goals."""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import shutil
import statistics
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["main"]

ROUNDS = 5
ROOT = Path(__file__).parents[1]
RUN = ("run", str(ROOT / "config.example.toml"))
GOALS = {"--help": 0.25, "again": 1.5, "new store": 1.5, "first run ever": 6.0}
"""Seconds. "new store" finds the compiled code and no store, "again" finds both."""
FIRST = "first run ever"


def main(rows: int = 0) -> dict[str, Any]:
    """Run all in turns, and return seconds (medians), how many times as fast as the goal that is, memory and versions.

    `rows` is not asked: the example is as large as it is. What is compiled and stored goes to folders of its own.
    """
    took: dict[str, list[Mapping[str, float]]] = {name: [] for name in GOALS}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for _ in range(ROUNDS):
            for empty in ("cache", "data"):
                shutil.rmtree(folder / empty, ignore_errors=True)
            took[FIRST].append(_took(folder, *RUN))
            compiled = len([*(folder / "cache").rglob("*.nbc")])
            took["again"].append(_took(folder, *RUN))
            shutil.rmtree(folder / "data")
            took["new store"].append(_took(folder, *RUN))
            took["--help"].append(_took(folder, "--help"))
    seconds, cpu = ({name: statistics.median(run[what] for run in runs) for name, runs in took.items()} for what in ("seconds", "cpu"))
    return {
        "benchmark": "startup",
        "rows": rows,
        "memory": "FRESH",
        "seconds": {name: round(median, 3) for name, median in seconds.items()},
        "cpu_seconds": {name: round(median, 3) for name, median in cpu.items()},
        "goal": GOALS,
        "ratio": {f"the goal of {goal} s for {name}": round(goal / seconds[name], 2) for name, goal in GOALS.items()},
        "compiled_functions": compiled,
        "peak_memory_mb": {name: max(run["megabytes"] for run in runs) for name, runs in took.items()},
        "versions": {name: importlib.metadata.version(name) for name in ("numba", "numpy", "duckdb")},
    }


def _took(folder: Path, *arguments: str) -> Mapping[str, float]:
    """Run `kleos` in a process of its own, and return what it took on the wall, of the processors, and of memory."""
    command = [str(Path(sysconfig.get_path("scripts"), "kleos")), *arguments]
    environment = os.environ | {"KLEOS_CACHE_DIR": str(folder / "cache"), "XDG_DATA_HOME": str(folder / "data"), "NO_COLOR": "1"}
    for name in ("NUMBA_CACHE_DIR", "PYTHONDONTWRITEBYTECODE"):  # the first would stand above our cache; nobody's own machine has the other
        environment.pop(name, None)
    with (folder / "told").open("wb") as told:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=told, stderr=told)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {(folder / 'told').read_text(encoding='utf-8')}")
    return {"seconds": seconds, "cpu": usage.ru_utime + usage.ru_stime, "megabytes": usage.ru_maxrss // 1024}


if __name__ == "__main__":
    argparse.ArgumentParser(prog="python -m benchmarks.startup", description=__doc__).parse_args()
    print(json.dumps(main()))

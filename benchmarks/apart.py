"""Each contender in a process of its own: what it takes is its own, and nobody finds memory that another has warmed."""

from __future__ import annotations

import importlib
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

__all__ = ["THREADS", "apart", "peak_megabytes", "timed"]

THREADS = 2
ROOT = Path(__file__).parents[1]
Result = TypeVar("Result")


def apart(target: str, **arguments: Any) -> dict[str, Any]:
    """Call ``module:function`` with arguments and a result that JSON can hold; it has `peak_memory_mb`."""
    command = [sys.executable, "-m", "benchmarks.apart", target, json.dumps(arguments, default=str)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def timed(work: Callable[[], Result], seconds: list[float], cpu_seconds: list[float]) -> Result:
    """Call `work`, and append what it took on the wall and of the processors."""
    start, start_cpu = time.perf_counter(), time.process_time()
    result = work()
    seconds.append(time.perf_counter() - start)
    cpu_seconds.append(time.process_time() - start_cpu)
    return result


def peak_megabytes() -> int:
    """Return the largest resident size so far. `ru_maxrss` would count the process that started this one."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    module, function = sys.argv[1].split(":")
    result = getattr(importlib.import_module(module), function)(**json.loads(sys.argv[2]))
    print(json.dumps({"peak_memory_mb": peak_megabytes()} | result))

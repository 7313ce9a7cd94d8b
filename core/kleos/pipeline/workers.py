"""How many threads work."""

from __future__ import annotations

import os

from kleos.config import Config

__all__ = ["workers"]

MOST = 16
"""More threads than this only wait for memory."""


def workers(config: Config) -> int:
    """Return the configured number of threads, else one for each processor that this process may use."""
    return config.run.threads or min(MOST, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)

"""Seeded, heavy-tailed interactions, as the benchmarks use them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["KINDS", "WINDOW", "interactions"]

KINDS = 6
WINDOW = 90 * 86_400 * 1_000_000


def interactions(rows: int, *, seed: int = 1) -> dict[str, NDArray[np.int64]]:
    """Return columns subject, actor, item, kind and age (µs): subjects Zipf 0.9, actors Zipf 0.7, up to 300 items a subject, Zipf 1."""
    dice = np.random.default_rng(seed)
    people = max(2, rows // 10)
    subject = _zipf(dice, people, rows, 0.9)
    item = np.minimum(np.exp(dice.random(rows) * np.log(300)).astype(np.int64) - 1, 299)
    return {
        "subject": subject,
        "actor": _zipf(dice, people, rows, 0.7),
        "item": subject * 300 + item,
        "kind": dice.integers(0, KINDS, rows),
        "age": dice.integers(0, WINDOW, rows),
    }


def _zipf(dice: np.random.Generator, size: int, count: int, exponent: float) -> NDArray[np.int64]:
    """Draw 0..size−1 with probability falling as rank^−exponent, by the inverse of the continuous distribution."""
    power = 1 - exponent
    drawn = ((dice.random(count) * ((size + 1) ** power - 1) + 1) ** (1 / power)).astype(np.int64) - 1
    return np.clip(drawn, 0, size - 1)

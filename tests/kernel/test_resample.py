"""The bootstrap's draws: Poisson(1), the same for the same hash and replicate, and otherwise unrelated."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kleos.kernel.resample import draw
from slow_twins import strength as twin

MANY = 50_000


def hashes(number: int) -> NDArray[np.uint64]:
    """Return hashes as actors have them."""
    digests = b"".join(hashlib.blake2b(str(i).encode(), digest_size=8).digest() for i in range(number))
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 2**64 - 1), st.integers(0, 10_000))
def test_draws_are_those_of_the_slow_twin(hashed: int, replicate: int) -> None:
    assert draw(np.array([hashed], dtype=np.uint64), replicate).tolist() == [twin.draw(hashed, replicate)]


def test_mean_and_variance_are_one() -> None:
    drawn = np.concatenate([draw(hashes(MANY), replicate) for replicate in range(4)])
    assert drawn.mean() == pytest.approx(1.0, abs=0.01)
    assert drawn.var() == pytest.approx(1.0, abs=0.02)


def test_as_many_are_left_out_as_poisson_says() -> None:
    drawn = draw(hashes(MANY), 0)
    assert [np.mean(drawn == times) for times in range(4)] == pytest.approx(np.exp(-1) / np.array([1, 1, 2, 6]), abs=0.01)


def test_replicates_are_uncorrelated() -> None:
    drawn = np.array([draw(hashes(MANY), replicate) for replicate in range(6)])
    others = np.corrcoef(drawn)[~np.eye(6, dtype=bool)]
    assert np.abs(others).max() < 0.02


def test_neighbouring_hashes_are_uncorrelated() -> None:
    drawn = draw(np.arange(MANY, dtype=np.uint64), 0)
    assert abs(np.corrcoef(drawn[1:], drawn[:-1])[0, 1]) < 0.02


def test_an_actor_is_drawn_alike_wherever_they_stand() -> None:
    some = hashes(100)
    assert np.array_equal(draw(some[::-1], 7), draw(some, 7)[::-1])

"""Logarithm and exponential in float32, good to 5e-7, in a form that the compiler turns into vector instructions.

numpy's own are calls of a library, one number at a time, and would take two thirds of the time of `kleos.kernel.scores`. The way is the
usual one (Muller, Elementary Functions, 3rd ed., ch. 11): the exponent is read off the bits, and a polynomial does the rest. The
coefficients are minimax fits of the relative error, made for this file.
"""

from __future__ import annotations

import numpy as np

from kleos.kernel.compiled import compiled

__all__ = ["LN_2", "exp", "log", "log2_1p"]

# A plain Python number would make float64 of all that it meets.
ZERO = np.float32(0.0)
HALF = np.float32(0.5)
ONE = np.float32(1.0)
LN_2 = np.float32(0.6931471805599453)
LOG2_E = np.float32(1.4426950408889634)
MANTISSA = np.int32(23)
BIAS = np.int32(127)
NO_EXPONENT = np.int32(0)
ROOT_HALF = np.float32(0.5**0.5).view(np.int32)
"""The bits of √½: less these, the exponent is that of a mantissa between √½ and √2, where a short polynomial is good."""
SMALLEST = np.float32(-126.0)
"""The exponent of the smallest normal number."""

# log2(1 + r) / r for √½ − 1 ≤ r ≤ √2 − 1, to 1.7e-7.
L0, L1, L2, L3, L4, L5, L6, L7 = (
    np.float32(c) for c in (1.44269496, -0.721352788, 0.480923242, -0.360239639, 0.287098702, -0.248876871, 0.234042352, -0.145811645)
)
# (2^f − 1) / f for −½ ≤ f ≤ ½, to 1e-7.
E0, E1, E2, E3, E4 = (np.float32(c) for c in (0.693146978, 0.240222421, 0.0555073374, 0.00967151265, 0.00132647271))


@compiled
def log2_1p(x: np.float32) -> np.float32:
    """Return log2(1 + x) for x ≥ 0, with all its digits where x is small; above 3.4e38 it is 128."""
    exponent, rest = _split(np.float32(x + ONE))
    # Where 1 + x has no exponent the rest is x itself, of which the sum has lost digits.
    return _log2_near_1(x if exponent == NO_EXPONENT else rest) + np.float32(exponent)


@compiled
def log(x: np.float32) -> np.float32:
    """Return the natural logarithm of x > 0; about −88 at 0."""
    exponent, rest = _split(np.float32(x))
    return (_log2_near_1(rest) + np.float32(exponent)) * LN_2


@compiled
def exp(x: np.float32) -> np.float32:
    """Return e^x for x ≤ 0, to 5e-7 · max(1, −x / 2) of it; below −87 the smallest normal number, 1.2e-38."""
    twos = max(x * LOG2_E, SMALLEST)
    exponent = np.int32(twos - HALF)
    f = twos - np.float32(exponent)
    power = np.int32((exponent + BIAS) << MANTISSA).view(np.float32)
    return (((((E4 * f + E3) * f + E2) * f + E1) * f + E0) * f + ONE) * power


@compiled
def _split(x: np.float32) -> tuple[np.int32, np.float32]:
    """Return k and r of x = 2^k · (1 + r), with 1 + r between √½ and √2."""
    bits = np.float32(x).view(np.int32)
    exponent = np.int32(np.int32(bits - ROOT_HALF) >> MANTISSA)
    return exponent, np.int32(bits - (exponent << MANTISSA)).view(np.float32) - ONE


@compiled
def _log2_near_1(r: np.float32) -> np.float32:
    return (((((((L7 * r + L6) * r + L5) * r + L4) * r + L3) * r + L2) * r + L1) * r + L0) * r

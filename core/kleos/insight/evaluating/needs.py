"""Libraries that evaluating needs and the core does not: imported when they are used, with a word on how to get them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from kleos.errors import UsageError

__all__ = ["needed"]


def needed(module: str) -> Any:
    """Return an imported module of SciPy or scikit-learn; raises `UsageError` where it is not installed."""
    try:
        return import_module(module)
    except ImportError as error:
        raise UsageError(
            f"measuring a model needs {module.partition('.')[0]}, which cannot be imported: {error}", hint="pip install 'kleos[fit]'"
        ) from None

"""Real exports, where there are any."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture
def shared() -> Path:
    """Return the folder of real files that cannot be shipped; skip, saying so, where there is none."""
    folder = Path(os.environ.get("KLEOS_SHARED") or Path(__file__).parents[3] / "shared")
    if not folder.is_dir():
        pytest.skip(f"no real files: {folder} is not there (KLEOS_SHARED names the folder)")
    return folder

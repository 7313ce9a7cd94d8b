"""The parser against a short independent count on exports that are not part of the project."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(os.environ.get("KLEOS_SHARED") or Path(__file__).parents[4] / "shared")
FILES = sorted((SHARED / "real/linkedin").rglob("Endorsement_Received_Info.csv")) if SHARED.is_dir() else []

pytestmark = pytest.mark.skipif(not FILES, reason=f"no real export is at {SHARED / 'real/linkedin'} (set KLEOS_SHARED)")


@pytest.mark.parametrize("path", FILES, ids=str)
def test_the_parser_finds_what_a_short_script_counts(path: Path, read: Callable[..., Any]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        counted = Counter(row["Skill Name"] for row in csv.DictReader(file) if row["Endorsement Status"] == "ACCEPTED")
    found = read("export", path.parent)
    assert not found.flaws
    assert Counter(row.item for row in found.reactions if row.kind == "endorsement") == counted

"""Whole runs: from a configuration to what the store holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kleos.plugins import Loaded, load
from kleos.testing.runs import NOW, configure, stored_reactions
from kleos_linkedin.plugin import LINKEDIN


@pytest.fixture
def loaded() -> Loaded:
    return load(networks=["linkedin"], metrics=[], strict=True)


def test_asking_again_adds_nothing(linkedin: Any, token: str, loaded: Loaded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("httpx2", reason="pip install 'kleos-linkedin[api]' to test the API")
    monkeypatch.setenv("KLEOS_TEST_LINKEDIN_TOKEN", token)
    table = {"token": {"env": "KLEOS_TEST_LINKEDIN_TOKEN"}, "host": linkedin.host}
    # The number alone means the same page, and what it did itself is still its own.
    accounts = {"linkedin": ["2414183"]}
    config = configure([LINKEDIN], tmp_path, {"linkedin": {"api": table}}, accounts=accounts)
    once = stored_reactions(config, loaded, now=NOW)
    asked = len(linkedin.asked)
    again = stored_reactions(config, loaded, now=NOW)
    assert len(once) == 12
    assert again == once
    assert len(linkedin.asked) > asked


def test_an_export_and_the_analytics_of_one_person_come_together(samples: Path, loaded: Loaded, tmp_path: Path) -> None:
    pytest.importorskip("openpyxl", reason="pip install 'kleos-linkedin[analytics]' to test workbooks")
    tables = {"export": str(samples / "Complete_LinkedInDataExport_11-15-2026"), "analytics": str(samples / "analytics")}
    accounts = {"linkedin": ["ada-quill-lutherie", "Ada Quill"]}
    rows = stored_reactions(configure([LINKEDIN], tmp_path, {"linkedin": tables}, accounts=accounts), loaded)
    counted: dict[str, int] = {}
    for kind, *_, count in rows:
        counted[kind] = counted.get(kind, 0) + count
    assert counted == {"endorsement": 28, "recommendation": 4, "invitation": 2, "engagement": 387, "impression": 14_447}

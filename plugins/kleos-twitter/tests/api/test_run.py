"""The source in a run of the whole program: from the configuration to the store and back."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from kleos.cli import main


def test_two_runs_count_everything_once_and_leave_no_token(
    x: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    pytest.importorskip("httpx2", reason="pip install 'kleos-twitter[api]' to test the API")
    monkeypatch.setenv("KLEOS_TEST_X_TOKEN", token)
    (tmp_path / "kleos.toml").write_text(
        '[run]\nstore = "store"\nas_of = 2026-03-10T12:00:00Z\n[people.ada]\naccounts = { twitter = "Ada_Makes" }\n'
        f'[networks.twitter.api]\ntoken = {{ env = "KLEOS_TEST_X_TOKEN" }}\nhost = "{x.host}"\ndays = 3650\npage_size = 10\n'
    )
    found = []
    for _ in range(2):
        assert main(["run", str(tmp_path / "kleos.toml"), "--json", "--keep", "--quiet"]) == 0
        found.append(json.loads(capfd.readouterr().out))
    (ada,) = found[0]["people"]
    # 12 mentions, 12 replies, a quote, 2 reposts, 15 likes; views are not scored
    assert ada["networks"]["twitter"]["interactions"] == 42
    assert ada["score"] > 1
    assert found[1]["people"][0]["networks"]["twitter"]["interactions"] == 42
    assert found[1]["people"][0]["score"] == ada["score"]
    with sqlite3.connect(tmp_path / "store" / "catalog.sqlite") as catalog:
        ((unit, amount),) = catalog.execute("SELECT unit, amount FROM quotas").fetchall()
    catalog.close()
    assert unit == "usd"
    assert amount >= x.bill - 1e-9
    assert not [path for path in (tmp_path / "store").rglob("*") if path.is_file() and token.encode() in path.read_bytes()]

"""The plugin in a whole run: from a configuration to scores."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kleos.cli import main

SAMPLE = Path(__file__).parents[1] / "samples/export-2026"
Run = Callable[[str], dict[str, Any]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a configuration, and return what ``--json`` prints."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    path = tmp_path / "kleos.toml"

    def once(text: str) -> dict[str, Any]:
        path.write_text(f"[run]\nstore = {json.dumps(str(tmp_path / 'store'))}\n{text}", encoding="utf-8")
        code = main(["run", str(path), "--json"])
        printed = capsys.readouterr()
        assert code == 0, printed.err
        found: dict[str, Any] = json.loads(printed.out)
        return found

    return once


def test_the_sample_scores_somebody(run: Run) -> None:
    found = run(
        f"""
[people.cleo]
name = "Cleo Mara"
accounts = {{ facebook = "cleo.mara.ceramics" }}
[networks.facebook]
export = {json.dumps(str(SAMPLE))}
"""
    )
    assert found["faults"] == []
    (person,) = found["people"]
    assert person["score"] > 1
    assert person["networks"]["facebook"]["interactions"] == 15 + 2
    assert person["metrics"]["conversation"]["value"] == 15 - 1  # somebody wrote under the same photo again


@pytest.mark.parametrize("accounts", ['accounts = { facebook = "104000000000001" }', 'accounts = { facebook = "CleoCeramics" }', ""])
def test_a_page_by_the_api_is_collected_once_and_gone_on_with(
    *, accounts: str, run: Run, facebook: Any, token: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("httpx2", reason="pip install 'kleos-facebook[api]' to test the API")
    monkeypatch.setenv("KLEOS_TEST_FACEBOOK_TOKEN", token)
    config = f"""
as_of = 2026-02-28
[people.cleo]
name = "Cleo Mara"
{accounts}
[networks.facebook]
api = {{ token = {{ env = "KLEOS_TEST_FACEBOOK_TOKEN" }}, host = {json.dumps(facebook.host)} }}
"""
    first = run(config)
    assert first["faults"] == []
    facebook_part = first["people"][0]["networks"]["facebook"]
    # reactions: 8 + 6 to the Page's comment + 1; comments 3, reply 1, shares 4, wall post 1, mentions 2
    assert facebook_part["interactions"] == 8 + 6 + 1 + 3 + 1 + 4 + 1 + 2
    second = run(config)
    assert second["people"] == first["people"]
    assert token.rpartition("|")[2].encode() not in b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())

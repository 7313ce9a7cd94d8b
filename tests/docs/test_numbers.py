"""The numbers of the examples by hand are those of Kleos: each is recomputed from a run over the reactions that the page tells of."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest

from docs.blocks import DOCS, blocks
from kleos.cli import main
from kleos.scoring.model import load_model

CONFIG = '[people.ada]\naccounts = { twitter = "ada" }\n[networks.twitter]\ninteractions = "reactions.csv"\n[run]\nas_of = AS_OF\n'
THREE_LIKES = "subject,kind,item,count,time\nada,like,post,3,2026-10-29T00:00:00Z\n"


@pytest.fixture
def scored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    def run(table: str, as_of: str) -> Any:
        (tmp_path / "reactions.csv").write_text(table, encoding="utf-8")
        (tmp_path / "kleos.toml").write_text(CONFIG.replace("AS_OF", as_of), encoding="utf-8")
        assert main(["run", str(tmp_path / "kleos.toml"), "--json", "--quiet"]) == 0
        return json.loads(capsys.readouterr().out)["people"][0]

    return run


def test_the_example_of_the_rules_is_what_kleos_computes(scored: Any) -> None:
    """Three unnamed likes of one post, ten days before `as_of`."""
    text = (DOCS / "score.md").read_text(encoding="utf-8").partition("## An example by hand")[2].replace("−", "-")
    person = scored(THREE_LIKES, "2026-11-08T00:00:00Z")
    values = {name: metric["value"] for name, metric in person["metrics"].items()}
    agree(values["engaged_reach"], text, r"`engaged_reach` ([\d.]+)", 0)
    for name in ("attention_share", "audience_influence", "momentum"):
        agree(values[name], text, rf"`{name}` [^;=]*= (\d+\.\d+)", 3)
    model = load_model(None)
    strength = sum(model.metrics[name].weight * math.log1p(value / model.metrics[name].scale) for name, value in values.items())
    agree(strength, text, r"= \*\*([\d.]+)\*\*", 3)
    odds = person["networks"]["twitter"]["odds"]
    agree(math.log(odds), text, r"log-odds of (-[\d.]+)", 3)
    agree(odds, text, r"odds of (\d+\.\d+)", 4)
    agree(100 * odds / (1 + odds), text, r"F = ([\d.]+) %", 1)
    agree(person["score"], text, r"about \*\*([\d.]+)\*\*", 1)


def test_the_metrics_by_hand_are_what_kleos_computes(scored: Any) -> None:
    page = DOCS / "worked-example.md"
    text = page.read_text(encoding="utf-8")
    table = next(block.text for block in blocks(page) if block.caption == "reactions.csv")
    person = scored(table, "2026-11-08T07:15:00Z")
    values = {name: metric["value"] for name, metric in person["metrics"].items()}
    named = {
        name: float(last)
        for names, said in re.findall(r"^(`\w+`.*)\n: (.*)$", text, flags=re.MULTILINE)
        for name, last in zip(re.findall(r"`(\w+)`", names), _numbers_at_the_ends(said, names.count("`") // 2), strict=True)
    }
    assert named == pytest.approx(values, abs=5e-4)


def agree(value: float, text: str, pattern: str, digits: int) -> None:
    """Hold a page's number to so many decimals."""
    found = re.search(pattern, text)
    assert found, f"the page no longer says {pattern}"
    assert round(float(found[1]), digits) == round(value, digits), f"{found[0]!r}: it is {value}"


def _numbers_at_the_ends(said: str, metrics: int) -> list[str]:
    """Return the value of each metric that an entry tells: the number at the end of a sentence, or one for all."""
    ends = re.findall(r"([\d.]*\d)\.(?= |$)", said)[-metrics:]
    return ends if len(ends) == metrics else ends[-1:] * metrics

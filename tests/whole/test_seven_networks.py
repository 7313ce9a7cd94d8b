"""Seven networks, each a plugin of its own: their samples in one run, and what they add to the lists."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from kleos.cli import main

PLUGINS = Path(__file__).parents[2] / "plugins"
SEVEN = ["facebook", "foursquare", "googleplus", "instagram", "linkedin", "twitter", "youtube"]

ACCOUNTS = {
    "facebook": ["cleo.mara.ceramics", "Cleo Mara"],
    "foursquare": ["71900042"],
    "googleplus": ["100000000000000007919", "+AdaMuster"],
    "instagram": ["ada.quill.makes"],
    "linkedin": ["ada-quill-lutherie", "Ada Quill", "urn:li:organization:2414183"],
    "twitter": ["ada_makes", "bobs_bicycles"],
    "youtube": ["UCAdaMuster-Pottery-7A0w"],
}
"""Whose samples they are, all given to one person."""

# The workbook of a page does not say whose it is.
SOURCES: dict[str, dict[str, Sequence[str | tuple[str, str]]]] = {
    "facebook": {"export": ["export-2019", "export-2021", "export-2026"]},
    "foursquare": {"export": ["data-export", "saved-check-ins"]},
    "googleplus": {"takeout": ["takeout-html", "takeout-json", "takeout-microdata"]},
    "instagram": {"export": ["instagram-ada.quill.makes-2026-11-12-Kx3fQ9aB"]},
    "linkedin": {"export": ["Complete_LinkedInDataExport_11-15-2026"], "analytics": ["analytics", ("page-analytics", "ada")]},
    "twitter": {"archive": ["ada", "bob.zip"], "bulk": ["collected-v1.jsonl", "collected-v2.jsonl"]},
    "youtube": {"comments": ["data-api", "yt-dlp"], "takeout": ["takeout"]},
}

Asked = Callable[..., Any]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Asked:
    """Return a function: the words of a command → what it prints as JSON."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    def ask(*words: str) -> Any:
        code = main([*words, "--json"])
        told = capsys.readouterr()
        assert code == 0, told.err
        return json.loads(told.out)

    return ask


def configured(networks: Sequence[str], folder: Path, window: str) -> str:
    """Write a configuration of one person with samples of some networks, and return its name."""
    text = [f'[run]\nstore = "{folder / "-".join(networks)}"\nas_of = 2026-11-15\nwindow = "{window}"\n[people.ada.accounts]']
    text += [f"{network} = {json.dumps(ACCOUNTS[network])}" for network in networks]
    for network in networks:
        text.append(f"[networks.{network}]")
        for source, samples in SOURCES[network].items():
            named = [sample if isinstance(sample, tuple) else (sample, None) for sample in samples]
            tables = [table(PLUGINS / f"kleos-{network}" / "samples" / name, person) for name, person in named]
            text.append(f"{source} = [{', '.join(tables)}]")
    path = folder / f"{len(networks)}.toml"
    path.write_text("\n".join(text), encoding="utf-8")
    return str(path)


def table(path: Path, person: str | None) -> str:
    return f"{{ path = {json.dumps(str(path))}{'' if person is None else f', person = {json.dumps(person)}'} }}"


def test_samples_of_seven_networks_are_scored_in_one_run(asked: Asked, tmp_path: Path) -> None:
    # Google+ ended in 2019: a window of ten years reaches everything.
    result = asked("run", configured(SEVEN, tmp_path, "3650d"))
    assert result["faults"] == []
    (ada,) = result["people"]
    assert sorted(ada["networks"]) == SEVEN
    for name, network in ada["networks"].items():
        assert network["interactions"] > 0, name
        assert network["points"] > 0, name
    assert sum(network["points"] for network in ada["networks"].values()) == pytest.approx(ada["score"] - 1, abs=1e-9)
    assert ada["coverage"]["imported"] == sum(network["interactions"] for network in ada["networks"].values())


def test_each_further_network_of_samples_never_lowers_the_score(asked: Asked, tmp_path: Path) -> None:
    scores = [asked("run", configured(SEVEN[:most], tmp_path, "3650d"))["people"][0]["score"] for most in (2, 4, 6, 7)]
    assert scores[0] > 1
    assert scores == sorted(scores)


def test_seven_networks_are_listed_each_from_a_plugin_of_its_own(asked: Asked) -> None:
    listed = {network["name"]: network for network in asked("networks")}
    assert set(listed) >= set(SEVEN)
    assert [listed[name]["distribution"] for name in SEVEN] == [f"kleos-{name}" for name in SEVEN]


def test_seven_networks_make_more_than_400_factors(asked: Asked) -> None:
    factors = [factor["name"] for factor in asked("factors")]
    ours = [name for name in factors if name.partition(".")[0] in SEVEN]
    assert len(set(ours)) == len(ours) > 400
    assert {name.partition(".")[0] for name in ours} == set(SEVEN)


def test_there_are_twelve_metrics(asked: Asked) -> None:
    metrics = [metric for metric in asked("metrics") if metric["distribution"] == "kleos-metrics"]
    assert len(metrics) == 12

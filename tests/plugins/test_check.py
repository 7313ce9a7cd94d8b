"""``kleos plugins check`` and ``kleos plugins``, on plugins that are really installed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kleos.cli import main
from kleos.testing import CHECKS
from kleos.testing.finding import given_by, samples_in

READER = '''
import json
from datetime import UTC, datetime
from pathlib import Path
from attrs import frozen
from kleos.contract import Interaction, Owner, Page
from kleos.errors import ParseError

@frozen(kw_only=True)
class Lines:
    path: Path
    """Where the lines are."""
    mark: str = "?"
    """What the first line is."""

def recognise(export):
    return 1.0 if export.find("likes.txt") else 0.2

def owners(export):
    return (Owner(ids=["1"]),)

def fetch(settings, owner, context):
    export = context.open_export(settings.path)
    for name in export.names:
        for lines in export.chunks(name):
            yield Page(network="reader", source="lines", where=name, owner=owner, captured=None, body=lines)

def parse(page):
    for line in page.body.splitlines():
        actor = line.decode(errors="replace").strip("\\ufffd\\x00 ")
        if actor.isalpha():
            yield Interaction(network="reader", kind="like", subject="1", actor=actor, item="post", time=datetime(2026, 3, 1, tzinfo=UTC))

@hookimpl
def kleos_networks():
    lines = Source(name="lines", title="Lines", settings=Lines, recognise=recognise, owners=owners, fetch=fetch, parse=parse)
    return (Network(name="reader", title="Reader", kinds={"like": Kind(role=Role.LIKE, title="like", once=True)}, sources=(lines,)),)
'''
METRIC = "@hookimpl\ndef kleos_metrics(): return (metric('dip', terms=(), compute=lambda f: f['any.actors'] / (1 + f['any.acts'])),)"


@pytest.fixture
def reader(site: Any, tmp_path: Path) -> Path:
    """Install a network as ``pip install -e`` does, and return its project."""
    project = tmp_path / "a project"
    (project / "samples" / "someone").mkdir(parents=True)
    (project / "samples" / "someone" / "likes.txt").write_text("bob\neve\nann\n")
    info = site.install_network("reader", READER)
    (info / "direct_url.json").write_text(json.dumps({"url": project.as_uri(), "dir_info": {"editable": True}}))
    return project


def check(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = main(["plugins", "check", *words])
    return code, capsys.readouterr().out


def test_a_good_plugin_exits_with_0_and_each_check_is_told(reader: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = check(capsys, "reader", "--json")
    rows = json.loads(out)
    assert {row["name"]: row["outcome"] for row in rows} == {check.name: "kept" for check in CHECKS if check.about != "metric"}
    assert code == 0
    assert all(row["claim"] and not row["message"] for row in rows)


def test_a_broken_check_exits_with_1_and_says_what_to_do(site: Any, capsys: pytest.CaptureFixture[str]) -> None:
    site.install("kleos-dip", METRIC, metrics={"dip": "kleos_dip"})
    code, out = check(capsys, "dip")
    assert code == 1
    assert "broken  metrics_are_monotone\n        metric dip: " in out
    assert "what to do: one more reaction must never lower" in " ".join(out.split())
    assert "7 checks: 6 kept, 1 broken" in out


def test_what_is_not_installed_is_broken(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = check(capsys, "nobody_at_all")
    assert code == 1
    assert "nothing called 'nobody_at_all' is installed" in out


def test_samples_are_looked_for_in_the_project_or_where_one_says(reader: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert given_by("reader").samples == {"lines": [reader / "samples" / "someone"]}
    (tmp_path / "empty").mkdir()
    code, out = check(capsys, "reader", "--samples", str(tmp_path / "empty"))
    assert (code, "source lines has no sample" in out) == (1, True)
    assert main(["plugins", "check", "reader", "--samples", str(tmp_path / "nowhere")]) == 2
    assert "expected a folder of samples" in capsys.readouterr().err


def test_a_sample_is_of_the_source_whose_name_it_bears_or_of_the_one_that_is_sure(reader: Path) -> None:
    for name in ("lines-two", "lines.txt", "unknown.txt", ".hidden"):
        (reader / "samples" / name).write_text("bob\n")
    assert [path.name for path in samples_in(reader / "samples", "reader")["lines"]] == ["lines-two", "lines.txt", "someone"]


def test_the_project_s_own_contract_test_says_what_to_check_with(reader: Path) -> None:
    (reader / "tests").mkdir()
    contract = reader / "tests" / "test_contract.py"
    contract.write_text(
        "from pathlib import Path\nfrom kleos.testing import PluginContract\n"
        "class TestReader(PluginContract):\n    plugin = 'reader'\n"
        "    samples = {'lines': [Path('x')]}\n    settings = {'lines': {'mark': '!'}}\n"
    )
    given = given_by("reader")
    assert (given.samples, given.settings, given.large) == ({"lines": [Path("x")]}, {"lines": {"mark": "!"}}, {})
    contract.write_text("1 / 0")
    assert given_by("reader").samples == {"lines": [reader / "samples" / "someone"]}


def test_a_plugin_that_fails_is_listed_with_its_version_and_stage_and_the_way_to_the_traceback(
    site: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KLEOS_PLUGINS", "kleos-broken")
    site.install_network("broken", "def inside():\n    return 1 / 0\ninside()\n")
    assert main(["plugins"]) == 1
    out, err = capsys.readouterr()
    assert "broken  1.2.3    network  kleos-broken  fails (load)" in out
    told = "network broken of kleos-broken 1.2.3: importing kleos_broken raised ZeroDivisionError: division by zero"
    assert told in " ".join(err.split())
    assert "`kleos plugins --debug` shows the traceback" in " ".join(err.split())
    assert "in inside" not in err
    assert main(["plugins", "--debug"]) == 1
    assert "in inside" in capsys.readouterr().err


def test_the_way_out_is_told_by_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plugins", "--help"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "KLEOS_PLUGINS=a,b in the environment lets Kleos see these plugins or distributions only; set to nothing, none." in told


def test_a_plugin_is_made_by_one_word_of_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plugins", "new", "owl", "--network", "--metric"]) == 2
    assert "expected either --network or --metric" in capsys.readouterr().err
    assert main(["plugins", "new", "owl", "--network", "--into", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "src/kleos_owl/plugin.py" in out
    assert "kleos plugins check owl" in out
    assert (tmp_path / "kleos-owl" / "pyproject.toml").is_file()

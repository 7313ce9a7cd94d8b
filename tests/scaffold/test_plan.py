"""A new plugin: which names it may have, and that nothing is ever overwritten."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Template

import pytest
import tomli

import kleos.scaffold
from kleos.contract import Kind, Network, Role
from kleos.errors import UsageError
from kleos.plugins import Installed, PluginKind
from kleos.scaffold import plan

TEMPLATES = Path(kleos.scaffold.__file__).parent
KINDS: tuple[PluginKind, ...] = ("network", "metric")
NET = Network(
    name="net",
    title="Net",
    kinds={
        "peek": Kind(role=Role.VIEW, title="peek"),
        "cheer": Kind(role=Role.LIKE, title="cheer"),
        "echo": Kind(role=Role.SHARE, title="echo"),
    },
    sources=(),
)


@pytest.mark.parametrize("kind", KINDS)
def test_every_template_is_filled_in_and_is_what_its_name_says(kind: PluginKind) -> None:
    planned = plan("night_owl", kind, taken=(), networks=[NET])
    assert planned.distribution == "kleos-night-owl"
    templates = [path for path in (TEMPLATES / kind).rglob("*") if path.is_file()]
    assert all(path.name.endswith(".template") for path in templates)
    assert len(planned.files) >= len(templates)
    for name, text in planned.files.items():
        assert "PACKAGE" not in name
        assert "template" not in name
        if not name.startswith(".github"):
            assert not Template(text).get_identifiers(), name
        if name.endswith(".py"):
            ast.parse(text, name)
        if name.endswith(".toml"):
            tomli.loads(text)
    assert {"pyproject.toml", "README.md", "kleos.toml", ".gitignore", ".github/workflows/check.yml"} < set(planned.files)
    assert "src/kleos_night_owl/__init__.py" in planned.files
    assert "${{ matrix.python }}" in planned.files[".github/workflows/check.yml"]


def test_a_metric_s_example_is_of_a_network_that_is_there() -> None:
    files = plan("verve", "metric", taken=(), networks=[NET]).files
    table = tomli.loads(files["kleos.toml"])["networks"]["net"]["interactions"]
    assert table["kinds"] == {"like": "cheer", "answer": "cheer", "share": "echo"}
    assert table["path"] in files
    only_views = Network(name="tv", title="TV", kinds={"peek": NET.kinds["peek"]}, sources=())
    assert "kleos.toml" not in plan("verve", "metric", taken=(), networks=[only_views]).files


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Night-Owl", "try night_owl"),
        ("night owl", "try night_owl"),
        ("9gag", "try gag"),
        ("kleos-owl", "try owl"),
        ("kleos_owl", "try owl"),
        ("owl_", "try owl"),
        ("night__owl", "try night_owl"),
        ("élan", "try lan"),
        ("../owl", "try owl"),
        ("o" * 41, f"try {'o' * 40}"),
        ("", ""),
        ("1", ""),
        ("any", "letters"),
        ("interactions", "letters"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_bad_name_is_told_what_is_allowed(name: str, hint: str, kind: PluginKind) -> None:
    with pytest.raises(UsageError) as caught:
        plan(name, kind, taken=())
    assert caught.value.where == "NAME"
    assert hint in caught.value.hint
    assert repr(name) in caught.value.message
    assert "lower-case letters and digits" in str(caught.value) or "without kleos" in str(caught.value)


def test_names_that_are_installed_are_refused() -> None:
    owl = Installed("network", "owl", "kleos-owls", "1", "kleos_owls")
    with pytest.raises(UsageError, match="the network owl is installed already, by kleos-owls"):
        plan("owl", "network", taken=[owl])
    assert plan("owl", "metric", taken=[owl])
    with pytest.raises(UsageError, match="the distribution kleos-owls is installed already"):
        plan("owls", "metric", taken=[owl])


@pytest.mark.parametrize("there", ["folder", "file", "dangling link"])
def test_what_is_there_is_never_overwritten(tmp_path: Path, there: str) -> None:
    target = tmp_path / "kleos-owl"
    if there == "folder":
        target.mkdir()
    elif there == "file":
        target.write_text("mine")
    else:
        target.symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="this is there already, and nothing is overwritten"):
        plan("owl", "network", taken=()).write(tmp_path)
    assert list(tmp_path.rglob("*")) == [target]


def test_a_folder_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Path] = []

    def full(path: Path, text: str, encoding: str) -> int:
        written.append(path)
        if len(written) == 3:
            raise OSError(28, "No space left on device")
        return len(text)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(UsageError, match="the files cannot be written: No space left on device"):
        plan("owl", "network", taken=()).write(tmp_path / "deep" / "down")
    assert not (tmp_path / "deep" / "down" / "kleos-owl").exists()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"cannot be made|there already"):
        plan("owl", "network", taken=()).write(tmp_path / "file")

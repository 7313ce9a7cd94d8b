"""The configuration for what was understood: it passes, it says why, and any name or path survives it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from kleos.config import Config, read, resolve
from kleos.plugins import Loaded
from kleos.setup.configured import configuration
from kleos.setup.toml import path_text, quoted, remark
from kleos.setup.understanding import understand

Write = Callable[..., Path]


@pytest.fixture
def written(loaded: Loaded, now: datetime, tmp_path: Path) -> Callable[..., str]:
    return lambda *paths, loaded=loaded: configuration(understand(paths, loaded, now=now), tmp_path)


@pytest.fixture
def resolved(loaded: Loaded, tmp_path: Path) -> Callable[[str], Config]:
    return lambda text: resolve(read(text), loaded.networks, loaded.metrics, folder=tmp_path)


def test_an_export_becomes_a_person_a_source_and_a_time(
    export: Write, written: Callable[..., str], resolved: Callable[..., Config]
) -> None:
    text = written(export("ada.zip"))
    assert 'archive = "ada.zip"' in text
    assert "# 2 trill, 2026-03-01 to 2026-03-31" in text
    config = resolved(text)
    assert config.run.as_of == datetime(2026, 3, 31, tzinfo=UTC)
    assert config.people["ada"].accounts == {"birdsong": ("ada", "1")}


def test_the_time_is_kept_to_the_microsecond(export: Write, written: Callable[..., str], resolved: Callable[..., Config]) -> None:
    text = written(export("ada.zip", times=["2026-03-31T10:00:00.120003"]))
    assert "as_of = 2026-03-31T10:00:00.120003Z" in text
    assert resolved(text).run.as_of == datetime(2026, 3, 31, 10, microsecond=120_003, tzinfo=UTC)


def test_without_times_there_is_no_as_of(export: Write, written: Callable[..., str], resolved: Callable[..., Config]) -> None:
    text = written(export("ada.zip", times=[""]))
    assert "\nas_of" not in text
    assert resolved(text).run.as_of is None


def test_parts_are_one_table_and_exports_are_a_list(export: Write, written: Callable[..., str], resolved: Callable[..., Config]) -> None:
    paths = [
        export("ada-1.zip", file="data/1-trills.jsonl"),
        export("ada-2.zip", file="data/2-trills.jsonl"),
        export("bob.zip", ("2", "bob", "Bob")),
    ]
    text = written(*paths)
    assert '    { path = ["ada-1.zip", "ada-2.zip"] },\n' in text
    assert '    "bob.zip",\n' in text
    assert [len(source.settings.path) for source in resolved(text).sources] == [2, 1]


def test_an_export_that_does_not_say_whose_it_is_names_its_person(
    export: Write, written: Callable[..., str], resolved: Callable[..., Config]
) -> None:
    text = written(export("ada.zip"), export("mystery", None))
    assert '{ path = "mystery", person = "mystery" }' in text
    assert "if it is somebody else's, change person" in text
    assert [source.person for source in resolved(text).sources] == [None, "mystery"]


def test_people_of_a_bulk_file_are_apart_from_owners_and_explained(export: Write, bulk: Write, written: Callable[..., str]) -> None:
    text = written(export("ada.zip"), bulk("all.birds", {"bob": 2}))
    owner, explained, bystander = text.index("[people.ada]"), text.index("which belong to nobody"), text.index("[people.bob]")
    assert owner < explained < bystander
    assert 'bulk = "all.birds"' in text


def test_a_table_stands_under_each_of_its_networks(tmp_path: Path, written: Callable[..., str], resolved: Callable[..., Config]) -> None:
    (tmp_path / "t.csv").write_text("network,subject,actor,kind\nbirdsong,ada,bob,trill\nmeadow,ada,bob,nod\n", encoding="utf-8")
    sources = resolved(written(tmp_path / "t.csv")).sources
    assert [source.key_path for source in sources] == ["networks.birdsong.interactions", "networks.meadow.interactions"]


def test_a_table_that_names_no_network_says_how_it_was_told(tmp_path: Path, written: Callable[..., str]) -> None:
    (tmp_path / "t.csv").write_text("subject,actor,kind\nada,bob,trill\n", encoding="utf-8")
    assert "# The table names no network: its kinds of reactions are those of birdsong." in written(tmp_path / "t.csv")


def test_another_guess_is_there_switched_off(
    export: Write, changed: Callable[..., Loaded], written: Callable[..., str], resolved: Callable[..., Config]
) -> None:
    text = written(export("ada.zip"), loaded=changed(recognise=lambda export: 1.0))
    assert text.endswith('#[networks.meadow]\n#archive = "ada.zip"\n')
    assert {source.network for source in resolved(text).sources} == {"birdsong"}


# Names and paths


@pytest.mark.parametrize(
    "name", ["Ada's export", 'say "hi"', "back\\slash", "tab\there", "李小龙", "a = [b] # c", "new\nline", "~ada", "{x}", "[ab]"]
)
def test_any_file_name_survives(name: str, export: Write, written: Callable[..., str], resolved: Callable[..., Config]) -> None:
    path = export(name)
    (source,) = resolved(written(path)).sources
    assert source.settings.path == (path,)


@pytest.mark.parametrize("name", ['Ada "the\nCountess" \\ \x1b[31m \u202e', "# no comment", "'''", "]"])
def test_any_display_name_survives(name: str, export: Write, written: Callable[..., str], resolved: Callable[..., Config]) -> None:
    (person,) = resolved(written(export("ada", ("1", "ada", name)))).people.values()
    assert person.name == " ".join(name.split())


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_quoted_text_means_itself(text: str) -> None:
    assert tomli.loads(f"x = {quoted(text)}")["x"] == text


def test_half_of_a_surrogate_pair_cannot_be_quoted() -> None:
    with pytest.raises(ValueError, match="surrogate"):
        quoted("\ud800")


@given(st.text())
def test_a_remark_stays_a_remark(text: str) -> None:
    lines = remark(text)
    assert all(line.startswith("#") and "\n" not in line for line in lines)
    assert tomli.loads("\n".join([*lines, "x = 1"])) == {"x": 1}


def test_paths_are_relative_where_that_is_short_and_right(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b" / "c"
    folder.mkdir(parents=True)
    near, far = tmp_path / "a" / "x.zip", tmp_path / "x.zip"
    near.write_bytes(b"")
    far.write_bytes(b"")
    assert path_text(near, folder) == "../../x.zip"
    assert path_text(far, folder) == far.as_posix()


def test_a_path_is_whole_where_a_link_would_lead_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "deep" / "real").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "deep" / "real")
    (tmp_path / "x.zip").write_bytes(b"")
    assert path_text(tmp_path / "x.zip", tmp_path / "link") == (tmp_path / "x.zip").as_posix()

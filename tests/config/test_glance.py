"""A glance says of the store and the people what the whole check says, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kleos.config import read, resolve
from kleos.config.glance import glance
from kleos.errors import ConfigError

NAMES = st.one_of(st.none(), st.sampled_from(["Ada Quill", " Ada ", "", "  ", 3, "Ω\t"]))
IDS = st.sampled_from(["ada", "bob-2", "c_3", "no good", "é"])
STORES = st.sampled_from([None, "store", "../other", "./a/../store", "", " ", 5, "~/kleos", "~nobody/x", "a\\u0000b"])


def toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


@given(people=st.dictionaries(IDS, NAMES, max_size=3), store=STORES)
def test_it_agrees_with_the_whole_check(people: dict[str, object], store: object, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp() / "glance"
    for name in ("store", "other"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    text = "" if store is None else f"[run]\nstore = {toml(store)}\n"
    text += "".join(
        f'[people."{id_}"]\n' + ("" if name is None else f"name = {toml(name)}\n".replace("\t", "\\t")) for id_, name in people.items()
    )
    raw = read(text, where="kleos.toml")
    seen = glance(raw, folder)
    try:
        config = resolve(raw, {}, {}, folder=folder)
    except ConfigError:
        assert seen is None
    else:
        assert seen is None or (seen.store, dict(seen.people)) == (config.run.store, {one.id: one.name for one in config.people.values()})


def test_it_looks_at_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    raw = read(
        '[run]\nstore = "store"\nnonsense = 1\n[people.ada]\naccounts = 5\n[networks.pond]\narchive = "gone.zip"\n', where="kleos.toml"
    )
    seen = glance(raw, tmp_path)
    assert seen is not None
    assert (seen.store, seen.people) == (tmp_path / "store", {"ada": "ada"})


@pytest.mark.parametrize("text", ["", "[people]\n", "people = 3\n[run]\n", "run = 3\n[people.ada]\n", "[people]\nada = 3\n"])
def test_what_is_not_plain_is_left_to_the_whole_check(tmp_path: Path, text: str) -> None:
    assert glance(read(text, where="kleos.toml"), tmp_path) is None


def test_a_store_that_is_not_there_is_left_to_the_whole_check(tmp_path: Path) -> None:
    raw = read('[run]\nstore = "store"\n[people.ada]\n', where="kleos.toml")
    assert glance(raw, tmp_path) is None
    (tmp_path / "store").write_text("a file", encoding="utf-8")
    assert glance(raw, tmp_path) is None


def test_a_configuration_without_a_store_has_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    raw = read("[people.ada]\n", where="kleos.toml")
    store = resolve(raw, {}, {}, folder=tmp_path).run.store
    store.mkdir(parents=True)
    seen = glance(raw, tmp_path)
    assert seen is not None
    assert seen.store == store

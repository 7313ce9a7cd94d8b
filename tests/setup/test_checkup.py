"""Each check ends well, or says what is wrong and what to do; none of them stops the others or tells a secret."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, frozen

from kleos.config import Config, read, resolve
from kleos.contract import Kind, Network, Role, Source
from kleos.events import Fault
from kleos.plugins import Installed, Loaded
from kleos.secrets import Secret
from kleos.setup import checkup
from kleos.setup.checks import Check
from kleos.setup.checkup import check_configured, check_machine, check_plugins
from kleos.setup.survey import Means
from kleos.store import Store

Write = Callable[..., Path]


@frozen(kw_only=True)
class Api:
    token: Secret
    more: tuple[Secret, ...] = ()


def nothing(*args: Any) -> Any:
    raise AssertionError("an API is not asked by a check-up")


CLOUD = Network(
    name="cloud",
    title="Cloud",
    kinds={"rain": Kind(role=Role.LIKE, title="rain")},
    sources=[Source(name="api", title="the API of Cloud", settings=Api, fetch=nothing, parse=nothing, live=True)],
)

Checks = Callable[..., dict[str, Check]]


@pytest.fixture
def configure(loaded: Loaded, tmp_path: Path) -> Callable[..., Config]:
    def configured(text: str) -> Config:
        head = '[run]\nstore = "store"\n' if "[run]" not in text else ""
        people = '[people.ada]\naccounts = { birdsong = "ada" }\n' if "[people" not in text else ""
        return resolve(read(f"{head}{people}{text}"), {**loaded.networks, "cloud": CLOUD}, {}, folder=tmp_path)

    return configured


@pytest.fixture
def check(configure: Callable[..., Config], loaded: Loaded, now: datetime) -> Checks:
    """Return the checks of a configuration's text by their names."""

    def checked(text: str, loaded: Loaded = loaded) -> dict[str, Check]:
        everything = Loaded(networks={**loaded.networks, "cloud": CLOUD}, metrics={}, origins={})
        return {one.name: one for one in check_configured(configure(text), Means(loaded=everything, now=now))}

    return checked


# The machine and the plugins


def test_this_python_and_its_cache_are_fine() -> None:
    assert [(one.name, one.status) for one in check_machine()] == [("python", "ok"), ("kernel cache", "ok")]


def test_a_cache_that_cannot_be_written_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "cache_folder", lambda: None)
    (cache,) = [one for one in check_machine() if one.name == "kernel cache"]
    assert cache.status == "warning"
    assert "KLEOS_CACHE_DIR" in cache.hint


BIRDS = Installed("network", "birdsong", "kleos-birds", "1.0", "kleos_birds")
METRICS = [Installed("metric", name, "kleos-metrics", "2.0", "kleos_metrics") for name in ("momentum", "applause")]
FAULT = Fault(
    plugin="birdsong", distribution="kleos-birds", version="1.0", stage="load", where="kleos_birds", error="it cannot be imported"
)


def plugins(loaded: Sequence[Installed], faults: Sequence[Fault] = (), named: Sequence[str] = ()) -> list[tuple[str, str]]:
    return [(one.status, one.text) for one in check_plugins([BIRDS, *METRICS], set(loaded), faults, named)]


def test_plugins_that_load_are_told_with_what_they_offer() -> None:
    assert plugins([BIRDS, *METRICS]) == [("ok", "kleos-birds 1.0: network birdsong"), ("ok", "kleos-metrics 2.0: 2 metrics")]


@pytest.mark.parametrize(("named", "status"), [(["birdsong"], "error"), ([], "warning")])
def test_a_plugin_that_fails_is_an_error_only_where_it_is_needed(named: list[str], status: str) -> None:
    assert plugins(METRICS, [FAULT], named)[0] == (status, "kleos-birds 1.0: it cannot be imported")


def test_without_any_plugin_there_is_nothing_to_do() -> None:
    checks = list(check_plugins([], set(), [], []))
    assert [one.status for one in checks] == ["error", "error"]
    assert checks[1].hint == "pip install kleos-metrics"


def test_a_distribution_that_cannot_even_be_seen_is_told() -> None:
    broken = evolve(FAULT, stage="see", where="/site-packages", error="its metadata cannot be read")
    assert ("warning", "its metadata cannot be read") in plugins([BIRDS, *METRICS], [broken])


# Sources


def test_a_source_is_told_with_what_is_in_it_and_whose_it_is(export: Write, check: Checks) -> None:
    export("ada.zip")
    one = check('[networks.birdsong]\narchive = "ada.zip"')["networks.birdsong.archive"]
    assert (one.status, one.text) == ("ok", "ada.zip: 2 trill, 2026-03-01 to 2026-03-31; of ada")


def test_an_export_that_nobody_claims_is_an_error_with_the_line_to_add(export: Write, check: Checks) -> None:
    export("bob.zip", ("2", "bob", "Bob"))
    one = check('[networks.birdsong]\narchive = "bob.zip"')["networks.birdsong.archive"]
    assert one.status == "error"
    assert one.text.startswith("nobody in the configuration claims this export of bob")
    assert 'accounts = { birdsong = "bob" }' in one.hint


def test_a_zip_that_cannot_be_opened_is_an_error_and_the_next_is_checked(export: Write, check: Checks) -> None:
    export("ada.zip")
    (export("x.zip").parent / "x.zip").write_bytes(b"PK")
    checks = check('[networks.birdsong]\narchive = ["x.zip", "ada.zip"]')
    assert checks["networks.birdsong.archive[0]"].status == "error"
    assert checks["networks.birdsong.archive[1]"].status == "ok"


def test_a_file_that_does_not_look_like_its_source_says_what_it_looks_like(
    export: Write, check: Checks, changed: Callable[..., Loaded]
) -> None:
    export("ada", more={"data/nods.jsonl": '{"kind": "nod", "by": "bob", "on": "song", "at": "2026-03-01"}'})
    one = check('[people.ada]\n[networks.meadow]\narchive = "ada"', loaded=changed(recognise=lambda export: 0.2))["networks.meadow.archive"]
    assert one.status == "warning"
    assert one.text.endswith("it does not look like meadow (archive)")
    assert one.hint == "it looks like birdsong (archive)"


def test_a_file_that_is_of_another_network_says_so(export: Write, check: Checks) -> None:
    export("nods", file="nods.jsonl", kind="nod", more={"data/none.jsonl": ""})
    one = check('[people.ada]\n[networks.birdsong]\narchive = "nods"')["networks.birdsong.archive"]
    assert one.status == "error"
    assert "expected a file that ends with trills.jsonl, found none" in one.text


def test_rows_with_flaws_are_a_warning(export: Write, check: Checks) -> None:
    export("ada.zip", more={"data/x-trills.jsonl": '{"kind": "wave", "by": "bob", "on": "song", "at": "2026-03-01"}'})
    one = check('[networks.birdsong]\narchive = "ada.zip"')["networks.birdsong.archive"]
    assert one.status == "warning"
    assert "1 row or file has a flaw" in one.text


def test_a_bulk_file_about_nobody_here_is_a_warning_with_an_account_to_add(bulk: Write, check: Checks) -> None:
    bulk("all.birds", {"2": 3}, ("2", "bob", "Bob"))
    one = check('[networks.birdsong]\nbulk = "all.birds"')["networks.birdsong.bulk"]
    assert (one.status, "none of it is about anybody" in one.text) == ("warning", True)
    assert 'accounts = { birdsong = "bob" }' in one.hint


def test_a_bulk_file_about_somebody_here_is_fine(bulk: Write, check: Checks) -> None:
    bulk("all.birds", {"2": 3, "1": 1}, ("1", "Ada", "Ada"))
    assert check('[networks.birdsong]\nbulk = "all.birds"')["networks.birdsong.bulk"].status == "ok"


def test_tables_and_populations_are_read(tmp_path: Path, check: Checks) -> None:
    (tmp_path / "t.csv").write_text("who,actor,kind\nada,bob,trill\nada,bob,wave\n", encoding="utf-8")
    mapped = 'columns = { subject = "who" }\nkinds = { wave = "echo" }\nnetwork = "birdsong"\n'
    text = f'[networks.birdsong.interactions]\npath = "t.csv"\n{mapped}[population]\ninteractions = "t.csv"\n{mapped}'
    checks = check(text)
    assert checks["networks.birdsong.interactions"].text == "t.csv: 1 echo, 1 trill, without times"
    assert checks["population"].status == "ok"


def test_a_large_table_is_not_counted(tmp_path: Path, check: Checks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kleos.setup.source_checks._CHEAP", 10)
    (tmp_path / "t.csv").write_text("subject,actor,kind\nada,bob,trill\n", encoding="utf-8")
    one = check('[networks.birdsong]\ninteractions = "t.csv"')["networks.birdsong.interactions"]
    assert (one.status, "too much to be counted here" in one.text) == ("ok", True)


def test_a_large_export_is_looked_at_in_part(export: Write, check: Checks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kleos.setup.source_checks._CHEAP", 10)
    export("ada.zip")
    assert "in the first part of it" in check('[networks.birdsong]\narchive = "ada.zip"')["networks.birdsong.archive"].text


def test_a_plugin_that_fails_is_an_error_of_its_source(export: Write, check: Checks, changed: Callable[..., Loaded]) -> None:
    def owners(export: Any) -> Any:
        raise SystemExit(1)

    export("nods", file="nods.jsonl", kind="nod")
    one = check('[networks.meadow]\narchive = "nods"', loaded=changed(owners=owners))["networks.meadow.archive"]
    assert one.status == "error"
    assert "a bug in the plugin" in one.text


def test_without_sources_there_is_a_warning(check: Checks) -> None:
    assert check("")["networks"].status == "warning"


# Secrets


def test_secrets_are_looked_up_and_never_told(check: Checks, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CLOUD_TOKEN", "hush-hush")
    (tmp_path / "token").write_text("whisper", encoding="utf-8")
    text = '[networks.cloud]\napi = { token = { env = "CLOUD_TOKEN" }, more = [{ file = "token" }, { env = "NOT_SET" }] }'
    checks = check(f'[people.ada]\naccounts = {{ cloud = "ada" }}\n{text}')
    assert checks["networks.cloud.api"].text == "the API of Cloud for ada: asked by a run, not here"
    assert checks["networks.cloud.api.token"].text == "the environment variable CLOUD_TOKEN holds a secret"
    assert checks["networks.cloud.api.more[0]"].status == "ok"
    assert (checks["networks.cloud.api.more[1]"].status, checks["networks.cloud.api.more[1]"].hint) == ("error", "export NOT_SET=…")
    assert not any("hush" in str(one) or "whisper" in str(one) for one in checks.values())


# The store


@pytest.fixture
def store(tmp_path: Path) -> Path:
    Store.open(tmp_path / "store").close()
    return tmp_path / "store"


def stored(check: Checks) -> tuple[str, str]:
    one = check("")["run.store"]
    return one.status, one.text


def test_a_store_that_is_not_there_yet_can_be_made(check: Checks, tmp_path: Path) -> None:
    assert stored(check) == ("ok", f"{tmp_path / 'store'}: not there yet, the first run makes it")
    assert not (tmp_path / "store").exists()


def test_a_store_as_it_was_left_is_fine(store: Path, check: Checks) -> None:
    assert stored(check) == ("ok", f"{store}: the catalogue and all segments are as they were written")


def test_what_an_import_left_is_removed_and_told(store: Path, check: Checks) -> None:
    orphan = store / "interactions" / "network=birdsong" / "x.parquet"
    orphan.parent.mkdir(parents=True)
    orphan.write_bytes(b"")
    assert stored(check)[1].startswith("removed a file that an import left when it was cut short")
    assert not orphan.exists()


def test_a_damaged_catalogue_is_an_error(store: Path, check: Checks) -> None:
    (store / "catalog.sqlite").write_bytes(b"no SQLite" * 500)
    assert stored(check)[0] == "error"


def test_a_missing_key_is_an_error_and_no_other_is_made(store: Path, check: Checks) -> None:
    (store / "key").unlink()
    status, text = stored(check)
    assert (status, "the key is missing" in text) == ("error", True)
    assert not (store / "key").exists()


def test_a_key_that_others_may_read_is_a_warning(store: Path, check: Checks) -> None:
    (store / "key").chmod(0o644)
    one = check("")["run.store"]
    assert (one.status, one.hint) == ("warning", f"chmod 600 {store / 'key'}")


def test_a_store_that_is_being_written_is_not_swept(store: Path, check: Checks, now: datetime) -> None:
    with Store.open(store) as writer:
        writer.begin_run(now)
        status, text = stored(check)
    assert (status, "is writing to this store" in text) == ("warning", True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_place_that_may_not_be_written_is_an_error(tmp_path: Path, check: Checks) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    assert check('[run]\nstore = "locked/store"')["run.store"].status == "error"


@pytest.mark.parametrize(("free", "status"), [(10 << 30, "ok"), (500 << 20, "warning"), (1 << 20, "error")])
def test_room_is_looked_for(free: int, status: str, check: Checks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(0, 0, free))
    assert check("")["disk"].status == status


def test_a_model_that_cannot_be_read_is_an_error(tmp_path: Path, check: Checks) -> None:
    (tmp_path / "model.toml").write_text("x = 1", encoding="utf-8")
    assert check('[run]\nstore = "store"\nmodel = "model.toml"')["run.model"].status == "error"

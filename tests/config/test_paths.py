from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import platformdirs
import pytest

from kleos.config import read, resolve

Resolve = Callable[..., Any]

PEOPLE = "[people.ada]\n"
BIRDSONG = "[networks.birdsong]\n"
POPULATION = "[population]\n"


def test_paths_start_from_the_folder_of_the_configuration(config: Resolve, folder: Path) -> None:
    found = config(f'{PEOPLE}[run]\nstore = "s"\nmodel = "model.toml"\n[networks.birdsong]\narchive = "ada.zip"')
    assert found.run.store == folder / "s"
    assert found.run.model == folder / "model.toml"
    assert found.sources[0].settings.path == folder / "ada.zip"


def test_a_tilde_is_the_home_folder(config: Resolve, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    found = config(f'{PEOPLE}[networks.birdsong]\narchive = "~/ada.zip"\ninteractions = "~/events/*.csv"')
    assert found.sources[0].settings.path == folder / "ada.zip"
    assert found.sources[1].settings.path == (folder / "events/a.csv", folder / "events/b.csv")


def test_wildcards_are_expanded_in_order_and_a_file_named_twice_is_read_once(config: Resolve, folder: Path) -> None:
    text = f'{PEOPLE}[networks.birdsong]\ninteractions = {{ path = ["table.csv", "**/*.csv", "events/b.csv"] }}'
    names = [path.relative_to(folder).as_posix() for path in config(text).sources[0].settings.path]
    assert names == ["table.csv", "accounts.csv", "events/a.csv", "events/b.csv"]


def test_a_bracket_in_a_name_that_is_there_is_no_wildcard(config: Resolve, folder: Path) -> None:
    (folder / "table [1].csv").touch()
    found = config(f'{PEOPLE}[networks.birdsong]\ninteractions = "table [1].csv"')
    assert found.sources[0].settings.path == (folder / "table [1].csv",)


NOTHING = "expected a file or folder, found nothing at {folder}"
NO_FILE = "expected a file, found nothing at {folder}"


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        (BIRDSONG + 'archive = "gone.zip"', "networks.birdsong.archive.path", f"{NOTHING}/gone.zip"),
        (BIRDSONG + 'archive = { path = ["ada.zip", "gone.zip"] }', "networks.birdsong.archive.path[1]", f"{NOTHING}/gone.zip"),
        (BIRDSONG + 'bulk = [{ path = "gone" }]', "networks.birdsong.bulk[0].path", f"{NOTHING}/gone"),
        (BIRDSONG + 'archive = ""', "networks.birdsong.archive.path", "expected a path, found the text ''"),
        (BIRDSONG + 'archive = "a\\u0000"', "networks.birdsong.archive.path", "expected a path, found the text 'a\\x00'"),
        (BIRDSONG + 'interactions = "gone.csv"', "networks.birdsong.interactions.path", f"{NO_FILE}/gone.csv"),
        (BIRDSONG + 'interactions = "*.parquet"', "networks.birdsong.interactions.path", "no file matches '*.parquet'"),
        (BIRDSONG + 'interactions = "events"', "networks.birdsong.interactions.path", "expected a file, found a folder at {folder}/events"),
        (POPULATION + 'interactions = ["table.csv", "x*"]', "population.interactions[1]", "no file matches 'x*'"),
        (POPULATION + "interactions = []", "population.interactions", "expected a path or a list of paths, found an empty list"),
        (POPULATION + 'interactions = "table.csv"\naccounts = "gone.csv"', "population.accounts", f"{NO_FILE}/gone.csv"),
        ('[run]\nmodel = "gone.toml"', "run.model", f"{NO_FILE}/gone.toml"),
        ('[run]\nstore = "ada.zip"', "run.store", "expected a folder, found a file at {folder}/ada.zip"),
        ('[run]\nstore = "~no-one-of-this-name/x"', "run.store", "'~no-one-of-this-name/x' names a home folder that is not known"),
    ],
)
def test_a_path_that_is_not_there_is_told_with_what_was_looked_for(
    problems: Resolve, folder: Path, text: str, where: str, message: str
) -> None:
    (problem,) = problems(PEOPLE + text)
    assert (problem.where, problem.message) == (where, message.replace("{folder}", str(folder)))


def test_a_path_below_a_file_is_told_as_what_it_is(problems: Resolve, folder: Path) -> None:
    (problem,) = problems(f'{PEOPLE}[networks.birdsong]\narchive = "ada.zip/x"')
    assert problem.message == f"expected a file or folder at {folder}/ada.zip/x, found an error: Not a directory"


def test_a_name_longer_than_any_file_is_told(problems: Resolve) -> None:
    (problem,) = problems(f'{PEOPLE}[networks.birdsong]\narchive = "{"x" * 5000}"')
    assert problem.message.endswith("found an error: File name too long")


def test_a_name_longer_than_any_file_breaks_nothing(config: Resolve, problems: Resolve) -> None:
    long = "x" * 5000
    assert config(f'[run]\nstore = "{long}"\n[population]\ninteractions = "table.csv"\nout = "{long}.csv"')
    (problem,) = problems(f'[population]\ninteractions = "{long}*"')
    assert problem.message.startswith("no file matches")


def test_what_a_run_writes_is_never_what_it_reads(config: Resolve, problems: Resolve, folder: Path) -> None:
    (folder / "scores.csv").touch()
    found = config('[population]\ninteractions = "*.csv"\nout = "scores.csv"').population
    assert [path.name for path in found.interactions] == ["accounts.csv", "table.csv"]
    for interactions, where in (
        ('"scores.csv"', "population.out"),
        ('["events/a.csv", "scores.csv"]', "population.out"),
        ('"sc*.csv"', "population.interactions"),
    ):
        (problem,) = problems(f'[population]\ninteractions = {interactions}\nout = "scores.csv"')
        assert problem.where == where
    (problem,) = problems('[population]\ninteractions = "table.csv"\naccounts = "accounts.csv"\nout = "accounts.csv"')
    assert problem.where == "population.out"


@pytest.mark.parametrize("out", ['"scores.txt"', '"events"', "5", '""'])
def test_scores_are_written_as_parquet_or_csv(problems: Resolve, out: str) -> None:
    (problem,) = problems(f'[population]\ninteractions = "table.csv"\nout = {out}')
    assert problem.where == "population.out"


def test_every_configuration_has_a_store_of_its_own(folder: Path) -> None:
    stores = set()
    for place, name in ((folder, "kleos.toml"), (folder, "other.toml"), (folder / "events", "kleos.toml")):
        config = resolve(read(PEOPLE, f"somewhere/{name}"), {}, {}, folder=place)
        assert config.where == place / name
        assert config.run.store.parent == platformdirs.user_data_path("kleos") / "stores"
        assert config.run.store.name.startswith(name.removesuffix(".toml") + "-")
        stores.add(config.run.store)
    assert len(stores) == 3
    assert resolve(read(PEOPLE), {}, {}, folder=folder / "events" / "..").run.store in stores
    assert resolve(read(PEOPLE, ""), {}, {}, folder=folder).where is None

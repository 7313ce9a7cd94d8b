from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kleos.config import COLUMNS, KEYS, TableSettings, read, resolve
from kleos.errors import ConfigError
from kleos.files import Limits
from kleos.secrets import Secret

Resolve = Callable[..., Any]

WHOLE = """
[run]
store = "store"
as_of = 2026-03-31T12:00:00Z
window = "13w"
model = "model.toml"
threads = 2

[people.ada]
name = "Ada L."
accounts = { birdsong = ["@Ada", "a-1 ", "ADA"], meadow = "ada" }

[people.Bob_2]

[networks.birdsong]
archive = ["ada.zip", { path = "bob.zip", person = "Bob_2" }]
bulk = { path = ["part-1.zip", "part-2.zip"], languages = ["en"] }
api = { token = { env = "BIRDSONG_TOKEN" } }
interactions = { path = "events/*.csv", kinds = { T = "trill" }, time_unit = "ms", columns = { actor = "who" } }

[networks.meadow]
interactions = "table.csv"

[metrics.momentum]
weight = 2

[factors."birdsong.trill.actors"]
weight = 0.5
[factors."meadow.any.h_index"]
weight = 0

[population]
interactions = ["events/a.csv"]
accounts = "accounts.csv"
out = "scores.parquet"
all_accounts = true
network = "birdsong"
columns = { subject = "to", time = "at" }
kinds = { RT = "echo" }
time_unit = "s"
memory = "512MB"

[limits]
members = 10
ratio = 50
member_bytes = 4096
"""


def test_a_whole_configuration_is_resolved(config: Resolve, folder: Path) -> None:
    found = config(WHOLE)
    run = found.run
    assert (run.store, run.as_of, run.window) == (folder / "store", datetime(2026, 3, 31, 12, tzinfo=UTC), 7_862_400_000_000)
    assert (run.model, run.threads) == (folder / "model.toml", 2)

    assert list(found.people) == ["ada", "Bob_2"]
    assert found.people["ada"].name == "Ada L."
    assert found.people["ada"].accounts == {"birdsong": ("@Ada", "a-1"), "meadow": ("ada",)}
    assert (found.people["Bob_2"].name, found.people["Bob_2"].accounts) == ("Bob_2", {})

    assert [(source.key_path, source.network, source.source, source.person) for source in found.sources] == [
        ("networks.birdsong.archive[0]", "birdsong", "archive", None),
        ("networks.birdsong.archive[1]", "birdsong", "archive", "Bob_2"),
        ("networks.birdsong.bulk", "birdsong", "bulk", None),
        ("networks.birdsong.api", "birdsong", "api", None),
        ("networks.birdsong.interactions", "birdsong", "interactions", None),
        ("networks.meadow.interactions", "meadow", "interactions", None),
    ]
    assert found.sources[3].settings.token == Secret(env="BIRDSONG_TOKEN")
    assert found.sources[4].settings == TableSettings(
        path=(folder / "events/a.csv", folder / "events/b.csv"),
        network="birdsong",
        columns={"actor": "who"},
        kinds={"T": "trill"},
        time_unit="ms",
    )
    assert found.sources[5].settings == TableSettings(path=(folder / "table.csv",), network="meadow")

    assert found.metric_weights == {"momentum": 2.0}
    assert found.factor_weights == {"birdsong.trill.actors": 0.5, "meadow.any.h_index": 0.0}

    population = found.population
    assert population.interactions == (folder / "events/a.csv",)
    assert (population.accounts, population.out) == (folder / "accounts.csv", folder / "scores.parquet")
    assert (population.all_accounts, population.network, population.time_unit, population.memory) == (True, "birdsong", "s", 512 << 20)
    assert (population.columns, population.kinds) == ({"subject": "to", "time": "at"}, {"RT": "echo"})

    assert found.limits == Limits(members=10, ratio=50.0, member_bytes=4096)
    assert found.where == folder / "kleos.toml"


def test_one_person_is_a_configuration(config: Resolve) -> None:
    found = config("[people.ada]\n[metrics.momentum]\n[networks.birdsong]\narchive = []")
    assert (found.run.as_of, found.run.window, found.run.model, found.run.threads) == (None, None, None, None)
    assert (found.sources, found.metric_weights, found.factor_weights, found.population) == ((), {}, {}, None)
    assert found.limits == Limits()


def test_a_population_needs_no_people(config: Resolve) -> None:
    found = config('[population]\ninteractions = "table.csv"')
    assert found.people == {}
    assert (found.population.out, found.population.network, found.population.memory) == (None, None, 2 << 30)


def test_what_concerns_a_plugin_that_could_not_be_loaded_is_left_out(config: Resolve) -> None:
    """A fault has told why; the rest of the run goes on."""
    text = """
        [people.ada]
        accounts = { broken = "ada", birdsong = "ada" }
        [networks.broken]
        archive = "gone.zip"
        [networks.birdsong]
        archive = "ada.zip"
        [metrics.cracked]
        weight = 2
        [factors."broken.like.actors"]
        weight = 1
    """
    found = config(text, installed=["birdsong", "broken"], installed_metrics=["cracked", "momentum"])
    assert [source.network for source in found.sources] == ["birdsong"]
    assert found.people["ada"].accounts == {"broken": ("ada",), "birdsong": ("ada",)}
    assert (found.metric_weights, found.factor_weights) == ({}, {})


def test_a_metric_is_no_network_even_if_it_is_installed(problems: Resolve) -> None:
    installed = {"installed": ["birdsong"], "installed_metrics": ["momentum", "cracked"]}
    (problem,) = problems("[people.ada]\n[networks.cracked]", **installed)
    assert (problem.where, problem.message) == ("networks.cracked", "no network is called 'cracked' (installed: birdsong, meadow)")
    (problem,) = problems("[people.ada]\n[metrics.birdsong]", **installed)
    assert problem.where == "metrics.birdsong"


def test_resolving_twice_gives_the_same(config: Resolve) -> None:
    assert config(WHOLE) == config(WHOLE)
    assert repr(config(WHOLE)) == repr(config(WHOLE))


def test_every_key_has_a_meaning_and_a_default_or_is_required() -> None:
    assert len({key.path for key in KEYS}) == len(KEYS)
    assert all(key.meaning for key in KEYS)
    required = {key.path for key in KEYS if not key.default}
    assert required == {"networks.<network>.interactions.path", 'factors."<factor>".weight', "population.interactions"}


def test_the_defaults_shown_are_the_defaults(folder: Path) -> None:
    """Every default that is a TOML value gives the configuration that leaving the key out gives."""
    lines: dict[str, list[str]] = {}
    for key in KEYS:
        table, _, name = key.path.rpartition(".")
        if table in ("run", "limits", "population"):
            lines.setdefault(table, [])
            if key.default[:1] in tuple('"{0123456789') or key.default in ("true", "false"):
                lines[table].append(f"{name} = {key.default}")
    lines["population"].append('interactions = "table.csv"')
    assert sum(len(keys) for keys in lines.values()) > 8
    written = "".join(f"[{table}]\n" + "\n".join(keys) + "\n" for table, keys in lines.items())
    short = '[population]\ninteractions = "table.csv"\n'
    assert resolve(read(written), {}, {}, folder=folder) == resolve(read(short), {}, {}, folder=folder)


def test_the_columns_of_a_table_may_all_be_renamed(config: Resolve) -> None:
    columns = ", ".join(f'{column} = "x-{column}"' for column in COLUMNS)
    found = config(f'[population]\ninteractions = "table.csv"\ncolumns = {{ {columns} }}')
    assert list(found.population.columns) == list(COLUMNS)


def test_a_config_error_prints_every_problem_with_its_place_and_hint(config: Resolve) -> None:
    with pytest.raises(ConfigError) as caught:
        config('[run]\nwindw = "1d"\n[people.ada]\nnam = 5')
    assert str(caught.value).splitlines() == [
        "kleos.toml: 2 problems in the configuration",
        "  run.windw: unknown key",
        "    hint: did you mean 'window'?",
        "  people.ada.nam: unknown key",
        "    hint: did you mean 'name'?",
    ]

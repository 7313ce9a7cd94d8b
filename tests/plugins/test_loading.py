"""Only what is asked for is imported, once; and who wins a name depends on what is installed, not on the order."""

from __future__ import annotations

import subprocess
import sys
from itertools import permutations
from typing import Any

import pytest

from kleos.errors import PluginError
from kleos.plugins import Installed, installed, load

OFFERS_SHARED = """
@hookimpl
def kleos_networks(): return (network("shared", homepage=__name__),)
"""


def test_the_room_itself_imports_neither_plugins_nor_the_engine() -> None:
    code = "import sys, kleos.plugins; kleos.plugins.installed(); print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"numpy", "numba", "duckdb", "rich", "cattrs", "cyclopts"}
    assert [name for name in modules if name in heavy or name.startswith("kleos_")] == []


def test_installed_is_read_from_metadata_alone(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    site.install_network("alpha", "raise RuntimeError")
    site.install("zoo", networks={"bear": "zoo", "ant": "zoo"}, metrics={"weight": "zoo"}, version="9")
    monkeypatch.setenv("KLEOS_PLUGINS", "kleos-alpha,zoo")
    assert installed() == (
        Installed("metric", "weight", "zoo", "9", "zoo"),
        Installed("network", "alpha", "kleos-alpha", "1.2.3", "kleos_alpha"),
        Installed("network", "ant", "zoo", "9", "zoo"),
        Installed("network", "bear", "zoo", "9", "zoo"),
    )
    assert site.imported() == set()


def test_only_the_modules_behind_the_names_asked_for_are_imported(site: Any, listener: Any) -> None:
    site.install_network("alpha")
    site.install_network("bomb", "raise RuntimeError")
    site.install("kleos-scale", "@hookimpl\ndef kleos_metrics(): return (metric('scale'),)", metrics={"scale": "kleos_scale"})
    loaded = load(networks={"alpha", "not_installed"}, metrics=(), emit=listener)
    assert (list(loaded.networks), loaded.metrics, listener.events) == (["alpha"], {}, [])
    assert site.imported() == {"kleos_alpha"}


def test_nothing_asked_for_is_nothing_imported(site: Any) -> None:
    site.install_network("alpha")
    loaded = load(networks=(), metrics=())
    assert (loaded.networks, loaded.metrics, loaded.origins) == ({}, {}, {})
    assert site.imported() == set()


def test_none_asks_for_all_that_are_installed(site: Any, listener: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    site.install_network("alpha")
    site.install("kleos-scale", "@hookimpl\ndef kleos_metrics(): return (metric('scale'),)", metrics={"scale": "kleos_scale"})
    monkeypatch.setenv("KLEOS_PLUGINS", "kleos-alpha, kleos-scale")
    loaded = load(networks=None, metrics=None, emit=listener)
    assert (list(loaded.networks), list(loaded.metrics), listener.events) == (["alpha"], ["scale"], [])
    assert loaded.origins["metric", "scale"] == Installed("metric", "scale", "kleos-scale", "1.2.3", "kleos_scale")


def test_a_module_of_many_entry_points_is_imported_and_asked_once(site: Any, listener: Any) -> None:
    log = site.root / "log"
    source = f"""
    def tell(what):
        with open({str(log)!r}, "a") as file:
            print(what, file=file)
    tell("imported")
    @hookimpl
    def kleos_networks():
        tell("networks")
        return (network("one"), network("two"))
    @hookimpl
    def kleos_metrics():
        tell("metrics")
        return [metric("three")]
    """
    site.install("kleos-several", source, networks={"one": "kleos_several", "two": "kleos_several"}, metrics={"three": "kleos_several"})
    loaded = load(networks={"one", "two"}, metrics={"three"}, emit=listener)
    assert (list(loaded.networks), list(loaded.metrics), listener.events) == (["one", "two"], ["three"], [])
    assert log.read_text().split() == ["imported", "metrics", "networks"]


def test_of_several_networks_of_a_plugin_only_those_asked_for_are_kept(site: Any, listener: Any) -> None:
    source = "@hookimpl\ndef kleos_networks(): return (network('one'), network('two'))"
    site.install("kleos-pair", source, networks={"one": "kleos_pair", "two": "kleos_pair"})
    assert list(load(networks={"two"}, metrics=(), emit=listener).networks) == ["two"]
    assert listener.events == []


@pytest.mark.parametrize("order", list(permutations(["b-first", "c-second", "kleos-a"])), ids="-".join)
def test_the_first_distribution_wins_a_name_in_whatever_order_they_are_installed(site: Any, listener: Any, order: tuple[str, ...]) -> None:
    for distribution in order:
        site.install(distribution, OFFERS_SHARED, networks={"shared": distribution.replace("-", "_")}, folder=distribution)
    loaded = load(networks={"shared"}, metrics=(), emit=listener)
    assert loaded.networks["shared"].homepage == "b_first"
    assert [(fault.stage, fault.plugin, fault.distribution) for fault in listener.faults] == [
        ("see", "shared", "c-second"),
        ("see", "shared", "kleos-a"),
    ]
    assert "b-first 1.2.3 offers a network of the same name and goes first" in listener.faults[0].error
    assert "uninstall one of the two, or list the plugins to use in KLEOS_PLUGINS" in listener.faults[0].error
    assert site.imported() == {"b_first"}


def test_the_distribution_that_bears_the_name_goes_before_all_others(site: Any, listener: Any) -> None:
    site.install("aaa", OFFERS_SHARED, networks={"shared": "aaa"})
    site.install("Kleos_Shared", OFFERS_SHARED, networks={"shared": "Kleos_Shared"})
    loaded = load(networks={"shared"}, metrics=(), emit=listener)
    assert loaded.networks["shared"].homepage == "Kleos_Shared"
    assert [fault.distribution for fault in listener.faults] == ["aaa"]


def test_a_clash_is_settled_by_naming_the_plugins_to_use(site: Any, listener: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    site.install("aaa", OFFERS_SHARED, networks={"shared": "aaa"})
    site.install("bbb", OFFERS_SHARED, networks={"shared": "bbb"})
    with pytest.raises(PluginError, match="goes first"):
        load(networks={"shared"}, metrics=(), strict=True)
    monkeypatch.setenv("KLEOS_PLUGINS", "bbb")
    assert load(networks={"shared"}, metrics=(), emit=listener, strict=True).networks["shared"].homepage == "bbb"


def test_who_loses_one_name_keeps_the_others(site: Any, listener: Any) -> None:
    site.install("aaa", OFFERS_SHARED, networks={"shared": "aaa"})
    source = "@hookimpl\ndef kleos_networks(): return (network('shared', homepage='bbb'), network('own'))"
    site.install("bbb", source, networks={"shared": "bbb", "own": "bbb"})
    loaded = load(networks={"shared", "own"}, metrics=(), emit=listener)
    assert {name: network.homepage for name, network in loaded.networks.items()} == {"own": "", "shared": "aaa"}
    assert len(listener.faults) == 1


def test_one_name_twice_in_one_distribution_is_a_clash(site: Any, listener: Any) -> None:
    info = site.install("kleos-twice", OFFERS_SHARED, networks={"shared": "kleos_twice"})
    with (info / "entry_points.txt").open("a") as file:
        file.write("[kleos.networks]\nshared = kleos_twice_again\n")
    assert list(load(networks={"shared"}, metrics=(), emit=listener).networks) == ["shared"]
    [fault] = listener.faults
    assert (fault.stage, fault.where) == ("see", "kleos_twice_again")


def test_a_clash_of_names_that_nobody_asked_for_is_silent(site: Any, listener: Any) -> None:
    site.install("aaa", OFFERS_SHARED, networks={"shared": "aaa"})
    site.install("bbb", OFFERS_SHARED, networks={"shared": "bbb"})
    site.install_network("alpha")
    load(networks={"alpha"}, metrics=(), emit=listener)
    assert listener.events == []


def test_a_network_and_a_metric_may_bear_one_name(site: Any, listener: Any) -> None:
    site.install_network("echo")
    site.install("kleos-gauge", "@hookimpl\ndef kleos_metrics(): return (metric('echo'),)", metrics={"echo": "kleos_gauge"})
    loaded = load(networks={"echo"}, metrics={"echo"}, emit=listener)
    assert (list(loaded.networks), list(loaded.metrics), listener.events) == (["echo"], ["echo"], [])


def test_an_alias_that_means_another_network_is_left_out_and_the_network_stays(site: Any, listener: Any) -> None:
    site.install_network("bird", "@hookimpl\ndef kleos_networks(): return (network('bird', aliases=('x', 'crow', 'b')),)")
    site.install_network("crow")
    site.install_network("dove", "@hookimpl\ndef kleos_networks(): return (network('dove', aliases=('x', 'dove')),)")
    loaded = load(networks={"bird", "crow", "dove"}, metrics=(), emit=listener)
    assert {name: network.aliases for name, network in loaded.networks.items()} == {"bird": ("x", "b"), "crow": (), "dove": ("dove",)}
    assert [(fault.plugin, fault.stage) for fault in listener.faults] == [("bird", "check"), ("dove", "check")]
    assert "'crow' already means crow of kleos-crow" in listener.faults[0].error
    assert "'x' already means bird of kleos-bird" in listener.faults[1].error


@pytest.mark.parametrize(
    ("limit", "names"),
    [
        ("", []),
        (" , ", []),
        ("alpha", ["alpha"]),
        ("Kleos_Beta", ["beta"]),
        ("kleos-beta,alpha", ["alpha", "beta"]),
        ("gamma", []),
    ],
)
def test_the_environment_limits_what_counts_as_installed(
    site: Any, listener: Any, monkeypatch: pytest.MonkeyPatch, limit: str, names: list[str]
) -> None:
    site.install_network("alpha")
    site.install_network("beta")
    monkeypatch.setenv("KLEOS_PLUGINS", limit)
    assert [entry.name for entry in installed()] == names
    assert list(load(networks=None, metrics=None, emit=listener).networks) == names
    assert listener.events == []


def test_a_limit_on_one_of_two_names_of_a_module_is_no_flaw_of_the_plugin(
    site: Any, listener: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = "@hookimpl\ndef kleos_networks(): return (network('one'), network('two'))"
    site.install("kleos-pair", source, networks={"one": "kleos_pair", "two": "kleos_pair"})
    monkeypatch.setenv("KLEOS_PLUGINS", "two")
    assert list(load(networks=None, metrics=(), emit=listener).networks) == ["two"]
    assert listener.events == []


def test_a_note_tells_what_the_limit_leaves_out_of_the_run(site: Any, listener: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    site.install_network("alpha")
    monkeypatch.setenv("KLEOS_PLUGINS", "")
    assert load(networks={"alpha", "other"}, metrics=(), emit=listener).networks == {}
    assert listener.notes == ["KLEOS_PLUGINS leaves out what this run asks for: network alpha (kleos-alpha)"]
    assert listener.faults == []


def test_of_two_copies_the_one_that_would_be_imported_counts(site: Any, listener: Any) -> None:
    site.install_network("alpha", version="1.0", folder="behind")
    site.install_network("alpha", version="2.0", folder="before")
    loaded = load(networks={"alpha"}, metrics=(), emit=listener)
    assert loaded.origins["network", "alpha"].version == "2.0"
    assert listener.events == []


def test_a_distribution_that_only_mentions_the_groups_offers_nothing(site: Any, listener: Any) -> None:
    info = site.install("bystander")
    (info / "entry_points.txt").write_text("[console_scripts]\ntool = bystander:kleos.networks\n")
    assert "bystander" not in {entry.distribution for entry in installed()}
    load(networks=(), metrics=(), emit=listener)
    assert listener.events == []

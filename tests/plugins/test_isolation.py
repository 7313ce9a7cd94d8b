"""A plugin that fails, in whatever way, becomes one fault; its neighbours load as if it were not there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kleos.errors import PluginError
from kleos.plugins import load

FAILURES = {
    # id: (stage, words of the sentence, source)
    "a missing dependency": (
        "load",
        ["ModuleNotFoundError", "nowhere_at_all", "pip install --force-reinstall kleos-broken"],
        "import nowhere_at_all",
    ),
    "a syntax error": ("load", ["SyntaxError"], "def ("),
    "an exit at import": ("load", ["importing kleos_broken called sys.exit(3)"], "import sys; sys.exit(3)"),
    "an error at import": ("load", ["raised OSError: disk on fire"], "raise OSError('disk\\n  on fire')"),
    "an error that cannot be told": (
        "load",
        ["raised Mute: (no message)"],
        """
        class Mute(Exception):
            def __str__(self):
                raise RuntimeError
        raise Mute
        """,
    ),
    "an error of many words": ("load", ["ValueError: aaaa", "…"], "raise ValueError('a' * 10_000)"),
    "a hook with an argument": ("register", ["Argument(s) {'config'}"], "@hookimpl\ndef kleos_networks(config): return ()"),
    "a misspelt hook": (
        "check",
        ["hook kleos_netwroks, which does not exist", "did you mean kleos_networks?"],
        "@hookimpl\ndef kleos_netwroks(): return (network('broken'),)",
    ),
    "a hook of another world": (
        "check",
        ["hook zzz, which does not exist", "there are kleos_networks and kleos_metrics"],
        "@hookimpl\ndef zzz(): return ()",
    ),
    "no hook at all": ("check", ["does not implement the hook kleos_networks"], ""),
    "the other hook": ("check", ["does not implement the hook kleos_networks"], "@hookimpl\ndef kleos_metrics(): return ()"),
    "a hook that is not marked": (
        "check",
        ["kleos_networks is not marked with @hookimpl"],
        "def kleos_networks(): return (network('broken'),)",
    ),
    "a hook implemented twice": (
        "check",
        ["kleos_networks must be implemented once"],
        """
        @hookimpl
        def kleos_networks(): return (network("broken"),)
        @hookimpl(specname="kleos_networks")
        def again(): return ()
        """,
    ),
    "a raising hook": ("ask", ["kleos_networks() raised ZeroDivisionError"], "@hookimpl\ndef kleos_networks(): return 1 / 0"),
    "an exit in a hook": ("ask", ["kleos_networks() called sys.exit(None)"], "@hookimpl\ndef kleos_networks(): raise SystemExit"),
    "a name that the contract refuses": (
        "ask",
        ["ValueError: name: expected lower-case"],
        "@hookimpl\ndef kleos_networks(): return (network('BAD'),)",
    ),
    "a generator": ("check", ["kleos_networks must return a tuple, not yield"], "@hookimpl\ndef kleos_networks(): yield network('broken')"),
    "a late generator that raises": (
        "check",
        ["must return a tuple, not yield"],
        "@hookimpl\ndef kleos_networks():\n    yield network('broken')\n    raise KeyError",
    ),
    "nothing": ("check", ["tuple of Network, found NoneType"], "@hookimpl\ndef kleos_networks(): pass"),
    "a network without its tuple": (
        "check",
        ["tuple of Network, found Network"],
        "@hookimpl\ndef kleos_networks(): return network('broken')",
    ),
    "a text": ("check", ["tuple of Network, found str"], "@hookimpl\ndef kleos_networks(): return 'broken'"),
    "a dict": ("check", ["tuple of Network, found dict"], "@hookimpl\ndef kleos_networks(): return {'broken': network('broken')}"),
    "a metric for a network": (
        "check",
        ["tuple of Network, found Metric at index 1"],
        "@hookimpl\ndef kleos_networks(): return (network('broken'), metric('broken'))",
    ),
    "a sequence that raises": (
        "check",
        ["reading the answer of kleos_networks() raised OSError: late"],
        """
        class Late(tuple):
            def __iter__(self): raise OSError("late")
        @hookimpl
        def kleos_networks(): return Late()
        """,
    ),
    "another name than its entry point": (
        "check",
        [
            "returns the network other without an entry point",
            "has the entry point broken in the group kleos.networks and returns no network",
        ],
        "@hookimpl\ndef kleos_networks(): return (network('other'),)",
    ),
    "one network too many": (
        "check",
        ["returns the network other without an entry point"],
        "@hookimpl\ndef kleos_networks(): return (network('broken'), network('other'))",
    ),
    "no network": ("check", ["the entry point broken", "returns no network of that name"], "@hookimpl\ndef kleos_networks(): return ()"),
    "one network twice": (
        "check",
        ["returns the network broken more than once"],
        "@hookimpl\ndef kleos_networks(): return (network('broken'), network('broken'))",
    ),
    "wrong parts": (
        "check",
        [
            "network broken: kinds['nod']: expected Kind, found str",
            "kinds['wink'].role: expected Role, found str",
            "aliases: expected str, found int",
            "source archive: settings: expected an attrs class",
            "source archive: parse: expected a function, found NoneType",
            "reference: expected Calibration, found dict",
        ],
        """
        @hookimpl
        def kleos_networks():
            archive = Source(name="archive", title="archive", settings=dict, fetch=print, parse=None)
            kinds = {"nod": "like", "wink": Kind(role="like", title="wink")}
            return (Network(name="broken", title="Broken", kinds=kinds, sources=(archive,), aliases=(1,), reference={"a": 1}),)
        """,
    ),
    "something else for a source": (
        "check",
        ["network broken: source like: expected Source, found Metric"],
        """
        @hookimpl
        def kleos_networks():
            kinds = {"like": Kind(role=Role.LIKE, title="like")}
            return (Network(name="broken", title="Broken", kinds=kinds, sources=(metric("like"),)),)
        """,
    ),
    "a curve that falls": (
        "check",
        ["expected strength and log_odds to be of one length", "expected audience to increase", "above 0", "every share to lie in 0..1"],
        """
        from kleos.contract import Calibration
        @hookimpl
        def kleos_networks():
            curve = Calibration(strength=(0,), log_odds=(), audience=(2, 1), share=(0, 2), attention=1)
            return (network("broken", reference=curve),)
        """,
    ),
}


@pytest.mark.parametrize(("stage", "words", "source"), FAILURES.values(), ids=FAILURES)
def test_one_broken_plugin_becomes_one_fault_and_its_neighbours_load(
    site: Any, listener: Any, stage: str, words: list[str], source: str
) -> None:
    site.install_network("alpha")
    site.install_network("broken", source)
    site.install_network("omega")

    loaded = load(networks={"alpha", "broken", "omega"}, metrics=(), emit=listener)

    assert list(loaded.networks) == ["alpha", "omega"]
    assert set(loaded.origins) == {("network", "alpha"), ("network", "omega")}
    [fault] = listener.events
    assert (fault.plugin, fault.distribution, fault.version, fault.stage) == ("broken", "kleos-broken", "1.2.3", stage)
    assert fault.where == "kleos_broken"
    assert fault.error.startswith("network broken of kleos-broken 1.2.3: ")
    for word in words:
        assert word in fault.error
    assert "\n" not in fault.error
    assert len(fault.error) < 1000
    assert fault.error.count("kleos-broken") >= 2, "the sentence names what to reinstall or update"


@pytest.mark.parametrize(("stage", "words", "source"), FAILURES.values(), ids=FAILURES)
def test_strict_raises_instead(site: Any, listener: Any, stage: str, words: list[str], source: str) -> None:
    site.install_network("broken", source)
    with pytest.raises(PluginError, match=r"network broken of kleos-broken 1\.2\.3: ") as caught:
        load(networks={"broken"}, metrics=(), emit=listener, strict=True)
    assert caught.value.exit_code == 2
    assert caught.value.hint
    assert listener.events == []
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("kleos_gone", "No module named 'kleos_gone'"),
        ("kleos_odd:plugin", "has no attribute 'plugin'"),
        ("not a module!", "importing not a module! raised"),
    ],
)
def test_an_entry_point_that_leads_nowhere_is_a_fault_of_loading(site: Any, listener: Any, value: str, words: str) -> None:
    site.install("kleos-odd", networks={"odd": value})
    assert load(networks={"odd"}, metrics=(), emit=listener).networks == {}
    [fault] = listener.faults
    assert fault.stage == "load"
    assert words in fault.error


@pytest.mark.parametrize("source", ["raise KeyboardInterrupt", "@hookimpl\ndef kleos_networks(): raise KeyboardInterrupt"])
def test_an_interrupt_is_the_users_and_passes(site: Any, listener: Any, source: str) -> None:
    site.install_network("slow", source)
    with pytest.raises(KeyboardInterrupt):
        load(networks={"slow"}, metrics=(), emit=listener)
    assert listener.events == []


def test_nothing_is_kept_of_a_plugin_half_of_which_works(site: Any, listener: Any) -> None:
    source = """
    @hookimpl
    def kleos_networks(): return (network("half"),)
    @hookimpl
    def kleos_metrics(): return (metric("whole"), "not a metric")
    """
    site.install("kleos-half", source, networks={"half": "kleos_half"}, metrics={"whole": "kleos_half"})
    loaded = load(networks={"half"}, metrics={"whole"}, emit=listener)
    assert (loaded.networks, loaded.metrics, loaded.origins) == ({}, {}, {})
    [fault] = listener.faults
    assert "tuple of Metric, found str at index 1" in fault.error
    assert fault.error.startswith("network half, metric whole of kleos-half 1.2.3: ")


def test_a_metric_of_wrong_parts_is_refused(site: Any, listener: Any) -> None:
    source = """
    @hookimpl
    def kleos_metrics(): return (metric("odd", unit=1, terms=("any.actors",)), metric("mute", terms=(), compute=3))
    """
    site.install("kleos-odd", source, metrics={"odd": "kleos_odd", "mute": "kleos_odd"})
    assert load(networks=(), metrics={"odd"}, emit=listener).metrics == {}
    [fault] = listener.faults
    for words in (
        "unit: expected str, found int",
        "terms[0]: expected Term, found str",
        "metric mute: compute: expected a function, found int",
    ):
        assert words in fault.error


def test_a_plugin_can_neither_answer_nor_wrap_for_another(site: Any, listener: Any) -> None:
    meddler = """
    @hookimpl(wrapper=True, specname="kleos_networks")
    def meddle():
        yield
        return [(network("alpha", homepage="https://example.org/meddled"), network("meddler"))]

    @hookimpl
    def kleos_metrics(): return (metric("harmless"),)
    """
    site.install("a-meddler", meddler, metrics={"harmless": "a_meddler"})
    site.install_network("alpha")
    loaded = load(networks={"alpha"}, metrics={"harmless"}, emit=listener)
    assert listener.events == []
    assert loaded.networks["alpha"].homepage == ""


def test_one_fault_for_a_plugin_of_many_entry_points(site: Any, listener: Any) -> None:
    site.install("kleos-many", "import nowhere_at_all", metrics=dict.fromkeys(["a", "b", "c", "d", "e"], "kleos_many"))
    load(networks=(), metrics={"a", "b", "c", "d", "e"}, emit=listener)
    [fault] = listener.faults
    assert fault.error.startswith("metric a, metric b, metric c and 2 more of kleos-many 1.2.3: importing kleos_many raised")


def test_metadata_that_cannot_be_read_are_a_fault_of_seeing(site: Any, listener: Any) -> None:
    site.install_network("alpha")
    torn: Path = site.install_network("torn")
    (torn / "entry_points.txt").write_text("[kleos.networks]\nno equals sign\n", encoding="utf-8")
    nameless: Path = site.install_network("nameless")
    (nameless / "METADATA").write_text("Metadata-Version: 2.3\n", encoding="utf-8")
    gone: Path = site.install_network("gone")
    (gone / "METADATA").unlink()

    loaded = load(networks={"alpha", "torn", "nameless", "gone"}, metrics=(), emit=listener)

    assert list(loaded.networks) == ["alpha"]
    assert sorted((fault.stage, fault.distribution) for fault in listener.faults) == [("see", ""), ("see", ""), ("see", "kleos-torn")]
    assert all(str(site.folder()) in fault.where for fault in listener.faults)
    assert any("reinstall kleos-torn" in fault.error for fault in listener.faults)
    assert any("it has no Name and no Version" in fault.error for fault in listener.faults)
    assert site.imported() == {"kleos_alpha"}


def test_a_broken_distribution_that_has_nothing_to_do_with_kleos_is_no_concern(site: Any, listener: Any) -> None:
    info: Path = site.install("stranger")
    (info / "entry_points.txt").write_text("[console_scripts]\nno equals sign\n", encoding="utf-8")
    binary: Path = site.install("binary")
    (binary / "entry_points.txt").write_bytes(b"\xff\xfe\x00")
    site.install_network("alpha")
    assert list(load(networks={"alpha"}, metrics=(), emit=listener).networks) == ["alpha"]
    assert listener.events == []

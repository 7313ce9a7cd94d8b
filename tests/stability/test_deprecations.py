"""How a hook goes: marked in its specification, told to whoever implements it, and working until it is gone."""

from __future__ import annotations

import types
import warnings

import pluggy
import pytest

from kleos import hookspecs
from kleos.plugins import host
from kleos.plugins.entry import Installed, Plugin

GOES = DeprecationWarning("kleos_networks() goes in contract 2; implement kleos_sources() instead")
ARGUMENT_GOES = DeprecationWarning("the argument `now` of kleos_networks() goes in contract 2; leave it out")

hookspec = pluggy.HookspecMarker(hookspecs.PROJECT)
PLUGIN = Plugin((Installed(kind="network", name="old", distribution="kleos-old", version="1.0", value="kleos_old"),))


@pytest.fixture
def deprecated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mark the hook of networks as one that goes."""

    @hookspec(warn_on_impl=GOES)
    def kleos_networks() -> None:
        """Return the networks of this plugin."""

    monkeypatch.setattr(host, "hookspecs", _specs(kleos_networks))


def _specs(*hooks: object) -> types.SimpleNamespace:
    return types.SimpleNamespace(PROJECT=hookspecs.PROJECT, **{getattr(hook, "__name__", ""): hook for hook in hooks})


@hookspecs.hookimpl
def kleos_networks() -> tuple[str, ...]:
    """Implement it as a plugin of today does."""
    return ("old",)


def test_an_author_is_warned_of_a_hook_that_goes_and_it_works_all_the_same(deprecated: None) -> None:
    with pytest.warns(DeprecationWarning, match="implement kleos_sources"):
        answers = host.ask(PLUGIN, types.SimpleNamespace(kleos_networks=kleos_networks))
    assert answers == {"network": ("old",)}


def test_the_warning_names_the_place_in_the_plugin(deprecated: None) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        host.ask(PLUGIN, types.SimpleNamespace(kleos_networks=kleos_networks))
    assert [warning.filename for warning in caught] == [__file__]


def test_only_those_who_take_an_argument_that_goes_are_warned() -> None:
    @hookspec(warn_on_impl_args={"now": ARGUMENT_GOES})
    def kleos_networks(now: float) -> None:
        """Return the networks of this plugin."""

    @hookspecs.hookimpl(specname="kleos_networks")
    def with_it(now: float) -> tuple[float, ...]:
        return (now,)

    @hookspecs.hookimpl(specname="kleos_networks")
    def without_it() -> tuple[str, ...]:
        return ("old",)

    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(_specs(kleos_networks))
    with pytest.warns(DeprecationWarning, match="leave it out"):
        manager.register(types.SimpleNamespace(with_it=with_it))
    manager.register(types.SimpleNamespace(without_it=without_it))  # a warning is an error here
    assert manager.hook.kleos_networks(now=1.0) == [("old",), (1.0,)]


def test_no_hook_of_today_is_on_its_way_out() -> None:
    """When one is, say so in docs/reference/stability.md, and take it into this list."""
    going = [name for name in dir(hookspecs) if getattr(getattr(hookspecs, name), "kleos_spec", {}).get("warn_on_impl")]
    assert going == []

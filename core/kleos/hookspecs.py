"""The two hooks. Both are pure declarations: called without arguments, they return a tuple and touch nothing.

A plugin is a module, named by an entry point, that implements one of them::

    # my_network/plugin.py, entry point "example = my_network.plugin" in the group "kleos.networks"
    from kleos.contract import Kind, Network, Role
    from kleos.hookspecs import hookimpl

    @hookimpl
    def kleos_networks():
        return (Network(name="example", title="Example", kinds={"like": Kind(role=Role.LIKE, title="like")}, sources=()),)
"""

from __future__ import annotations

from collections.abc import Sequence

import pluggy

from kleos.contract import Metric, Network

__all__ = ["METRICS_GROUP", "NETWORKS_GROUP", "PROJECT", "hookimpl", "kleos_metrics", "kleos_networks"]

PROJECT = "kleos"
NETWORKS_GROUP = "kleos.networks"
METRICS_GROUP = "kleos.metrics"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def kleos_networks() -> Sequence[Network]:
    """Return the networks of this plugin, as a tuple.

    Entry-point group ``kleos.networks``; the entry point's name is the network's name and its table ``[networks.<name>]``.
    """
    raise NotImplementedError


@hookspec
def kleos_metrics() -> Sequence[Metric]:
    """Return the metrics of this plugin, as a tuple.

    Entry-point group ``kleos.metrics``; the entry point's name is the metric's name and its table ``[metrics.<name>]``.
    """
    raise NotImplementedError

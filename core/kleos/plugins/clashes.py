"""Two plugins, one name: who goes first, decided by what is installed and never by the order of installation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import evolve

from kleos.contract import Network
from kleos.plugins.entry import Installed, Plugin
from kleos.plugins.failure import Refused, refused
from kleos.plugins.seen import LIMIT, canonical

__all__ = ["without_clashes", "without_clashing_aliases"]


def without_clashes(entries: Iterable[Installed]) -> tuple[list[Installed], list[Refused]]:
    """Keep one entry point of each name, and return a failure for each of the others.

    The distribution that bears the name goes first (kleos-example for the network example, kleos-metrics for every metric), so that
    nobody takes the place of a plugin by being installed beside it; then the first by distribution and value.
    """
    first: dict[tuple[str, str], Installed] = {}
    clashes = []
    for entry in sorted(entries, key=_precedence):
        winner = first.setdefault((entry.kind, entry.name), entry)
        if winner is not entry:
            message = f"{winner.distribution} {winner.version} offers a {entry.kind} of the same name and goes first"
            clashes.append(refused(Plugin((entry,)), "see", message, f"uninstall one of the two, or list the plugins to use in {LIMIT}"))
    return list(first.values()), clashes


def without_clashing_aliases(networks: Mapping[Installed, Network]) -> tuple[dict[Installed, Network], list[Refused]]:
    """Take away the aliases that mean another network, and return a failure for each network that had some.

    A name goes before an alias. Only the alias goes, as it serves nothing but hints: the network's reactions are as good as before.
    """
    meaning = {entry.name: entry for entry in networks}
    settled = dict(networks)
    clashes = []
    for entry in sorted(networks, key=_precedence):
        network = networks[entry]
        taken = {alias: owner for alias in network.aliases if (owner := meaning.setdefault(alias, entry)) is not entry}
        if not taken:
            continue
        fewer: dict[str, Any] = {"aliases": [alias for alias in network.aliases if alias not in taken]}
        settled[entry] = evolve(network, **fewer)
        whose = ", ".join(f"{alias!r} already means {owner.name} of {owner.distribution}" for alias, owner in taken.items())
        clashes.append(refused(Plugin((entry,)), "check", f"an alias is left out, as {whose}"))
    return settled, clashes


def _precedence(entry: Installed) -> tuple[bool, str, str]:
    homes = {canonical(f"kleos-{entry.name}"), f"kleos-{entry.kind}s"}
    return (canonical(entry.distribution) not in homes, entry.distribution, entry.value)

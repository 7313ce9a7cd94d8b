"""What a hook may answer: the right types, down to the parts that the core relies on, and the names that the entry points promise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import pairwise

import attrs

from kleos.contract import Calibration, Kind, Metric, Network, Role, Source, Term
from kleos.plugins.entry import GROUPS, HOOKS, Plugin, PluginKind
from kleos.plugins.failure import guarded, refused

__all__ = ["offered"]


def offered(plugin: Plugin, kind: PluginKind, answer: object, declared: Collection[str]) -> dict[str, Network | Metric]:
    """Return what a hook answered, by name, once every check has passed; raises `Refused` with all that is wrong.

    `declared` are the names of the plugin's entry points of this kind: what is answered must be exactly that.
    """
    with guarded(plugin, "check", f"reading the answer of {HOOKS[kind]}()"):
        values = _values(plugin, kind, answer)
        flaws = [flaw for value in values for flaw in _FLAWS[kind](value)]
        flaws += _name_flaws(kind, [value.name for value in values], declared)
        if flaws:
            raise refused(plugin, "check", "; ".join(flaws))
        return {value.name: value for value in values}


def _values(plugin: Plugin, kind: PluginKind, answer: object) -> list[Network | Metric]:
    hook, expected = HOOKS[kind], _TYPES[kind]
    if isinstance(answer, Iterator):
        # What a generator raises, it raises late, out of the reach of the guard around the hook.
        raise refused(plugin, "check", f"{hook} must return a tuple, not yield")
    if not isinstance(answer, Sequence) or isinstance(answer, str | bytes):
        raise refused(plugin, "check", f"{hook} must return a tuple of {expected.__name__}, found {type(answer).__name__}")
    values: list[Network | Metric] = []
    for index, value in enumerate(answer):
        if not isinstance(value, expected):
            raise refused(
                plugin, "check", f"{hook} must return a tuple of {expected.__name__}, found {type(value).__name__} at index {index}"
            )
        values.append(value)
    return values


def _name_flaws(kind: PluginKind, names: Sequence[str], declared: Collection[str]) -> Iterator[str]:
    for name in sorted(name for name, count in Counter(names).items() if count > 1):
        yield f"it returns the {kind} {name} more than once"
    for name in sorted(set(names) - set(declared)):
        yield f"it returns the {kind} {name} without an entry point of that name in the group {GROUPS[kind]}"
    for name in sorted(set(declared) - set(names)):
        yield f"it has the entry point {name} in the group {GROUPS[kind]} and returns no {kind} of that name"


def _network_flaws(network: Network) -> Iterator[str]:
    where = f"network {network.name}"
    yield from _wrong_type(f"{where}: title", network.title, str)
    yield from _wrong_type(f"{where}: homepage", network.homepage, str)
    yield from _wrong_type(f"{where}: item_pages", network.item_pages, Mapping)
    for alias in network.aliases:
        yield from _wrong_type(f"{where}: aliases", alias, str)
    for name, kind in network.kinds.items():
        yield from _wrong_type(f"{where}: kinds[{name!r}]", kind, Kind)
        if isinstance(kind, Kind):
            yield from _wrong_type(f"{where}: kinds[{name!r}].role", kind.role, Role)
            yield from _wrong_type(f"{where}: kinds[{name!r}].title", kind.title, str)
    for source in network.sources:
        yield from _source_flaws(f"{where}: source {source.name}", source)
    if network.reference is not None:
        yield from _wrong_type(f"{where}: reference", network.reference, Calibration)
        if isinstance(network.reference, Calibration):
            yield from _calibration_flaws(f"{where}: reference", network.reference)


def _source_flaws(where: str, source: Source) -> Iterator[str]:
    if not isinstance(source, Source):
        yield from _wrong_type(where, source, Source)
        return
    yield from _wrong_type(f"{where}: title", source.title, str)
    if not (isinstance(source.settings, type) and attrs.has(source.settings)):
        yield f"{where}: settings: expected an attrs class, found {source.settings!r}"
    for part in ("fetch", "parse", "recognise", "owners"):
        if not callable(getattr(source, part)):
            yield f"{where}: {part}: expected a function, found {type(getattr(source, part)).__name__}"


def _calibration_flaws(where: str, reference: Calibration) -> Iterator[str]:
    for x, y in (("strength", "log_odds"), ("audience", "share")):
        knots, values = getattr(reference, x), getattr(reference, y)
        if not knots or len(knots) != len(values):
            yield f"{where}: expected {x} and {y} to be of one length and not empty, found {len(knots)} and {len(values)}"
        elif not all(a < b for a, b in pairwise(knots)) or not all(a <= b for a, b in pairwise(values)):
            yield f"{where}: expected {x} to increase and {y} never to fall"
    if not all(strength > 0 for strength in reference.strength):
        yield f"{where}: expected every strength to be above 0"
    if not all(0 <= share <= 1 for share in reference.share):
        yield f"{where}: expected every share to lie in 0..1"


def _metric_flaws(metric: Metric) -> Iterator[str]:
    where = f"metric {metric.name}"
    for part in ("title", "family", "unit", "definition", "source"):
        yield from _wrong_type(f"{where}: {part}", getattr(metric, part), str)
    for index, term in enumerate(metric.terms):
        yield from _wrong_type(f"{where}: terms[{index}]", term, Term)
    if metric.compute is not None and not callable(metric.compute):
        yield f"{where}: compute: expected a function, found {type(metric.compute).__name__}"


def _wrong_type(where: str, value: object, expected: type) -> Iterator[str]:
    if not isinstance(value, expected):
        yield f"{where}: expected {expected.__name__}, found {type(value).__name__}"


_TYPES: Mapping[PluginKind, type[Network] | type[Metric]] = {"network": Network, "metric": Metric}

_FLAWS: Mapping[PluginKind, Callable[..., Iterator[str]]] = {"network": _network_flaws, "metric": _metric_flaws}

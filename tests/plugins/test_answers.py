"""Whatever a hook answers, the check either passes it on or refuses it: nothing else is ever raised."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kleos.contract import Calibration, Kind, Metric, Network, Role, Source, Term
from kleos.plugins import Installed
from kleos.plugins.answers import offered
from kleos.plugins.entry import Plugin
from kleos.plugins.failure import Refused

PLUGIN = Plugin((Installed("network", "x", "kleos-x", "1", "kleos_x"),))
GOOD = Network(name="x", title="X", kinds={"like": Kind(role=Role.LIKE, title="like")}, sources=())


@attrs.frozen
class Settings:
    path: str


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.text(max_size=3)
    | st.binary(max_size=3)
    | st.just(Network)
    | st.just(GOOD)
    | st.just(Term("any.acts")),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=6,
)
numbers = st.lists(st.floats(allow_nan=False) | st.just(1.0), max_size=3)


@given(answer=junk)
def test_an_answer_of_any_shape_is_refused_unless_it_is_good(answer: Any) -> None:
    if isinstance(answer, list | tuple) and list(answer) == [GOOD]:
        assert offered(PLUGIN, "network", answer, {"x"}) == {"x": GOOD}
        return
    with pytest.raises(Refused) as caught:
        offered(PLUGIN, "network", answer, {"x"})
    assert caught.value.fault.stage == "check"
    assert caught.value.fault.error.startswith("network x of kleos-x 1: ")
    assert caught.value.advice


@given(title=junk, aliases=junk, part=junk, reference=junk, numbers=st.tuples(numbers, numbers, numbers, numbers))
def test_networks_made_of_anything_are_passed_on_or_refused(title: Any, aliases: Any, part: Any, reference: Any, numbers: Any) -> None:
    curve = Calibration(strength=numbers[0], log_odds=numbers[1], audience=numbers[2], share=numbers[3], attention=0.0)
    source = Source(name="archive", title=title, settings=Settings if part is None else part, fetch=part, parse=part)
    kinds: Any = {"like": Kind(role=part, title=title), "nod": part, "share": Kind(role=Role.SHARE, title="share")}
    for aims in (reference, curve):
        try:
            network = Network(name="x", title=title, kinds=kinds, sources=(source,), aliases=aliases, reference=aims)
        except TypeError:  # the contract itself refuses aliases that cannot be iterated
            continue
        with pytest.raises(Refused, match="network x: "):
            offered(PLUGIN, "network", (network,), {"x"})


@given(title=junk, terms=junk, compute=junk)
def test_metrics_made_of_anything_are_passed_on_or_refused(title: Any, terms: Any, compute: Any) -> None:
    try:
        metric = Metric(name="x", title=title, family="f", unit="u", definition="d", source="s", terms=terms, compute=compute)
    except (TypeError, ValueError):  # the contract itself refuses both or neither of terms and compute
        return
    good = isinstance(title, str) and all(isinstance(term, Term) for term in metric.terms) and (compute is None or callable(compute))
    if good:
        assert offered(PLUGIN, "metric", (metric,), {"x"}) == {"x": metric}
    else:
        with pytest.raises(Refused, match="metric x: "):
            offered(PLUGIN, "metric", (metric,), {"x"})


def test_a_sound_network_with_a_source_and_a_calibration_passes() -> None:
    curve = Calibration(strength=(1, 2), log_odds=(-1, -1), audience=(0, 10), share=(0, 1), attention=3)
    source = Source(name="archive", title="Archive", settings=Settings, fetch=lambda *_: iter(()), parse=lambda _: ())
    network = attrs.evolve(GOOD, sources=(source,), reference=curve)
    assert offered(PLUGIN, "network", [network], {"x"}) == {"x": network}

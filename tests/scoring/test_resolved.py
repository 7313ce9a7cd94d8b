"""One model for a run: the file, the metrics that are there, and the configuration's weights."""

from __future__ import annotations

import attrs
import pytest

from kleos.contract import AGGREGATIONS, Calibration, Metric, Term
from kleos.scoring.model import Weight
from kleos.scoring.resolved import factor_names, places, resolve_model
from slow_twins.small import BIRDSONG, CAFE, METRICS, MODEL, WINDOW

WIDTH = len(AGGREGATIONS)
UNWEIGHED = Metric(name="extra", title="…", family="…", unit="acts", definition="…", source="…", terms=(Term("any.count"),))


def value_of(metric: str, network: object = BIRDSONG, **options: dict[str, float]) -> float:
    """Return v of a metric in a network's form."""
    resolved = resolve_model(MODEL, {**METRICS, "extra": UNWEIGHED}, **options)  # type: ignore[arg-type]
    form = resolved.form(network)  # type: ignore[arg-type]
    return float(form.form.value[[m.name for m in resolved.metrics].index(metric)])


def test_a_term_of_any_is_one_column_whatever_the_weight_of_kinds() -> None:
    assert places(Term("any.actors", 2.0), BIRDSONG) == [(5 * WIDTH + 2, 2.0)]


def test_a_term_of_a_role_adds_up_its_kinds_with_their_weights() -> None:
    assert places(Term("role:LIKE.acts"), CAFE) == [(1, 1.0), (WIDTH + 1, 0.5)]
    assert places(Term("role:SHARE.count", 3.0), BIRDSONG) == [(2 * WIDTH, 6.0)]
    assert places(Term("role:ENDORSE.count"), BIRDSONG) == []


def test_a_term_of_a_kind_is_its_column_and_nothing_where_the_network_has_no_such_kind() -> None:
    assert places(Term("echo.h_index"), BIRDSONG) == [(2 * WIDTH + 13, 1.0)]
    assert places(Term("echo.h_index"), CAFE) == []


def test_factors_are_named_after_network_kind_and_aggregation_in_the_order_of_the_columns() -> None:
    names = factor_names(BIRDSONG)
    assert len(names) == len(set(names)) == 6 * WIDTH
    assert names[2 * WIDTH + 13] == "birdsong.echo.h_index"
    assert names[5 * WIDTH] == "birdsong.any.count"


def test_a_network_that_the_model_does_not_know_borrows_the_general_curve_and_says_so() -> None:
    resolved = resolve_model(MODEL, METRICS)
    assert resolved.form(BIRDSONG).calibrated
    borrowed = resolved.form(CAFE)
    assert not borrowed.calibrated
    assert borrowed.reference == "others"
    assert borrowed.table.strength.tolist() == [1.0, 5.0, 9.0]


def test_a_networks_own_reference_serves_where_the_model_does_not_know_it() -> None:
    own = Calibration(strength=(1, 2), log_odds=(-1, 1), audience=(0, 5), share=(0, 1), attention=4.0)
    resolved = resolve_model(MODEL, METRICS)
    form = resolved.form(attrs.evolve(CAFE, reference=own))
    assert form.calibrated
    assert form.table.strength.tolist() == [1.0, 2.0]
    assert form.attention == 4.0
    assert resolved.form(attrs.evolve(BIRDSONG, reference=own)).attention == 30.0


def test_weights_of_the_configuration_multiply_those_of_the_model_in_every_network() -> None:
    assert value_of("reach") == 1.0
    assert value_of("reach", metric_weights={"reach": 0.5}) == 0.5
    assert value_of("applause", CAFE) == 3.0
    assert value_of("applause", CAFE, metric_weights={"applause": 2.0}) == 6.0
    assert value_of("reach", metric_weights={"reach": 0.0}) == 0.0


def test_where_the_model_has_no_weight_the_configurations_is_the_weight() -> None:
    assert value_of("extra") == 0.0
    assert value_of("extra", metric_weights={"extra": 0.7}) == 0.7


def test_a_factor_with_a_weight_is_a_metric_of_its_own_in_its_network_only() -> None:
    resolved = resolve_model(MODEL, METRICS, factor_weights={"birdsong.echo.actors": 0.5})
    last = resolved.metrics[-1]
    assert (last.name, last.title, last.unit) == ("birdsong.echo.actors", "birdsong.echo.actors", "actors")
    here, there = (resolved.form(network).form for network in (BIRDSONG, CAFE))
    assert here.factor[here.start[-2] : here.start[-1]].tolist() == [2 * WIDTH + 2]
    assert there.start[-2] == there.start[-1]
    assert here.value[-1] == 0.5


def test_metrics_that_are_not_installed_are_left_out_and_the_digest_tells() -> None:
    fewer = resolve_model(MODEL, {"reach": METRICS["reach"]})
    assert [metric.name for metric in fewer.metrics] == ["reach"]
    assert fewer.id.digest != resolve_model(MODEL, METRICS).id.digest


def test_the_digest_is_that_of_what_counts_and_not_of_its_order() -> None:
    plain = resolve_model(MODEL, METRICS, window=WINDOW).id
    assert resolve_model(MODEL, dict(reversed(METRICS.items())), window=WINDOW).id == plain
    assert (plain.name, plain.version, len(plain.digest)) == ("small", "1", 64)
    for other in (
        resolve_model(MODEL, METRICS, window=WINDOW // 2),
        resolve_model(attrs.evolve(MODEL, metrics={**MODEL.metrics, "reach": Weight(weight=1.1)}), METRICS, window=WINDOW),
        resolve_model(MODEL, METRICS, window=WINDOW, metric_weights={"reach": 2.0}),
        resolve_model(MODEL, METRICS, window=WINDOW, factor_weights={"birdsong.any.count": 1.0}),
    ):
        assert other.id.digest != plain.digest


@pytest.mark.parametrize("options", [{"metric_weights": {"reach": 2.0}}, {"factor_weights": {"cafe.any.count": 1.0}}])
def test_overrides_show_in_the_models_name(options: dict[str, dict[str, float]]) -> None:
    assert resolve_model(MODEL, METRICS, **options).id.name == "small+overrides"  # type: ignore[arg-type]


def test_metrics_made_of_what_people_count_are_shown_unweighted() -> None:
    resolved = resolve_model(MODEL, METRICS)
    counted = {metric.name for metric, plain in zip(resolved.metrics, resolved.counted, strict=True) if plain}
    assert counted == {"reach", "returning", "applause", "talk", "spread", "depth", "steady", "shown"}


def test_time_constants_are_fractions_of_the_window() -> None:
    clock = resolve_model(MODEL, METRICS).clock(WINDOW)
    assert (clock.window, clock.half_life, clock.recent_half_life) == (WINDOW, WINDOW / 3, WINDOW / 16)

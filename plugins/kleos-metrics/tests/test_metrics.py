"""The twelve metrics are those of the published table, documented, and offered as the distribution declares."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kleos.contract import AGGREGATIONS, Metric, Role, Term
from kleos.plugins import load
from kleos_metrics import kleos_metrics

HERE = Path(__file__).parent.parent

TABLE = [
    ("who responds", "engaged_reach", "people", "any.actors"),
    ("who responds", "returning_audience", "people", "any.returning"),
    ("who responds", "attention_share", "share", "any.share_of_attention"),
    ("who responds", "audience_influence", "influence", "any.prestige"),
    ("what they do", "applause", "acts", "role:LIKE.acts"),
    ("what they do", "conversation", "acts", "role:REPLY.acts"),
    ("what they do", "amplification", "acts", "role:SHARE.acts"),
    ("what they do", "mentions", "acts", "role:MENTION.actor_days"),
    ("what they do", "endorsements", "acts", "role:ENDORSE.acts"),
    ("how far, how dependably", "resonance", "items", "any.h_index"),
    ("how far, how dependably", "consistency", "days", "any.days"),
    ("how far, how dependably", "momentum", "people", "any.recent"),
]

METRICS = kleos_metrics()


def each() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("metric", METRICS, ids=[metric.name for metric in METRICS])


def test_the_twelve_are_those_of_the_published_table() -> None:
    assert [(metric.family, metric.name, metric.unit, metric.terms) for metric in METRICS] == [
        (family, name, unit, (Term(selector),)) for family, name, unit, selector in TABLE
    ]


@each()
def test_a_metric_says_what_it_means_and_where_it_comes_from(metric: Metric) -> None:
    assert metric.title.replace(" ", "_").lower() == metric.name
    assert metric.definition.endswith(".")
    assert len(metric.definition.split()) > 5
    assert any(f"({year})" in metric.source for year in range(1953, 2016))


@each()
def test_every_term_selects_a_factor_that_the_engine_counts(metric: Metric) -> None:
    for term in metric.terms:
        kind, _, aggregation = term.selector.rpartition(".")
        assert aggregation in AGGREGATIONS
        assert kind == "any" or Role[kind.removeprefix("role:")].in_any
        assert term.weight > 0


@each()
def test_a_metric_leaves_its_weight_to_the_model(metric: Metric) -> None:
    assert metric.weight == 0


@each()
def test_the_readme_tells_the_definition_in_the_same_words(metric: Metric) -> None:
    row = f"`{metric.name}` | {metric.unit} | {metric.definition} | `{metric.terms[0].selector}` |"
    assert row in (HERE / "README.md").read_text(encoding="utf-8")


def test_the_entry_points_are_the_metrics() -> None:
    project = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    points = project["entry-points"]["kleos.metrics"]
    assert set(points) == {metric.name for metric in METRICS}
    assert set(points.values()) == {"kleos_metrics"}


def test_the_installed_distribution_loads_strictly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLEOS_PLUGINS", "kleos-metrics")
    loaded = load(networks=(), metrics=None, strict=True)
    assert loaded.metrics == {metric.name: metric for metric in METRICS}
    assert {origin.distribution for origin in loaded.origins.values()} == {"kleos-metrics"}

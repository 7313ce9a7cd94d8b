"""A person's page, from what was recorded and from the store it was computed of."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

import kleos
from kleos.config import Config
from kleos.contract import Metric, Network
from kleos.events import Emit
from kleos.insight.explaining.asking import explanation_of
from kleos.insight.explaining.audience import audience_of
from kleos.insight.explaining.between import change_of
from kleos.insight.explaining.moments import moments_of
from kleos.insight.explaining.question import Question
from kleos.insight.history.curve import History
from kleos.pipeline.prepare import Prepared
from kleos.plugins import Loaded
from kleos.report.digits import score_text
from kleos.report.page import Family, MetricRow, Move, NetworkRow, Page, Reproduction, Standing
from kleos.report.peers import Comparison
from kleos.report.told import told_audience, told_moments, told_move
from kleos.scoring.result import Coverage, ModelId, PopulationId, iso
from kleos.store import ScoreRecord
from kleos.store.records import STEPS, newest_before

__all__ = ["describe"]

MICROSECONDS_A_SECOND = 1_000_000
MOMENTS = 6
GIVERS = 8
"""How many of them a page names."""
SEEN = 0.05
"""Points of difference that one decimal shows."""
NO_FAMILY = "metrics that are not installed any more"


def describe(asked: Question, record: ScoreRecord, history: History, comparison: Comparison, *, emit: Emit) -> Page:
    """Return the page of a record; `asked` is the store as of the same time, `history` all that was recorded of the person."""
    explanation = explanation_of(asked, record.person)
    networks, names = asked.setting.networks, asked.setting.people
    return Page(
        id=record.person,
        name=names[record.person],
        as_of=record.as_of,
        window=record.window / MICROSECONDS_A_SECOND,
        standing=Standing(
            score=record.score,
            interval=None if record.lo is None or record.hi is None else (record.lo, record.hi),
            percentile=record.percentile,
            population=_population(record, asked.prepared),
            changes=history.changes,
        ),
        history=history,
        move=_move(asked, record, history, emit),
        networks=_networks(record, networks),
        moments=told_moments(moments_of(asked, explanation, most=MOMENTS), networks),
        families=_families(record, asked.prepared, comparison),
        peers=comparison.peers,
        audience=told_audience(audience_of(asked, explanation, most=GIVERS), networks, names),
        coverage=_coverage(record),
        reproduction=_reproduction(asked.config, asked.loaded, record),
        notes=_notes(asked.prepared, record),
    )


def _population(record: ScoreRecord, prepared: Prepared) -> PopulationId:
    told = record.coverage.get("population")
    if told is not None:
        return PopulationId(source=told["source"], size=told["size"])
    forms = [reactions.form for reactions, _ in prepared.tables]
    references = {form.reference: form.size for form in forms} or {"nobody: there are no reactions": 0}
    return PopulationId(source="; ".join(references), size=sum(references.values()))


def _move(asked: Question, record: ScoreRecord, history: History, emit: Emit) -> Move | None:
    """Explain the change of a week; where none is known, of a month, of a day: since a score by the same model, else by the one before."""
    points = (*history.others, *history.line)
    for days in (
        {point.day: point.as_of for point in points if point.model.digest == record.digest},
        {point.day: point.as_of for point in points},
    ):
        for step in ("week", "month", "day"):
            since = newest_before(days, record.as_of.date(), STEPS[step])
            if since is not None:
                return told_move(change_of(asked, record.person, days[since], record.as_of, emit=emit))
    return None


def _networks(record: ScoreRecord, networks: Mapping[str, Network]) -> list[NetworkRow]:
    rows = [
        NetworkRow(
            name=name,
            title=networks[name].title if name in networks else name,
            points=part["points"],
            interactions=part["interactions"],
            calibrated=part["calibrated"],
        )
        for name, part in record.networks.items()
    ]
    return sorted(rows, key=lambda row: (-row.points, row.name))


def _families(record: ScoreRecord, prepared: Prepared, comparison: Comparison) -> list[Family]:
    families: dict[str, list[MetricRow]] = {}
    known = {metric.name: metric for metric in prepared.resolved.metrics if metric.name in record.metrics}
    for name in (*known, *(name for name in record.metrics if name not in known)):
        metric, part = known.get(name), record.metrics[name]
        row = MetricRow(
            name=name,
            title=metric.title if metric else name,
            definition=metric.definition if isinstance(metric, Metric) else "",
            unit=part["unit"],
            value=part["value"],
            points=part["points"],
            typical=comparison.typical.get(name),
        )
        families.setdefault(metric.family if metric else NO_FAMILY, []).append(row)
    return [Family(title=title, metrics=rows) for title, rows in families.items()]


def _coverage(record: ScoreRecord) -> Coverage:
    told = record.coverage
    return Coverage(
        networks=tuple(told["networks"]),
        imported=told["imported"],
        outside_window=told["outside_window"],
        after_as_of=told["after_as_of"],
        actors=told["actors"],
        times=told["times"],
        kinds=told.get("kinds", {}),
        ages=told.get("ages", {}),
    )


def _reproduction(config: Config, loaded: Loaded, record: ScoreRecord) -> Reproduction:
    file = [] if config.where is None else [config.where.name]
    distributions = {origin.distribution: origin.version for _, origin in sorted(loaded.origins.items())}
    return Reproduction(
        command=shlex.join(["kleos", "score", *file, "--as-of", iso(record.as_of)]),
        model=ModelId(name=record.model, version=record.version, digest=record.digest),
        distributions={"kleos": kleos.__version__, **dict(sorted(distributions.items()))},
        influence=str(record.coverage.get("influence", "")),
    )


def _notes(prepared: Prepared, record: ScoreRecord) -> list[str]:
    """Say where the store is not any more what the record was made from."""
    model = prepared.resolved.id
    now = float(prepared.scores.score[list(prepared.people).index(record.person)])
    parts = "Why it moved, the moments and the audience are told of that."
    if model.digest != record.digest:
        return [
            f"This score was made by the model {record.model} {record.version}, digest {record.digest[:12]}. Scored today it is "
            f"{model.name} {model.version}, digest {model.digest[:12]}, which gives {score_text(now)}. {parts}"
        ]
    if abs(now - record.score) >= SEEN:
        return [f"More was collected since this score was recorded: as of the same time it is {score_text(now)} now. {parts}"]
    return []

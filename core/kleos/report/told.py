"""What was found out about a person's score, in the words of a page: why it moved, the moments, the audience."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kleos.contract import Network
from kleos.insight.explaining import audience as insight_audience
from kleos.insight.explaining import change as insight_change
from kleos.insight.explaining import moments as insight_moments
from kleos.report.page import Audience, Cause, Giver, Moment, Move
from kleos.scoring.result import ModelId

__all__ = ["told_audience", "told_moments", "told_move"]

Networks = Mapping[str, Network]
Names = Mapping[str, str]


def told_move(change: insight_change.Change) -> Move:
    """Return why a score moved: its steps by network, and all of it by metric."""
    titles = {metric.name: metric.title for step in change.steps for network in step.networks for metric in network.metrics}
    metrics = sorted(change.by_metric().items(), key=lambda entry: (-abs(entry[1]), entry[0]))
    return Move(
        since=change.before.as_of,
        before=change.before.score,
        after=change.after.score,
        models=_models(change),
        causes=[
            Cause(
                name=step.name,
                title=step.title,
                points=step.points,
                reactions=sum(sum(network.reactions.values()) for network in step.networks),
                networks={network.title: network.points for network in step.networks},
            )
            for step in change.steps
        ],
        metrics={titles[name]: points for name, points in metrics if points},
    )


def _models(change: insight_change.Change) -> str:
    past, before, after = change.before.recorded, change.before.model, change.after.model
    if before.digest != after.digest:
        return f"The first of them is by the model {_model(before)}, the second by {_model(after)}."
    if past is not None and past.unusable:
        return f"The model of then, {_model(past.model)}, cannot score once more: {past.unusable}. Both are by {_model(after)}."
    return ""


def _model(model: ModelId) -> str:
    return f"{model.name} {model.version} ({model.digest[:12]})"


def told_moments(moments: Sequence[insight_moments.Moment], networks: Networks) -> list[Moment]:
    """Return the moments without who made them: a page may be shown to others."""
    return [
        Moment(
            network=networks[moment.network].title,
            item=moment.item,
            url=moment.url,
            points=moment.points,
            published=moment.published,
            reactions=moment.received.reactions,
            kinds={networks[moment.network].kinds[kind].title: number for kind, number in moment.received.kinds.items()},
            people=moment.received.people,
        )
        for moment in moments
    ]


def told_audience(audience: insight_audience.Audience, networks: Networks, names: Names) -> Audience:
    """Return the audience; `names` are those of the people in the configuration, by id: all others stay pseudonyms."""
    gives: dict[str, int] = {}
    for given in audience.gives:
        gives[names[given.person]] = gives.get(names[given.person], 0) + given.reactions
    return Audience(
        givers=[
            Giver(
                name=names[giver.person] if giver.person is not None else f"someone {giver.actor[:8]}",
                network=networks[giver.network].title,
                points=giver.points,
                reactions=giver.received.reactions,
                followers=giver.followers,
                influence=giver.influence,
            )
            for giver in audience.givers
        ],
        people=audience.people,
        points=audience.points,
        unnamed_points=audience.unnamed_points,
        unnamed_reactions=audience.unnamed_reactions,
        gives=gives,
    )

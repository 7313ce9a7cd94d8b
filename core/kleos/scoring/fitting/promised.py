"""The limits without which a model would break what Kleos promises of every score, whatever data say.

Non-negative weights keep nearly all promises. Two things are left. That people beat clicks, and that the same reaction weighs more from
somebody influential, needs some weight on people (`any.actors`): days and items are filled once, by whoever comes. And of all
aggregations only `returning` gives one person who reacts a hundred times something that a hundred people who react once do not have.
`tests/promises/test_any_model.py` draws its models from within these limits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kleos.contract import Metric
from kleos.errors import UsageError
from kleos.scoring.fitting.limits import Limits, Outweighed, Slack
from kleos.scoring.model import Model, Weight
from kleos.scoring.resolved import Measure

__all__ = ["LEAST_REACH", "broken", "promised"]

PEOPLE, RETURNING = "any.actors", ".returning"
LEAST_REACH = 0.01
"""Of all weight: enough for people to count at all; how much more is for the data."""
ROUNDING = 0.001
"""Of all weight: the weights in a file are told to a few digits."""


def promised(metrics: Sequence[Measure]) -> Limits:
    """Return the limits that every fitted model of these metrics keeps: some weight on people, and a person who comes back adds no more
    than a second person. So n reactions by n strangers are worth no less than n by one, and a hundred of them more.

    Raises `UsageError` where no metric counts people.
    """
    people = _people(metrics)
    if people is None:
        raise UsageError(
            "no metric of the model counts people (any.actors), so that clicks could beat people",
            where="metrics",
            hint="give the model a table [metrics.engaged_reach]; its weight may be 0",
        )
    return Limits(at_least={people: LEAST_REACH}, outweighed=_returning(metrics, people))


def broken(model: Model, metrics: Mapping[str, Metric]) -> list[tuple[str, Slack]]:
    """Return what a model breaks of `promised`, with the network whose own weights do; empty for those that serve all networks."""
    of_model: list[Measure] = [metrics[name] for name in model.metrics if name in metrics]
    if _people(of_model) is None:
        return [("", Slack("", "at least", LEAST_REACH, "", -LEAST_REACH))]
    limits = promised(of_model)
    found = []
    everywhere: Mapping[str, Weight] = {}
    for network, own in {"": everywhere, **{name: known.metrics for name, known in model.networks.items() if known.metrics}}.items():
        weights: dict[str, Weight] = {metric.name: own.get(metric.name, model.metrics[metric.name]) for metric in of_model}
        total = sum(one.weight for one in weights.values()) or 1.0
        shares = {name: one.weight / total for name, one in weights.items()}
        slacks = limits.slacks(shares, {name: one.scale for name, one in weights.items()})
        found += [(network, slack) for slack in slacks if slack.slack < -ROUNDING]
    return found


def _people(metrics: Sequence[Measure]) -> str | None:
    return next((one.name for one in metrics if [(term.selector, term.weight) for term in one.terms] == [(PEOPLE, 1.0)]), None)


def _returning(metrics: Sequence[Measure], people: str) -> list[Outweighed]:
    """Return what may not outweigh people: one person who comes back has as many units of it as its terms say."""
    units = {one.name: sum(term.weight for term in one.terms if term.selector.endswith(RETURNING)) for one in metrics}
    return [Outweighed(metric, people, number) for metric, number in units.items() if number]

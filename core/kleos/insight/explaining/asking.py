"""A question about a person, answered from the store: nothing is collected, nothing recorded."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from attrs import frozen

from kleos.config import Config
from kleos.events import Emit
from kleos.insight.explaining.audience import Audience, audience_of
from kleos.insight.explaining.between import change_of
from kleos.insight.explaining.change import Change
from kleos.insight.explaining.explain import explain
from kleos.insight.explaining.explanation import Explanation
from kleos.insight.explaining.moments import MOST, Moment, moments_of
from kleos.insight.explaining.question import Question, item_times, question
from kleos.plugins import Loaded

__all__ = ["Findings", "explain_change", "explain_person", "explanation_of", "look_into"]


@frozen(kw_only=True, eq=False)
class Findings:
    """All there is to say of one person's score."""

    explanation: Explanation
    moments: list[Moment]
    audience: Audience


def look_into(config: Config, loaded: Loaded, person: str, *, emit: Emit, now: datetime, everything: bool = False) -> Findings:
    """Score everybody in the configuration once more from what the store holds; take one person's score apart, and see who made it.

    Of moments and of those who give, there are the first hundred, or `everything`. Raises `UsageError` for a person who is not in the
    configuration, `StoreError` where there is no store yet, and `ModelError`.
    """
    most = None if everything else MOST
    with question(config, loaded, person=person, emit=emit, now=now) as asked:
        explanation = explanation_of(asked, person)
        return Findings(
            explanation=explanation,
            moments=moments_of(asked, explanation, most=most),
            audience=audience_of(asked, explanation, most=most),
        )


def explain_person(config: Config, loaded: Loaded, person: str, *, emit: Emit, now: datetime) -> Explanation:
    """Score everybody in the configuration once more from what the store holds, and take one person's score apart; raises likewise."""
    with question(config, loaded, person=person, emit=emit, now=now) as asked:
        return explanation_of(asked, person)


def explain_change(
    config: Config,
    loaded: Loaded,
    person: str,
    *,
    since: date,
    until: date,
    model_before: Path | None = None,
    emit: Emit,
    now: datetime,
) -> Change:
    """Explain how a person's score came from what it was at one time to what it was at another, as `change_of` does; raises likewise."""
    with question(config, loaded, person=person, emit=emit, now=now) as asked:
        return change_of(asked, person, since, until, model_before=model_before, emit=emit)


def explanation_of(asked: Question, person: str) -> Explanation:
    """Take a person's score apart."""
    return explain(asked.prepared, person, item_times=item_times(asked.connection, person))

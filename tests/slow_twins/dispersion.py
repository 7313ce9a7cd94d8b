"""The slow twin of an interval's width: how unsure one network's strength is, reaction by reaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log, sqrt

from slow_twins.factors import factors, plain_people, squares
from slow_twins.strength import MetricForm
from slow_twins.world import Reaction, World

__all__ = ["bias", "dispersion", "few", "sampling_deviation"]

DAYS = 90


def sampling_deviation(world: World, forms: Sequence[MetricForm], metrics: Sequence[float]) -> float:
    """Σ v · m / (s + m), times the root of Σ w² / (Σ w)²."""
    return sum(form.value * m / (form.scale + m) for form, m in zip(forms, metrics, strict=True)) * sqrt(relative(world))


def bias(world: World, forms: Sequence[MetricForm], metrics: Sequence[float]) -> float:
    """Σ v · (m / (s + m))², times Σ w² / (Σ w)²."""
    return sum(form.value * (m / (form.scale + m)) ** 2 for form, m in zip(forms, metrics, strict=True)) * relative(world)


def few(world: World) -> float:
    """How many times the variance is larger where few people reacted."""
    return 1 + 4 / max(1, plain_people(world, 0, world.any))


def dispersion(world: World) -> float:
    """What is known of the days tells how people come; of the rest, how many days there are for so many visits."""
    rows = world.of(0, world.any)
    sure = [row for row in rows if row.actor is not None and row.age != world.window // 2]
    everything, known = (sum(row.reactions for row in some) for some in (rows, sure))
    told = by_days(sure, world.window)
    share = known / max(everything, 1)
    return share * told + (1 - share) * max(told, by_factors(world))


def by_days(sure: Sequence[Reaction], window: int) -> float:
    """From the variance of the number of people whose first reaction fell on each day."""
    oldest: dict[int | None, int] = {}
    for row in sure:
        oldest[row.actor] = max(row.age, oldest.get(row.actor, 0))
    if len(oldest) < 2:
        return 4.0
    on_day = Counter(min(age * DAYS // window, DAYS - 1) for age in oldest.values())
    mean = len(oldest) / DAYS
    variance = sum((on_day[day] - mean) ** 2 for day in range(DAYS)) / (DAYS - 1)
    return min(6.0, max(1.0, 1 + 1.2 * (variance / mean - 1)))


def by_factors(world: World) -> float:
    """From the days that are filled, beside those that independent visits would have filled."""
    whole = factors(world, 0, world.any)
    people = plain_people(world, 0, world.any)
    if not people:
        return 4.0
    weight = whole["actors"] / people
    filled = min(whole["days"] / min(weight, 1.0), DAYS - 0.5)
    visits = whole["actor_days"] / weight
    return 1.2 + 2.8 * (1 - min(1.0, -DAYS * log(1 - filled / DAYS) / visits))


def relative(world: World) -> float:
    """Σ w² / (Σ w)²."""
    total = factors(world, 0, world.any)["actors"]
    return squares(world, 0) / total**2 if total else 0.0

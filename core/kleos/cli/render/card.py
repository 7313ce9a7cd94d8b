"""One person's score, and every part that it is made of."""

from __future__ import annotations

from itertools import zip_longest

from rich.console import RenderableType
from rich.text import Text

from kleos.cli.render.bars import figures, scale
from kleos.cli.render.coverage import coverage_sentences
from kleos.cli.render.history.move import move_text
from kleos.cli.render.layout import held, paragraph, wrapped
from kleos.cli.render.parts import parts_section
from kleos.report.digits import percent, score_text, signed
from kleos.report.words import clean, count_of, listed
from kleos.scoring.result import Delta, PersonScore, PopulationId

__all__ = ["change_text", "interval_text", "person_card", "population_text", "standing", "who"]

_FIRST_TIME = "no earlier run to compare with"
_TOO_FEW = "too few people to tell how sure this is"


def person_card(person: PersonScore, population: PopulationId, *, width: int, large: bool) -> list[RenderableType]:
    """Return the full card of one person, `width` cells wide; `large` shows the score three lines high."""
    line = Text("  ").append_text(scale(person.score, person.interval, width - 4))
    coverage = [paragraph(sentence, width, indent=2) for sentence in coverage_sentences(person.coverage)]
    return [
        who(person),
        Text(),
        _headline(person, population, width, large),
        Text(),
        line,
        Text(),
        *parts_section(person, width),
        Text("coverage", style="bold"),
        *coverage,
        Text(),
    ]


def who(person: PersonScore) -> Text:
    """Return the name, and the id where it differs."""
    name = Text.assemble((clean(person.name), "bold"))
    return name if person.name == person.id else name.append(f"  {clean(person.id)}", style="dim")


def standing(person: PersonScore) -> str:
    """Return which share of the population is outranked."""
    return held(f"ahead of {percent(person.percentile)}") if person.score > 1 else "at the start, where everybody is before anybody reacts"


def population_text(population: PopulationId) -> str:
    """Return what a percentage is a percentage of, and how many there are."""
    size = f" ({held(count_of(population.size, 'accounts'))})" if population.size else ""
    return f"{clean(population.source)}{size}"


def interval_text(interval: tuple[float, float] | None) -> str:
    """Return the 90 % interval as two shown scores, or why there is none."""
    return _TOO_FEW if interval is None else held(f"90 % interval {score_text(interval[0])} to {score_text(interval[1])}")


def change_text(delta: Delta) -> str:
    """Return the changes since earlier runs, or that there was none."""
    since = (("in a day", delta.day), ("in a week", delta.week), ("in a month", delta.month))
    return listed([f"{signed(change)} {time}" for time, change in since if change is not None]) or _FIRST_TIME


def _headline(person: PersonScore, population: PopulationId, width: int, large: bool) -> Text:
    shown = score_text(person.score)
    figure = figures(shown) if large else (shown,)
    room = 2 + len(figure[0]) + 3
    place = f"{standing(person)} of {population_text(population)}" if person.score > 1 else standing(person)
    facts = [f"bucket {person.bucket}, {change_text(person.delta)}", place, interval_text(person.interval)]
    if person.move is not None:
        facts.insert(1, move_text(person.move, "yours"))
    lines = [line for fact in facts for line in wrapped(fact, width - room)]
    block = Text()
    for number, (digits, line) in enumerate(zip_longest(figure, lines, fillvalue="")):
        block.append("\n" if number else "").append(f"  {digits:<{room - 2}}", style="bold cyan").append(line)
    return block

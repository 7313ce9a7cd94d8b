"""A score as it is and as it would be, and advice."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from kleos.cli.following import Step
from kleos.cli.render.explanation.change import NARROWEST, POINTS, steps_section
from kleos.cli.render.explanation.digits import hundredths_text, score_hundredths, signed_text
from kleos.cli.render.layout import hanging, held, paragraph
from kleos.cli.render.report import WIDEST, model_text, moment, next_step
from kleos.insight.simulating.advice import Advising
from kleos.insight.simulating.simulation import Addition, Outlook, Simulation, Taken
from kleos.report.words import clean, count_of, listed, span

__all__ = ["simulation_report"]

_TOO_FEW = "too few people to tell how sure this is"
_READING = (
    "A prediction is the score of the changed data, by the same rules. Of people who are added nothing is known but the followers that you "
    "say; where you name no posts, none is assumed."
)
PSEUDONYM = 32
"""Digits of a pseudonym; what is shorter is the id of a person."""
MICROSECONDS_A_SECOND = 1_000_000


def simulation_report(
    simulation: Simulation | None, advising: Advising | None, *, width: int, top: int | None, following: Sequence[Step] = ()
) -> list[RenderableType]:
    """Return the parts for a terminal of `width` columns; `top` is how many items and people each list names, None: all."""
    width = max(NARROWEST, min(width, WIDEST))
    about = simulation or advising
    assert about is not None
    name = Text.assemble((clean(about.name), "bold"))
    if about.name != about.person:
        name.append(f"  {clean(about.person)}", style="dim")
    lines: list[RenderableType] = [Text(), name, Text()]
    if simulation is not None:
        lines += _simulation(simulation, width, top)
    if advising is not None:
        lines += [*([Text()] if simulation is not None else []), *_advice(advising, width)]
    return [*lines, *next_step(following, width)]


def _simulation(simulation: Simulation, width: int, top: int | None) -> list[RenderableType]:
    before, after = score_hundredths(simulation.before.score), score_hundredths(simulation.after.score)
    bounds = [signed_text(round(bound * 100)) for bound in simulation.interval or ()]
    certain = f"Behind each score stands its 90 % interval; that of the change is {' to '.join(bounds)}." if bounds else ""
    end = [
        _outlook(after, "as it would be", simulation.after, width),
        Text(),
        *(hanging("", words, width, room=POINTS) for words in [*map(_taken, simulation.taken), *map(_added, simulation.added)]),
        *([Text(), paragraph(certain, width, indent=POINTS, style="dim")] if certain else []),
    ]
    return [
        _outlook(before, "as it is", simulation.before, width),
        *steps_section(simulation.steps, after - before, width=width, top=top, end=end),
        paragraph(_READING, width, style="dim"),
        Text(),
        hanging("as of", f"{moment(simulation.as_of)} ({clean(simulation.as_of_reason)}), over {span(simulation.window)}", width, room=7),
        hanging("model", model_text(simulation.model), width, room=7),
    ]


def _outlook(shown: int, words: str, outlook: Outlook, width: int) -> Text:
    bounds = _TOO_FEW if outlook.interval is None else " to ".join(hundredths_text(score_hundredths(bound)) for bound in outlook.interval)
    line = Text.assemble((f"{hundredths_text(shown):>{POINTS - 2}}", "bold cyan"), f"  {words}", (f"  {bounds}", "dim"))
    line.truncate(width, overflow="ellipsis")
    return line


def _taken(taken: Taken) -> str:
    gone = f"{taken.what} {clean(taken.value)}"
    if taken.what == "actor":
        gone = f"someone {taken.value[:8]}" if len(taken.value) == PSEUDONYM else clean(taken.value)
    return f"without {gone}: {held(count_of(taken.reactions, 'reactions'))}"


def _added(added: Addition) -> str:
    followers = f" with {held(count_of(added.followers, 'followers'))}" if added.followers is not None else ""
    posts = f" to {held(count_of(added.posts, 'new posts'))}" if added.posts is not None else ""
    number = held(f"{clean(added.kind)} {added.number:,}")
    return (
        f"with {clean(added.network)} {number} by {held(count_of(added.people, 'people'))}{followers}{posts} "
        f"over {held(span(added.span / MICROSECONDS_A_SECOND))}"
    )


def _advice(advising: Advising, width: int) -> list[RenderableType]:
    score = hundredths_text(score_hundredths(advising.score))
    effort = f"{count_of(advising.people, 'people')} within {span(round(advising.span))}"
    lines: list[RenderableType] = [paragraph(f"what would raise {score} most, for the effort of {effort}", width, style="bold")]
    lines += [
        hanging(f"{signed_text(round(advice.points * 100)):>{POINTS - 2}}", clean(advice.sentence), width, room=POINTS, label_style="bold")
        for advice in advising.advice
    ]
    if not advising.advice:
        lines.append(paragraph("nothing that was tried", width, indent=POINTS))
    sorts = listed(["other reactions of those who are there", "people with many followers", "networks where nobody reacts yet"])
    tried = f"Tried were {sorts}, each reaction counted once. In brackets: 90 % intervals of the gain, people who may not come included."
    return [*lines, Text(), paragraph(advising.note, width), paragraph(tried, width, style="dim")]

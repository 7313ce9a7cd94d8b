"""What ``kleos run`` shows, compared letter by letter with the files in ``snapshots/``."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from kleos.cli.following import Step
from kleos.cli.render.coverage import coverage_sentences
from kleos.cli.render.ranking import ranked
from kleos.cli.render.report import NOT_FOR, report
from kleos.cli.terminal import make_console
from kleos.events import Fault
from kleos.scoring.result import Coverage, PersonScore, RunResult

NEXT = [Step("kleos explain ada", "where these points come from")]


def shown(result: RunResult, width: int, *, large: bool = False, terminal: bool = False) -> str:
    stream = io.StringIO()
    console = make_console(stream, width=width, force_terminal=terminal)
    for part in report(result, width=width, large=large, following=NEXT):
        console.print(part)
    return stream.getvalue()


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("large", [False, True], ids=["piped", "large"])
def test_the_card_of_one_person(ada: RunResult, width: int, large: bool, snapshot: Callable[[str, str], None]) -> None:
    snapshot(f"card-{width}{'-large' if large else ''}", shown(ada, width, large=large))


@pytest.mark.parametrize("width", [80, 120])
def test_the_ranking_of_several_people(roster: RunResult, width: int, snapshot: Callable[[str, str], None]) -> None:
    snapshot(f"ranking-{width}", shown(roster, width))


def test_many_people_are_a_ranking_only(
    person: Callable[..., PersonScore], result: Callable[..., RunResult], snapshot: Callable[[str, str], None]
) -> None:
    people = [person(f"p{k}", f"Person {k}", score) for k, score in enumerate([41.0, 63.5, 41.0, 12.25, 1.0, 88.8, 7.77])]
    snapshot("ranking-many-80", shown(result(*people), 80))


def test_a_person_nobody_reacted_to(
    person: Callable[..., PersonScore], result: Callable[..., RunResult], snapshot: Callable[[str, str], None]
) -> None:
    nobody = person("bob", "bob", 1.0, {}, percentile=0.0, interval=None, coverage=Coverage(networks=("twitter",)))
    nobody = evolve(nobody, metrics={name: evolve(part, value=0.0) for name, part in nobody.metrics.items()})
    snapshot("card-nobody-80", shown(result(nobody), 80))


@pytest.mark.parametrize("width", [64, 80, 99, 100, 120, 200])
def test_no_line_is_wider_than_the_terminal_or_ends_in_blanks(ada: RunResult, roster: RunResult, width: int) -> None:
    for text in (shown(ada, width), shown(ada, width, large=True), shown(roster, width)):
        for line in text.splitlines():
            assert cell_len(line) <= width
            assert line == line.rstrip()


def test_a_terminal_too_narrow_for_anything_breaks_nothing(ada: RunResult, roster: RunResult) -> None:
    assert "twitter" in shown(ada, 10) + shown(roster, 10)


def test_the_points_shown_add_up_to_the_score_shown(ada: RunResult) -> None:
    lines = shown(ada, 120).splitlines()
    first = next(k for k, line in enumerate(lines) if line.startswith("who responds"))
    networks = lines[next(k for k, line in enumerate(lines) if line.startswith("networks")) : first]
    metrics = lines[first : lines.index("coverage")]
    for part in (networks, metrics):
        points = [match[1] for line in part if (match := re.search(r"(\d+\.\d)(?:  ━.*)?$", line))]
        assert sum(int(number.replace(".", "")) for number in points) == 563
    assert any("57.3" in line for line in lines)


def test_a_lent_curve_is_marked_in_every_view(ada: RunResult, roster: RunResult) -> None:
    for result in (ada, roster):
        text = shown(result, 80)
        assert re.search(r"mastodon\s~", text)
        assert "~ not calibrated" in text


def test_the_use_it_must_not_be_put_to_is_named_once(ada: RunResult, roster: RunResult) -> None:
    for result in (ada, roster):
        words = " ".join(shown(result, 80).split())
        assert words.count(NOT_FOR) == 1


def test_colours_only_on_a_terminal_and_never_with_no_color(ada: RunResult, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[36m" in shown(ada, 80, terminal=True)
    assert "\x1b" not in shown(ada, 80)
    monkeypatch.setenv("NO_COLOR", "1")
    codes = {code for codes in re.findall(r"\x1b\[([\d;]*)m", shown(ada, 80, terminal=True)) for code in codes.split(";")}
    assert codes <= {"", "0", "1", "2"}  # bold and dim are no colours


def test_people_with_equal_scores_share_a_rank(person: Callable[..., PersonScore]) -> None:
    people = [person("c", "c", 20.0), person("a", "a", 30.0), person("b", "b", 20.0), person("d", "d", 10.0)]
    assert [(rank, somebody.id) for rank, somebody in ranked(people)] == [(1, "a"), (2, "b"), (2, "c"), (4, "d")]


def test_text_from_outside_cannot_steer_the_terminal(
    person: Callable[..., PersonScore], result: Callable[..., RunResult], fault: Fault
) -> None:
    evil = "x\x1b[31m\x07[bold]\u202ey\r"
    text = shown(result(person("ada", evil, 50.0, {evil: 1.0}), faults=[evolve(fault, error=evil, where=evil)], notes=[evil]), 80)
    assert not set(text) & set("\x1b\x07\u202e\r")
    assert "[bold]" in text


def test_more_faults_than_fit_are_counted(ada: RunResult, fault: Fault) -> None:
    text = shown(evolve(ada, faults=[evolve(fault, where=f"page {k}") for k in range(30)]), 80)
    assert "30 faults" in text
    assert "and 10 more" in text


def test_what_stands_in_for_missing_times_is_told() -> None:
    coverage = Coverage(imported=1587, actors=0.0, times=0.0, ages={"item_time": 1479, "captured": 108})
    assert coverage_sentences(coverage)[1].replace("\u00a0", " ") == (
        "Of those scored, none name who reacted and none have a time of their own; "
        "1,479 are dated by their item and 108 are dated by when they were counted."
    )


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_coverage_accounts_for_every_reaction(scored: int, before: int, after: int) -> None:
    sentence = coverage_sentences(Coverage(imported=scored + before + after, outside_window=before, after_as_of=after))[0]
    left, _, right = sentence.replace(",", "").partition("=")
    numbers = [int(number) for number in re.findall(r"\d+", right)]
    if numbers:
        assert sum(numbers) == int(re.findall(r"\d+", left)[0])

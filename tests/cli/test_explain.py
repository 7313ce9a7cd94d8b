"""``kleos explain``: what it prints, that it adds up to the last digit shown, and how it exits."""

from __future__ import annotations

import io
import json
import math
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from attrs import evolve, frozen
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from kleos.cli.following import Step
from kleos.cli.render.explanation.change import change_report
from kleos.cli.render.explanation.change_json import change_json
from kleos.cli.render.explanation.digits import score_hundredths, signed_text, split_hundredths, split_signed
from kleos.cli.render.explanation.json import explanation_json
from kleos.cli.render.explanation.report import explanation_report
from kleos.cli.terminal import make_console
from kleos.insight.explaining.audience import Audience, Given, Giver
from kleos.insight.explaining.change import STEPS, Change, FactorChange, MetricChange, NetworkChange, Recorded, Standing
from kleos.insight.explaining.change import Step as Stepped
from kleos.insight.explaining.explanation import Explanation, FactorShare, KindCoverage, MetricShare, NetworkShare, Shares, ranked
from kleos.insight.explaining.gathered import Received
from kleos.insight.explaining.moments import By, Moment
from kleos.plugins import installed
from kleos.scoring.result import Coverage, ModelId, bucket

Kleos = Callable[..., Any]
AS_OF = datetime(2026, 3, 31, 18, 20, tzinfo=UTC)
NEXT = [Step("kleos simulate ada --advise", "what would raise the score"), Step("kleos factors --person ada", "every factor's value")]
AGES = {"time": 0, "item_time": 0, "captured": 0, "unknown": 0}


def factor(name: str, points: float, parts: Sequence[tuple[int, int, float]], **changes: Any) -> FactorShare:
    """Return a factor whose points are split over (actor, item, weight)."""
    _, kind, aggregation = name.split(".")
    total = math.fsum(weight for *_, weight in parts) or 1.0
    shares = Shares(
        np.array([actor for actor, *_ in parts], dtype=np.int64),
        np.array([item for _, item, _ in parts], dtype=np.int64),
        np.array([points * weight / total for *_, weight in parts]),
    )
    plain = FactorShare(
        name=name, kind=kind, title="", aggregation=aggregation, value=10 * points, weight=1.0, points=points, shares=shares
    )
    return evolve(plain, **changes)


def metric(name: str, unit: str, points: float, factors: Sequence[FactorShare] = (), **changes: Any) -> MetricShare:
    definition = f"What {name} means, told in one sentence that is long enough to need a second line where there is little room."
    plain = MetricShare(
        name=name,
        title=name.capitalize(),
        family="all",
        unit=unit,
        definition=definition,
        value=round(20 * points),
        points=points,
        computed=False,
        factors=factors,
    )
    return evolve(plain, **changes)


def network(name: str, metrics: Sequence[MetricShare], **changes: Any) -> NetworkShare:
    plain = NetworkShare(
        name=name,
        title=name.capitalize(),
        points=math.fsum(share.points for share in metrics),
        odds=0.5,
        calibrated=True,
        interactions=1489,
        metrics=metrics,
        actors=[f"{k * 0x9E3779B97F4A7C15 % 2**64:016x}{k:016x}" for k in range(40)],
        items=[f"{1_700_000_000_000_000_000 + k}" for k in range(40)],
        item_times={},
    )
    return evolve(plain, **changes)


def kind(name: str, **changes: Any) -> KindCoverage:
    over, short = name.split(".")
    plain = KindCoverage(
        network=over,
        kind=short,
        title=short,
        counts=True,
        imported=0,
        scored=0,
        outside_window=0,
        after_as_of=0,
        anonymous=0,
        ages=AGES,
    )
    return evolve(plain, **changes)


def explanation(*networks: NetworkShare, **changes: Any) -> Explanation:
    plain = Explanation(
        person="ada",
        name="Ada Lovelace",
        score=1 + math.fsum(share.points for share in networks),
        as_of=AS_OF,
        as_of_reason="the newest time in the data",
        window=90 * 86_400.0,
        model=ModelId(name="kleos", version="1.0.0", digest="3f2a91c0e47b" * 5),
        networks=networks,
        coverage=Coverage(),
        kinds=(),
    )
    return evolve(plain, **changes)


def spread(*codes: int, people: int = 11) -> list[tuple[int, int, float]]:
    """Return parts of several sizes over the items `codes`."""
    return [(actor, item, 1 / (1 + actor + 2 * place)) for place, item in enumerate(codes) for actor in range(people)]


@pytest.fixture
def ada() -> Explanation:
    """Return one of everything: items with dates and without, no item, the unnamed, weights, a formula, silence, a lent curve, views."""
    reach = factor("twitter.any.actors", 20.04, [*spread(0, 1, 2, 3, 4, 5, 6), *((-1, k, 2.0) for k in range(4))])
    likes = factor("twitter.like.acts", 8.211, spread(2, 3), title="like")
    supers = factor("twitter.super_like.acts", 3.12, [(4, 0, 1.0)], title="super like", weight=2.0)
    mentions = factor("twitter.mention.actor_days", 5.5, [(k, -1, 1.0) for k in range(8)], title="mention")
    twitter = network(
        "twitter",
        [
            metric("reach", "people", 20.04, [reach], value=412.0),
            metric("applause", "acts", 11.331, [likes, supers]),
            metric("mentions", "acts", 5.5, [mentions]),
            metric("spark", "sparks", 2.25, computed=True, value=2.5),
            metric("endorsements", "acts", 0.0),
            metric("dust", "grains", 0.0004, [factor("twitter.any.recent", 0.0004, [(0, 0, 1.0)])]),
        ],
        item_times={f"{1_700_000_000_000_000_000 + k}": AS_OF - timedelta(days=k) for k in range(0, 40, 2)},
    )
    plus = factor("googleplus.any.actors", 4.4, [(-1, k, 1.0 + k) for k in range(7)])
    googleplus = network("googleplus", [metric("reach", "people", 4.4, [plus])], calibrated=False, items=["z12k" * 9] * 40)
    kinds = [
        kind("googleplus.plus", imported=300, scored=300, anonymous=300, ages={**AGES, "captured": 300}),
        kind("twitter.like", imported=1597, scored=1489, outside_window=100, after_as_of=8, anonymous=247, ages={**AGES, "time": 1489}),
        kind("twitter.mention", imported=8, scored=8, ages={**AGES, "time": 7, "unknown": 1}),
        kind("twitter.view", counts=False, imported=1200),
    ]
    coverage = Coverage(
        networks=("googleplus", "twitter"),
        imported=1905,
        outside_window=100,
        after_as_of=8,
        actors=0.69,
        times=0.83,
        kinds={f"{row.network}.{row.kind}": row.imported for row in kinds},
    )
    return explanation(googleplus, twitter, coverage=coverage, kinds=kinds)


RECEIVED = Received(reactions=14, kinds={"like": 12, "reply": 2}, people=9, first=AS_OF - timedelta(days=9), last=AS_OF)


def moments(told: Explanation) -> list[Moment]:
    """Return every item, as `moments_of` would."""
    found = [(points, over, code) for over in told.networks for code, points in ranked(over.shares.item, over.shares.points) if code >= 0]
    by = [
        By(actor=None, person=None, points=1.5),
        By(actor="ab" * 16, person="bob", points=1.0),
        By(actor="cd" * 16, person=None, points=0.5),
    ]
    return [
        Moment(
            network=over.name,
            item=over.items[code],
            url=f"https://pond.example/posts/{over.items[code]}" if over.items[code].isdigit() else None,
            points=points,
            published=over.item_times.get(over.items[code]),
            received=RECEIVED,
            by=by,
        )
        for points, over, code in sorted(found, key=lambda entry: -entry[0])
    ]


def audience(told: Explanation) -> Audience:
    """Return everybody with a name, as `audience_of` would."""
    found = [(points, over, code) for over in told.networks for code, points in ranked(over.shares.actor, over.shares.points)]
    named = sorted([entry for entry in found if entry[2] >= 0], key=lambda entry: -entry[0])
    givers = [
        Giver(
            network=over.name,
            actor=over.actors[code],
            person="bob" if code == 2 else None,
            points=points,
            followers=None if code % 2 else 1_260,
            influence=0.5,
            received=RECEIVED,
            others={"bob": 3, "eve": 1} if code == 1 else {},
        )
        for points, over, code in named
    ]
    return Audience(
        givers=givers,
        people=len(givers),
        points=math.fsum(giver.points for giver in givers),
        unnamed_points=math.fsum(points for points, _, code in found if code < 0),
        unnamed_reactions=547,
        gives=[Given(person="bob", network="twitter", reactions=3)] if givers else [],
    )


def shown(told: Explanation, width: int, *, top: int | None = 5, terminal: bool = False, by_whom: bool = False) -> str:
    report = explanation_report(told, moments(told), audience(told), width=width, top=top, by_whom=by_whom, following=NEXT)
    return printed(report, width, terminal)


def printed(report: Sequence[Any], width: int, terminal: bool = False) -> str:
    stream = io.StringIO()
    console = make_console(stream, width=width, force_terminal=terminal)
    for part in report:
        console.print(part)
    return stream.getvalue()


@pytest.mark.parametrize("width", [80, 120])
def test_the_tree_of_points(ada: Explanation, width: int, snapshot: Kleos) -> None:
    snapshot(f"explain-{width}", shown(ada, width))


def test_the_tree_with_everything_in_it(ada: Explanation, snapshot: Kleos) -> None:
    snapshot("explain-all-80", shown(ada, 80, top=None))


def test_a_person_nobody_reacted_to(snapshot: Kleos) -> None:
    snapshot("explain-nobody-80", shown(explanation(person="bob", name="bob"), 80))


@pytest.mark.parametrize("width", [40, 64, 80, 99, 120, 200])
@pytest.mark.parametrize("top", [0, 5, None])
def test_no_line_is_wider_than_the_terminal_or_ends_in_blanks(ada: Explanation, width: int, top: int | None) -> None:
    for line in shown(ada, width, top=top).split("what came of the reactions")[0].splitlines():
        assert cell_len(line) <= width
        assert line == line.rstrip()


def test_an_item_is_shown_by_its_address_where_all_of_that_has_room(ada: Explanation) -> None:
    (best, *_) = moments(ada)
    assert best.url is not None
    for width, seen in ((64, best.item), (80, best.url)):
        (line,) = [one for one in shown(ada, width, top=1).partition("the moments")[2].splitlines() if best.item in one]
        assert line.split()[1] == seen
    assert "\x1b]8;id=" in shown(ada, 80, top=1, terminal=True)
    told = explanation_json(ada, moments(ada), audience(ada), by_whom=False)["moments"]
    assert [one["url"] for one in told] == [one.url for one in moments(ada)]


def test_foreign_text_cannot_steer_the_terminal() -> None:
    evil = factor("pond.any.actors", 3.0, [(0, 0, 2.0), (1, 1, 1.0)], title="\x1b[2J")
    pond = network("pond", [metric("reach", "people", 3.0, [evil], title="a\x1bb")], items=["\x1b]0;x\x07", "two\nlines"])
    text = shown(explanation(pond), 80)
    assert "\x1b" not in text
    assert "two lines" in text


NUMBER = re.compile(r"(\d+\.\d\d)  (?=\S)")


def sums(text: str) -> dict[tuple[int, ...], dict[str, int]]:
    """Read the tree back: for each place in it the points shown there, and what is shown below them adds up to, in hundredths.

    Where the number of a row ends tells its place: a network's at 5, a metric's at 7, a factor's at 9; lists begin at 7 and at 11.
    """
    _, _, tree = text.partition("what everybody has")
    blocks = tree.partition("Numbers below")[0].split("\n\n")[1:]
    found: dict[tuple[int, ...], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    path: tuple[int, ...] = ()
    for block, lines in enumerate(part.splitlines() for part in blocks):
        below_network = bool(lines) and lines[0].startswith("  ")
        for k, line in enumerate(lines):
            for match in NUMBER.finditer(line):
                end, number = match.end(1), int(match[1].replace(".", ""))
                depth = {5: 0, 7: 1, 9: 2}.get(end, 3) if below_network or not k else 3
                if depth < 3:
                    path = (*path[:depth], 100 * block + k)
                    found[path]["own"] = number
                    found[path[:-1]]["parts"] += number
                else:
                    found[path]["items" if end <= 11 else "people"] += number
    return found


def check_sums(told: Explanation, top: int) -> None:
    found = sums(shown(told, 120, top=top))
    assert found.pop(())["parts"] == score_hundredths(told.score) - 100
    for numbers in found.values():
        for below in ("parts", "items", "people"):
            assert below not in numbers or numbers[below] == numbers["own"]


def test_what_is_shown_adds_up_to_the_score_shown(ada: Explanation) -> None:
    for top in (0, 1, 5, 100):
        check_sums(ada, top)
    assert f"{score_hundredths(ada.score) / 100:.2f}  the score\n" in shown(ada, 80)


PARTS = st.lists(
    st.tuples(st.integers(-1, 9), st.integers(-1, 9), st.floats(0.001, 5)), min_size=1, max_size=12, unique_by=lambda part: part[:2]
)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(st.lists(PARTS, min_size=1, max_size=3), min_size=1, max_size=4), min_size=1, max_size=2),
    st.integers(0, 4),
    st.data(),
)
def test_whatever_is_shown_adds_up_to_the_score_shown(drawn: list[list[list[Any]]], top: int, data: st.DataObject) -> None:
    total = data.draw(st.floats(0.05, 98.9))
    weights = {path: data.draw(st.floats(0.001, 1)) for path in paths(drawn)}
    scale = total / math.fsum(weights.values())
    networks = []
    for n, metrics in enumerate(drawn):
        shares = []
        for m, factors in enumerate(metrics):
            found = [factor(f"n{n}.k{f}.acts", scale * weights[n, m, f], parts) for f, parts in enumerate(factors)]
            shares.append(metric(f"m{m}", "acts", math.fsum(share.points for share in found), found))
        networks.append(network(f"n{n}", shares))
    check_sums(explanation(*networks), top)


def paths(drawn: list[list[list[Any]]]) -> Iterable[tuple[int, int, int]]:
    return ((n, m, f) for n, metrics in enumerate(drawn) for m, factors in enumerate(metrics) for f in range(len(factors)))


@given(st.floats(1, 100, exclude_max=True))
def test_a_score_shown_in_hundredths_stays_in_its_bucket_and_under_100(score: float) -> None:
    hundredths = score_hundredths(score)
    assert 100 <= hundredths < 10_000
    assert bucket(hundredths / 100) == bucket(score)
    assert abs(hundredths / 100 - score) < 0.01


def test_hundredths_go_to_the_largest_remainders() -> None:
    assert split_hundredths([1.006, 1.003, 0.001], 201) == [101, 100, 0]


@frozen
class Found:
    """What `look_into` answers."""

    explanation: Explanation
    moments: list[Moment]
    audience: Audience


@pytest.fixture
def asked(config: Path, pipeline: Kleos, monkeypatch: pytest.MonkeyPatch, ada: Explanation) -> list[tuple[Any, ...]]:
    """Put an answer in the place of the insight room's; return what it is asked."""
    pipeline()
    questions: list[tuple[Any, ...]] = []

    def look_into(config: Any, loaded: Any, person: str, **named: Any) -> Found:
        questions.append((config, person, named))
        return Found(ada, moments(ada), audience(ada))

    def explain_change(config: Any, loaded: Any, person: str, **named: Any) -> Change:
        questions.append((config, person, named))
        return changed(ada)

    fake = ModuleType("kleos.insight.explaining.asking")
    fake.look_into = look_into  # type: ignore[attr-defined]
    fake.explain_change = explain_change  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "kleos.insight.explaining.asking", fake)
    return questions


def test_it_prints_the_tree_on_stdout_and_names_the_next_verb(asked: Any, kleos_command: Kleos, snapshot: Kleos) -> None:
    done = kleos_command("explain", "ada")
    assert (done.code, done.err) == (0, "")
    snapshot("explain-80", done.out)
    assert "\x1b" not in done.out


def test_top_and_all_say_how_much_is_listed(asked: Any, kleos_command: Kleos, ada: Explanation) -> None:
    assert kleos_command("explain", "ada", "--top", "1").out == shown(ada, 80, top=1)
    assert kleos_command("explain", "ada", "--all").out == shown(ada, 80, top=None)


def test_json_is_everything_unrounded(asked: Any, kleos_command: Kleos, ada: Explanation) -> None:
    told = json.loads(kleos_command("explain", "ada", "--json").out)
    assert told == json.loads(json.dumps(explanation_json(ada, moments(ada), audience(ada), by_whom=False)))
    assert set(told) == {
        *("schema", "person", "as_of", "as_of_reason", "window", "model"),
        *("networks", "coverage", "moments", "audience"),
    }
    assert told["person"] == {"id": "ada", "name": "Ada Lovelace", "score": ada.score}
    parts = [part for over in told["networks"] for share in over["metrics"] for one in share["factors"] for part in one["parts"]]
    whole = [share["points"] for over in told["networks"] for share in over["metrics"] if share["computed"]]
    assert math.fsum([*whole, *(part["points"] for part in parts)]) == pytest.approx(ada.score - 1, abs=1e-9)
    assert {"actor": None, "item": None} not in [{key: part[key] for key in ("actor", "item")} for part in parts]
    assert told["networks"][1]["item_times"]["1700000000000000002"] == "2026-03-29T18:20:00Z"
    assert {key: told["coverage"][key] for key in ("imported", "scored", "outside_window", "after_as_of", "anonymous", "untimed")} == {
        "imported": 1905,
        "scored": 1797,
        "outside_window": 100,
        "after_as_of": 8,
        "anonymous": 547,
        "untimed": 301,
    }


def test_whom_a_moment_is_from_is_told_where_that_is_asked_for(asked: Any, kleos_command: Kleos, ada: Explanation) -> None:
    assert "from people the network does not name 1.50, bob 1.00 and someone cdcdcdcd 0.50" not in kleos_command("explain", "ada").out
    text = kleos_command("explain", "ada", "--by-whom", width=120).out
    assert "from people the network does not name 1.50, bob 1.00 and someone cdcdcdcd 0.50" in text
    assert text == shown(ada, 120, by_whom=True)
    plain, named = (json.loads(kleos_command("explain", "ada", "--json", *more).out)["moments"] for more in ((), ("--by-whom",)))
    assert "by" not in plain[0]
    assert named[0]["by"][1] == {"actor": "ab" * 16, "person": "bob", "points": 1.0}


def lists(text: str, heading: str) -> int:
    """Add up what a list shows, in hundredths."""
    block = text.partition(heading)[2].partition("\n\n")[0]
    return sum(int(number.replace(".", "")) for number in re.findall(r"^ {2,4}([\d]+\.\d\d)  \S", block, flags=re.MULTILINE))


@pytest.mark.parametrize("top", [0, 1, 5, None])
def test_the_moments_and_the_audience_add_up_to_the_score_shown(ada: Explanation, top: int | None) -> None:
    text = shown(ada, 80, top=top)
    for heading in ("the moments: what earned most", "the audience: who gives most"):
        assert lists(text, heading) == score_hundredths(ada.score) - 100


def test_as_of_can_be_given_as_for_a_run(asked: Any, kleos_command: Kleos) -> None:
    done = kleos_command("explain", "ada", "--as-of", "2026-02-01")
    ((config, person, _),) = asked
    assert (config.run.as_of.date().isoformat(), person) == ("2026-02-01", "ada")
    assert "(given by --as-of)" in done.out


def test_an_unknown_person_is_a_usage_error_that_asks_whom_you_mean(asked: Any, kleos_command: Kleos) -> None:
    done = kleos_command("explain", "adda")
    assert (done.code, done.out, asked) == (2, "", [])
    assert done.err == "error: expected the id of a person, found 'adda'\nhint: did you mean 'ada'?\n"
    assert kleos_command("explain", "Ada Lovelace").err.endswith("hint: did you mean 'ada'?\n")


def test_in_a_population_alone_there_is_nobody_to_explain(config: Path, asked: Any, kleos_command: Kleos) -> None:
    config.with_name("all.csv").write_text("subject,actor,kind\n", encoding="utf-8")
    config.write_text('[population]\ninteractions = "all.csv"\n', encoding="utf-8")
    assert kleos_command("explain", "ada").err.endswith("hint: the configuration has no [people]\n")


def test_less_than_none_cannot_be_listed(asked: Any, kleos_command: Kleos) -> None:
    done = kleos_command("explain", "ada", "--top", "-1")
    assert (done.code, done.err) == (2, "error: --top: expected a number of at least 0, found -1\n")


def changed(told: Explanation) -> Change:
    """Return a change with something in most of its steps: what came, what left, another audience, another model."""
    reach = [(0, 0, 2.0), (1, 0, 1.0), (-1, 1, 3.0), (2, -1, 1.0)]

    def over(name: str, points: float, reactions: dict[str, int], **changes: Any) -> NetworkChange:
        whole = 0.2 * points
        rest = points - whole
        share = factor(f"{name}.any.actors", rest, reach).shares
        moved = FactorChange(
            name=f"{name}.any.actors", kind="any", title="", aggregation="actors", before=3.0, after=9.5, points=rest, shares=share
        )
        plain = NetworkChange(
            name=name,
            title=name.capitalize(),
            points=points,
            calibrated=True,
            reactions=reactions,
            metrics=[
                metric_change("reach", "people", rest, [moved]),
                metric_change("spark", "sparks", whole, computed=True),
                metric_change("dust", "grains", 0.0),
            ],
            actors=[f"{k:08x}" * 4 for k in range(40)],
            items=[f"{1_700_000_000_000_000_000 + k}" for k in range(40)],
            item_times={f"{1_700_000_000_000_000_000 + k}": AS_OF - timedelta(days=k) for k in range(40)},
        )
        return evolve(plain, **changes)

    parts = [
        [over("twitter", -1.234, {"like": 12})],
        [over("twitter", -3.4, {"like": 30, "reply": 2}), over("youtube", -0.001, {"like": 4}, calibrated=False)],
        [over("twitter", 2.5, {"reply": 8}), over("youtube", 7.777, {"like": 1200, "comment": 31}, calibrated=False)],
        [over("twitter", 0.333, {"like": 1})],
        [],
    ]
    score, steps = told.score, []
    for way, networks in zip(STEPS, parts, strict=True):
        after = score + math.fsum(network.points for network in networks)
        steps.append(Stepped(way=way, before=score, after=after, networks=networks))
        score = after
    old = ModelId(name="kleos", version="0.9.0", digest="aa" * 32)
    return Change(
        person="ada",
        name="Ada Lovelace",
        window=90 * 86_400.0,
        before=Standing(
            as_of=AS_OF - timedelta(days=30),
            score=told.score,
            model=told.model,
            recorded=Recorded(score=told.score - 2, as_of=AS_OF - timedelta(days=30), model=old, unusable="the store has not kept it"),
        ),
        after=Standing(as_of=AS_OF, score=score, model=told.model, recorded=Recorded(score=score + 0.4, as_of=AS_OF, model=told.model)),
        steps=steps,
    )


def metric_change(name: str, unit: str, points: float, factors: Sequence[FactorChange] = (), **changes: Any) -> MetricChange:
    plain = MetricChange(
        name=name,
        title=name.capitalize(),
        family="all",
        unit=unit,
        before=3.0,
        after=9.5 if points else 3.0,
        points=points,
        computed=False,
        factors=factors,
    )
    return evolve(plain, **changes)


def change_text(told: Change, width: int, top: int | None = 5) -> str:
    return printed(change_report(told, width=width, top=top, following=[Step("kleos history ada", "the days between")]), width)


@pytest.mark.parametrize("width", [80, 120])
def test_why_a_score_changed(ada: Explanation, width: int, snapshot: Kleos) -> None:
    snapshot(f"explain-between-{width}", change_text(changed(ada), width))


@pytest.mark.parametrize("width", [40, 64, 80, 120, 200])
@pytest.mark.parametrize("top", [0, 2, None])
def test_no_line_of_a_change_is_wider_than_the_terminal(ada: Explanation, width: int, top: int | None) -> None:
    for line in change_text(changed(ada), width, top).partition("next: ")[0].splitlines():
        assert cell_len(line) <= width
        assert line == line.rstrip()


def hundredths(text: str) -> int:
    return int(text.replace("−", "-").replace("+", "").replace(".", ""))


@pytest.mark.parametrize("top", [0, 2, None])
def test_what_a_change_shows_adds_up_to_the_last_digit(ada: Explanation, top: int | None) -> None:
    text = change_text(changed(ada), 120, top)
    rows = [(match.start(1), hundredths(match[1])) for match in re.finditer(r"(?m)^ *([+−]?\d+\.\d\d)  ", text)]
    first, *steps, last = [number for _, number in rows[:7]]
    assert first + sum(steps) == last
    for block in re.split(r"\n\n", text)[3:]:
        lines = [re.match(r"( *)([+−]?\d+\.\d\d)  ", line) for line in block.splitlines()]
        numbers = [(match.end(2), hundredths(match[2])) for match in lines if match]
        if not numbers or numbers[0][0] != 6:
            continue
        assert sum(number for place, number in numbers if place == 8) == numbers[0][1]
        assert sum(number for place, number in numbers if place == 10) == numbers[0][1]


def test_between_asks_for_days_or_for_times(asked: Any, kleos_command: Kleos, ada: Explanation) -> None:
    done = kleos_command("explain", "ada", "--between", "2026-03-01", "2026-03-31T18:20:00Z", width=120)
    assert (done.code, done.err) == (0, "")
    assert done.out == change_text(changed(ada), 120)
    ((_, person, named),) = asked
    assert (person, named["since"].isoformat(), named["until"].isoformat(), named["model_before"]) == (
        "ada",
        "2026-03-01",
        "2026-03-31T18:20:00+00:00",
        None,
    )


def test_a_change_as_json_is_everything_unrounded(asked: Any, kleos_command: Kleos, ada: Explanation) -> None:
    told = json.loads(kleos_command("explain", "ada", "--between", "2026-03-01", "2026-03-31", "--json").out)
    assert told == json.loads(json.dumps(change_json(changed(ada))))
    assert [step["name"] for step in told["steps"]] == ["aged_out", "grew_older", "arrived", "audiences", "model"]
    assert math.fsum(step["points"] for step in told["steps"]) == pytest.approx(told["points"], abs=1e-9)
    assert told["before"]["recorded"]["model"]["version"] == "0.9.0"


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("--between", "2026-03-41", "2026-04-01"), "error: --between: expected a date or time, found the text '2026-03-41'"),
        (
            ("--between", "2026-03-01", "2026-04-01", "--as-of", "2026-04-01"),
            "error: --between: expected one of --as-of and --between, found both",
        ),
        (("--model-before", "old.toml"), "error: --model-before: expected --between DATE DATE beside it, found none"),
    ],
)
def test_times_that_make_no_sense_are_usage_errors(asked: Any, kleos_command: Kleos, words: tuple[str, ...], error: str) -> None:
    done = kleos_command("explain", "ada", *words)
    assert (done.code, done.out, asked) == (2, "", [])
    assert done.err.startswith(error)


@given(st.lists(st.floats(-30, 30), min_size=1, max_size=8))
def test_signed_parts_are_rounded_so_that_they_add_up(parts: list[float]) -> None:
    for off in (-1, 0, 1):
        total = round(math.fsum(parts) * 100) + off
        split = split_signed(parts, total)
        assert sum(split) == total
        assert all(abs(number - part * 100) < 2 for number, part in zip(split, parts, strict=True))


def test_a_sign_is_shown_except_for_nothing() -> None:
    assert [signed_text(number) for number in (123, 0, -5)] == ["+1.23", "0.00", "−0.05"]


NEEDED = {("network", "twitter"), ("metric", "engaged_reach")}
missing = NEEDED - {(entry.kind, entry.name) for entry in installed()}


@pytest.mark.skipif(bool(missing), reason="kleos-twitter and kleos-metrics are not installed")
def test_the_whole_program_explains_the_score_that_it_has_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kleos_command: Kleos
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [
        f"ada,user{k % 17},{('like', 'retweet', 'reply')[k % 3]},{100 + k % 7},2026-03-{k % 28 + 1:02}T10:00:00Z,,2026-03-01,"
        for k in range(60)
    ]
    rows += [f"ada,user{k},mention,,2026-03-{k + 1:02}T10:00:00Z,,," for k in range(5)]
    rows += [f"ada,,like,{100 + k},,{3 * k + 5},2026-03-01,2026-03-30T00:00:00Z" for k in range(7)]
    rows += ["ada,user1,like,90,2025-01-01T00:00:00Z,,,"]
    (tmp_path / "ada.csv").write_text("\n".join(["subject,actor,kind,item,time,count,item_time,captured", *rows]) + "\n", encoding="utf-8")
    (tmp_path / "kleos.toml").write_text(
        '[run]\nstore = "store"\n[people.ada]\naccounts = { twitter = "ada" }\n[networks.twitter]\ninteractions = "ada.csv"\n',
        encoding="utf-8",
    )
    assert kleos_command("explain", "ada").err.startswith("error: ")
    ran = kleos_command("run", "--json")
    assert ran.code == 0, ran.err
    (person,) = json.loads(ran.out)["people"]
    done = kleos_command("explain", "ada", "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert told["person"]["score"] == person["score"]
    (twitter,) = told["networks"]
    assert {share["name"]: share["points"] for share in twitter["metrics"]} == {
        name: part["points"] for name, part in person["metrics"].items()
    }
    assert {share["name"]: share["value"] for share in twitter["metrics"]} == {
        name: part["value"] for name, part in person["metrics"].items()
    }
    assert {key: told["coverage"][key] for key in ("imported", "outside_window", "after_as_of")} == {
        key: person["coverage"][key] for key in ("imported", "outside_window", "after_as_of")
    }
    assert set(twitter["item_times"].values()) == {"2026-03-01T00:00:00Z"}
    text = kleos_command("explain", "ada", "--top", "2").out
    assert sums(text)[()]["parts"] == score_hundredths(person["score"]) - 100
    assert "100  2026-03-01" in text
    assert re.search(r"someone [0-9a-f]{8}\b", text)


def write(folder: Path, rows: Sequence[str]) -> None:
    header = "subject,actor,kind,item,time,audience,captured"
    (folder / "ada.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    (folder / "kleos.toml").write_text(
        '[run]\nstore = "store"\n[people.ada]\naccounts = { twitter = "ada" }\n[people.bob]\naccounts = { twitter = "bob" }\n'
        '[networks.twitter]\ninteractions = "ada.csv"\n',
        encoding="utf-8",
    )


@pytest.mark.skipif(bool(missing), reason="kleos-twitter and kleos-metrics are not installed")
def test_the_whole_program_explains_how_one_recorded_score_became_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kleos_command: Kleos
) -> None:
    monkeypatch.chdir(tmp_path)
    kinds = ("like", "reply")
    early = [f"ada,user{k % 9},{kinds[k % 2]},{k % 4},2026-0{1 + k % 2}-{k % 27 + 1:02}T10:00:00Z,500,2026-03-01" for k in range(40)]
    early += ["ada,user1,like,90,2025-12-20T00:00:00Z,500,2026-03-01", "ada,bob,reply,91,2026-02-01T00:00:00Z,,"]
    write(tmp_path, early)
    first = json.loads(kleos_command("run", "--json", "--as-of", "2026-03-01").out)["people"][0]
    # user3 is told of anew, with a hundred times as many followers; user20 to user25 come for the first time.
    late = [f"ada,user{20 + k},retweet,95,2026-03-{20 + k}T10:00:00Z,700,2026-03-31" for k in range(6)]
    late += ["ada,user3,like,96,2026-03-20T10:00:00Z,50000,2026-03-31", "bob,user3,like,7,2026-03-20T10:00:00Z,50000,2026-03-31"]
    write(tmp_path, [*early, *late])
    last = json.loads(kleos_command("run", "--json", "--as-of", "2026-03-31").out)["people"][0]
    done = kleos_command("explain", "ada", "--between", "2026-03-01", "2026-03-31", "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    for end, ran in (("before", first), ("after", last)):
        assert told[end]["score"] == pytest.approx(ran["score"], abs=1e-9)
        assert told[end]["recorded"]["score"] == ran["score"]
    steps = {step["name"]: step for step in told["steps"]}
    assert math.fsum(step["points"] for step in told["steps"]) == pytest.approx(last["score"] - first["score"], abs=1e-9)
    # Each of nine people can like a post once: two likes were told twice.
    assert {name: step["networks"][0]["reactions"] for name, step in steps.items() if name != "model"} == {
        "aged_out": {"like": 1},
        "grew_older": {"like": 18, "reply": 21},
        "arrived": {"like": 1, "retweet": 6},
        "audiences": {"like": 3, "reply": 3},
    }
    assert steps["audiences"]["points"] > 0
    found = json.loads(kleos_command("explain", "ada", "--json", "--by-whom").out)
    assert [giver["person"] for giver in found["audience"]["givers"]].count("bob") == 1
    assert found["audience"]["points"] + found["audience"]["unnamed_points"] == pytest.approx(found["person"]["score"] - 1, abs=1e-9)
    (known,) = [giver for giver in found["audience"]["givers"] if giver["others"]]
    assert (known["others"], known["followers"]) == ({"bob": 1}, 50_000)
    best = found["moments"][0]
    assert best["received"]["reactions"] == sum(best["received"]["kinds"].values())
    factors = [one for share in found["networks"][0]["metrics"] for one in share["factors"]]
    of_items = math.fsum(part["points"] for one in factors for part in one["parts"] if part["item"])
    assert math.fsum(moment["points"] for moment in found["moments"]) == pytest.approx(of_items, abs=1e-9)
    assert json.loads(kleos_command("explain", "bob", "--json").out)["audience"]["gives"] == [
        {"person": "ada", "network": "twitter", "reactions": 1}
    ]
    assert "Within this configuration, gives to ada (1 reaction, twitter)." in kleos_command("explain", "bob").out
    model = tmp_path / "old.toml"
    model.write_text(kleos_command("model", "show").out.replace('window = "90d"', 'window = "60d"'), encoding="utf-8")
    other = json.loads(kleos_command("explain", "ada", "--between", "2026-03-01", "2026-03-31", "--model-before", "old.toml", "--json").out)
    assert (other["before"]["model"] != other["after"]["model"], other["after"]["score"]) == (True, told["after"]["score"])
    assert other["steps"][4]["points"] > 0


@pytest.mark.skipif(bool(missing), reason="kleos-twitter and kleos-metrics are not installed")
def test_the_model_that_a_score_was_recorded_with_scores_its_day_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kleos_command: Kleos
) -> None:
    monkeypatch.chdir(tmp_path)
    kinds = ("like", "reply")
    write(tmp_path, [f"ada,user{k % 9},{kinds[k % 2]},{k % 4},2026-0{1 + k % 2}-{k % 27 + 1:02}T10:00:00Z,500," for k in range(40)])
    between = ("explain", "ada", "--between", "2026-02-20", "2026-03-01")
    first = json.loads(kleos_command("run", "--json", "--as-of", "2026-02-20").out)
    config = tmp_path / "kleos.toml"
    config.write_text(config.read_text(encoding="utf-8") + "[metrics.momentum]\nweight = 3.0\n", encoding="utf-8")
    model = tmp_path / "of-february.toml"
    model.write_text(kleos_command("model", "show").out.replace('window = "90d"', 'window = "60d"'), encoding="utf-8")
    last = json.loads(kleos_command("run", "--json", "--as-of", "2026-03-01").out)
    told = json.loads(kleos_command(*between, "--json").out)
    assert [told[end]["model"] for end in ("before", "after")] == [first["model"], last["model"]]
    assert (told["before"]["score"], told["after"]["score"]) == pytest.approx(
        (first["people"][0]["score"], last["people"][0]["score"]), abs=1e-9
    )
    steps = {step["name"]: step["points"] for step in told["steps"]}
    assert steps["model"] == pytest.approx(last["people"][0]["move"]["model"], abs=1e-9)
    assert abs(steps["model"]) > 0.01
    assert math.fsum(steps.values()) == pytest.approx(told["points"], abs=1e-9)
    text = kleos_command(*between).out
    assert "another model" not in text
    # A file goes before what is kept; where nothing is kept, one line says so, and one model scores both days.
    given = json.loads(kleos_command(*between, "--model-before", "of-february.toml", "--json").out)
    assert given["before"]["model"]["digest"] not in (first["model"]["digest"], last["model"]["digest"])
    assert given["before"]["recorded"]["unusable"] is None
    for kept in (tmp_path / "store" / "models").glob(f"{first['model']['digest']}.*"):
        kept.unlink()
    alone = json.loads(kleos_command(*between, "--json").out)
    assert [alone[end]["model"] for end in ("before", "after")] == [last["model"]] * 2
    assert alone["before"]["recorded"]["unusable"] == "the store has not kept it"
    assert next(step["points"] for step in alone["steps"] if step["name"] == "model") == 0
    assert "does not score it here: the store has not kept it." in " ".join(kleos_command(*between).out.split())

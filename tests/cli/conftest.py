"""What the tests of the command line share: invented results, a pipeline that returns them, and texts to compare with."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from attrs import evolve, field, frozen

import kleos
from kleos.cli import main
from kleos.events import Fault
from kleos.scoring.result import Coverage, Delta, MetricPart, ModelId, NetworkPart, PersonScore, PopulationId, RunResult

SNAPSHOTS = Path(__file__).parent / "snapshots"

# title, family, unit, value, weight in the invented score
METRICS = {
    "engaged_reach": ("Engaged reach", "who responds", "people", 412, 14),
    "returning_audience": ("Returning audience", "who responds", "people", 31, 5),
    "attention_share": ("Attention share", "who responds", "share", 2.3141, 6),
    "audience_influence": ("Audience influence", "who responds", "influence", 198.2, 8),
    "applause": ("Applause", "what they do", "acts", 1481, 9),
    "conversation": ("Conversation", "what they do", "acts", 64, 5),
    "amplification": ("Amplification", "what they do", "acts", 108, 6),
    "mentions": ("Mentions", "what they do", "acts", 1, 1),
    "endorsements": ("Endorsements", "what they do", "acts", 0, 0),
    "resonance": ("Resonance", "how far, how dependably", "items", 11, 4),
    "consistency": ("Consistency", "how far, how dependably", "days", 67, 5),
    "momentum": ("Momentum", "how far, how dependably", "people", 24.4, 3),
}


@frozen
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str


@frozen
class Given:
    """What the pipeline was called with."""

    calls: list[tuple[str, dict[str, Any]]] = field(factory=list)


def make_person(key: str, name: str, score: float, networks: dict[str, float] | None = None, **changes: Any) -> PersonScore:
    """Return a person whose points are split over networks (name → share) and metrics."""
    shares = {"twitter": 0.7, "youtube": 0.3} if networks is None else networks
    total = sum(weight for *_, weight in METRICS.values())
    person = PersonScore(
        id=key,
        name=name,
        score=score,
        percentile=88.13,
        interval=(max(1.0, score - 5.2), score + 4.6),
        networks={
            network: NetworkPart(points=(score - 1) * share, odds=share, interactions=int(1489 * share), calibrated=network != "mastodon")
            for network, share in shares.items()
        },
        metrics={
            metric: MetricPart(title=title, family=family, unit=unit, value=value, points=(score - 1) * weight / total)
            for metric, (title, family, unit, value, weight) in METRICS.items()
        },
        coverage=Coverage(networks=tuple(shares), imported=1597, outside_window=100, after_as_of=8, actors=0.834, times=1.0),
    )
    return evolve(person, **changes)


def make_result(*people: PersonScore, **changes: Any) -> RunResult:
    result = RunResult(
        as_of=datetime(2026, 3, 31, 18, 20, tzinfo=UTC),
        as_of_reason="the newest time in the data",
        model=ModelId(name="kleos", version="1.0.0", digest="3f2a91c0e47b" * 5),
        population=PopulationId(source="the reference population of twitter", size=14_331),
        people=people,
        faults=(),
        window=90 * 86_400.0,
    )
    return evolve(result, **changes)


FAULT = Fault(
    plugin="twitter",
    distribution="kleos-twitter",
    version="0.1.0",
    stage="parse",
    where="archives/ada-2026.zip: tweets.js: row 17",
    error="expected an id, found none: the row was left out",
    count=3,
)


@pytest.fixture
def person() -> Callable[..., PersonScore]:
    return make_person


@pytest.fixture
def result() -> Callable[..., RunResult]:
    return make_result


@pytest.fixture
def fault() -> Fault:
    return FAULT


@pytest.fixture
def ada() -> RunResult:
    """Return one person with everything that can be shown: changes, a lent curve, views, a note and a fault."""
    networks = {"twitter": 0.7, "youtube": 0.2, "mastodon": 0.1}
    one = make_person("ada", "Ada Lovelace", 57.34, networks, delta=Delta(day=0.04, week=1.23, month=-3.0))
    one = evolve(one, coverage=evolve(one.coverage, kinds={"twitter.like": 1597, "twitter.view": 1200}))
    return make_result(
        one, faults=[FAULT], notes=["The owner of ada.zip, @ada, was taken to be ada: the only person of the configuration."]
    )


@pytest.fixture
def fine() -> RunResult:
    """Return one person and no fault."""
    return make_result(make_person("ada", "Ada Lovelace", 57.34))


@pytest.fixture
def roster() -> RunResult:
    """Return three people: one at the top, one in the middle, one with too few actors."""
    return make_result(
        make_person("ada", "Ada Lovelace", 57.34),
        make_person("bob", "bob", 38.2, interval=None),
        make_person("eve", "Eve 李小龙", 91.96, {"mastodon": 1.0}, percentile=99.972, delta=Delta(week=1.0)),
        faults=[FAULT],
    )


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a configuration of one person and no source, in a folder of its own that is also the working folder."""
    file = tmp_path / "kleos.toml"
    file.write_text('[run]\nstore = "store"\n[people.ada]\nname = "Ada Lovelace"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return file


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch, ada: RunResult) -> Callable[..., Given]:
    """Return a function that puts answers (or functions that answer) in the place of the pipeline's; `run` answers `ada` by default."""
    given = Given()

    def answer(**answers: Any) -> Given:
        for name, reply in {"run": ada, **answers}.items():

            def replaced(*positional: Any, _name: str = name, _reply: Any = reply, **named: Any) -> Any:
                given.calls.append((_name, {"positional": positional, **named}))
                return _reply(*positional, **named) if callable(_reply) else _reply

            setattr(fake, name, replaced)
        return given

    # Without the real one, no test of the command line loads the engine.
    fake = ModuleType("kleos.pipeline")
    monkeypatch.setitem(sys.modules, "kleos.pipeline", fake)
    monkeypatch.setattr(kleos, "pipeline", fake, raising=False)

    for module in ("opening", "listings.metrics"):
        monkeypatch.setattr(f"kleos.cli.{module}.load_model", lambda path=None: SimpleNamespace(metrics={}))
    monkeypatch.setenv("KLEOS_PLUGINS", "")
    return answer


@pytest.fixture
def kleos_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    """Return a function that runs a command line in this process, with both streams piped."""
    for variable in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(variable, raising=False)

    def run(*argv: str, width: int = 80) -> Done:
        monkeypatch.setenv("COLUMNS", str(width))
        code = main(list(argv))
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return run


@pytest.fixture
def snapshot() -> Callable[[str, str], None]:
    """Return a function that compares a text with a file of ``snapshots/``, exactly. KLEOS_SNAPSHOTS=write writes the file instead."""

    def compare(name: str, text: str) -> None:
        file = SNAPSHOTS / f"{name}.txt"
        if os.environ.get("KLEOS_SNAPSHOTS") == "write":
            file.write_text(text, encoding="utf-8")
        assert text == file.read_text(encoding="utf-8")

    return compare

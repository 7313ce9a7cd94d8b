"""Every check of the kit has a bad twin: a good plugin with one thing changed, which breaks that check and no other."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from kleos.testing import CHECKS, Verdict, settings, stored

from .conftest import Bench

NETWORKS = [
    ("loads_alone", "import json\n", "import json\nimport duckdb\n", r"imports .*duckdb\nwhat to do: import it inside the function"),
    ("loads_alone", 'name="twin"', 'name="twins"', r"has the entry point twin .* returns no network of that name"),
    ("loads_alone", "CALLS = []", "CALLS = [1 / 0]", r"importing kleos_twin raised ZeroDivisionError"),
    ("settings_are_read", "instances: tuple[str, ...]", "instances: complex", r"no value for the required key 'instances'\n.*settings ="),
    (
        "settings_are_read",
        "instances: tuple[str, ...]",
        "instances: int = field(validator=lambda i, a, v: 1 // (v - 1))",
        r"is refused: .*api",
    ),
    (
        "settings_are_documented",
        '    """The servers to ask."""\n',
        "",
        r"nothing says what the key 'instances' of Api means\n.*triple quotes",
    ),
    (
        "unknown_keys_are_refused",
        '    instances: tuple[str, ...]\n    """The servers to ask."""',
        '    instances: tuple[str, ...]\n    """The servers to ask."""\n    isolate: bool = False\n    """In a process of its own."""',
        r"source api: Api has the key 'isolate', which Kleos keeps for itself\n.*another name",
    ),
    ("secrets_never_show", "token: Secret", "token: str", r"'token' takes a text.*\n.*kleos.secrets.Secret"),
    ("secrets_never_show", "token: Secret", "token: Secret = field(converter=lambda s: s.reveal())", r"repr\(\) of Api shows the token"),
    (
        "samples_parse",
        'str(row["actor"])',
        'str(row["who"])',
        r"sample cannot be read: .*expected a reaction\nwhat to do: correct the parser",
    ),
    ("samples_parse", 'source="archive", where', 'source="archives", where', r"says that it is of \('twin', 'archives'\)"),
    ("samples_parse", "export.names", "()", r"no sample tells of a reaction"),
    ("kinds_are_declared", 'kind="view"', 'kind="look"', r"kind 'look', which is none of like, view\n.*Network.kinds"),
    ("kinds_are_declared", 'Tally(network="twin"', 'Tally(network="other"', r"names the network 'other'"),
    ("numbers_are_counts", "total=10", "total=-1", r"total is -1, which is no whole number"),
    ("numbers_are_counts", 'Profile(network="twin"', 'Profile(network="twin", audience=float("nan")', r"audience is nan"),
    (
        "numbers_are_counts",
        '    yield Profile(network="twin"',
        '    yield Tallies(network="twin", kind=["view"], subject=["1"], item=["p"], total=[0.5], captured=[1_760_000_000_000_000])\n'
        '    yield Profile(network="twin"',
        r"total is 0.5, which is no whole number",
    ),
    (
        "numbers_are_counts",
        '    yield Profile(network="twin"',
        '    yield Profiles(network="twin", id=["2"], audience=[-3])\n    yield Profile(network="twin"',
        r"audience is -3, which is no whole number",
    ),
    (
        "times_have_zones",
        '    yield Profile(network="twin"',
        '    yield Profiles(network="twin", id=["2"], captured=[1_760_000_000])\n    yield Profile(network="twin"',
        r"captured is 1760000000.*\n.*microseconds",
    ),
    ("times_have_zones", 'int(row["time"]), UTC)', 'int(row["time"]))', r"time is datetime.*which says no moment\n.*tzinfo"),
    (
        "times_have_zones",
        '    yield Profile(network="twin"',
        '    yield Batch(network="twin", kind=["like"], subject=["1"], actor=["x"], item=["p"], time=[1760000000])\n'
        '    yield Profile(network="twin"',
        r"time is 1760000000.*\n.*microseconds",
    ),
    (
        "own_activity_is_left_out",
        'actor == "ada"',
        'actor == "nobody"',
        r"a like by 'ada' to '1' is the owner's own activity\n.*page.owner",
    ),
    (
        "parsing_is_pure",
        "id_ = str(row",
        "CALLS.append(0)\n        id_ = str(len(CALLS)) + str(row",
        r"parsing the page twice gave different",
    ),
    (
        "parsing_is_pure",
        "id_ = str(row",
        "Path(__file__).read_bytes()\n        id_ = str(row",
        r"parse\(\) used open\(.*\n.*Page.body or Page.context",
    ),
    (
        "parsing_is_pure",
        "id_ = str(row",
        "import contextlib, socket\n        with contextlib.suppress(Exception), socket.socket():\n            pass\n        id_ = str(row",
        r"parse\(\) used socket",
    ),
    ("junk_raises_parse_error", "(ValueError, KeyError,", "(KeyError,", r"source archive: parse\(\) raised .*Error.*\n.*ParseError"),
    (
        "junk_exports_are_survived",
        'return 1.0 if export.find("likes.jsonl") else',
        'return float(bool(json.loads(export.read("likes.jsonl").splitlines()[0]))) if export.find("likes.jsonl") else',
        r"recognise\(\) raised IndexError.*\n.*return 0.0",
    ),
    ("junk_exports_are_survived", "return 1.0 if", "return 100 if", r"recognise\(\) returned 100 for the sample"),
    (
        "junk_exports_are_survived",
        'return (Owner(ids=["1"]',
        'next(export.chunks(export.names[0]), b"").decode()\n    return (Owner(ids=["1"]',
        r"owners\(\) raised UnicodeDecodeError.*\n.*ParseError",
    ),
    (
        "pages_replay",
        'context={"items": {"1"',
        'context={"moment": CAPTURED.date(), "items": {"1"',
        r"kept page cannot be replayed.*\n.*JSON",
    ),
    (
        "pages_replay",
        '{"items": {"1": "post1"}}',
        '{"items": {"1": "post2", 1: "post1"}}',
        r"read back, gives other rows",
    ),
    (
        "memory_is_bounded",
        "export.chunks(name)",
        "[export.read(name)]",
        r"like sample takes .* MB of memory where it has 2.0 MB, and .* MB where it has 8.0 MB\n.*export.chunks",
    ),
    (
        "memory_is_bounded",
        "for lines in export.chunks(name)",
        "for lines in list(export.chunks(name))",
        r"like sample takes .* MB of memory",
    ),
    (
        "duplicates_collapse",
        'Owner(ids=["1"], handles=["ada"])',
        'Owner(ids=["9"])',
        r"none of its reactions reaches the store\n.*owners\(\)",
    ),
    (
        "duplicates_collapse",
        "id_ = str(row",
        "id_ = page.where + str(row",
        r"holds 12 reactions, collected again from a copy 14, and 2 rows differ\n.*Page.where",
    ),
    (
        "score_never_falls",
        "sources=(ARCHIVE, API)",
        "sources=(ARCHIVE, API), reference=Calibration(strength=[1], log_odds=[1], audience=[1, 2], share=[0, 1], attention=1)",
        r"with this network a run ends .*\n.*Network.reference",
    ),
]

METRICS = [
    ("loads_alone", "import math", "import numpy", r"importing kleos_twin imports numpy"),
    ("metrics_are_documented", 'source="A test."', 'source=" "', r"metric twin: source is empty\n.*paper"),
    ("metrics_are_monotone", "+ 2 * replies", "/ (1 + replies)", r"falls to .* when role:REPLY.acts grows by 1.0\n.*never divide"),
    ("metrics_are_order_free", "+ 2 * replies", "+ 2 * replies.cumsum()", r"another value in other company, or in another order\n.*ranks"),
    (
        "metrics_are_bounded",
        "+ 2 * replies",
        "+ 2 * replies - 1",
        r"-1.0 to -1.0 where the factors are all 0\n.*finite numbers of at least 0",
    ),
    (
        "metrics_are_about_others",
        "+ 2 * replies",
        '+ 2 * replies + factors["role:VIEW.count"]',
        r"metric twin: 33.0 becomes 57.0 with views, followers .*\n.*LIKE, REPLY",
    ),
    (
        "metrics_add_up",
        "    return actors + 2 * replies",
        "    CALLS.append(0)\n    return actors + 2 * replies + (len(CALLS) if len(actors) == 1 else 0)\n\n\nCALLS = []",
        r"explained they are .*\n.*the same value every time",
    ),
    ("metrics_add_up", "return actors + 2 * replies", "return (actors + 2 * replies).squeeze()", r"one person .*expected 1 finite numbers"),
    ("metrics_add_up", "return actors", "raise OSError(actors)\n    return actors", r"one person compute failed with OSError"),
]


def broken(verdicts: Sequence[Verdict]) -> dict[str, str]:
    return {verdict.check.name: verdict.message for verdict in verdicts if verdict.outcome == "broken"}


def test_the_good_network_keeps_everything(bench: Bench) -> None:
    assert {verdict.check.name: verdict.outcome for verdict in bench.network()} == {
        check.name: "kept" for check in CHECKS if check.about != "metric"
    }


def test_the_good_metric_keeps_everything(bench: Bench) -> None:
    assert {verdict.check.name: verdict.outcome for verdict in bench.metric()} == {
        check.name: "kept" for check in CHECKS if check.about != "network"
    }


@pytest.mark.parametrize(("check", "old", "new", "message"), NETWORKS, ids=[f"{twin[0]}-{n}" for n, twin in enumerate(NETWORKS)])
def test_a_bad_network_breaks_one_check_that_says_what_to_do(bench: Bench, check: str, old: str, new: str, message: str) -> None:
    found = broken(bench.network(old, new))
    assert list(found) == [check], found
    assert re.search(message, found[check])
    assert "what to do: " in found[check]


@pytest.mark.parametrize(("check", "old", "new", "message"), METRICS, ids=[f"{twin[0]}-{n}" for n, twin in enumerate(METRICS)])
def test_a_bad_metric_breaks_one_check_that_says_what_to_do(bench: Bench, check: str, old: str, new: str, message: str) -> None:
    found = broken(bench.metric(old, new))
    assert list(found) == [check], found
    assert re.search(message, found[check])
    assert "what to do: " in found[check]


def test_an_unknown_key_that_passes_breaks_the_check(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    # No class of settings can take a key that it does not have, as the configuration stands, so the configuration is made to.
    strict = settings.configure
    monkeypatch.setattr(
        settings,
        "configure",
        lambda networks, folder, sources: None if settings._UNKNOWN in repr(sources) else strict(networks, folder, sources),
    )
    found = broken(bench.network())
    assert list(found) == ["unknown_keys_are_refused"]
    assert re.search(r"is not refused by its name\nwhat to do: let settings be", found["unknown_keys_are_refused"])


def test_a_score_that_falls_breaks_the_check(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    # No network that loads can lower a score as the engine stands, so the engine is made to.
    monkeypatch.setattr(stored, "_score_with", lambda *_: stored._score_without() - 1)
    found = broken(bench.network())
    assert list(found) == ["score_never_falls"]
    assert re.search(r"the score of somebody is .*, without it .*\nwhat to do: look at Network.reference", found["score_never_falls"])


def test_every_check_has_a_bad_twin() -> None:
    assert {twin[0] for twin in (*NETWORKS, *METRICS)} == {check.name for check in CHECKS}

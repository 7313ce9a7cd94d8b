"""Populations: everybody in a table, in the table's own words."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kleos.cli import main

DAY = 86_400
START = 1_700_000_000

Populated = Callable[..., dict[str, dict[str, Any]]]


def reactions(pairs: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """One retweet of an item of its own for each (subject, actor), an hour apart."""
    return [
        {"network": "twitter", "subject": subject, "actor": actor, "kind": "retweet", "item": f"i{n}", "time": START + n * 3600}
        for n, (subject, actor) in enumerate(pairs)
    ]


@pytest.fixture
def scores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Populated:
    """Return a function: rows and keys of [population] → the table of scores, by person."""
    monkeypatch.chdir(tmp_path)

    def run(rows: list[dict[str, Any]], keys: str = "", *, code: int = 0, out: str = "scores.parquet") -> dict[str, dict[str, Any]]:
        names = list(dict.fromkeys(name for row in rows for name in row))
        with Path("events.csv").open("w", newline="") as file:
            table = csv.DictWriter(file, names)
            table.writeheader()
            table.writerows(rows)
        Path("kleos.toml").write_text(f'[population]\ninteractions = "events.csv"\nout = "{out}"\n{keys}')
        assert main(["run", "--json", "--quiet"]) == code
        capsys.readouterr()
        found = duckdb.sql(f"FROM '{out}'")
        return {row[0]: dict(zip(found.columns, row, strict=True)) for row in found.fetchall()}

    return run


def test_every_subject_is_scored_and_those_who_only_act_on_request(scores: Populated) -> None:
    rows = reactions([("b", "c"), ("a", "b"), ("a", "c")])
    assert set(scores(rows)) == {"twitter:a", "twitter:b"}
    everybody = scores(rows, "all_accounts = true")
    assert set(everybody) == {"twitter:a", "twitter:b", "twitter:c"}
    assert everybody["twitter:c"]["score"] == 1.0
    assert everybody["twitter:a"]["score"] > everybody["twitter:b"]["score"] > 1
    assert everybody["twitter:a"]["percentile"] == pytest.approx(200 / 3)
    assert everybody["twitter:a"]["lo"] is None
    assert everybody["twitter:a"]["engaged_reach"] == 2


def test_accounts_make_people_of_accounts(scores: Populated) -> None:
    Path("accounts.csv").write_text(
        "network,account,person,audience\ntwitter,a,ada,\ntwitter,a2,ada,\ntwitter,quiet,quinn,9\ntwitter,x,xi,20000\n"
    )
    rows = reactions([("a", "x"), ("a2", "y"), ("a", "a2"), ("b", "y")])
    people = scores(rows, 'accounts = "accounts.csv"')
    assert set(people) == {"ada", "quinn", "xi", "twitter:b"}
    assert people["quinn"]["score"] == 1.0
    # The retweet by the own second account counts for nothing.
    assert people["ada"]["engaged_reach"] == 2
    assert people["ada"]["odds"] > people["twitter:b"]["odds"]


def test_a_reactor_with_followers_told_weighs_more(scores: Populated) -> None:
    def odds(audience: int) -> float:
        Path("accounts.csv").write_text(f"account,person,audience\nx,xi,{audience}\n")
        rows = [{**row, "network": None} for row in reactions([("a", "x")])]
        return float(scores(rows, 'accounts = "accounts.csv"\nnetwork = "twitter"')["twitter:a"]["odds"])

    assert odds(20_000) > odds(20)


def test_a_table_in_other_words(scores: Populated) -> None:
    plain = scores(reactions([("a", "b"), ("a", "c"), ("b", "c")]))
    rows = [
        {"to": row["subject"], "from": row["actor"], "verb": "RT", "post": row["item"], "at": row["time"] * 1000}
        for row in reactions([("a", "b"), ("a", "c"), ("b", "c")])
    ]
    keys = (
        'network = "twitter"\nkinds = { RT = "retweet" }\ntime_unit = "ms"\n'
        'columns = { subject = "to", actor = "from", kind = "verb", item = "post", time = "at" }\n'
    )
    assert scores(rows, keys) == plain


def test_an_actor_who_reacts_to_everybody_gives_less_to_each(scores: Populated) -> None:
    fan = [("a", "fan")]
    spread = scores(reactions([*fan, *((f"s{n}", "gusher") for n in range(30))]))
    assert spread["twitter:a"]["odds"] > spread["twitter:s0"]["odds"]


def test_rows_that_cannot_be_read_are_told_and_the_others_count(scores: Populated, tmp_path: Path) -> None:
    rows = [*reactions([("a", "b")]), {"network": "twitter", "subject": "a", "actor": "c", "kind": "wave", "item": "", "time": START}]
    assert scores(rows, code=1)["twitter:a"]["engaged_reach"] == 1


def test_order_and_threads_change_no_bit_and_csv_says_the_same(scores: Populated, tmp_path: Path) -> None:
    rows = reactions([(f"p{n % 7}", f"p{n * 5 % 11}") for n in range(200)])
    plain = scores(rows)
    assert scores(rows[::-1]) == plain
    from_csv = scores(rows, out="scores.csv")
    assert {person: row["score"] for person, row in from_csv.items()} == {person: row["score"] for person, row in plain.items()}


def test_a_population_without_a_usable_row_is_exit_4_and_leaves_the_old_table_alone(
    scores: Populated, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = scores(reactions([("a", "b")]))
    Path("events.csv").write_text("network,subject,actor,kind\ntwitter,a,b,wave\n")
    assert main(["run", "--json", "--quiet"]) == 4
    assert json.loads(json.dumps(before)) == before
    assert len(duckdb.sql("FROM 'scores.parquet'").fetchall()) == 1
    assert "wave" in capsys.readouterr().err


def test_percentiles_of_people_are_over_the_population_scored_with_them(
    scores: Populated, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = reactions([("b", "c"), ("a", "b"), ("a", "c"), ("a", "d")])
    scores(rows)
    Path("kleos.toml").write_text(
        '[run]\nstore = "store"\n[people.ada]\naccounts = { twitter = "a" }\n[networks.twitter]\ninteractions = "events.csv"\n'
        '[population]\ninteractions = "events.csv"\nnetwork = "twitter"\n'
    )
    assert main(["run", "--json", "--quiet"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["population"] == {"source": "events.csv", "size": 2}
    assert result["people"][0]["percentile"] in (50.0, 100.0)


def test_a_population_without_times_is_scored_as_of_now_and_says_so(
    scores: Populated, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scores([{**row, "time": None} for row in reactions([("a", "b"), ("a", "c")])])
    assert main(["run", "--json", "--quiet"]) == 0
    assert json.loads(capsys.readouterr().out)["as_of_reason"] == "now: nothing in the data has a time"

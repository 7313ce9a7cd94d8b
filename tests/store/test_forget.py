"""Forgetting really forgets, touches nobody else, and survives ``kill -9`` at any moment."""

from __future__ import annotations

import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kleos.contract import Owner, Page
from kleos.errors import StoreError
from kleos.store import Connection, Learnt, Link, PageMark, ScoreRecord, Store
from kleos.store.forget import Forgotten, Target, forget, look

Fill = Callable[[str, Sequence[dict[str, Any]]], str]
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ACCOUNTS = [("twitter", "olga", "olga"), ("youtube", "olga", "olga"), ("twitter", "bob", "bob"), ("youtube", "bob", "bob")]
KINDS = [(network, kind, False) for network in ("twitter", "youtube") for kind in ("like", "reply")]
# "olga" has letters that no hexadecimal pseudonym has.
OLGA = Target(person="olga", accounts=[("twitter", "olga"), ("youtube", "olga")])
EVE = Target(accounts=[("twitter", "eve")])
NOTHING = Forgotten(rows=0, segments=0, scores=0, raw_pages=0, names=0, marks=0)


def record(person: str) -> ScoreRecord:
    return ScoreRecord(
        person=person,
        score=50,
        lo=None,
        hi=None,
        percentile=60,
        model="kleos",
        version="1",
        digest="a" * 64,
        as_of=NOW,
        window=1,
        networks={"twitter": {"points": 49}},
    )


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, connection: Connection, fill: Fill) -> Path:
    """Return a store in which olga, bob and outsiders react to each other on two networks, with everything that a store keeps."""
    store = Store.open(tmp_path_factory.mktemp("kept") / "store")
    for number, network in enumerate(("twitter", "youtube", "twitter")):
        run = store.begin_run(NOW)

        def by(name: str, network: str = network) -> str:
            return store.pseudonyms.account(network, name)

        rows = [
            {"subject": subject, "actor": by(actor), "kind": "like", "item": f"{subject}-{number}", "time": 10 * number + place}
            for place, (subject, actor) in enumerate([("olga", "bob"), ("olga", "eve"), ("bob", "olga"), ("bob", "eve"), ("bob", "fay")])
        ]
        rows += [{"subject": "bob", "actor": by("1007"), "kind": "reply", "item": "bob-7", "time": 99}]
        rows += [{"subject": subject, "kind": "like", "item": f"{subject}-0", "captured": 5, "count": 9} for subject in ("olga", "bob")]
        learnt = Learnt(
            links=[Link(account="olga", person="olga", sort="handle"), Link(account="900", person="bob", sort="id")],
            handles=[(by("eve"), by("1007"), 5), (by("fay"), by("1008"), 5)],
            audiences=[(by("olga"), 10, 5), (by("1007"), 20, 5), (by("fay"), 30, 5)],
        )
        pages = [PageMark(digest=f"{run}-own", person="olga"), PageMark(digest=f"{run}-bulk"), PageMark(digest=f"{run}-bob", person="bob")]
        for person in ("olga", "bob", None):
            store.append(run, network, "archive", connection, fill("batch", rows), pages=pages, learnt=learnt, cursor=(f"{person}:1", "x"))
        for place, person in enumerate(("olga", "bob")):
            owner = Owner(person=person, handles=(person,))
            page = Page(network=network, source="archive", where="a.zip", owner=owner, captured=NOW, body=b"eve likes olga")
            store.keep_page(run, place, page)
        store.ledger(network, NOW).spend("requests/day", 3)
    store.record_scores(date(2026, 3, 1), [record("olga"), record("bob")])
    store.record_scores(date(2026, 3, 2), [record("olga")])
    store.close()
    return store.path


@pytest.fixture
def lived(kept: Path, tmp_path: Path) -> Iterator[Store]:
    """Return a copy of that store for this test alone."""
    with Store.open(Path(shutil.copytree(kept, tmp_path / "store"))) as store:
        yield store


def reactions(store: Store, connection: Connection) -> list[tuple[Any, ...]]:
    store.reactions(connection, ACCOUNTS, KINDS)
    return connection.execute("FROM reactions").fetchall()


def stored(path: Path) -> str:
    """Return everything that a store holds as one text: tables unpacked, all other files byte for byte."""
    texts = []
    for file in sorted(path.rglob("*")):
        if file.suffix == ".parquet":
            texts += [str(row) for row in duckdb.connect().execute(f"FROM read_parquet('{file}', hive_partitioning = false)").fetchall()]
        elif file.is_file() and file.name != "key":
            texts.append(file.read_bytes().decode("latin-1"))
        texts.append(file.name)
    return "\n".join(texts)


def test_a_person_is_gone_as_receiver_as_actor_and_in_name(lived: Store, connection: Connection) -> None:
    before = reactions(lived, connection)
    pseudonyms = {lived.pseudonyms.account(network, "olga") for network in ("twitter", "youtube")}
    gone = forget(lived.path, lived.pseudonyms, OLGA)
    text = stored(lived.path)
    assert not any(pseudonym in text for pseudonym in pseudonyms)
    assert "olga" not in text
    # What olga liked comes back as a reaction of nobody in particular: the total of bob's item says that there was one more.
    left = [row for row in before if row[1] == "bob" and row[3] not in pseudonyms]
    named = [row for row in reactions(lived, connection) if row[3] is not None]
    assert named == [row for row in left if row[3] is not None]
    assert gone.scores == 2
    assert gone.segments == len(list((lived.path / "interactions").rglob("*.parquet")))
    assert [record.person for record in lived.scores()] == ["bob"]
    assert not (lived.path / "scores" / "day=2026-03-02.parquet").exists()
    assert lived.problems() == []


def test_everybody_else_is_as_before(lived: Store, connection: Connection) -> None:
    before = reactions(lived, connection)
    marks = lived._catalog.read("SELECT digest FROM pages WHERE person = 'bob'")
    bob = lived.cursor("twitter", "archive", "bob:1")
    forget(lived.path, lived.pseudonyms, OLGA)
    after = reactions(lived, connection)
    assert [row for row in after if row[3] == lived.pseudonyms.account("twitter", "1007")] == [
        row for row in before if row[1] == "bob" and row[3] == lived.pseudonyms.account("twitter", "1007")
    ]
    assert lived._catalog.read("SELECT digest FROM pages WHERE person = 'bob'") == marks
    assert (lived.cursor("twitter", "archive", "bob:1"), lived.cursor("twitter", "archive", "olga:1")) == (bob, None)
    assert lived.ledger("twitter", NOW).spent("requests/day") == 6
    assert lived._catalog.read("SELECT account FROM accounts") == [("900",), ("900",)]


def test_what_a_person_gave_stays_in_the_totals_that_others_were_told(lived: Store, connection: Connection) -> None:
    def received(network: str) -> int:
        reactions(lived, connection)
        query = "SELECT sum(count) FROM reactions WHERE person = 'bob' AND network = ? AND item = 'bob-0'"
        ((count,),) = connection.execute(query, [network]).fetchall()
        return int(count)

    before = received("youtube")
    forget(lived.path, lived.pseudonyms, OLGA)
    assert received("youtube") == before == 9


def test_an_outsider_is_gone_under_the_handle_and_the_id(lived: Store, connection: Connection) -> None:
    before = reactions(lived, connection)
    names = {lived.pseudonyms.account("twitter", name) for name in ("eve", "1007")}
    gone = forget(lived.path, lived.pseudonyms, EVE)
    text = stored(lived.path)
    assert not any(name in text for name in names)
    assert lived.pseudonyms.account("youtube", "1007") in text, "that is another account, of another network"
    assert gone.rows == 6
    assert (gone.scores, gone.marks) == (0, 0)
    after = reactions(lived, connection)
    assert [row for row in after if row[3] is not None] == [row for row in before if row[3] is not None and row[3] not in names]


def test_an_outsider_who_is_forgotten_by_the_id_goes_with_the_handle(lived: Store) -> None:
    forget(lived.path, lived.pseudonyms, Target(accounts=[("twitter", "1007")]))
    assert lived.pseudonyms.account("twitter", "eve") not in stored(lived.path)
    assert lived.pseudonyms.account("twitter", "fay") in stored(lived.path)


def test_a_handle_that_has_changed_hands_goes_with_its_last_owner_alone(lived: Store) -> None:
    def by(name: str) -> str:
        return lived.pseudonyms.account("twitter", name)

    lived.learn("twitter", Learnt(handles=[(by("eve"), by("2000"), 9)]))
    lived.close()
    forget(lived.path, lived.pseudonyms, Target(accounts=[("twitter", "1007")]))
    text = stored(lived.path)
    assert by("1007") not in text
    assert by("eve") in text


def test_kept_pages_of_the_networks_concerned_go_and_others_stay(lived: Store) -> None:
    assert forget(lived.path, lived.pseudonyms, EVE).raw_pages == 4
    left = [json.loads(file.read_text(encoding="utf-8")) for file in (lived.path / "raw").rglob("*.json")]
    assert {told["network"] for told in left} == {"youtube"}
    assert len(list((lived.path / "raw").iterdir())) == 1, "no folder stays empty"


def test_a_page_of_which_nothing_is_told_goes_too(lived: Store) -> None:
    (told,) = (file for file in (lived.path / "raw").rglob("*.json") if "youtube" in file.read_text() and '"olga"' in file.read_text())
    told.unlink()
    assert forget(lived.path, lived.pseudonyms, EVE).raw_pages == 5


def test_looking_changes_nothing_and_tells_what_forgetting_will(lived: Store) -> None:
    before = stored(lived.path)
    found = look(lived.path, lived.pseudonyms, OLGA)
    assert stored(lived.path) == before
    assert found == forget(lived.path, lived.pseudonyms, OLGA)
    assert found.rows > 0


@pytest.mark.parametrize("target", [OLGA, EVE])
def test_a_second_time_there_is_nothing(lived: Store, target: Target) -> None:
    forget(lived.path, lived.pseudonyms, target)
    text = stored(lived.path)
    assert forget(lived.path, lived.pseudonyms, target) == NOTHING
    assert [line for line in stored(lived.path).splitlines() if line.endswith(".parquet")] == [
        line for line in text.splitlines() if line.endswith(".parquet")
    ]


def test_whoever_comes_back_is_imported_anew(lived: Store) -> None:
    pages = lived._catalog.read("SELECT digest FROM pages WHERE person IS DISTINCT FROM 'bob'")
    assert len(pages) == 6
    assert all(lived.seen(page, "") for (page,) in pages)
    forget(lived.path, lived.pseudonyms, OLGA)
    assert not any(lived.seen(page, "") for (page,) in pages)


def test_nothing_is_forgotten_while_another_process_writes(lived: Store) -> None:
    lived.begin_run(NOW)
    with pytest.raises(StoreError, match="is writing to this store"):
        forget(lived.path, lived.pseudonyms, OLGA)
    assert look(lived.path, lived.pseudonyms, OLGA).rows > 0


def test_a_reader_that_holds_the_log_is_told(lived: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kleos.store.catalog._PATIENCE", 0.05)
    reader = sqlite3.connect(lived.path / "catalog.sqlite", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM accounts").fetchall()
    try:
        with pytest.raises(StoreError, match="another process"):
            forget(lived.path, lived.pseudonyms, OLGA)
    finally:
        reader.close()
    assert forget(lived.path, lived.pseudonyms, OLGA) == NOTHING
    assert "olga" not in stored(lived.path)


def test_a_segment_that_is_missing_is_told(lived: Store) -> None:
    next(iter((lived.path / "interactions").rglob("*.parquet"))).unlink()
    with pytest.raises(StoreError, match="cannot be read or written"):
        forget(lived.path, lived.pseudonyms, OLGA)


FORGETTER = """
import sys
from pathlib import Path
from kleos.store import Store
from kleos.store.forget import Target, forget

with Store.open(Path(sys.argv[1]), create=False) as store:
    print("ready", flush=True)
    forget(store.path, store.pseudonyms, Target(person="olga", accounts=[("twitter", "olga"), ("youtube", "olga")]))
"""


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_any_moment_the_store_is_whole_and_a_second_attempt_finishes(lived: Store, connection: Connection, seed: int) -> None:
    pseudonyms = {lived.pseudonyms.account(network, "olga") for network in ("twitter", "youtube")}
    others = [row for row in reactions(lived, connection) if row[1] == "bob" and row[3] not in (None, *pseudonyms)]
    lived.close()
    for attempt in range(2):
        process = subprocess.Popen([sys.executable, "-c", FORGETTER, str(lived.path)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(random.Random(10 * seed + attempt).uniform(0, 0.25))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        with Store.open(lived.path, create=False) as store:
            assert store.problems() == []
            found = [row for row in reactions(store, connection) if row[1] == "bob" and row[3] not in (None, *pseudonyms)]
            assert found == others
            assert "bob" in {record.person for record in store.scores()}
    forget(lived.path, lived.pseudonyms, OLGA)
    text = stored(lived.path)
    assert "olga" not in text
    assert not any(pseudonym in text for pseudonym in pseudonyms)

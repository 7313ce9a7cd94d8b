"""The store keeps what it was given, says so to every reader, and lets one process write."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from kleos.contract import Owner, Page
from kleos.errors import StoreError
from kleos.store import Connection, Learnt, Link, PageMark, ScoreRecord, Store

Fill = Callable[[str, Sequence[dict[str, Any]]], str]
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ADA = [("twitter", "ada", "ada")]
KINDS = [("twitter", "like", True), ("twitter", "reply", False)]


def received(
    store: Store, connection: Connection, accounts: Sequence[tuple[str, str, str]] = ADA, columns: str = "*"
) -> list[tuple[Any, ...]]:
    store.reactions(connection, accounts, KINDS)
    return connection.execute(f"SELECT {columns} FROM reactions").fetchall()


@pytest.fixture
def importing(store: Store, connection: Connection, fill: Fill) -> Callable[..., int]:
    """Import rows of twitter in a run of their own; actors are named in plain text."""

    def import_rows(*rows: dict[str, Any], **more: Any) -> int:
        full = [
            {"subject": "ada", "kind": "like", "item": "1"}
            | row
            | ({"actor": store.pseudonyms.account("twitter", row["actor"])} if row.get("actor") else {})
            for row in rows
        ]
        return store.append(store.begin_run(NOW), "twitter", "archive", connection, fill("batch", full), **more)

    return import_rows


def test_what_is_imported_can_be_read(store: Store, connection: Connection, importing: Any) -> None:
    assert importing({"actor": "bob", "time": 5, "captured": 9, "audience": 20}, {"captured": 9, "count": 3}) == 2
    bob = store.pseudonyms.account("twitter", "bob")
    assert received(store, connection) == [
        ("twitter", "ada", "like", bob, "1", 5, None, 9, 1, 20),
        ("twitter", "ada", "like", None, "1", None, None, 9, 2, None),
    ]


def test_an_empty_store_has_no_reactions(store: Store, connection: Connection) -> None:
    assert received(store, connection) == []
    assert connection.execute("SELECT count(*) FROM audiences").fetchall() == [(0,)]


def test_the_same_rows_are_written_once(store: Store, importing: Any) -> None:
    assert importing({"actor": "bob"}, {"actor": "cem"}) == 2
    assert importing({"actor": "cem"}, {"actor": "bob"}) == 0
    assert len(list((store.path / "interactions").rglob("*"))) == 2, "the network's folder and one segment"


def test_reactions_to_others_and_kinds_not_asked_for_are_left_out(store: Store, connection: Connection, importing: Any) -> None:
    importing({"actor": "bob", "subject": "eve"}, {"actor": "bob", "kind": "follow"})
    assert received(store, connection) == []


def test_an_account_linked_after_the_import_turns_its_likes_into_self_reactions(
    store: Store, connection: Connection, importing: Any
) -> None:
    importing({"actor": "ada_work"}, {"actor": "bob"})
    assert len(received(store, connection)) == 2
    assert len(received(store, connection, [*ADA, ("twitter", "ada_work", "ada")])) == 1


def test_two_accounts_of_a_person_add_up_and_their_items_stay_apart(store: Store, connection: Connection, importing: Any) -> None:
    importing({"actor": "bob"}, {"actor": "bob", "subject": "work"}, {"actor": "bob", "subject": "work", "item": "2"})
    found = received(store, connection, [*ADA, ("twitter", "work", "ada")], "person, item")
    assert found == [("ada", "2"), ("ada", "ada/1"), ("ada", "work/1")]


def test_a_handle_and_its_id_are_one_account(store: Store, connection: Connection, importing: Any) -> None:
    account = store.pseudonyms.account
    names = {name: account("twitter", name) for name in ("ada", "7", "bob", "8", "9")}
    old, new = (names["bob"], names["8"], 1), (names["bob"], names["9"], 2)
    learnt = Learnt(handles=[(names["ada"], names["7"], 1), new, old], audiences=[(names["9"], 30, 1), (names["9"], 20, 2)])
    importing({"actor": "bob"}, {"actor": "9"}, {"actor": "9", "subject": "7"}, {"actor": "7"}, learnt=learnt)
    both = [*ADA, ("twitter", "7", "ada")]
    assert received(store, connection, both, "actor") == [(names["9"],)], "bob is 9 by now, and 7 is ada herself"
    assert connection.execute("FROM audiences").fetchall() == [("twitter", names["9"], 20)]


def test_accounts_that_an_export_declares_are_known_from_then_on(store: Store) -> None:
    store.begin_run(NOW)
    store.learn("twitter", Learnt(links=[Link(account="7", person="ada", sort="id"), Link(account="old_ada", person="ada", sort="handle")]))
    assert store.accounts(["ada"], {}) == {"twitter": {"7": "ada", "old_ada": "ada"}}
    assert store.accounts(["bob"], {"twitter": {"7": "bob"}}) == {"twitter": {"7": "bob"}}, "the configuration has the last word"


def test_a_configured_handle_leads_to_its_newest_id_and_no_further(store: Store) -> None:
    store.begin_run(NOW)
    told = [("999", "id", "ada", 10), ("7", "id", "ada", 20), ("ada_old", "handle", "7", 5), ("stranger", "handle", "999", 10)]
    links = [Link(account=account, person="ada", sort=sort, via=via, captured=captured) for account, sort, via, captured in told]  # type: ignore[arg-type]  # literals
    for link in links:
        store.learn("twitter", Learnt(links=[link]))
    assert store.accounts(["ada"], {"twitter": {"ada": "ada"}}) == {"twitter": {"ada": "ada", "7": "ada", "ada_old": "ada"}}


def test_an_id_that_others_tell_does_not_count_where_the_export_names_one(store: Store) -> None:
    store.begin_run(NOW)
    store.learn("twitter", Learnt(links=[Link(account="999", person="ada", sort="id", via="ada", captured=10)]))
    store.learn("twitter", Learnt(links=[Link(account="7", person="ada", sort="id"), Link(account="ada", person="ada", sort="handle")]))
    assert store.accounts(["ada"], {"twitter": {"ada": "ada"}}) == {"twitter": {"7": "ada", "ada": "ada"}}


def test_pages_are_remembered_and_looked_at_again_under_other_claims(store: Store, importing: Any) -> None:
    whole, partial = PageMark(digest="a", rows=1, kept=1), PageMark(digest="b", claims="x", rows=2, unclaimed=2)
    importing(pages=[whole, partial])
    assert store.seen("a", "y") == whole
    assert store.seen("b", "x") == partial
    assert store.seen("b", "y") is None
    assert store.seen("c", "x") is None


def test_a_cursor_is_kept_with_the_rows_before_it(store: Store, importing: Any) -> None:
    assert store.cursor("twitter", "archive", "ada") is None
    importing({"actor": "bob"}, cursor=("ada", "next"))
    assert store.cursor("twitter", "archive", "ada") == "next"
    assert store.cursor("twitter", "archive", "bob") is None


def test_quotas_are_kept_by_the_month_for_money_and_by_the_day_for_units(store: Store) -> None:
    store.ledger("twitter", NOW).spend("usd", 1.5)
    store.ledger("twitter", NOW).spend("units", 100)
    later = store.ledger("twitter", NOW.replace(day=2))
    later.spend("usd", 0.5)
    assert (later.spent("usd"), later.spent("units")) == (2.0, 0.0)
    assert store.ledger("twitter", NOW.replace(month=4)).spent("usd") == 0.0
    assert store.ledger("youtube", NOW).spent("usd") == 0.0
    with pytest.raises(ValueError, match="at least 0"):
        later.spend("usd", -1)


def score(person: str, value: float, digest: str = "d1", **more: Any) -> ScoreRecord:
    values = {"lo": None, "hi": None, "percentile": 50.0, "model": "m", "version": "1", "as_of": NOW, "window": 90}
    return ScoreRecord(person=person, score=value, digest=digest, **values | more)


def test_a_day_scored_again_replaces_that_model_and_person_only(store: Store) -> None:
    day = date(2026, 3, 1)
    store.record_scores(day, [score("ada", 40.0, metrics={"reach": {"value": 3}}), score("bob", 1.0)])
    store.record_scores(day, [score("ada", 41.5, lo=40.0, hi=43.0), score("ada", 50.0, "d2")])
    store.record_scores(date(2026, 3, 2), [score("ada", 42.0)])
    found = store.scores()
    assert [(record.day, record.person, record.digest, record.score) for record in found] == [
        (day, "ada", "d1", 41.5),
        (day, "ada", "d2", 50.0),
        (day, "bob", "d1", 1.0),
        (date(2026, 3, 2), "ada", "d1", 42.0),
    ]
    assert (found[0].lo, found[0].hi, found[2].lo, found[0].as_of) == (40.0, 43.0, None, NOW)
    assert [record.score for record in store.scores(person="ada", since=date(2026, 3, 2))] == [42.0]
    assert store.scores(until=date(2026, 2, 1)) == []


def test_a_second_writer_is_told_so_and_readers_are_not_bothered(store: Store, connection: Connection, importing: Any) -> None:
    importing({"actor": "bob"})
    with Store.open(store.path) as other:
        assert len(received(other, connection)) == 1
        with pytest.raises(StoreError, match="another Kleos"):
            other.begin_run(NOW)
        store.close()
        other.begin_run(NOW)


def test_another_process_reads_while_this_one_writes(store: Store, importing: Any) -> None:
    importing({"actor": "bob"})
    code = (
        "import sys; from pathlib import Path; from kleos.store import Store, connect\n"
        "from kleos.errors import StoreError\n"
        "from datetime import UTC, datetime\n"
        "with Store.open(Path(sys.argv[1])) as store, connect() as duck:\n"
        "    store.reactions(duck, [('twitter', 'ada', 'ada')], [('twitter', 'like', True)])\n"
        "    print(duck.execute('SELECT count(*) FROM reactions').fetchall()[0][0])\n"
        "    try: store.begin_run(datetime.now(UTC))\n"
        "    except StoreError as error: print(error.message)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(store.path)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[0] == "1"
    assert "is writing to this store" in done.stdout


def test_the_key_is_private_and_stays_with_its_store(store: Store, tmp_path: Path) -> None:
    key = store.path / "key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert key.read_bytes().hex() not in repr(store.pseudonyms)
    with Store.open(tmp_path / "other") as other:
        assert other.pseudonyms.account("twitter", "bob") != store.pseudonyms.account("twitter", "bob")
        key.write_bytes((other.path / "key").read_bytes())
    with pytest.raises(StoreError, match="not the one"):
        Store.open(store.path)
    key.write_bytes(b"short")
    with pytest.raises(StoreError, match="expected a key of 32 bytes, found 5"):
        Store.open(store.path)


def test_pseudonyms_tell_networks_and_reactions_apart(store: Store) -> None:
    names = store.pseudonyms
    assert len({names.account("twitter", "bob"), names.account("youtube", "bob"), names.reaction("twitter", "bob")}) == 3
    assert all(len(text) == 32 and int(text, 16) >= 0 for text in (names.account("twitter", "bob"), names.reaction("twitter", "\ud800")))


def test_a_store_in_a_folder_with_a_strange_name_works(tmp_path: Path, connection: Connection, fill: Fill) -> None:
    with Store.open(tmp_path / "network=x" / "it's [a] *?") as store:
        store.append(store.begin_run(NOW), "twitter", "a", connection, fill("batch", [{"subject": "ada", "kind": "like", "actor": "b"}]))
        assert len(received(store, connection)) == 1
        store.record_scores(date(2026, 3, 1), [score("ada", 2.0)])
        store.record_scores(date(2026, 3, 1), [score("ada", 3.0)])
        assert [record.score for record in store.scores()] == [3.0]


def test_what_is_not_there_or_no_store_is_told_in_a_sentence(tmp_path: Path, store: Store, connection: Connection, importing: Any) -> None:
    with pytest.raises(StoreError, match="no store here"):
        Store.open(tmp_path / "nowhere", create=False)
    (tmp_path / "file").touch()
    with pytest.raises(StoreError):
        Store.open(tmp_path / "file")
    (tmp_path / "junk").mkdir()
    (tmp_path / "junk" / "catalog.sqlite").write_bytes(b"no database at all, not even nearly" * 100)
    with pytest.raises(StoreError, match="expected an SQLite catalogue"):
        Store.open(tmp_path / "junk")
    importing({"actor": "bob"})
    segment = next((store.path / "interactions").rglob("*.parquet"))
    segment.write_bytes(b"PAR1 no more")
    assert store.problems() == [f"{segment.relative_to(store.path)}: its bytes have changed since it was written"]
    with pytest.raises(StoreError, match="cannot be read"):
        received(store, connection)
    segment.unlink()
    assert store.problems() == [f"{segment.relative_to(store.path)}: missing"]
    with pytest.raises(StoreError, match="a segment is missing"):
        received(store, connection)


def test_a_store_of_a_later_version_is_not_touched(store: Store) -> None:
    store.close()
    with sqlite3.connect(store.path / "catalog.sqlite") as catalog:
        catalog.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    catalog.close()
    with pytest.raises(StoreError, match="expected a store of version 1, found 99"):
        Store.open(store.path)


def test_the_sweep_removes_what_nobody_names_and_nothing_else(store: Store, connection: Connection, importing: Any) -> None:
    importing({"actor": "bob"})
    run = store.begin_run(NOW)
    page = Page(network="twitter", source="archive", where="x", owner=Owner(person="ada"), captured=NOW, body=b"raw", context={"a": 1})
    store.keep_page(run, 1, page)
    store.record_scores(date(2026, 3, 1), [score("ada", 2.0)])
    segments = store.path / "interactions" / "network=twitter"
    orphans = [segments / "orphan.parquet", segments / ".x.tmp", store.path / "scores" / ".y.tmp", store.path / "raw" / "dead" / "1.body"]
    for orphan in orphans:
        orphan.parent.mkdir(exist_ok=True)
        orphan.write_bytes(b"x")
    assert len(received(store, connection)) == 1
    assert {store.path / file for file in store.sweep()} == set(orphans)
    assert store.sweep() == []
    assert store.problems() == []
    assert (store.path / "raw" / run / "000001.body").read_bytes() == b"raw"
    assert '"2026-03-01T12:00:00+00:00"' in (store.path / "raw" / run / "000001.json").read_text()
    assert len(received(store, connection)) == 1
    assert len(store.scores()) == 1

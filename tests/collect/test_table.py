"""The canonical table, in every form it comes in."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kleos.collect import Flawed, Reading, find_flaws, read_table
from kleos.errors import ExportError
from kleos.store import Connection, connect

DECLARED = {"net": ("like", "reply", "retweet"), "other": ("like",)}
COLUMNS = "network, subject, actor, kind, item, time, count, audience, id, item_time, captured"
SECONDS = 1_700_000_000
Read = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def connection() -> Iterator[Connection]:
    with connect(threads=1) as opened:
        yield opened


@pytest.fixture
def read(connection: Connection, tmp_path: Path) -> Read:
    """Write a file and read its good rows."""

    def read_rows(name: str, content: str | bytes, chosen: str = COLUMNS, **reading: Any) -> list[tuple[Any, ...]]:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        table = read_table(connection, [path], Reading(declared=DECLARED, **{"network": "net"} | reading))
        return connection.execute(f"SELECT {chosen} FROM {table.relation} WHERE problem IS NULL").fetchall()

    return read_rows


@pytest.fixture
def flaws(connection: Connection, tmp_path: Path) -> Callable[..., tuple[int, list[Flawed]]]:
    def find(name: str, content: str | bytes, **reading: Any) -> tuple[int, list[Flawed]]:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return find_flaws(connection, read_table(connection, [path], Reading(declared=DECLARED, **{"network": "net"} | reading)))

    return find


ROW = ("net", "ada", "bob", "like", "12", SECONDS * 10**6, 2, 30, "x", SECONDS * 10**6, SECONDS * 10**6)
CSV = (
    "network,subject,actor,kind,item,time,count,audience,id,item_time,captured\n"
    f"net, ada ,bob,like,12,{SECONDS},2,30,x,{SECONDS}000,2023-11-14T22:13:20Z\n"
)


def test_every_form_gives_the_same_rows(read: Read, connection: Connection, tmp_path: Path) -> None:
    assert read("a.csv", CSV) == [ROW]
    assert read("a.CSV", "\ufeff" + CSV.replace("\n", "\r\n")) == [ROW]
    assert read("a.csv.gz", gzip.compress(CSV.encode())) == [ROW]
    assert read("a.tsv", CSV.replace(",", "\t")) == [ROW]
    assert read("b.csv", CSV.replace(",", ";")) == [ROW]
    names, values = (line.split(",") for line in CSV.splitlines())
    line = json.dumps(dict(zip(names, values, strict=True)) | {"item": 12, "time": SECONDS, "count": 2, "unrelated": [1]}) + "\n"
    assert read("a.ndjson", line) == [ROW]
    assert read("a.jsonl.gz", gzip.compress(line.encode())) == [ROW]
    connection.execute(
        "COPY (SELECT 'net' AS network, 'ada' AS subject, 'bob' AS actor, 'like' AS kind, 12::DOUBLE AS item, make_timestamp($1) AS time, "
        "2::UTINYINT AS count, 30::HUGEINT AS audience, 'x' AS id, $2::BIGINT AS item_time, make_timestamp($1)::TIMESTAMPTZ AS captured, "
        f"'x' AS filename) TO '{tmp_path}/p.parquet'",
        [SECONDS * 10**6, SECONDS * 1000],
    )
    assert read("p.parquet", (tmp_path / "p.parquet").read_bytes()) == [ROW]


@pytest.mark.parametrize(
    ("written", "unit", "micros"),
    [
        ("1700000000", None, SECONDS * 10**6),
        ("1700000000.25", None, SECONDS * 10**6 + 250_000),
        ("1700000000123", None, SECONDS * 10**6 + 123_000),
        ("1700000000123456", None, SECONDS * 10**6 + 123_456),
        ("0", None, 0),
        ("2023-11-14T23:13:20+01:00", None, SECONDS * 10**6),
        ("2023-11-14 22:13:20", None, SECONDS * 10**6),
        ("2023-11-14", None, 1_699_920_000_000_000),
        ("100000", "ms", 100_000_000),
        ("100000", "us", 100_000),
        ("100000", "s", 100_000_000_000),
        ("2023-11-14", "iso", 1_699_920_000_000_000),
        ("1700000000", "iso", None),
        ("2023-11-14", "s", None),
        ("-5", None, None),
        ("0001-01-01", None, None),
        ("infinity", None, None),
        ("1e400", None, None),
        ("nan", None, None),
        ("yesterday", None, None),
    ],
)
def test_times_are_recognised_or_left_out(read: Read, flaws: Any, written: str, unit: str | None, micros: int | None) -> None:
    text = f"subject,kind,actor,time\nada,like,bob,{written}\n"
    assert read("t.csv", text, "time", time_unit=unit) == [(micros,)]
    _, found = flaws("t.csv", text, time_unit=unit)
    assert [(flaw.left_out, flaw.where.rpartition("/")[2]) for flaw in found] == ([] if micros is not None else [(False, "t.csv:2")])


def test_other_words_are_mapped(read: Read) -> None:
    text = "who,whom,what,when\nbob,ada,RT,5\nbob,ada,like,6\n"
    mapped = {"columns": {"actor": "who", "subject": "whom", "kind": "what", "time": "when"}, "kinds": {"RT": "retweet"}}
    assert read("t.csv", text, "subject, actor, kind, time", **mapped) == [
        ("ada", "bob", "retweet", 5_000_000),
        ("ada", "bob", "like", 6_000_000),
    ]
    lines = '{"whom": "ada", "what": "RT", "who": 3}\n'
    assert read("t.ndjson", lines, "subject, actor, kind", **mapped) == [("ada", "3", "retweet")]


def test_networks_may_be_named_by_their_aliases(read: Read) -> None:
    text = "network,subject,kind,actor\nNetwork,ada,like,b\nnet,ada,like,b\nother,ada,like,b\n,ada,like,b\n"
    assert [row[0] for row in read("t.csv", text, "network", aliases={"Network": "net"})] == ["net", "net", "other", "net"]


def test_a_row_without_actor_is_anonymous_and_counts_one(read: Read) -> None:
    assert read("t.csv", "subject,kind,actor,count\nada,like,,\nada,like,,7\n", "actor, count") == [(None, 1), (None, 7)]
    assert read("t.csv", "subject,kind,count\nada,like,7\n", "actor, count") == [(None, 7)]


def test_what_is_wrong_is_told_once_with_its_first_line(flaws: Any) -> None:
    text = (
        "subject,kind,actor,time,count,network\n"
        'ada,like,"two\nlines",5,,net\n'
        "\n"
        "ada,like\n"
        ",like,bob,,,net\n"
        "ada,,bob,,,net\n"
        "ada,smile,bob,,,net\n"
        "ada,smile,bob,,,net\n"
        "ada,like,bob,,-1,net\n"
        "ada,like,bob,,1.5,net\n"
        "ada,like,bob,never,,net\n"
        "ada,like,bob,,,mars\n"
        ",,,,,\n"
    )
    total, found = flaws("t.csv", text)
    assert total == 11
    assert [(flaw.reason.split(": ", 1)[-1][:40], flaw.where.rpartition(":")[2], flaw.count, flaw.left_out) for flaw in found] == [
        ("it is no row of this table (missing colu", "5", 1, True),
        ("its count is not a whole number from 0 t", "10", 2, True),
        ("it has no kind", "7", 1, True),
        ("it has no subject", "6", 1, True),
        ("it is empty or cannot be read", "14", 1, True),
        ("net has like, reply, retweet; map it wit", "8", 2, True),
        ("this run does not know it; install kleos", "13", 1, True),
        ("expected unix seconds, milliseconds or I", "12", 1, False),
    ]


def test_broken_lines_of_json_are_told_and_the_others_kept(flaws: Any, read: Read) -> None:
    text = b'{"subject": "ada", "kind": "like", "actor": "bob"}\n\n[1]\n{"subject": "ada", "kind": "like", "actor": "ce\n'
    total, found = flaws("t.ndjson", text)
    assert total == 3
    assert [(flaw.where.rpartition("/")[2], flaw.count) for flaw in found] == [("t.ndjson:3", 2)]
    assert read("t.ndjson", text, "actor") == [("bob",)]


def test_bytes_that_are_no_text_cost_their_line_only(flaws: Any, read: Read) -> None:
    text = b"subject,kind,actor\nada,like,\xff\xfe\nada,like,bob\n"
    total, found = flaws("t.csv", text)
    assert (total, [(flaw.where.rpartition("/")[2], flaw.count) for flaw in found]) == (2, [("t.csv:2", 1)])
    assert read("t.csv", text, "actor") == [("bob",)]


def test_in_parquet_the_row_is_named(connection: Connection, tmp_path: Path, flaws: Any) -> None:
    connection.execute(f"COPY (SELECT 'ada' AS subject, 'like' AS kind, i - 2 AS count FROM range(4) t(i)) TO '{tmp_path}/x.parquet'")
    _, found = flaws("p.parquet", (tmp_path / "x.parquet").read_bytes())
    assert [(flaw.where.rpartition("/")[2], flaw.count) for flaw in found] == [("p.parquet: row 1", 2)]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.csv", "", "expected a header line"),
        ("t.csv", "a,b\n1,2\n", "expected the columns subject, kind, actor or count, found a, b"),
        ("t.xlsx", "x", "expected a table (.csv, .tsv"),
        ("t.parquet.gz", "x", "expected a table (.csv, .tsv"),
        ("t.parquet", "not parquet", "cannot be read as a table"),
        ("t.csv.gz", "not packed", "cannot be read as a table (Not a gzipped file"),
        ("t.csv.gz", gzip.compress(b"subject,kind,actor\n" + b"ada,like,bob\n" * 9999, mtime=0)[:60], "cannot be read as a table"),
    ],
)
def test_what_is_no_table_is_told_in_a_sentence(flaws: Any, name: str, content: str | bytes, message: str) -> None:
    with pytest.raises(ExportError) as caught:
        flaws(name, content)
    assert message in caught.value.message
    assert caught.value.where.endswith(name)


def test_a_mapping_to_a_column_that_is_not_there_is_told(flaws: Any) -> None:
    with pytest.raises(ExportError, match=r"expected the columns whom \(for subject\), found subject, kind, actor"):
        flaws("t.csv", "subject,kind,actor\n", columns={"subject": "whom"})


def test_a_table_without_a_network_needs_one(flaws: Any) -> None:
    with pytest.raises(ExportError, match="expected the columns network, found"):
        flaws("t.csv", "subject,kind,actor\n", network=None)


def test_several_tables_of_several_forms_are_one(connection: Connection, tmp_path: Path) -> None:
    (tmp_path / "[a].csv").write_text("subject,kind,actor\nada,like,bob\n")
    (tmp_path / "a.csv").write_text("subject,kind,actor\nada,like,never read\n")
    (tmp_path / "b.csv").write_text("kind,subject,actor,count\nlike,ada,cem,x\n")
    (tmp_path / "c.jsonl").write_text('{"subject": "ada", "kind": "like", "actor": "dan"}\n')
    paths = [tmp_path / name for name in ("[a].csv", "b.csv", "c.jsonl")]
    table = read_table(connection, paths, Reading(declared=DECLARED, network="net"))
    assert connection.execute(f"SELECT actor FROM {table.relation} WHERE problem IS NULL ORDER BY ALL").fetchall() == [("bob",), ("dan",)]
    total, found = find_flaws(connection, table)
    assert (total, [flaw.where for flaw in found]) == (3, [f"{tmp_path / 'b.csv'}:2"])

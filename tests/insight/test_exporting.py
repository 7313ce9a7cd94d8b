"""Exports: every column is declared, everything adds up, files come whole or not at all, and others can read them."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.contract import Metric, Term
from kleos.errors import StoreError, UsageError
from kleos.insight.exporting.declared import TABLES, Column
from kleos.insight.exporting.descriptor import DESCRIPTOR, File, descriptor_text
from kleos.insight.exporting.drawn import DRAWINGS, write_graph
from kleos.insight.exporting.folder import check_free, filling
from kleos.insight.exporting.graph import graph_of
from kleos.insight.exporting.recorded import recorded_tables
from kleos.insight.exporting.rescored import contributions_table, factors_table, people_table
from kleos.insight.exporting.tables import FORMATS, write_table
from kleos.scoring.model import Weight
from kleos.scoring.resolved import factor_names
from kleos.store import Connection, ScoreRecord, Store, connect
from slow_twins.world import Reaction, World
from slow_twins.worlds import worlds

DAY = 86_400_000_000
REACH = Metric(name="reach", title="Reach", family="all", unit="people", definition="A number.", source="us", terms=(Term("any.actors"),))
ROOT = Metric(
    name="root",
    title="Root",
    family="all",
    unit="roots",
    definition="A number.",
    source="us",
    terms=(),
    compute=lambda factors: np.sqrt(factors["any.count"]),
)
WEIGHTS = {"reach": Weight(weight=1.0), "root": Weight(weight=0.5)}
NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
ADA = ScoreRecord(
    person="ada",
    score=57.25,
    lo=52.0,
    hi=60.5,
    percentile=88.0,
    model="kleos",
    version="1.0.0",
    digest="a" * 64,
    as_of=NOW,
    window=90 * DAY,
    networks={
        "pond": {"points": 50.25, "odds": 2.5, "interactions": 40, "calibrated": True},
        "lake": {"points": 6.0, "odds": 0.1, "interactions": 3, "calibrated": False},
    },
    metrics={"reach": {"value": 12.0, "unit": "people", "points": 56.25}},
    coverage={"imported": 50, "outside_window": 7, "after_as_of": 0, "actors": 0.5, "times": None, "kinds": {"pond.like": 50}},
)
BOB = evolve(
    ADA, person="bob", score=1.0, lo=None, hi=None, networks={}, metrics={}, coverage={"imported": 0, "outside_window": 0, "after_as_of": 0}
)


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    with connect(threads=1) as opened:
        yield opened


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store") as opened:
        for days in range(3):
            moment = NOW - timedelta(days=days)
            opened.record_scores(moment.date(), [evolve(ADA, as_of=moment), evolve(BOB, as_of=moment)])
        yield opened


def plain(connection: Connection, table: str) -> str:
    """Return the columns of a table, with times as unix seconds."""
    columns = connection.execute(f"DESCRIBE {table}").fetchall()
    return ", ".join(f'epoch("{name}") AS "{name}"' if "TIME ZONE" in sql else f'"{name}"' for name, sql, *_ in columns)


def rows(connection: Connection, table: str) -> list[dict[str, Any]]:
    found = connection.execute(f"SELECT {plain(connection, table)} FROM {table} ORDER BY ALL")
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_scores_networks_and_metrics_are_as_they_were_recorded(store: Store, connection: Connection) -> None:
    recorded_tables(connection, store, since=date(2026, 3, 30), until=date(2026, 3, 30))
    key = {"person": "ada", "day": date(2026, 3, 30), "digest": "a" * 64}
    ada, bob = rows(connection, "scores")
    assert ada.pop("as_of") == (NOW - timedelta(days=1)).timestamp()
    assert ada == {
        **key,
        "model": "kleos",
        "version": "1.0.0",
        "successor": None,
        "window": 90 * 86_400.0,
        "score": 57.25,
        "lo": 52.0,
        "hi": 60.5,
        "percentile": 88.0,
        "imported": 50,
        "outside_window": 7,
        "after_as_of": 0,
        "actors": 0.5,
        "times": None,
    }
    assert (bob["score"], bob["lo"], bob["imported"]) == (1.0, None, 0)
    assert rows(connection, "networks") == [
        {**key, "network": "lake", "points": 6.0, "odds": 0.1, "interactions": 3, "calibrated": False},
        {**key, "network": "pond", "points": 50.25, "odds": 2.5, "interactions": 40, "calibrated": True},
    ]
    assert rows(connection, "metrics") == [{**key, "metric": "reach", "value": 12.0, "unit": "people", "points": 56.25}]


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [(None, None, 3), (date(2026, 3, 30), None, 2), (None, date(2026, 3, 30), 2), (date(2026, 3, 31), date(2026, 3, 31), 1)],
)
def test_days_can_be_chosen(store: Store, connection: Connection, since: date | None, until: date | None, days: int) -> None:
    recorded_tables(connection, store, since=since, until=until)
    assert connection.execute("SELECT count(DISTINCT day) FROM scores").fetchall() == [(days,)]


def test_where_nothing_is_recorded_it_says_what_to_run(store: Store, connection: Connection) -> None:
    with pytest.raises(UsageError, match="no score is recorded from 2027-01-01 to the end\nhint: `kleos run`"):
        recorded_tables(connection, store, since=date(2027, 1, 1))


def test_a_file_that_cannot_be_read_is_told(store: Store, connection: Connection) -> None:
    (store.path / "scores" / "day=2026-03-01.parquet").write_text("no table", encoding="utf-8")
    with pytest.raises(StoreError, match=r"cannot be read[^$]*hint: kleos doctor"):
        recorded_tables(connection, store)


@settings(deadline=None, max_examples=15)
@given(worlds(), worlds())
def test_contributions_add_up_to_the_score_and_factors_are_the_engines(
    scored: Any, connection: Connection, pond: World, lake: World
) -> None:
    lake = evolve(lake, window=pond.window, rows=[evolve(row, age=min(row.age, pond.window)) for row in lake.rows])
    prepared = scored({"pond": pond, "lake": lake}, [REACH, ROOT], WEIGHTS)
    factors_table(connection, prepared)
    contributions_table(connection, prepared)
    people_table(connection, dict(prepared.people), prepared, recorded=False)
    points: dict[str, list[float]] = defaultdict(list)
    for row in rows(connection, "contributions"):
        points[row["person"]].append(row["points"])
        assert (row["factor"] is None) == (row["metric"] == "root")
    for row in rows(connection, "people"):
        assert math.fsum(points[row["person"]]) == pytest.approx(row["score"] - 1, abs=1e-9)
    told = {(row["person"], row["factor"]): row["value"] for row in rows(connection, "factors")}
    for strength in prepared.scores.networks:
        for place, person in enumerate(prepared.people):
            for name, value in zip(factor_names(strength.form.network), strength.folded.values[place].ravel(), strict=True):
                assert told.pop((person, name), 0.0) == value
    assert not told


def test_a_factors_name_comes_apart_and_nobody_is_nobody(scored: Any, connection: Connection) -> None:
    prepared = scored({"pond": POND}, [REACH], WEIGHTS)
    factors_table(connection, prepared)
    contributions_table(connection, prepared)
    for row in rows(connection, "factors"):
        assert row["factor"] == f"{row['network']}.{row['kind']}.{row['aggregation']}"
    found = {(row["actor"], row["item"]) for row in rows(connection, "contributions") if row["person"] == "p0"}
    assert found == {(None, "item 0"), (f"{0:032x}", "item 0"), (f"{0:032x}", "item 1"), (f"{1:032x}", None)}


def test_people_are_those_of_the_configuration_and_of_the_records(store: Store, connection: Connection) -> None:
    recorded_tables(connection, store)
    people_table(connection, {"ada": "Ada", "eve": "Eve"}, None, recorded=True)
    assert rows(connection, "people") == [
        {"person": "ada", "name": "Ada", "score": None},
        {"person": "bob", "name": None, "score": None},
        {"person": "eve", "name": "Eve", "score": None},
    ]


# Written tables and their descriptor

POND = World(
    rows=[
        Reaction(0, 0, 0, 0, DAY),
        Reaction(0, 2, 0, 1, 3 * DAY, 2),
        Reaction(0, 3, 1, None, 2 * DAY),
        Reaction(0, 0, None, 0, DAY, 5),
        Reaction(1, 0, 0, 0, DAY),
        Reaction(1, 1, 2, 0, DAY),
    ],
    people=2,
    in_any=[True, False, True, True],
    q=[0.5, 0.25, 1.0],
    given=[0, 0, 0],
    window=90 * DAY,
)


@pytest.fixture
def filled(store: Store, connection: Connection, scored: Any) -> Connection:
    """Return a connection with all tables."""
    prepared = scored({"pond": POND}, [REACH, ROOT], WEIGHTS)
    recorded_tables(connection, store)
    people_table(connection, dict(prepared.people), prepared, recorded=True)
    factors_table(connection, prepared)
    contributions_table(connection, prepared)
    return connection


def write_all(connection: Connection, folder: Path, form: Any) -> dict[str, Any]:
    files = []
    for name, table in TABLES.items():
        path = folder / f"{name}.{form}"
        count = write_table(connection, table, path, FORMATS[form])
        files.append(
            File(name=name, path=path, format=form, mediatype=FORMATS[form].mediatype, text=FORMATS[form].text, rows=count, table=table)
        )
    text = descriptor_text(files, created=NOW, sources=["Pond: archive"], about={"as_of": "2026-03-31T12:00:00Z"})
    (folder / DESCRIPTOR).write_text(text, encoding="utf-8")
    described: dict[str, Any] = json.loads(text)
    return described


SORTS = {
    "VARCHAR": "string",
    "DOUBLE": "number",
    "BIGINT": "integer",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP WITH TIME ZONE": "datetime",
}


def test_every_column_is_what_it_is_declared_to_be(filled: Connection) -> None:
    for table in TABLES.values():
        found = {name: SORTS[sql] for name, sql, *_ in filled.execute(f"DESCRIBE {table.name}").fetchall()}
        assert {column.name: column.sort for column in table.columns} == found
        for row in rows(filled, table.name):
            assert all(allowed(column, row[column.name]) for column in table.columns)
        if table.key:
            keys = [tuple(row[name] for name in table.key) for row in rows(filled, table.name)]
            assert len(keys) == len(set(keys)), table.name


def allowed(column: Column, value: Any) -> bool:
    if value is None:
        return not column.required
    low = column.minimum is None or value >= column.minimum
    return low and (column.maximum is None or value <= column.maximum)


@pytest.mark.parametrize("form", FORMATS)
def test_whatever_the_format_the_rows_are_the_same(filled: Connection, tmp_path: Path, form: str) -> None:
    package = write_all(filled, tmp_path, form)
    assert [resource["name"] for resource in package["resources"]] == list(TABLES)
    for resource, table in zip(package["resources"], TABLES.values(), strict=True):
        path = tmp_path / resource["path"]
        assert resource.get("bytes") == (None if form == "parquet" else path.stat().st_size)
        assert resource["hash"] == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
        assert (resource["format"], resource.get("encoding")) == (form, None if form == "parquet" else "utf-8")
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        described = filled.execute(f"DESCRIBE (SELECT {columns} FROM {table.name})").fetchall()
        read = {"csv": "read_csv", "parquet": "read_parquet", "ndjson": "read_json"}[form]
        options = ", all_varchar = true" if form == "csv" else ""
        with connect() as again:
            again.execute(f"CREATE TABLE written AS FROM {read}('{path}'{options})")
            assert [row[0] for row in again.execute("DESCRIBE written").fetchall()] == [column.name for column in table.columns]
            types = ", ".join(f'"{name}"::{sql} AS "{name}"' for name, sql, *_ in described)
            again.execute(f"CREATE TABLE {table.name} AS SELECT {types} FROM written")
            found = rows(again, table.name)
        assert found == [{column.name: row[column.name] for column in table.columns} for row in rows(filled, table.name)]
        assert len(found) > 0


def test_a_descriptor_says_what_every_column_is_and_where_it_came_from(filled: Connection, tmp_path: Path) -> None:
    package = write_all(filled, tmp_path, "csv")
    assert package["sources"] == [{"title": "Pond: archive"}]
    assert package["created"] == "2026-03-31T12:00:00Z"
    assert package["kleos"]["as_of"] == "2026-03-31T12:00:00Z"
    for resource in package["resources"]:
        assert resource["title"]
        assert resource["description"]
        fields = resource["schema"]["fields"]
        assert all(field["description"] for field in fields)
        units = {field["name"] for field in fields if "unit" in field}
        assert {field["name"] for field in fields if field["type"] in ("number", "integer")} <= units
        names = {field["name"] for field in fields}
        assert set(resource["schema"].get("primaryKey", [])) <= names
        for key in resource["schema"].get("foreignKeys", []):
            other = next(one for one in package["resources"] if one["name"] == key["reference"]["resource"])
            assert key["reference"]["fields"] == other["schema"]["primaryKey"]
            assert set(key["fields"]) <= names


def test_a_table_that_is_not_there_is_not_referred_to(filled: Connection, tmp_path: Path) -> None:
    path = tmp_path / "metrics.csv"
    write_table(filled, TABLES["metrics"], path, FORMATS["csv"])
    alone = File(name="metrics", path=path, format="csv", mediatype="text/csv", text=True, rows=1, table=TABLES["metrics"])
    (resource,) = json.loads(descriptor_text([alone], created=NOW, sources=[], about={}))["resources"]
    assert "foreignKeys" not in resource["schema"]


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_frictionless_finds_nothing_wrong(filled: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    frictionless = pytest.importorskip("frictionless", reason="frictionless is not installed")
    if form == "ndjson":
        pytest.importorskip("jsonlines", reason="frictionless[json] is not installed")
    write_all(filled, tmp_path, form)
    monkeypatch.chdir(tmp_path)
    found = frictionless.validate(DESCRIPTOR)
    assert found.valid, found.flatten(["name", "title", "message"])
    assert [task.name for task in found.tasks] == list(TABLES)


# The graph


def drawn(connection: Connection, prepared: Any, path: Path, name: Any, insiders: Any = ()) -> Path:
    write_graph(graph_of(connection, prepared, insiders), path, DRAWINGS[name])
    return path


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_graph_has_an_edge_for_everybody_who_reacted_and_is_named(scored: Any, connection: Connection, tmp_path: Path, name: str) -> None:
    networkx = pytest.importorskip("networkx", reason="networkx is not installed")
    prepared = scored({"pond": POND, "lake": POND}, [REACH], WEIGHTS)
    prepared = evolve(prepared, people={"p0": 'A <b> & "c" \x00', "p1": "Bob"})
    path = drawn(connection, prepared, tmp_path / "graph", name, [("pond", f"{1:032x}", "p1")])
    graph = (networkx.read_gexf if name == "gexf" else networkx.read_graphml)(path)
    assert graph.is_directed()
    someone, other = f"{0:032x}", f"{1:032x}"
    # Kind 1 is a view, which is never scored: actor 2 gave nothing else.
    assert set(graph.nodes) == {someone, other, "person:p0", "person:p1"}
    assert graph.nodes["person:p0"]["label"] == 'A <b> & "c" \ufffd'
    assert graph.nodes["person:p0"]["score"] == pytest.approx(float(prepared.scores.score[0]))
    assert graph.nodes["person:p0"]["sort"] == "person"
    assert (graph.nodes[someone]["sort"], graph.nodes[someone]["influence"], graph.nodes[someone]["label"]) == (
        "actor",
        0.5,
        "someone 00000000",
    )
    edges = {(source, target, told["network"]): told for source, target, told in graph.edges(data=True)}
    assert set(edges) == {
        (someone, "person:p0", "lake"),
        (someone, "person:p0", "pond"),
        (someone, "person:p1", "lake"),
        (someone, "person:p1", "pond"),
        (other, "person:p0", "lake"),
        ("person:p1", "person:p0", "pond"),
    }
    told = edges[someone, "person:p0", "pond"]
    assert (told["weight"], told["like"], told["reply"], told["share"]) == (3, 1, 2, 0)
    assert (told["first"], told["last"]) == ("2026-03-28T00:00:00Z", "2026-03-30T00:00:00Z")


@settings(deadline=None, max_examples=15)
@given(worlds(), st.sampled_from(sorted(DRAWINGS)))
def test_edges_weigh_what_was_scored_and_lead_between_nodes(
    scored: Any, connection: Connection, tmp_path_factory: pytest.TempPathFactory, world: World, name: str
) -> None:
    prepared = scored({"pond": world}, [REACH], WEIGHTS)
    graph = graph_of(connection, prepared, ())
    path = tmp_path_factory.mktemp("graph") / f"graph.{name}"
    write_graph(graph, path, DRAWINGS[name])  # type: ignore[index]  # one of its keys
    tree = ET.parse(path).getroot()
    nodes = [node.get("id") for node in tree.iter() if node.tag.endswith("}node")]
    edges = [edge for edge in tree.iter() if edge.tag.endswith("}edge")]
    assert (len(nodes), len(edges)) == (graph.nodes, graph.edges)
    assert len(set(nodes)) == len(nodes)
    assert {end for edge in edges for end in (edge.get("source"), edge.get("target"))} <= set(nodes)
    received: dict[str, int] = defaultdict(int)
    for row in world.rows:
        if row.actor is not None and world.in_any[row.kind]:
            received[f"person:p{row.person}"] += row.reactions
    weighed: dict[str, int] = defaultdict(int)
    for _, target, weight, told in graph.each_edge():
        weighed[target] += weight
        assert weight == sum(told[role] for role in ("like", "reply", "share", "mention", "endorse"))
    assert weighed == received


# The folder


def names(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def fill(folder: Path, text: str = "new", last: str = "z") -> None:
    with filling(folder, last="z") as temporary:
        for name in ("a", "b", last):
            (temporary / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("before", ["nothing", "an empty folder"])
def test_a_folder_appears_with_all_its_files_or_not_at_all(tmp_path: Path, before: str) -> None:
    folder = tmp_path / "deep" / "out"
    if before == "an empty folder":
        folder.mkdir(parents=True)
    with pytest.raises(ValueError, match="embedded null"):
        fill(folder, last="\0")
    assert not folder.exists() or not names(folder)
    fill(folder)
    assert names(folder) == {"a": "new", "b": "new", "z": "new"}
    assert [path.name for path in folder.parent.iterdir()] == ["out"]


def test_what_else_is_in_a_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter").write_text("dear", encoding="utf-8")
    (tmp_path / "out" / "a").write_text("old", encoding="utf-8")
    fill(tmp_path / "out")
    assert names(tmp_path / "out") == {"a": "new", "b": "new", "z": "new", "letter": "dear"}


def test_the_last_file_takes_its_place_when_all_others_have_theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path / "out", "old")
    moved: list[str] = []

    def replace(path: Path, target: Path) -> Path:
        if len(moved) == 2:
            raise OSError(28, os.strerror(28))
        moved.append(target.name)
        return path.rename(target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(UsageError, match="No space left"):
        fill(tmp_path / "out")
    assert moved == ["a", "b"]
    assert names(tmp_path / "out")["z"] == "old"


def test_files_that_are_there_are_not_replaced_unasked(tmp_path: Path) -> None:
    fill(tmp_path / "out")
    with pytest.raises(UsageError, match="there is already a, z\nhint: --force"):
        check_free(tmp_path / "out", ["a", "x", "z"], force=False)
    check_free(tmp_path / "out", ["a"], force=True)
    check_free(tmp_path / "out", ["x"], force=False)
    with pytest.raises(UsageError, match="expected a folder, found a file"):
        check_free(tmp_path / "out" / "a", [], force=True)

"""The same reactions, told in another form, give the same score to the bit."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kleos.cli import main
from kleos.contract import Batch, Context, Interaction, Profiles, Tallies
from kleos.files import open_export
from kleos.plugins import load

SAMPLES = Path(__file__).parents[2] / "plugins" / "kleos-twitter" / "samples"
COLUMNS = ("subject", "actor", "kind", "item", "time", "count", "audience", "id", "item_time", "captured")


@pytest.fixture(params=["collected-v1.jsonl", "collected-v2.jsonl"])
def bulk(request: pytest.FixtureRequest) -> Path:
    return SAMPLES / str(request.param)


def canonical_rows(bulk: Path) -> Iterator[dict[str, Any]]:
    """Tell what the parser reads in a bulk file as rows of a canonical table, handles of actors and subjects as ids."""
    network = load(networks=["twitter"], metrics=[]).networks["twitter"]
    source = next(source for source in network.sources if source.name == "bulk")
    context = Context(open_export=open_export, stop=threading.Event(), now=datetime.now(UTC))
    parsed = [row for page in source.fetch(source.settings(path=(bulk,)), None, context) for row in source.parse(page)]
    assert any(isinstance(row, Profiles) and row.handle for row in parsed)
    for row in parsed:
        if isinstance(row, Batch):
            columns = {name: getattr(row, name) for name in COLUMNS}
            for number in range(len(row)):
                yield {name: None if column is None else column[number] for name, column in columns.items()}
        elif isinstance(row, Tallies):
            totals = (row.subject, row.kind, row.item, row.total, row.captured, row.item_time or [None] * len(row))
            for values in zip(*totals, strict=True):
                yield dict(zip(("subject", "kind", "item", "count", "captured", "item_time"), values, strict=True))
        elif isinstance(row, Interaction):
            yield {name: getattr(row, name, None) for name in COLUMNS} | {
                name: micros(moment) for name in ("time", "item_time", "captured") if (moment := getattr(row, name)) is not None
            }


def micros(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)


def scored(folder: Path, source: str, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    folder.mkdir()
    (folder / "store").mkdir()
    (folder / "store" / "key").write_bytes(bytes(32))
    (folder / "kleos.toml").write_text(
        '[run]\nstore = "store"\nas_of = 2026-11-15\n[people.ada]\naccounts = { twitter = ["ada_makes", "1700000000000000101"] }\n'
        '[people.bob]\naccounts = { twitter = ["bobs_bicycles", "1700000000000000202"] }\n'
        f"[networks.twitter]\n{source}\n"
    )
    assert main(["run", str(folder / "kleos.toml"), "--json", "--quiet"]) == 0
    people: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["people"]
    return people


def test_a_bulk_file_and_the_same_as_csv_parquet_and_ndjson(bulk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    original = scored(tmp_path / "bulk", f'bulk = "{bulk}"', capsys)
    assert max(person["score"] for person in original) > 1
    with (tmp_path / "rows.ndjson").open("w") as file:
        for row in canonical_rows(bulk):
            file.write(json.dumps({**row, "network": "twitter"}, default=int) + "\n")
    columns = ", ".join(f"{name}: '{'BIGINT' if name in ('time', 'item_time', 'captured', 'count', 'audience') else 'VARCHAR'}'"
                        for name in ("network", *COLUMNS))  # fmt: skip
    table = f"read_ndjson('{tmp_path}/rows.ndjson', columns = {{{columns}}})"
    duckdb.sql(f"COPY (FROM {table}) TO '{tmp_path}/rows.csv' (HEADER)")
    duckdb.sql(f"COPY (FROM {table}) TO '{tmp_path}/rows.parquet' (FORMAT parquet)")
    for suffix in ("csv", "parquet", "ndjson"):
        same = scored(tmp_path / suffix, f'interactions = "{tmp_path}/rows.{suffix}"', capsys)
        assert same == original, suffix

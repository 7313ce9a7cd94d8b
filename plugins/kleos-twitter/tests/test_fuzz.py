"""Whatever a page holds, a parser raises nothing but its declared error."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kleos.contract import Batch, Export, Page, Profile, Profiles, Source, Tallies, Tally
from kleos.errors import ExportError, ParseError
from kleos.files import open_export

quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["1", "-1", "--", "0000"])
KEYS = """
    id id_str user user_mentions entities created_at data includes users tweets posts statuses text author_id referenced_tweets type
    retweeted quoted replied_to public_metrics like_count retweeted_status quoted_status followers_count screen_name __twarc retrieved_at
    tweet favorite_count retweet_count full_text follower accountId userListInfo url account username
"""
keys = st.sampled_from(KEYS.split())
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=5), max_leaves=20)


def parse(source: Source, body: bytes, context: dict[str, Any] | None = None) -> None:
    page = Page(
        network="twitter", source=source.name, where="x", owner=None, captured=datetime(2026, 1, 1, tzinfo=UTC), body=body, context=context
    )
    with suppress(ParseError):
        for row in source.parse(page):
            if isinstance(row, Batch):
                assert all(row.kind)
                assert all(isinstance(subject, str) and subject for subject in row.subject)
            elif isinstance(row, Tally):
                assert row.total > 0
                assert row.captured.tzinfo
            elif isinstance(row, Profile):
                assert row.id
            elif isinstance(row, Tallies):
                assert all(total > 0 for total in row.total)
                assert len({*map(len, (row.kind, row.subject, row.item, row.total, row.captured, row.item_time or ()))}) == 1
            elif isinstance(row, Profiles):
                assert all(row.id)


def answered(ask: str) -> dict[str, Any]:
    return {"ask": ask, "own": ["1"], "subject": "1", "item": "50", "item_time": "2026-01-01T00:00:00Z"}


@given(body=st.binary(max_size=200))
@example(body=b"[" * 100_000)
@example(body=b'{"data":' * 50_000)
@example(body=b'{"user":{},"id_str":"1","x":' + b"[" * 50_000)
@quick
def test_any_bytes(archive: Source, bulk: Source, api: Source, body: bytes) -> None:
    parse(bulk, body)
    for content in ("tweets", "followers", "lists", "account", "other"):
        parse(archive, body, {"account": "1", "content": content})
    for ask in ("mentions", "likes", "look", "something"):
        parse(api, body, answered(ask))
    parse(api, body, {"ask": [], "own": 7})


@given(value=values)
@quick
def test_any_json_with_twitters_keys(archive: Source, bulk: Source, api: Source, value: Any) -> None:
    import json

    body = json.dumps(value).encode()
    parse(bulk, body)
    parse(bulk, body + b"\n" + body)
    for ask in ("own", "quotes", "reposts", "audiences"):
        parse(api, body, answered(ask))
    for content in ("tweets", "followers", "lists", "account"):
        parse(archive, body, {"account": "1", "content": content})
        parse(archive, b"[" + body + b"]", {"account": "1", "content": content})


def mutated(data: st.DataObject, content: bytes) -> bytes:
    result = bytearray(content)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(result) - 1))
        result[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    return bytes(result[: data.draw(st.integers(1, len(result)))]) if data.draw(st.booleans()) else bytes(result)


@given(data=st.data())
@quick
def test_mutated_samples(archive: Source, bulk: Source, samples: Path, data: st.DataObject) -> None:
    for name in ("collected-v1.jsonl", "collected-v2.jsonl"):
        parse(bulk, mutated(data, (samples / name).read_bytes()))
    for content, name in (("tweets", "tweets"), ("followers", "follower"), ("lists", "lists-member"), ("account", "account")):
        text = (samples / "ada" / "data" / f"{name}.js").read_bytes()
        parse(archive, mutated(data, text), {"account": "1", "content": content})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    (tmp_path_factory.getbasetemp() / "fuzz" / "data").mkdir(parents=True, exist_ok=True)
    return tmp_path_factory.getbasetemp() / "fuzz"


@given(data=st.data())
@quick
def test_mutated_files_tell_an_owner_or_raise_a_parse_error(
    archive: Source, bulk: Source, samples: Path, folder: Path, data: st.DataObject
) -> None:
    for name in ("manifest", "account", "screen-name-change"):
        (folder / "data" / f"{name}.js").write_bytes(mutated(data, (samples / "ada" / "data" / f"{name}.js").read_bytes()))
    export: Export
    with open_export(folder) as export:
        for source in (archive, bulk):
            assert 0 <= source.recognise(export) <= 1
        with suppress(ParseError):
            for owner in archive.owners(export):
                assert owner.account
    (folder / "data" / "x.json").write_bytes(data.draw(st.binary(max_size=50)))
    # a few bytes may begin like a zip that is cut off
    with suppress(ExportError), open_export(folder / "data" / "x.json") as export:
        assert bulk.recognise(export) == archive.recognise(export) == 0

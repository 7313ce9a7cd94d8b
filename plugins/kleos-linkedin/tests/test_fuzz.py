"""Whatever the bytes: rows that keep the contract, or a `ParseError`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kleos.contract import Batch, Flaw, Interaction, Owner, Page, Profile, Tally
from kleos.errors import ParseError
from kleos.files import open_export
from kleos.testing.strategies import exports, write_export
from kleos_linkedin.plugin import LINKEDIN

SOURCES = {source.name: source for source in LINKEDIN.sources}
SAMPLES = Path(__file__).parents[1] / "samples"
ARCHIVE = SAMPLES / "Complete_LinkedInDataExport_11-15-2026"
FILES = {
    "endorsements": "Endorsement_Received_Info.csv",
    "recommendations": "Recommendations_Received.csv",
    "invitations": "Invitations.csv",
}
TABLES = {name: (ARCHIVE / file).read_bytes() for name, file in FILES.items()}
WORKBOOKS = [path.read_bytes() for path in sorted(SAMPLES.rglob("*.xlsx"))]
OWNER = Owner(handles=["ada-quill-lutherie", "urn:li:organization:1"])


def check(source: str, body: bytes, context: Mapping[str, Any] | None = None) -> None:
    page = Page(
        network="linkedin", source=source, where="page", owner=OWNER, captured=datetime(2026, 1, 1, tzinfo=UTC), body=body, context=context
    )
    try:
        rows = list(SOURCES[source].parse(page))
    except ParseError:
        return
    assert rows == list(SOURCES[source].parse(page))
    for row in rows:
        assert isinstance(row, Batch | Interaction | Tally | Profile | Flaw)
        repr(row).encode()
        if isinstance(row, Batch):
            assert set(row.kind) <= LINKEDIN.kinds.keys()
            assert all(row.subject)
            assert row.actor is not None
            assert all(actor is None or actor.casefold() not in ("", *OWNER.handles) for actor in row.actor)
        if isinstance(row, Interaction):
            assert row.kind in LINKEDIN.kinds
            assert row.subject
            assert row.actor is None or row.actor.casefold() not in ("", *OWNER.handles)
            assert all(moment is None or moment.utcoffset() is not None for moment in (row.time, row.item_time))
        if isinstance(row, Tally):
            assert 0 <= row.total < 2**53


def damaged(*bodies: bytes) -> st.SearchStrategy[bytes]:
    """A body with a few stretches replaced, doubled or gone."""

    @st.composite
    def spoil(draw: st.DrawFn) -> bytes:
        body = draw(st.sampled_from(bodies))
        for _ in range(draw(st.integers(1, 4))):
            start = draw(st.integers(0, len(body)))
            end = draw(st.integers(start, min(len(body), start + 200)))
            filler = draw(st.sampled_from([b"", body[start:end] * 2, b"\xff\xfe", b'"', b'\\"', b"\n", b",", b"\0", b"9999"]))
            body = body[:start] + filler + body[end:]
        return body

    return spoil()


@given(st.sampled_from(sorted(TABLES)).flatmap(lambda name: st.tuples(st.just(name), damaged(TABLES[name]) | st.binary(max_size=200))))
@settings(max_examples=80, deadline=None)
def test_any_damaged_table(drawn: tuple[str, bytes]) -> None:
    name, body = drawn
    check("export", body, {"table": name, "statuses": ["ACCEPTED", "VISIBLE"], "order": "day first"})


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["urn:li:person:1", "urn:li:organization:1", "", "x"])
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["elements", "paging", "links", "created", "actor", "time", "id", "commentUrn", "total", "start", "rel", "href"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)


@given(st.lists(TREES, max_size=5), TREES, st.sampled_from(["posts", "reactions", "comments", "replies"]), LEAVES)
@settings(max_examples=120, deadline=None)
def test_any_answer_with_the_words_of_the_api(elements: list[Any], paging: Any, ask: str, odd: Any) -> None:
    told = {"ask": ask, "organization": "urn:li:organization:1", "post": "urn:li:share:1", "posted": odd, "comment": odd, "to_own": odd}
    check("api", json.dumps({"elements": elements, "paging": paging}).encode(), told)
    check("api", json.dumps({"elements": elements}).encode(), told)
    check("api", json.dumps(paging).encode(), {"ask": odd, "organization": odd, "post": odd})


@given(damaged(*WORKBOOKS) | st.binary(max_size=200))
@settings(max_examples=40, deadline=None)
def test_any_damaged_workbook(body: bytes) -> None:
    pytest.importorskip("openpyxl")
    check("analytics", body)


NAMES = ["Endorsement_Received_Info.csv", "Recommendations_Received.csv", "Invitations.csv", "Connections.csv", "Profile.csv", "a.xlsx"]


@given(exports(*NAMES, bodies=damaged(*TABLES.values(), *WORKBOOKS)))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_export_is_recognised_or_not_and_has_an_owner_or_not(
    tmp_path_factory: pytest.TempPathFactory, files: Mapping[str, bytes]
) -> None:
    folder = write_export(tmp_path_factory.mktemp("export"), files)
    with open_export(folder) as export:
        for name in ("export", "analytics"):
            assert 0.0 <= SOURCES[name].recognise(export) <= 1.0
            assert all(owner.account for owner in SOURCES[name].owners(export))

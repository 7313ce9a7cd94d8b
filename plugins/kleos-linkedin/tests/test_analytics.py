"""Workbooks of analytics: counts for each post, in any language, and none that harms."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from kleos.contract import Owner, Page, Source
from kleos.errors import ParseError
from kleos.files import open_export

pytest.importorskip("openpyxl", reason="pip install 'kleos-linkedin[analytics]' to test workbooks")

Reader = Callable[..., Any]
Maker = Callable[..., bytes]
FEED = "https://www.linkedin.com/feed/update/"
POST = "urn:li:activity:7406535690785632256"  # of 16 December 2025
NAME = "AggregateAnalytics_Ada Quill_2025-12-01_2026-02-28.xlsx"
TABLE = ["Post URL", "Post publish date", "Engagements", None, "Post URL", "Post publish date", "Impressions"]


def top(*rows: list[object], header: list[str | None] | None = None) -> list[list[object]]:
    return [["Maximum of 50 posts available to include in this list"], [], list(header or TABLE), *rows]


def test_a_members_posts_have_engagements_and_impressions(samples: Path, read: Reader) -> None:
    found = read("analytics", samples / "analytics")
    assert (found.error, found.flaws) == (None, [])
    assert sorted(total for (kind, _), total in found.totals.items() if kind == "engagement") == [18, 61, 96, 212]
    assert sorted(total for (kind, _), total in found.totals.items() if kind == "impression") == [940, 1104, 2250, 4033, 6120]
    assert {row.captured for row in found.rows} == {datetime(2026, 11, 12, 23, 59, 59, tzinfo=UTC)}


def test_a_pages_posts_have_reactions_comments_and_reposts(samples: Path, read: Reader) -> None:
    found = read("analytics", samples / "page-analytics")
    assert (found.error, found.flaws) == (None, [])
    sums: dict[str, int] = {}
    for (kind, _), total in found.totals.items():
        sums[kind] = sums.get(kind, 0) + total
    assert sums == {"reaction": 93, "comment": 15, "repost": 8, "impression": 9980}
    assert {row.captured for row in found.rows} == {datetime(2026, 11, 13, 10, tzinfo=UTC)}


def test_a_post_is_dated_to_the_second_where_its_number_agrees_with_its_day(tmp_path: Path, read: Reader, workbook: Maker) -> None:
    rows = [
        [FEED + POST, "12/16/2025", 3],
        [FEED + "urn:li:share:7406535690785632256", "11/2/2025", 2],
        [FEED + "urn:li:share:9", "1/2/2026", 1],
    ]
    (tmp_path / NAME).write_bytes(workbook({"TOP POSTS": top(*rows)}))
    days = {row.total: row.item_time for row in read("analytics", tmp_path).rows}
    assert (days[3].day, days[3].hour) == (16, 3)
    assert days[2] == datetime(2025, 11, 2, tzinfo=UTC)
    assert days[1] == datetime(2026, 1, 2, tzinfo=UTC)


def test_any_language_is_read_by_the_place_of_the_columns(tmp_path: Path, read: Reader, workbook: Maker) -> None:
    header = ["URL da publicação", "Data de publicação", "Engajamentos", None, "URL da publicação", "Data de publicação", "Impressões"]
    rows = [[FEED + "urn:li:share:7", "05/01/2026", "1.204", None, FEED + POST, "16/12/2025", "21"]]
    (tmp_path / NAME).write_bytes(workbook({"Publicações mais em alta": top(*rows, header=header)}))
    found = read("analytics", tmp_path)
    assert found.flaws == []
    assert found.totals == {("engagement", "urn:li:share:7"): 1204, ("impression", POST): 21}
    assert {row.item_time.date() for row in found.rows} == {date(2026, 1, 5), date(2025, 12, 16)}


def test_a_list_of_engagements_that_is_empty_is_not_mistaken(tmp_path: Path, read: Reader, workbook: Maker) -> None:
    (tmp_path / NAME).write_bytes(workbook({"Beiträge": top([None, None, None, None, FEED + POST, "16.12.2025", 5], header=["x"])}))
    assert read("analytics", tmp_path).totals == {("impression", POST): 5}


def test_columns_that_mean_nothing_are_told(tmp_path: Path, read: Reader, workbook: Maker) -> None:
    (tmp_path / NAME).write_bytes(workbook({"Todas": [["Título", "Enlace", "Recomendaciones"], ["Hola", FEED + POST, 7]]}))
    found = read("analytics", tmp_path)
    assert found.totals == {}
    assert [flaw.reason for flaw in found.flaws] == ["columns in a language that is not known: set LinkedIn to English, and export again"]


@pytest.mark.parametrize("cell", ["--", "", None, "N/A"])
def test_a_missing_count_is_unknown_and_not_zero(cell: object, tmp_path: Path, read: Reader, workbook: Maker) -> None:
    (tmp_path / NAME).write_bytes(
        workbook({"TOP POSTS": top([FEED + POST, "12/16/2025", cell], [FEED + "urn:li:share:7", "12/16/2025", 0])})
    )
    found = read("analytics", tmp_path)
    assert (found.totals, found.flaws) == ({("engagement", "urn:li:share:7"): 0}, [])


@pytest.mark.parametrize("cell", [-28, "-28", "many", 1.5, 1e300, True, "1.2.3"])
def test_a_count_that_cannot_be_is_told(cell: object, tmp_path: Path, read: Reader, workbook: Maker) -> None:
    (tmp_path / NAME).write_bytes(workbook({"TOP POSTS": top([FEED + POST, "12/16/2025", cell])}))
    found = read("analytics", tmp_path)
    assert found.totals == {}
    assert [flaw.where for flaw in found.flaws] == [f"{tmp_path}: TOP POSTS: row 4"]


def test_of_two_workbooks_the_newer_counts(tmp_path: Path, read: Reader, workbook: Maker) -> None:
    for until, total in (("2026-02-28", 9), ("2026-01-31", 12)):
        (tmp_path / f"AggregateAnalytics_A_2025-12-01_{until}.xlsx").write_bytes(
            workbook({"TOP POSTS": top([FEED + POST, "12/16/2025", total])})
        )
    assert read("analytics", tmp_path).totals == {("engagement", POST): 9}


@pytest.mark.parametrize(
    ("name", "period", "captured", "expected"),
    [
        (NAME, "1/1/2020 - 1/2/2020", None, datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC)),
        ("Content_2026-01-01_2026-01-31_AdaQuill (1).xlsx", "", None, datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC)),
        ("acme_content_1767225600000.xlsx", "", None, datetime(2026, 1, 1, tzinfo=UTC)),
        ("mine.xlsx", "12/1/2025 - 2/28/2026", None, datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC)),
        ("mine.xlsx", "01/12/2025 – 28/02/2026", None, datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC)),
        ("mine.xlsx", "", datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)),
        (NAME, "", datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)),
        ("mine.xlsx", "", None, None),
    ],
)
def test_counts_are_dated_by_name_or_sheet_or_configuration(
    *, name: str, period: str, captured: datetime | None, expected: datetime | None, tmp_path: Path, read: Reader, workbook: Maker
) -> None:
    sheets = {"DISCOVERY": [["Overall Performance", period]], "TOP POSTS": top([FEED + POST, "16.12.2025", 3])}
    (tmp_path / name).write_bytes(workbook(sheets))
    found = read("analytics", tmp_path / name, captured=captured)
    if expected is None:
        assert [flaw.reason for flaw in found.flaws] == ["nothing says when the counts were taken: give the key captured"]
    else:
        assert [row.captured for row in found.rows] == [expected]


def test_a_workbook_without_posts_says_which_is_meant(tmp_path: Path, read: Reader, workbook: Maker) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook({"DISCOVERY": [["Impressions", "289"]], "DEMOGRAPHICS": [["Top Demographics", "Value"]]}))
    found = read("analytics", tmp_path)
    assert (found.rows, found.error.message) == ([], "no workbook here has a table of posts")
    assert "TOP POSTS" in found.error.hint
    (tmp_path / NAME).write_bytes(workbook({"TOP POSTS": top([FEED + POST, "12/16/2025", 3])}))
    assert read("analytics", tmp_path).error is None


def test_the_name_of_a_file_says_whose_it_is(samples: Path, tmp_path: Path, sources: Mapping[str, Source]) -> None:
    with open_export(samples / "analytics") as export:
        assert sources["analytics"].owners(export) == (Owner(names=["Ada Quill"]),)
    (tmp_path / "x.xlsx").write_bytes(b"")
    with open_export(tmp_path) as export:
        assert sources["analytics"].owners(export) == ()


def test_a_workbook_is_recognised_by_addresses_of_posts_or_its_name(
    samples: Path, tmp_path: Path, sources: Mapping[str, Source], workbook: Maker
) -> None:
    told = {
        "other.xlsx": (workbook({"Sheet": [["Budget", 7]]}), 0.0),
        NAME: (workbook({"DISCOVERY": [["Impressions", 7]]}), 0.9),
        "renamed.xlsx": (workbook({"X": top([FEED + POST, "12/16/2025", 3])}), 1.0),
        "broken.xlsx": (b"PK\x03\x04 nothing", 0.0),
        "text.csv": (b"https://www.linkedin.com/feed/update/", 0.0),
    }
    for name, (body, sure) in told.items():
        (tmp_path / name).write_bytes(body)
        with open_export(tmp_path / name) as export:
            assert sources["analytics"].recognise(export) == sure, name
    # A folder of all sorts is not one source: what is in it is.
    with open_export(tmp_path) as export:
        assert sources["analytics"].recognise(export) == 0.3


def bomb(body: bytes, part: str, content: bytes) -> bytes:
    """Return a workbook in which a part is replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return out.getvalue()


def test_a_workbook_that_is_a_bomb_is_told_before_it_is_unpacked(
    tmp_path: Path, read: Reader, workbook: Maker, sources: Mapping[str, Source]
) -> None:
    body = bomb(workbook({"TOP POSTS": top([FEED + POST, "12/16/2025", 3])}), "xl/worksheets/sheet1.xml", b"<a>" + b" " * (40 << 20))
    page = Page(network="linkedin", source="analytics", where="x", owner=Owner(names=["A"]), captured=None, body=body)
    with pytest.raises(ParseError, match="as a zip bomb does"):
        list(sources["analytics"].parse(page))


def test_entities_that_multiply_are_refused(sources: Mapping[str, Source], workbook: Maker) -> None:
    pytest.importorskip("defusedxml")
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    content = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "lol">{lines}]><worksheet>&e8;</worksheet>'.encode()
    body = bomb(workbook({"TOP POSTS": top([FEED + POST, "12/16/2025", 3])}), "xl/worksheets/sheet1.xml", content)
    page = Page(network="linkedin", source="analytics", where="x", owner=Owner(names=["A"]), captured=None, body=body)
    with pytest.raises(ParseError, match="a damaged one"):
        list(sources["analytics"].parse(page))


def test_a_cell_at_the_end_of_the_world_costs_nothing(sources: Mapping[str, Source], workbook: Maker) -> None:
    cell = '<row r="{0}"><c r="XFD{0}" t="inlineStr"><is><t>x</t></is></c></row>'
    sheet = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
    content = sheet.format(cell.format(1) + cell.format(1_048_576)).encode()
    body = bomb(workbook({"TOP POSTS": top([FEED + POST, "12/16/2025", 3])}), "xl/worksheets/sheet1.xml", content)
    page = Page(network="linkedin", source="analytics", where="x", owner=Owner(names=["A"]), captured=None, body=body)
    assert list(sources["analytics"].parse(page)) == []


def test_the_older_sort_of_workbook_is_told(tmp_path: Path, read: Reader, sources: Mapping[str, Source]) -> None:
    (tmp_path / "acme_content_1767225600000.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500))
    with pytest.raises(ParseError, match="found the older xls"):
        read("analytics", tmp_path)


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04", b"<html>", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_workbook_is_told(body: bytes, sources: Mapping[str, Source]) -> None:
    page = Page(network="linkedin", source="analytics", where="x", owner=Owner(names=["A"]), captured=None, body=body)
    with pytest.raises(ParseError, match="expected a workbook"):
        list(sources["analytics"].parse(page))


def test_a_file_beyond_measure_is_not_read(tmp_path: Path, read: Reader) -> None:
    with (tmp_path / NAME).open("wb") as file:
        file.truncate(17 << 20)
    assert "of more than 16 MB" in read("analytics", tmp_path).error.message


def test_a_folder_without_workbooks_is_told(tmp_path: Path, read: Reader) -> None:
    (tmp_path / "a.csv").write_bytes(b"x")
    assert "expected a workbook (xlsx), found none" in read("analytics", tmp_path).error.message


def test_a_page_without_an_owner_is_refused(samples: Path, sources: Mapping[str, Source]) -> None:
    page = Page(network="linkedin", source="analytics", where="x", owner=None, captured=None, body=b"")
    with pytest.raises(ParseError, match="expected the owner"):
        list(sources["analytics"].parse(page))


def test_without_the_library_the_extra_is_named(samples: Path, read: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    assert "pip install 'kleos-linkedin[analytics]'" in read("analytics", samples / "analytics").error.hint

"""The data export, from a path to rows."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kleos.contract import Owner, Page, Source
from kleos.errors import ParseError
from kleos.files import open_export

Reader = Callable[..., Any]
ENDORSEMENTS = "Endorsement_Received_Info.csv"
RECOMMENDATIONS = "Recommendations_Received.csv"
INVITATIONS = "Invitations.csv"
HEADERS = {
    ENDORSEMENTS: "Endorsement Date,Skill Name,Endorser First Name,Endorser Last Name,Endorser Public Url,Endorsement Status",
    RECOMMENDATIONS: "First Name,Last Name,Company,Job Title,Text,Creation Date,Status",
    INVITATIONS: "From,To,Sent At,Message,Direction,inviterProfileUrl,inviteeProfileUrl",
}


def write(folder: Path, name: str, *rows: str, before: str = "", end: str = "\n") -> Path:
    """Write a table of an export below its header, and return its folder."""
    (folder / name).write_text(before + end.join([HEADERS[name], *rows, ""]), encoding="utf-8", newline="")
    return folder


def pack(path: Path, folder: Path, inside: str = "", names: Callable[[str], bool] = lambda name: True) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.iterdir()):
            if names(file.name):
                archive.write(file, inside + file.name)
    return path


def test_what_others_gave_is_read_and_nothing_else(archive: Path, read: Reader) -> None:
    found = read("export", archive)
    assert (found.error, found.flaws) == (None, [])
    assert found.received == {"endorsement": 28, "recommendation": 4, "invitation": 2}
    assert {row.subject for row in found.reactions} == {"ada-quill-lutherie"}
    assert "ada-quill-lutherie" not in {row.actor for row in found.reactions}


def test_the_parser_finds_what_a_short_script_counts(archive: Path, read: Reader) -> None:
    with (archive / ENDORSEMENTS).open(encoding="utf-8", newline="") as file:
        endorsed = Counter(row["Skill Name"] for row in csv.DictReader(file) if row["Endorsement Status"] == "ACCEPTED")
    with (archive / RECOMMENDATIONS).open(encoding="utf-8", newline="") as file:
        written = [row["Creation Date"] for row in csv.DictReader(file) if row["Status"] == "VISIBLE"]
    found = read("export", archive)
    assert Counter(row.item for row in found.reactions if row.kind == "endorsement") == endorsed
    times = [row.time for row in found.reactions if row.kind == "recommendation"]
    assert times == [datetime.strptime(text, "%m/%d/%y, %I:%M %p").replace(tzinfo=UTC) for text in written]


def test_what_the_owner_gave_is_never_opened(archive: Path, tmp_path: Path, read: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: set[str] = set()
    with open_export(archive) as export:
        original = type(export).chunks
    monkeypatch.setattr("kleos.files.export.OpenExport.chunks", lambda self, name: (opened.add(name), original(self, name))[1])
    found = read("export", archive)
    assert opened == {"Profile.csv", "Connections.csv", ENDORSEMENTS, RECOMMENDATIONS, INVITATIONS}
    told = repr(found.rows) + "".join(page.body.decode() for page in found.pages)
    assert not any(text in told for text in ("measured", "Koto House", "EMPATHY", "glued", "Tuning"))


def test_comments_whose_quotes_have_backslashes_break_nothing(archive: Path, tmp_path: Path, read: Reader) -> None:
    whole = read("export", archive)
    without = read("export", pack(tmp_path / "a.zip", archive, names=lambda name: name != "Comments.csv"))
    assert (without.flaws, without.reactions) == ([], whole.reactions)


def test_an_endorsement_is_about_a_skill_and_a_recommendation_about_the_person(archive: Path, read: Reader) -> None:
    rows = read("export", archive).reactions
    last = [row for row in rows if row.kind == "endorsement"][-1]
    assert (last.item, last.actor, last.time) == ("Acoustics, room", "quentin-abara", datetime(2026, 11, 9, 17, 45, 10, tzinfo=UTC))
    assert {row.item for row in rows if row.kind == "recommendation"} == {None}


def test_who_recommends_and_endorses_is_one_person_unless_two_have_the_name(archive: Path, read: Reader) -> None:
    rows = read("export", archive).reactions
    assert [row.actor for row in rows if row.kind == "recommendation"] == ["chidi-okonjo", "mairi-fraser", "Jun Li", "rhea-santos-bass"]
    assert {"chidi-okonjo", "mairi-fraser"} <= {row.actor for row in rows if row.kind == "endorsement"}


def test_addresses_in_every_way_of_writing_are_one_handle(archive: Path, read: Reader) -> None:
    actors = {row.actor for row in read("export", archive).reactions}
    assert {"émile-caron", "nils-åberg"} <= actors
    assert not any("%" in actor or "/" in actor for actor in actors if actor)


def test_somebody_without_an_address_goes_by_name_and_nobody_is_nobody(tmp_path: Path, read: Reader) -> None:
    found = read(
        "export",
        write(
            tmp_path,
            ENDORSEMENTS,
            "2026/01/01 10:00:00 UTC,Glue,Petra,Gone,,ACCEPTED",
            "2026/01/02 10:00:00 UTC,Glue,,,,ACCEPTED",
            "2026/01/03 10:00:00 UTC,Glue,Evil,Twin,evil-linkedin.com/in/petra,ACCEPTED",
        ),
    )
    assert [row.actor for row in found.reactions] == ["Petra Gone", None, "Evil Twin"]


def test_only_accepted_and_visible_ones_count_unless_the_configuration_says_more(archive: Path, read: Reader) -> None:
    more = read("export", archive, endorsement_statuses=("ACCEPTED", "pending"), recommendation_statuses=("HIDDEN",))
    assert more.received == {"endorsement": 29, "recommendation": 1, "invitation": 2}


def test_connections_are_an_audience_behind_a_preamble(archive: Path, read: Reader) -> None:
    (profile,) = read("export", archive).profiles
    assert (profile.id, profile.audience) == ("ada-quill-lutherie", 15)
    assert profile.captured == datetime(2026, 11, 15, tzinfo=UTC)


@pytest.mark.parametrize("name", [ENDORSEMENTS, RECOMMENDATIONS, INVITATIONS])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_preamble_and_other_ends_of_lines_change_nothing(name: str, end: str, archive: Path, tmp_path: Path, read: Reader) -> None:
    for file in archive.iterdir():
        text = file.read_text(encoding="utf-8")
        if file.name == name:
            text = '\ufeffNotes:\n"What this is, in one or two ""sentences"",\nas First Name, Last Name, and so on."\n\n' + text
        (tmp_path / file.name).write_text(text, encoding="utf-8", newline=end)
    found = read("export", tmp_path)
    assert found.flaws == []
    assert found.distinct == read("export", archive).distinct


def test_a_zip_two_zips_and_a_renamed_file_give_what_the_folder_gives(archive: Path, tmp_path: Path, read: Reader) -> None:
    whole = read("export", archive)
    inside = pack(tmp_path / "a.zip", archive, inside="Complete_LinkedInDataExport_11-15-2026/")
    parts = [
        pack(tmp_path / "1.zip", archive, names=lambda name: name < "F"),
        pack(tmp_path / "2.zip", archive, names=lambda name: name > "F"),
    ]
    renamed = tmp_path / "renamed"
    renamed.mkdir()
    told = {ENDORSEMENTS: "Kompetenzen.csv", RECOMMENDATIONS: "Recommendations_Received (2).csv", INVITATIONS: "Einladungen.csv"}
    for file in archive.iterdir():
        (renamed / told.get(file.name, file.name)).write_bytes(file.read_bytes())
    for path in (inside, parts, renamed):
        assert read("export", path).distinct == whole.distinct


def test_old_invitations_tell_members_by_urn(tmp_path: Path, read: Reader) -> None:
    header = HEADERS[INVITATIONS].replace("ProfileUrl", "ProfileUrn")
    rows = [
        'Bo Old,Ada Quill,"04/15/22, 09:25 PM",,INCOMING,urn:li:member:7,urn:li:member:42',
        'Ada Quill,Cy New,"4/6/22, 2:12 PM",,OUTGOING,urn:li:member:42,urn:li:member:8',
    ]
    (tmp_path / INVITATIONS).write_text("\n".join([header, *rows]), encoding="utf-8")
    found = read("export", tmp_path)
    assert found.owner == Owner(ids=["urn:li:member:42"], names=["Ada Quill"])
    assert [(row.actor, row.time) for row in found.reactions] == [("urn:li:member:7", datetime(2022, 4, 15, 21, 25, tzinfo=UTC))]
    assert "holds no endorsements and no recommendations" in found.error.message


@pytest.mark.parametrize(
    ("dates", "day"),
    [
        (("03/04/26, 09:25 PM", "12/31/25, 1:00 AM"), datetime(2026, 3, 4, 21, 25, tzinfo=UTC)),
        (("03/04/26, 21:25", "31/12/25, 01:00"), datetime(2026, 4, 3, 21, 25, tzinfo=UTC)),
        (("03.04.26, 21:25", "01.02.26, 01:00"), datetime(2026, 4, 3, 21, 25, tzinfo=UTC)),
        (("2026-04-03, 21:25", "2026-01-02"), datetime(2026, 4, 3, 21, 25, tzinfo=UTC)),
        (("3/4/26, 9:25\u202fPM", "2/1/26, 1:00\u202fAM"), datetime(2026, 3, 4, 21, 25, tzinfo=UTC)),
    ],
)
def test_the_whole_file_tells_in_which_order_a_language_writes_dates(
    dates: tuple[str, str], day: datetime, tmp_path: Path, read: Reader
) -> None:
    rows = [f'Bo,{number},,,Fine.,"{date}",VISIBLE' for number, date in enumerate(dates)]
    found = read("export", write(tmp_path, RECOMMENDATIONS, *rows))
    assert found.flaws == []
    assert found.reactions[0].time == day


def test_an_unreadable_date_is_told_and_the_rest_of_its_row_kept(tmp_path: Path, read: Reader) -> None:
    found = read("export", write(tmp_path, RECOMMENDATIONS, "Bo,Old,,,Fine.,vor drei Tagen,VISIBLE"))
    assert [(row.actor, row.time) for row in found.reactions] == [("Bo Old", None)]
    assert [(flaw.where, flaw.reason) for flaw in found.flaws] == [
        (f"{tmp_path}: {RECOMMENDATIONS}: line 2", "expected a date, found a text that is none")
    ]


def test_a_broken_row_is_told_with_its_line_and_the_others_are_read(tmp_path: Path, read: Reader) -> None:
    rows = [f"2026/01/0{day} 10:00:00 UTC,Glue,Bo,Old,www.linkedin.com/in/bo{day},ACCEPTED" for day in range(1, 5)]
    rows.insert(2, "2026/01/09 10:00:00 UTC,Glue")
    found = read("export", write(tmp_path, ENDORSEMENTS, *rows, before="Notes:\n\n"))
    assert len(found.reactions) == 4
    assert [flaw.where for flaw in found.flaws] == [f"{tmp_path}: {ENDORSEMENTS}: line 6"]


def test_what_the_owner_did_to_themselves_is_dropped(tmp_path: Path, read: Reader) -> None:
    rows = [
        "2026/01/01 10:00:00 UTC,Glue,Ada,Quill,www.linkedin.com/in/Ada-Quill/,ACCEPTED",
        "2026/01/01 10:00:00 UTC,Glue,Ada,Quill,,ACCEPTED",
    ]
    assert read("export", write(tmp_path, ENDORSEMENTS, *rows), owner=Owner(handles=["ada-quill"], names=["Ada Quill"])).reactions == []


def test_the_profile_tells_the_name_and_invitations_of_both_directions_the_address(archive: Path, sources: Mapping[str, Source]) -> None:
    with open_export(archive) as export:
        assert sources["export"].owners(export) == (Owner(handles=["ada-quill-lutherie"], names=["Ada Quill"]),)


def test_without_invitations_the_name_is_all_that_is_known(archive: Path, tmp_path: Path, sources: Mapping[str, Source]) -> None:
    with open_export(pack(tmp_path / "a.zip", archive, names=lambda name: name != INVITATIONS)) as export:
        assert sources["export"].owners(export) == (Owner(names=["Ada Quill"]),)


@pytest.mark.parametrize(
    ("names", "sure"),
    [
        ({ENDORSEMENTS}, 1.0),
        ({RECOMMENDATIONS, "Profile.csv"}, 1.0),
        ({"Connections.csv", "Profile.csv"}, 0.9),
        ({"Connections.csv"}, 0.6),
        ({RECOMMENDATIONS}, 0.3),
        ({"Reactions.csv", "Comments.csv"}, 0.0),
    ],
)
def test_an_export_is_recognised_by_what_is_in_it(
    names: set[str], sure: float, archive: Path, tmp_path: Path, sources: Mapping[str, Source]
) -> None:
    with open_export(pack(tmp_path / "a.zip", archive, names=names.__contains__)) as export:
        assert sources["export"].recognise(export) == sure


def test_exports_of_others_are_told_apart(tmp_path: Path, sources: Mapping[str, Source], read: Reader) -> None:
    (tmp_path / "comments.csv").write_text("id,permalink,date,body\n1,x,2024-01-12 17:29:56 UTC,hi\n")
    (tmp_path / "notes.txt").write_text(HEADERS[ENDORSEMENTS])
    with open_export(tmp_path) as export:
        assert sources["export"].recognise(export) == 0.0
        assert sources["export"].owners(export) == ()
    found = read("export", tmp_path)
    assert "expected an export of LinkedIn, found none of its tables" in found.error.message


def test_a_file_without_its_columns_says_which_are_missing(tmp_path: Path, sources: Mapping[str, Source], context: Any) -> None:
    (tmp_path / ENDORSEMENTS).write_text("Datum;Kenntnis;Vorname\n", encoding="utf-8")
    source = sources["export"]
    (page,) = source.fetch(source.settings(path=tmp_path), Owner(names=["Ada"]), context)
    with pytest.raises(ParseError, match="endorsement date, endorser public url, skill name"):
        list(source.parse(page))


@pytest.mark.parametrize("told", [None, {}, {"table": "messages"}, {"table": 7}])
def test_a_page_without_a_table_or_an_owner_is_refused(told: dict[str, Any] | None, sources: Mapping[str, Source]) -> None:
    page = Page(network="linkedin", source="export", where="x", owner=Owner(names=["A"]), captured=None, body=b"", context=told)
    with pytest.raises(ParseError, match="expected a page of one of"):
        list(sources["export"].parse(page))
    nobody = Page(network="linkedin", source="export", where="x", owner=None, captured=None, body=b"", context={"table": "endorsements"})
    with pytest.raises(ParseError, match="expected the owner"):
        list(sources["export"].parse(nobody))


def test_pages_are_whole_tables_that_can_be_replayed(archive: Path, read: Reader, sources: Mapping[str, Source]) -> None:
    found = read("export", archive)
    assert [row for page in found.pages for row in sources["export"].parse(page)] == found.rows
    bodies = [next(csv.reader(io.StringIO(page.body.decode()))) for page in found.pages if page.body]
    assert [",".join(header) for header in bodies] == list(HEADERS.values())


def test_names_and_texts_of_others_stay_in_the_archive(archive: Path, read: Reader) -> None:
    shown = repr(read("export", archive).rows)
    assert not any(text in shown for text in ("Sandvik", "quartet", "Cremona", "Lagos"))

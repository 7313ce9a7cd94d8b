"""Dumps of comments: whose they are, what is received, and what becomes of broken ones."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from kleos.contract import Context, Flaw, Interaction, Page, Source
from kleos.errors import ExportError, ParseError
from kleos.files import open_export
from kleos_youtube.dumps import fetching

Read = Callable[..., Any]
BO, CY = "UCbo-bo-bo-bo-bo-bo-bo-b", "UCcy-cy-cy-cy-cy-cy-cy-c"
FIRST = {"comment": 23, "reply": 2}


def info(ada: str, comments: list[Any], **keys: Any) -> dict[str, Any]:
    """A small info.json; keys are replaced or added."""
    whole = {
        "id": "vid-one-001",
        "channel_id": ada,
        "uploader_id": "@ada",
        "extractor_key": "Youtube",
        "_type": "video",
        "epoch": 1_771_000_000,
    }
    return {**whole, "comments": comments, "thumbnail": "https://i.ytimg.com/vi/x.webp"} | keys


def comment(id_: str, who: str | None, **keys: Any) -> dict[str, Any]:
    return {"id": id_, "parent": "root", "author_id": who, "timestamp": 1_770_000_000, "like_count": 0, "text": "…"} | keys


@pytest.fixture
def dump(tmp_path: Path, ada: str, read: Read) -> Read:
    """Read an info.json of these comments."""

    def run(comments: list[Any], **keys: Any) -> Any:
        path = tmp_path / "v.info.json"
        path.write_text(json.dumps(info(ada, comments, **keys)), encoding="utf-8")
        return read("comments", path)

    return run


def test_the_samples_of_yt_dlp_hold_what_was_put_into_them(samples: Path, read: Read, ada: str) -> None:
    found = read("comments", samples / "yt-dlp")
    assert found.error is None
    assert not found.flaws
    assert found.received() == FIRST
    assert found.totals["view", ada, "k1lnOpen_26"] == 12_873
    assert found.totals["like", ada, "gl4zeTest-B"] == 288
    own = {item: total for (kind, subject, item), total in found.totals.items() if kind == "like" and subject == ada}
    assert sorted(own.values()) == [1, 5, 23, 288, 642]
    assert [(profile.handle, profile.audience) for profile in found.profiles] == [("adamuster", 1840)] * 2


def test_a_comment_whose_author_is_gone_has_no_actor(samples: Path, read: Read) -> None:
    found = read("comments", samples / "yt-dlp")
    assert sum(actor is None for _, _, actor, *_ in found.reactions) == 1


def test_youtube_comment_downloader_needs_to_be_told_the_channel(samples: Path, read: Read, ada: str) -> None:
    untold = read("comments", samples / "comment-downloader")
    assert untold.pages == []
    assert "nothing in the dump says whose video" in untold.error.message
    assert 'channel = "UC…"' in untold.error.hint
    found = read("comments", samples / "comment-downloader", channel=ada)
    assert found.received() == {"comment": 4, "reply": 1}
    assert {item for kind, _, _, item, *_ in found.reactions if kind == "comment"} == {"wheelShort3"}
    assert sorted(found.totals.values()) == [3, 31]
    renamed = read("comments", samples / "comment-downloader", channel=ada, video="another-vid")
    assert {item for kind, _, _, item, *_ in renamed.reactions if kind == "comment"} == {"another-vid"}


@pytest.mark.parametrize("name", ["my-comments.jsonl", "comments.jsonl"])
def test_a_file_that_is_not_named_by_a_video_needs_to_be_told_the_video_too(
    name: str, tmp_path: Path, samples: Path, read: Read, ada: str
) -> None:
    (tmp_path / name).write_bytes((samples / "comment-downloader/wheelShort3.json").read_bytes())
    assert "whose video" in read("comments", tmp_path / name, channel=ada).error.message
    assert read("comments", tmp_path / name, channel=ada, video="wheelShort3").received() == {"comment": 4, "reply": 1}


def test_answers_of_the_api_that_somebody_saved_are_read_too(samples: Path, read: Read, ada: str) -> None:
    found = read("comments", samples / "data-api")
    assert found.received() == {"comment": 3, "reply": 1}
    assert found.totals["view", ada, "k1lnOpen_26"] == 12_990
    assert sorted(profile.audience for profile in found.profiles) == [4, 1_840, 20_400]


def test_an_answer_to_the_owner_is_a_reply_and_every_other_one_a_comment_on_the_video(dump: Read, ada: str) -> None:
    found = dump(
        [
            comment("Ug1", BO),
            comment("Ug1.a", CY, parent="Ug1"),
            comment("Ug1.b", ada, parent="Ug1"),
            comment("Ug1.c", BO, parent="Ug1"),
            comment("Ug2", None, author_is_uploader=True),
            comment("Ug2.a", CY, parent="Ug2"),
            comment("Ug2.b", ada, parent="Ug2"),
        ]
    )
    assert {(kind, subject, actor, item, id_) for kind, subject, actor, item, _, id_ in found.reactions} == {
        ("comment", ada, BO, "vid-one-001", "Ug1"),
        ("comment", ada, CY, "vid-one-001", "Ug1.a"),
        ("comment", ada, BO, "vid-one-001", "Ug1.c"),
        ("reply", ada, CY, "Ug2", "Ug2.a"),
    }


def test_only_the_owner_of_the_video_receives(samples: Path, read: Read, ada: str) -> None:
    found = read("comments", samples / "yt-dlp")
    assert {subject for _, subject, *_ in found.reactions} | {subject for _, subject, _ in found.totals} == {ada}


def test_the_owner_is_known_by_handle_where_a_comment_has_no_id(dump: Read) -> None:
    found = dump([comment("Ug1", None, author="@ada"), comment("Ug2", None, author="@bo"), comment("Ug3", None, author="Bo")])
    assert [(actor, id_) for _, _, actor, _, _, id_ in found.reactions] == [("@bo", "Ug2"), (None, "Ug3")]


def test_a_dump_and_the_api_tell_the_same_reaction_by_the_same_kind_and_id(dump: Read, read: Read, tmp_path: Path, ada: str) -> None:
    by_dump = dump([comment("Ug1", BO), comment("Ug1.a", CY, parent="Ug1"), comment("Ug2", ada), comment("Ug2.a", CY, parent="Ug2")])

    def saved(id_: str, author: str) -> dict[str, Any]:
        snippet = {"authorChannelId": {"value": author}, "videoId": "vid-one-001", "publishedAt": "2026-02-02T02:40:00Z"}
        return {"id": id_, "snippet": snippet}

    threads = [
        {"snippet": {"channelId": ada, "topLevelComment": saved(id_, author)}, "replies": {"comments": [saved(f"{id_}.a", CY)]}}
        for id_, author in (("Ug1", BO), ("Ug2", ada))
    ]
    path = tmp_path / "page.json"
    path.write_text(json.dumps({"kind": "youtube#commentThreadListResponse", "items": threads}))
    assert read("comments", path).distinct == by_dump.distinct


def test_counts_are_dated_by_the_dump_else_by_its_newest_comment(dump: Read) -> None:
    assert {row.captured for row in dump([], view_count=7).rows[1:]} == {datetime(2026, 2, 13, 16, 26, 40, tzinfo=UTC)}
    assert dump([comment("Ug1", BO)], view_count=7, epoch=None).rows[-1].captured == datetime(2026, 2, 2, 2, 40, tzinfo=UTC)
    assert dump([], view_count=7, epoch=None, upload_date="20260103").rows[-1].captured == datetime(2026, 1, 3, tzinfo=UTC)
    undated = dump([], view_count=7, epoch=None)
    assert [flaw.reason for flaw in undated.flaws] == ["nothing says when the counts were taken: they are left out"]


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ({"timestamp": 1e300}, "a comment without a sensible time"),
        ({"timestamp": -62135596800}, "a comment without a sensible time"),
        ({"like_count": -3}, "likes that are not a sensible number"),
        ({"like_count": "many"}, "likes that are not a sensible number"),
    ],
)
def test_an_absurd_value_is_told_and_the_comment_kept(keys: dict[str, Any], reason: str, dump: Read) -> None:
    found = dump([comment("Ug1", BO, **keys)])
    assert [flaw.reason for flaw in found.flaws] == [reason]
    assert len(found.reactions) == 1
    assert not any(kind == "like" for kind, *_ in found.totals)


def test_one_bad_comment_costs_only_itself(dump: Read) -> None:
    found = dump([comment("Ug1", BO), 7, {"id": 7}, comment("", CY), comment("Ug2", CY, timestamp="soon"), comment("Ug3", CY)])
    assert [id_ for *_, id_ in found.reactions] == ["Ug1", "Ug3"]
    assert Counter(flaw.reason for flaw in found.flaws) == {
        "a comment whose fields have an unexpected type, or that breaks off": 3,
        "a comment without an id": 1,
    }


@pytest.mark.parametrize("value", ["--", "", None])
def test_a_hidden_count_is_missing_and_not_zero(value: str | None, dump: Read) -> None:
    found = dump([], view_count=value, like_count=0)
    assert {kind for kind, *_ in found.totals} == {"like"}
    assert not found.flaws


def test_a_video_of_another_site_is_refused(dump: Read) -> None:
    found = dump([], extractor_key="Vimeo")
    assert "another site" in found.error.message
    assert found.pages == []


def test_the_info_of_a_channel_tells_only_its_audience(dump: Read) -> None:
    found = dump([], _type="playlist", id="UUsome", channel_follower_count=1840, view_count=99)
    assert [(profile.handle, profile.audience) for profile in found.profiles] == [("ada", 1840)]
    assert not found.totals
    assert found.error is None


def test_a_zip_a_folder_and_a_gzipped_file_give_the_same(samples: Path, tmp_path: Path, read: Read) -> None:
    folder = read("comments", samples / "yt-dlp")
    with zipfile.ZipFile(tmp_path / "dumps.zip", "w") as target:
        for file in (samples / "yt-dlp").iterdir():
            target.write(file, f"top/{file.name}")
            (tmp_path / f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes()))
    assert read("comments", tmp_path / "dumps.zip").rows == folder.rows
    assert read("comments", sorted(tmp_path.glob("*.gz"))).rows == folder.rows


@pytest.mark.parametrize("size", [300, 2_000, 1 << 20])
def test_a_large_dump_is_cut_into_pages_and_nothing_is_lost(size: int, samples: Path, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = read("comments", samples / "yt-dlp")
    monkeypatch.setattr(fetching, "_WHOLE", 1000)
    monkeypatch.setattr(fetching, "_PART", size)
    cut = read("comments", samples / "yt-dlp")
    assert len(cut.pages) > len(whole.pages)
    assert max(len(page.body) for page in cut.pages) < size + 3_000
    assert Counter(cut.reactions) == Counter(whole.reactions)
    assert cut.totals == whole.totals


@pytest.mark.parametrize("large", [False, True])
def test_a_dump_that_breaks_off_keeps_its_whole_comments(
    *, large: bool, samples: Path, tmp_path: Path, read: Read, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if large:
        monkeypatch.setattr(fetching, "_WHOLE", 100)
    body = next((samples / "yt-dlp").glob("The kiln*")).read_bytes()
    path = tmp_path / "v.info.json"
    path.write_bytes(body[: body.index(b'"comment_count"') + 6_000])
    found = read("comments", path)
    assert "is cut off" in found.error.message
    assert 5 < found.received()["comment"] < 12
    assert ("view", ada, "k1lnOpen_26") in found.totals
    path.write_bytes(body[: body.rindex(b'"epoch"') + 3])
    assert read("comments", path).received() == {"comment": 12, "reply": 2}
    path.write_bytes(body[:300])
    assert "is cut off" in read("comments", path).error.message


def test_bare_arrays_and_pretty_printed_dumps_are_read(samples: Path, tmp_path: Path, read: Read, ada: str) -> None:
    lines = [json.loads(line) for line in (samples / "comment-downloader/wheelShort3.json").read_text(encoding="utf-8").splitlines()]
    (tmp_path / "array.json").write_text(json.dumps(lines))
    (tmp_path / "pretty.json").write_text(json.dumps({"comments": lines}, indent=4))
    for name in ("array.json", "pretty.json"):
        found = read("comments", tmp_path / name, channel=ada, video="wheelShort3")
        assert found.received() == {"comment": 4, "reply": 1}, name
        assert read("comments", tmp_path / name).error is not None


def test_replies_find_what_they_answer_across_pages(
    samples: Path, read: Read, ada: str, context: Context, sources: Mapping[str, Source]
) -> None:
    path = samples / "comment-downloader/wheelShort3.json"
    lines = path.read_bytes().splitlines(keepends=True)

    class Lines:
        where, names = "wheelShort3.json", ("wheelShort3.json",)

        def open(self, name: str) -> Any:
            return path.open("rb")

        def chunks(self, name: str) -> Any:
            return iter(lines)

    here = evolve(context, open_export=lambda _: Lines())
    settings = sources["comments"].settings(path=(path,), channel=ada)
    pages = list(sources["comments"].fetch(settings, None, here))
    assert len(pages) == len(lines)
    rows = [row for page in pages for row in sources["comments"].parse(page)]
    kinds = Counter(kind for row in rows if hasattr(row, "kind") and not isinstance(row.kind, str) for kind in row.kind)
    assert kinds == Counter(kind for kind, *_ in read("comments", path, channel=ada).reactions)


def test_a_broken_line_costs_only_itself(samples: Path, tmp_path: Path, read: Read, ada: str) -> None:
    path = tmp_path / "wheelShort3.json"
    path.write_bytes((samples / "comment-downloader/wheelShort3.json").read_bytes()[:-40])
    found = read("comments", path, channel=ada)
    assert found.received() == {"comment": 4}
    assert len(found.flaws) == 1


def test_other_files_are_refused_and_the_rest_is_read(samples: Path, tmp_path: Path, read: Read) -> None:
    for file in (samples / "yt-dlp").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "a.live_chat.json").write_text('{"replayChatItemAction": {}}\n')
    (tmp_path / "b.json").write_text('{"hello": 1}')
    (tmp_path / "c.json").write_text("not json")
    found = read("comments", tmp_path)
    assert found.received() == FIRST
    assert "expected comments as yt-dlp" in found.error.message
    assert "(and 1 more dumps have problems)" in found.error.message
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "a.txt").write_text("x")
    (empty / "b.txt").write_text("x")
    assert "found none" in read("comments", empty).error.message


def test_an_interrupted_run_hands_on_no_more_pages(samples: Path, read: Read, context: Context) -> None:
    context.stop.set()
    assert read("comments", samples / "yt-dlp").pages == []


def test_dumps_are_recognised_and_other_files_are_not(samples: Path, tmp_path: Path, sources: Mapping[str, Source]) -> None:
    for folder, sure in (("yt-dlp", 0.9), ("comment-downloader", 0.9), ("data-api", 0.9), ("takeout", 0.0)):
        with open_export(samples / folder) as export:
            assert sources["comments"].recognise(export) == sure, folder
    for name, content in (("tweets.json", '[{"id_str": "1"}]'), ("x.info.json", '{"extractor_key": "Vimeo"}'), ("y.jsonl", '{"id": 1}\n')):
        (tmp_path / name).write_text(content)
        with open_export(tmp_path / name) as export:
            assert sources["comments"].recognise(export) == 0.0, name


def test_a_list_of_the_api_that_holds_no_reactions_is_refused(sources: Mapping[str, Source]) -> None:
    body = b'{"kind": "youtube#subscriptionListResponse", "items": []}'
    page = Page(network="youtube", source="comments", where="p", owner=None, captured=None, body=body, context={"shape": "answer"})
    with pytest.raises(ParseError, match="another list"):
        list(sources["comments"].parse(page))


def test_nothing_of_what_people_wrote_or_are_called_is_handed_on(samples: Path, read: Read) -> None:
    rows = read("comments", samples / "yt-dlp").rows
    assert not any(isinstance(row, Interaction | Flaw) for row in rows)
    assert "thank you" not in repr(rows).lower()
    assert "kiln.kid" not in repr(rows)


def test_a_channel_must_be_an_id(sources: Mapping[str, Source]) -> None:
    with pytest.raises(ValueError, match="UC and 22 more"):
        sources["comments"].settings(path=(Path("x"),), channel="@ada")


def test_an_export_that_cannot_be_read_is_told_once_the_others_are_given(samples: Path, tmp_path: Path, read: Read) -> None:
    (tmp_path / "v.info.json.gz").write_bytes(b"\x1f\x8bnot really")
    found = read("comments", [tmp_path / "v.info.json.gz", *sorted((samples / "yt-dlp").iterdir())])
    assert isinstance(found.error, ExportError)
    assert found.received() == FIRST

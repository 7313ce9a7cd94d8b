"""Exports, from the files to the rows."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from kleos.contract import Context, Owner, Page, Source
from kleos.errors import ParseError
from kleos.files import open_export

Run = Callable[..., Any]
Write = Callable[[Mapping[str, Any]], Path]

AT = 1_600_000_000
GENERATIONS = {
    "export-2019": {"comment": 2, "wall_post": 2, "poke": 1, "friend_request": 1},
    "export-2021": {"comment": 2, "wall_post": 5, "poke": 1, "follow": 1, "friend_request": 1},
    "export-2026": {"comment": 15, "poke": 2, "follow": 2, "friend_request": 1},
}
PHOTO = {
    "uri": "photos_and_videos/A_x/77_n.jpg",
    "creation_timestamp": AT,
    "comments": [{"timestamp": AT + 60, "author": "Ann", "comment": "…"}],
}


def micros(written: str) -> int:
    return int(datetime.fromisoformat(written).replace(tzinfo=UTC).timestamp()) * 1_000_000


@pytest.mark.parametrize("name", GENERATIONS)
def test_every_generation_of_folders_is_read(name: str, samples: Path, read: Run) -> None:
    found = read(samples / name)
    assert found.error is None
    assert not found.flaws
    assert found.kinds == GENERATIONS[name]


@pytest.mark.parametrize("name", GENERATIONS)
def test_a_zip_with_a_folder_of_its_own_gives_the_same(name: str, samples: Path, read: Run, tmp_path: Path) -> None:
    path = tmp_path / "facebook-cleo.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted((samples / name).rglob("*.json")):
            archive.write(file, f"facebook-cleo/{file.relative_to(samples / name)}".replace("'", "_"))
    assert read(path).distinct == read(samples / name).distinct


def test_the_parts_of_a_split_zip_are_one_export(samples: Path, read: Run, tmp_path: Path) -> None:
    root = samples / "export-2026"
    parts = (tmp_path / "facebook-cleo-1.zip", tmp_path / "facebook-cleo-2.zip")
    for number, part in enumerate(parts):
        with zipfile.ZipFile(part, "w") as archive:
            for file in sorted(root.rglob("*.json"))[number::2]:
                archive.write(file, str(file.relative_to(root)))
    assert read(parts).distinct == read(root).distinct


def test_a_comment_has_its_author_photo_and_times(samples: Path, read: Run) -> None:
    found = {(actor, time): (kind, subject, item) for kind, subject, actor, item, time, _ in read(samples / "export-2026").reactions}
    assert found["José Núñez", micros("2026-09-05 10:40:55")] == ("comment", "cleo.mara.ceramics", "412000000000001_n")
    assert found["山田 花子", micros("2026-10-03 08:00:00")] == ("comment", "cleo.mara.ceramics", "412000000000002_n")
    assert found["Ines Duarte", micros("2026-10-21 09:00:00")] == ("comment", "cleo.mara.ceramics", "album: Glazes")


def test_nothing_that_the_owner_gave_is_read(samples: Path, read: Run) -> None:
    for name in GENERATIONS:
        found = read(samples / name)
        assert not {"Cleo Mara", "Cleo Amaro"} & {actor for _, _, actor, *_ in found.reactions}
        given = ("likes_and_reactions", "posts_and_comments", "comments.json", "notifications")
        assert not any(part in page.where for page in found.pages for part in given)
        assert "reaction" not in found.kinds


def test_what_two_generations_of_exports_tell_of_one_photo_is_one(write: Write, read: Run) -> None:
    later = PHOTO | {"uri": "your_facebook_activity/posts/media/A_x/77_n.jpg"}
    album = {"name": "A", "cover_photo": PHOTO, "last_modified_timestamp": AT}
    path = write(
        {
            "photos_and_videos/album/0.json": album | {"photos": [PHOTO]},
            "your_facebook_activity/posts/album/0.json": album | {"photos": [later], "cover_photo": later},
            "posts/your_posts_1.json": [{"timestamp": AT, "attachments": [{"data": [{"media": PHOTO}, {"place": {"name": "Here"}}]}]}],
        }
    )
    found = read(path)
    assert len(found.pages) == len(found.reactions) == 3
    assert found.distinct == {("comment", "Cleo Mara", "Ann", "77_n", (AT + 60) * 1_000_000, None)}


def test_a_cover_that_is_none_of_the_photos_is_read(write: Write, read: Run) -> None:
    found = read(write({"posts/album/3.json": {"name": "A", "photos": [], "cover_photo": PHOTO}}))
    assert found.kinds == {"comment": 1}


def test_a_comment_of_an_account_that_is_gone_counts_without_a_name(write: Write, read: Run) -> None:
    photo = PHOTO | {"comments": [{"timestamp": AT, "comment": "…"}, {"timestamp": AT, "author": ""}]}
    found = read(write({"posts/album/3.json": {"photos": [photo]}}))
    assert [actor for _, _, actor, *_ in found.reactions] == [None, None]
    assert not found.flaws


@pytest.mark.parametrize("lists", [lambda posts: posts, lambda posts: {"activity_log_data": posts}])
@pytest.mark.parametrize("wrapped", [True, False])
def test_wall_posts_stand_in_lists_of_several_shapes(lists: Callable[..., Any], wrapped: bool, write: Write, read: Run) -> None:
    held = lists([{"timestamp": AT, "title": "Ann Bo wrote on your timeline.", "data": [{"post": "…"}]}])
    found = read(write({"posts/other_people's_posts_to_your_timeline.json": {"wall_posts_sent_to_you": held} if wrapped else held}))
    assert found.distinct == {("wall_post", "Cleo Mara", "Ann Bo", None, AT * 1_000_000, None)}


def test_former_friends_tell_the_language_too(write: Write, read: Run) -> None:
    titles = ["Zoë Ång a écrit sur votre journal.", "Luc Petit a écrit sur votre journal.", "Cleo Mara a écrit sur votre journal."]
    posts = [{"timestamp": AT, "title": title.encode().decode("latin-1")} for title in titles]
    friends = [{"name": "Zoë Ång".encode().decode("latin-1"), "timestamp": AT}]
    path = write(
        {
            "posts/other_people's_posts_to_your_timeline.json": {"wall_posts_sent_to_you": posts},
            "friends_and_followers/removed_friends.json": {"deleted_friends_v2": friends},
        }
    )  # fmt: skip
    assert {actor for _, _, actor, *_ in read(path).reactions} == {"Zoë Ång", "Luc Petit"}


@pytest.mark.parametrize("held", [{"pokes": [0]}, {"pokes_v2": [0]}, {"pokes_v2": {"data": [0]}}, [0]])
def test_pokes_stand_under_keys_of_every_age(held: Any, write: Write, read: Run) -> None:
    poke = {"poker": "Ann", "pokee": "Cleo Mara", "rank": 1, "timestamp": AT}
    found = read(write({"other_activity/pokes.json": json.loads(json.dumps(held).replace("0", json.dumps(poke)))}))
    assert found.distinct == {("poke", "Cleo Mara", "Ann", None, AT * 1_000_000, None)}


def test_only_pokes_of_the_owner_are_received(write: Write, read: Run) -> None:
    pokes = [
        {"poker": "Cleo Mara", "pokee": "Ann", "timestamp": AT},
        {"poker": "Ann", "pokee": "Bob", "timestamp": AT},
        {"pokee": "Cleo Mara", "timestamp": AT},
        {"poker": "Ann", "pokee": "cleo mara", "timestamp": AT},
    ]
    found = read(write({"other_activity/pokes.json": {"pokes": pokes}}))
    assert found.kinds == {"poke": 1}
    assert [flaw.where for flaw in found.flaws] == ["pokes.json: record 2", "pokes.json: record 3"]
    assert "former names" in found.flaws[0].reason


def test_a_former_name_is_the_owner(write: Write, read: Run) -> None:
    path = write({"other_activity/pokes.json": [{"poker": "Ann", "pokee": "Cleo Amaro", "timestamp": AT}]})
    found = read(path, Owner(handles=["cleo"], names=["Cleo Mara", "Cleo Amaro"]))
    assert found.distinct == {("poke", "cleo", "Ann", None, AT * 1_000_000, None)}


def test_the_newest_shape_is_told_and_left_out(write: Write, read: Run) -> None:
    record = {"timestamp": AT, "media": [], "label_values": [{"label": "Nom", "value": "Ann"}], "fbid": "1"}
    found = read(write({"connections/followers/people_who_followed_you.json": [record, {"name": "Bo", "timestamp": AT}]}))
    assert found.kinds == {"follow": 1}
    (flaw,) = found.flaws
    assert "generic shape" in flaw.reason


@pytest.mark.parametrize(
    ("name", "held", "reason"),
    [
        ("posts/album/0.json", {"photos": [7, PHOTO]}, "a photo whose fields have an unexpected type"),
        ("posts/album/0.json", {"photos": [PHOTO | {"comments": [7]}, PHOTO]}, "a comment whose fields have an unexpected type"),
        ("posts/your_videos.json", {"videos_v2": [PHOTO | {"creation_timestamp": 12}]}, "a photo without a sensible time"),
        ("posts/your_posts_1.json", [{"attachments": "comments"}, {"attachments": [{"data": [{"media": PHOTO}]}]}], "a post whose"),
        ("friends/received_friend_requests.json", {"a": [{"name": 7}, {"name": "Bo"}]}, "a record whose fields have an unexpected type"),
        ("friends/received_friend_requests.json", {"a": [{"name": ""}, {"name": "Bo"}]}, "a friend request without a name"),
    ],
)  # fmt: skip
def test_one_bad_record_costs_only_itself(name: str, held: Any, reason: str, write: Write, read: Run) -> None:
    found = read(write({name: json.loads(json.dumps(held).replace('data": "comments"', 'data": [{"comments": 1, "media": 7}]'))}))
    assert found.error is None
    assert len(found.reactions) == 1
    (flaw,) = found.flaws
    assert reason in flaw.reason


@pytest.mark.parametrize("large", [True, False])
def test_a_file_that_breaks_off_is_told_once_all_others_are_given(large: bool, write: Write, read: Run) -> None:
    photos = [PHOTO] * (20_000 if large else 1)
    body = json.dumps({"name": "A", "photos": photos, "comments": []}).encode()
    path = write({"posts/album/0.json": body[:-10] if large else body, "posts/album/1.json": {"photos": [PHOTO]}})
    found = read(path)
    assert found.kinds == {"comment": 1}
    assert len(found.reactions) == len(photos) + 1
    if large:
        assert "is cut off" in found.error.message
        assert "album/0.json" in found.error.where


def test_a_large_object_gives_what_a_small_one_does(write: Write, read: Run) -> None:
    pad = "x" * 3_000
    photos = [PHOTO | {"uri": f"a/{number}_n.jpg", "description": pad} for number in range(800)]
    comment = {"timestamp": AT, "author": "Album Fan", "comment": "…"}
    path = write({"posts/album/0.json": {"name": "A", "photos": photos, "cover_photo": photos[3], "comments": [comment]}})
    found = read(path)
    assert len(found.pages) > 2
    assert Counter(actor for _, _, actor, *_ in found.distinct) == {"Ann": 800, "Album Fan": 1}
    assert ("comment", "Cleo Mara", "Album Fan", "album: A", AT * 1_000_000, None) in found.distinct


def test_a_broken_small_file_is_one_fault(write: Write, sources: Mapping[str, Source], read: Run) -> None:
    with pytest.raises(ParseError, match="breaks off"):
        read(write({"posts/album/0.json": b'{"photos": [{"comments": '}))


def test_photos_without_comments_are_not_even_parsed(write: Write, read: Run) -> None:
    found = read(write({"posts/album/0.json": {"photos": [{"uri": "a.jpg"}]}, "other_activity/pokes.json": {"pokes": []}}))
    assert [page.where.rpartition("/")[2] for page in found.pages] == ["pokes.json"]


def test_an_export_in_html_is_told_as_one(write: Write, read: Run) -> None:
    found = read(write({"your_facebook_activity/posts/your_posts_1.html": b"<html>"}))
    assert "found an export in HTML" in found.error.message
    assert "in the format JSON" in found.error.hint


def test_a_folder_of_something_else_is_told(write: Write, read: Run) -> None:
    assert "found no album" in read(write({"a.json": [1]})).error.message


def test_an_interrupted_run_ends_after_the_page_at_hand(samples: Path, context: Context, sources: Mapping[str, Source]) -> None:
    source = sources["export"]
    pages = source.fetch(source.settings(path=samples / "export-2026"), Owner(names=["Cleo Mara"]), context)
    next(iter(pages))
    context.stop.set()
    assert list(pages) == []


@pytest.mark.parametrize("context", [None, {}, {"holds": "comments"}, {"holds": ["wall"]}, {"holds": "friends"}])
def test_a_page_of_what_was_given_is_refused(context: Any, sources: Mapping[str, Source]) -> None:
    page = Page(network="facebook", source="export", where="x", owner=Owner(names=["C"]), captured=None, body=b"[]", context=context)
    with pytest.raises(ParseError, match="expected a file of an export"):
        list(sources["export"].parse(page))


def test_a_page_of_nobody_is_refused(samples: Path, read: Run, sources: Mapping[str, Source]) -> None:
    page = read(samples / "export-2026").pages[0]
    for owner in (None, Owner()):
        with pytest.raises(ParseError, match="whose export"):
            list(sources["export"].parse(evolve(page, owner=owner)))


# Whose it is


def address(uri: str) -> dict[str, Any]:
    return {"profile_v2": {"name": {"full_name": "A"}, "profile_uri": uri}}


def owners(path: Path, sources: Mapping[str, Source]) -> list[tuple[tuple[str, ...], ...]]:
    with open_export(path) as export:
        return [(tuple(one.ids), tuple(one.handles), tuple(one.names)) for one in sources["export"].owners(export)]


@pytest.mark.parametrize(
    ("profile", "found"),
    [
        ({"profile": {"name": "Zo\u00c3\u00ab"}}, [((), (), ("Zoë",))]),
        ({"profile": {"name": {"full_name": "Zoë"}}}, [((), (), ("Zoë",))]),
        ({"profile_v2": {"name": "A", "previous_names": [{"name": "B"}], "other_names": ["C", 7]}}, [((), (), ("A", "B", "C"))]),
        (address("https://www.facebook.com/a.b"), [((), ("a.b",), ("A",))]),
        (address("https://www.facebook.com/profile.php?id=100"), [(("100",), (), ("A",))]),
        (address("https://www.facebook.com/100"), [(("100",), (), ("A",))]),
        (address("https://evil.example/a.b"), [((), (), ("A",))]),
        (address("https://["), [((), (), ("A",))]),
        (address("https://www.facebook.com/people/a/1"), [((), (), ("A",))]),
        ({"profile_user": [{"title": ""}]}, []),
        ({"profile_v2": {"name": {"full_name": ""}}}, []),
        ([], []),
        (b"{", []),
    ],
)  # fmt: skip
def test_the_profile_says_whose_it_is(profile: Any, found: Any, write: Write, sources: Mapping[str, Source]) -> None:
    assert owners(write({"profile_information/profile_information.json": profile}), sources) == found


def test_without_a_profile_what_was_given_says_it(write: Write, sources: Mapping[str, Source]) -> None:
    given = [{"data": [{"reaction": {"actor": name}}]} for name in ("Zo\u00c3\u00ab", "Ann", "Zo\u00c3\u00ab")]
    assert owners(write({"likes_and_reactions/posts_and_comments.json": {"reactions": given}}), sources) == [((), (), ("Zoë",))]
    assert owners(write({"likes_and_reactions/posts_and_comments.json": b'{"actor": "\\ud800"} "author": "B"'}), sources) == [
        ((), (), ("B",))
    ]


def test_an_export_that_says_nothing_has_no_owner(write: Write, sources: Mapping[str, Source]) -> None:
    assert owners(write({"other_activity/pokes.json": {"pokes": []}}), sources) == []


@pytest.mark.parametrize(
    ("files", "least", "most"),
    [
        ({"profile_information/profile_information.json": {"profile": {"name": "Zoë"}}}, 1, 1),
        ({"your_facebook_activity/messages/inbox/x/message_1.json": {}, "x/a.json": []}, 0.9, 0.9),
        ({"this_profile's_activity_across_facebook/posts/a.json": {}, "x/a.json": []}, 0.9, 0.9),
        ({"photos_and_videos/album/0.json": {"name": "Bilder", "photos": []}}, 0.7, 0.7),
        ({"other_activity/pokes.json": {"pokes": [{"poker": "Ann"}]}}, 0.7, 0.7),
        ({"your_facebook_activity/posts/your_posts.html": b"<html>", "x/a.html": b"<html>"}, 0.1, 0.5),
        ({"photos_and_videos/album/0.json": b"<html>"}, 0, 0),
        ({"data/tweets.js": b"window.YTD = []"}, 0, 0),
        ({"your_instagram_activity/likes/liked_posts.json": {}, "connections/followers_and_following/followers_1.json": []}, 0, 0),
        ({"personal_information/personal_information/personal_information.json": {"profile_user": []}}, 0, 0),
    ],
)
def test_exports_are_told_from_others(files: Any, least: float, most: float, write: Write, sources: Mapping[str, Source]) -> None:
    with open_export(write(files)) as export:
        assert least <= sources["export"].recognise(export) <= most

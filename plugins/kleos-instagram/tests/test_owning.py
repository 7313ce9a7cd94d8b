"""Whose an export is, in every language and age, and what is an export of Instagram at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from kleos.contract import Owner, Source
from kleos.files import open_export

PERSON = "personal_information/personal_information/personal_information.json"


@pytest.fixture
def looked_at(tmp_path: Path, sources: Mapping[str, Source]) -> Callable[..., tuple[float, tuple[Owner, ...]]]:
    """How sure, and whose: of an export with these files."""

    def run(files: Mapping[str, Any], name: str = "export") -> tuple[float, tuple[Owner, ...]]:
        for file, content in files.items():
            (tmp_path / name / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / file).write_text(content if isinstance(content, str) else json.dumps(content))
        with open_export(tmp_path / name) as export:
            return sources["export"].recognise(export), tuple(sources["export"].owners(export))

    return run


def person(**labels: str) -> dict[str, Any]:
    broken = {label.encode().decode("latin-1"): {"href": "", "value": value.encode().decode("latin-1")} for label, value in labels.items()}
    return {"profile_user": [{"title": "", "media_map_data": {}, "string_map_data": broken}]}


def test_the_samples_say_whose_they_are(samples: Path, sources: Mapping[str, Source]) -> None:
    found = {}
    for folder in samples.iterdir():
        with open_export(folder) as export:
            assert sources["export"].recognise(export) == 1.0
            (found[folder.name[:3]],) = sources["export"].owners(export)
    assert found["ins"] == Owner(handles=["ada.quill.makes", "ada_draws"], names=["Ada Quill ✒"])
    assert found["bob"] == Owner(handles=["bob.fettles.bikes"], names=["Bob Fettle"])


@pytest.mark.parametrize(
    "label", ["Username", "Benutzername", "Nom d’utilisateur", "Nome de usuário", "ユーザーネーム", "Имя пользователя", "Kullanıcı Adı"]
)
def test_the_user_name_is_found_in_any_language(label: str, looked_at: Any) -> None:
    sure, (owner,) = looked_at({PERSON: person(**{"E-Mail": "zoe@example.org", label: "zoe.x", "Bio": "zoe_y"})})
    assert sure == 1.0
    assert owner.handles == ("zoe.x",)


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("instagram-zoe.x_-2026-01-02-AbC123", "zoe.x_"),
        ("instagram-zoe.x_-2026-01-02-AbC123 (1)", "zoe.x_"),
        ("zoe.x__20210801", "zoe.x_"),
        ("zoe_20210801_part_2", "zoe"),
        ("export", None),
        ("instagram-zoe-2026-01-02", None),
        ("instagram-zoe.x-2026-01-02-AbC123/part", "zoe.x"),
        ("zoe_20210801/part", None),
    ],
)
def test_the_name_that_instagram_gave_it_tells_where_nothing_else_does(name: str, handle: str | None, looked_at: Any) -> None:
    sure, owners = looked_at({"followers_and_following/followers_1.json": [{"string_list_data": []}]}, name)
    assert sure == 0.9
    assert [owner.handles for owner in owners] == ([(handle,)] if handle else [])


def test_former_user_names_are_told_by_the_changes(looked_at: Any) -> None:
    def change(what: str, old: str, new: str) -> dict[str, Any]:
        return {"string_map_data": {"Geändert": {"value": what}, "Alt": {"value": old}, "Neu": {"value": new}, "Am": {"timestamp": 1}}}

    rows = [change("Benutzername", "zoe_old", "zoe"), change("Name", "Zo", "Zoe"), change("Bio", "a_b", "c_d")]
    _, (owner,) = looked_at({PERSON: person(Username="zoe"), "profile_changes.json": {"profile_profile_change": rows}})
    assert owner.handles == ("zoe", "zoe_old")


@pytest.mark.parametrize(
    "files",
    [
        {"tweets.js": "window.YTD = []", "a.json": "[]", "b.json": "{", "c.json": '{"items": [', "d.json": ""},
        {"messages/inbox/x/message_1.json": '{"relationships_followers": ['},
        {"your_instagram_activity/threads/followers.json": {"text_post_app_text_post_app_followers": []}, "threads/followers_1.json": [{}]},
        {"organic.json": {"organic_insights_audience": [{}]}, "liked_posts.json": {"likes_media_likes": [{}]}},
        {"following.json": {"relationships_following": [{}]}, "x_followers.json": [{}]},
    ],
)
def test_other_files_are_not_taken_for_it(files: Mapping[str, Any], looked_at: Any) -> None:
    assert looked_at(files) == (0.0, ())


def test_a_broken_file_about_the_person_says_nothing(looked_at: Any) -> None:
    assert looked_at({PERSON: '{"profile_user": [{"string_map_data": {"Username": {"value": "zo'}) == (1.0, ())

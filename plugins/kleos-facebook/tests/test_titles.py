"""Who wrote on the timeline, in whatever language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kleos_facebook.export.titles import frames_of, name_in

FRIENDS = {"Zoë Ångström", "Bob Fettle", "Bob", "Ann Bob Fettle"}


@pytest.mark.parametrize(
    ("of_friend", "of_other", "name"),
    [
        ("Bob Fettle wrote on your timeline.", "Otto Former wrote on your timeline.", "Otto Former"),
        ("Zoë Ångström hat in deine Chronik geschrieben.", "Ute Kern hat in deine Chronik geschrieben.", "Ute Kern"),
        ("Bob Fettleさんがあなたのタイムラインに投稿しました。", "山田 花子さんがあなたのタイムラインに投稿しました。", "山田 花子"),
        ("نشر Bob Fettle في يومياتك.", "نشر ليلى حداد في يومياتك.", "ليلى حداد"),
    ],
)
def test_what_stands_where_a_friend_stands_is_a_name(of_friend: str, of_other: str, name: str) -> None:
    frames = frames_of([of_friend], FRIENDS)
    assert name_in(of_other, frames) == name
    assert name_in("Something else.", frames) is None


def test_the_longest_of_the_names_that_begin_alike_is_meant() -> None:
    assert frames_of(["Bob Fettle wrote on your timeline."], FRIENDS) == [("", " wrote on your timeline.")]


def test_the_first_name_of_a_sentence_is_who_acted() -> None:
    assert frames_of(["Bob Fettle shared Zoë Ångström's link to your timeline."], FRIENDS) == [
        ("", " shared Zoë Ångström's link to your timeline.")
    ]


def test_the_frame_that_fits_closest_tells() -> None:
    frames = [("", " to your timeline."), ("", " shared a link to your timeline.")]
    assert name_in("Otto Former shared a link to your timeline.", frames) == "Otto Former"


def test_without_friends_english_is_understood_and_nothing_else() -> None:
    assert frames_of(["Otto Former wrote on your timeline."], ()) == []
    assert name_in("Otto Former wrote on your timeline.", ()) == "Otto Former"
    assert name_in("Otto Former hat geschrieben.", ()) is None


@pytest.mark.parametrize("title", [" wrote on your timeline.", "wrote on your timeline.", "", "x" * 101 + " wrote on your timeline."])
def test_what_can_be_no_name_is_none(title: str) -> None:
    assert name_in(title, ()) is None


def test_a_title_that_is_a_name_is_no_frame() -> None:
    assert frames_of(["Bob Fettle", "Bob Fettle."], FRIENDS) == []


@given(st.lists(st.text(max_size=30), max_size=5), st.sets(st.text(max_size=5), max_size=5), st.text(max_size=30))
def test_any_titles_and_names(titles: list[str], names: set[str], title: str) -> None:
    frames = frames_of(titles, names)
    found = name_in(title, frames)
    assert found is None or (found in title and found == found.strip() != "")

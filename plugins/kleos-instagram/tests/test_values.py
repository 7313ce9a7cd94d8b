"""Texts, times and counts, in every form in which they are written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kleos_instagram.export.words import LABELS, USER_NAME, YOUR_NAME, plain
from kleos_instagram.values import BAD, count, moment, repaired, seconds

NEW_YEAR_2026 = 1_767_225_600_000_000


@given(st.text())
def test_what_meta_broke_is_repaired(text: str) -> None:
    broken = text.encode("utf-8", "replace").decode("latin-1")
    assert repaired(broken) == text.encode("utf-8", "replace").decode("utf-8")


@pytest.mark.parametrize("text", ["Café", "naïve 😀", "Ω", ""])
def test_what_is_whole_stays_as_it_is(text: str) -> None:
    assert repaired(text) == text


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1,204", 1204), ("14.533", 14533), ("1 204 567", 1204567), ("1\u202f204", 1204), ("1’204", 1204), ("12,34,567", 1234567),
        ("٧٣", 73), ("١٬٢٠٤", 1204), ("0", 0), (" 7 ", 7), (12, 12), (0, 0),
        ("--", None), ("-", None), ("", None), (" ", None), ("None", None), (None, None),
        ("-3", BAD), ("many", BAD), ("1.2", BAD), ("0:32", BAD), ("12 %", BAD), ("1.2K", BAD), ("9" * 40, BAD), ("1" + ",000" * 5000, BAD),
        (True, BAD), (1.5, BAD), (-1, BAD), (10**13, BAD), ([], BAD),
    ],
)  # fmt: skip
def test_counts_are_read_tolerantly_and_never_guessed(written: Any, meant: int | None) -> None:
    assert count(written) == meant


@given(st.integers(0, 10**12))
def test_any_count_is_read_as_it_is_written(number: int) -> None:
    assert count(number) == count(str(number)) == count(f"{number:,}") == count(f"{number:,}".replace(",", ".")) == number


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-01-01T00:00:00+0000", NEW_YEAR_2026), ("2026-01-01T01:00:00+0100", NEW_YEAR_2026), ("2026-01-01T00:00:00Z", NEW_YEAR_2026),
        ("2026-01-01T00:00:00", NEW_YEAR_2026), (None, None), ("", None), ("soon", BAD), (7, BAD), ("2009-12-31T23:59:59+0000", BAD),
        ("0001-01-01T00:00:00+1400", BAD), ("9999-12-31T23:59:59-1400", BAD),
    ],
)  # fmt: skip
def test_moments_are_unix_microseconds(written: Any, meant: int | None) -> None:
    assert moment(written) == meant


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf"), -1, 1, 1e300, 10**400, 7_258_118_400])
def test_seconds_outside_of_instagrams_time_are_no_times(number: float) -> None:
    assert seconds(number) == BAD


def test_seconds_and_milliseconds_are_told_apart() -> None:
    assert seconds(1_767_225_600) == seconds(1_767_225_600_000) == NEW_YEAR_2026
    assert seconds(None) is seconds(0) is None


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Likes", "like"), ("Instagram Likes", "like"), ("„Gefällt mir“-Angaben", "like"), ("J’aime", "like"), ("いいね！", "like"),
        ("Curtidas", "like"), ("Kommentare", "comment"), ("Comentários", "comment"), ("Geteilte Inhalte", "share"), ("Salvamentos", "save"),
        ("Impressões", "view"), ("Instagram Plays", "view"), ("Antworten", "story_reply"),
    ],
)  # fmt: skip
def test_labels_are_known_broken_or_whole(label: str, kind: str) -> None:
    assert LABELS[plain(label)] == kind
    assert LABELS[plain(label.encode().decode("latin-1"))] == kind


@pytest.mark.parametrize(
    "label", ["Follows", "Profile visits", "Accounts reached", "Erreichte Konten", "Contas alcançadas", "Reaktionen", ""]
)
def test_labels_that_count_no_reaction_are_not_taken_for_one(label: str) -> None:
    assert plain(label) not in LABELS


def test_no_word_means_two_things() -> None:
    from kleos_instagram.export import words

    written = [plain(word) for text in words._WORDS.values() for word in text.split("|")]
    assert len(written) == len(set(written)) == len(LABELS)
    assert not USER_NAME & YOUR_NAME

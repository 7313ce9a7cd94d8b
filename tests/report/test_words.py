"""Words, counts and lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from kleos.cli.render.layout import fit, hanging, held, wrapped
from kleos.report.words import amount, clean, count_of, listed, span, unit_for
from kleos.secrets import Secret

# Marks may be as wide as nothing, and then nothing is what is left of a line of them.
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Mn", "Mc", "Me", "Cf")))


@given(TEXT, st.integers(2, 50))
def test_wrapping_loses_no_word_and_fits(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.replace("\u00a0", " ").split())


@given(TEXT, st.integers(1, 30))
def test_a_fitted_text_takes_exactly_its_cells(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) == width


def test_what_is_held_stays_in_one_line() -> None:
    assert wrapped(f"ahead of {held('71 %')} of them", 11) == ["ahead of", "71 % of", "them"]


def test_what_follows_a_label_hangs_behind_it() -> None:
    assert hanging("who", "one two three", 10, room=5).plain == "who  one\n     two\n     three"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0"), (1481, "1,481"), (2.3141, "2.31"), (24.44, "24.4"), (198.2, "198"), (0.0004, "0.0004"), (1234.5, "1,234")],
)
def test_values_have_three_digits_or_are_whole(value: float, shown: str) -> None:
    assert amount(value) == shown


def test_units_follow_their_number() -> None:
    assert [unit_for(1, unit) for unit in ("people", "acts", "share", "class")] == ["person", "act", "share", "class"]
    assert count_of(2, "people") == "2 people"


def test_lists_are_read_as_sentences() -> None:
    assert [listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


@pytest.mark.parametrize(
    ("seconds", "shown"), [(7_776_000, "90 days"), (86_400, "1 day"), (345_600, "4 days"), (129_600, "36 hours"), (90, "90 seconds")]
)
def test_a_span_is_told_in_its_largest_unit(seconds: float, shown: str) -> None:
    assert span(seconds) == shown


def test_foreign_text_is_one_line() -> None:
    assert clean("a\nb\tc\x1b[2J\u202e\r") == "a b c\ufffd[2J\ufffd\ufffd"


def test_secrets_are_blanked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLEOS_TEST_TOKEN", "tok-4f9c1e77ab")
    token = Secret(env="KLEOS_TEST_TOKEN").reveal()
    assert clean(f"401 for ?token={token}") == "401 for ?token=***"

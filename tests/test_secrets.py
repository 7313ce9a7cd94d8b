"""Secrets: a reference until the moment of use, and never seen in what leaves the process."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import quote_plus, urlencode

import pytest

from kleos.secrets import Secret, redact, redact_bytes

TOKEN = "sec/ret+of=the test"


@pytest.fixture
def reveal(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    def revealed(value: str) -> str:
        monkeypatch.setattr("kleos.secrets._resolved", set())
        monkeypatch.setenv("KLEOS_TEST_SECRET", value)
        return Secret(env="KLEOS_TEST_SECRET").reveal()

    return revealed


@pytest.mark.parametrize(
    "text", [TOKEN, urlencode({"key": TOKEN}), quote_plus(TOKEN), json.dumps([TOKEN]).replace("/", "\\/"), f"Bearer {TOKEN}."]
)
def test_a_revealed_secret_is_blanked_however_it_is_written(text: str, reveal: Callable[[str], str]) -> None:
    reveal(TOKEN)
    for blanked in (redact(text), redact_bytes(text.encode()).decode()):
        assert "***" in blanked
        assert "ret" not in blanked


def test_the_longest_is_blanked_first(reveal: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a secret within another does not leave the rest of that."""
    reveal("short-one")
    monkeypatch.setenv("KLEOS_TEST_LONGER", "short-one-and-more")
    Secret(env="KLEOS_TEST_LONGER").reveal()
    assert redact("short-one-and-more") == "***"
    assert redact_bytes(b"short-one-and-more, short-one") == b"***, ***"


def test_words_too_short_for_a_token_do_not_blank_what_a_network_answers(reveal: Callable[[str], str]) -> None:
    reveal("likes")
    assert redact_bytes(b'{"likes": 3}') == b'{"likes": 3}'

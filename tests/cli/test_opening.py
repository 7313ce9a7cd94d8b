"""What a configuration makes the command line load: the plugins it needs, and no others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import kleos.cli.opening
from kleos.cli.opening import as_of_time, open_config
from kleos.errors import ConfigError, ModelError, UsageError
from kleos.events import silent
from kleos.plugins import Loaded
from kleos.scoring.model import load_model


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return what is asked of the plugin manager, which has nothing."""
    asked: dict[str, Any] = {}

    def load(**named: Any) -> Loaded:
        asked.update(named)
        return Loaded({}, {}, {})

    monkeypatch.setattr(kleos.cli.opening, "load", load)
    monkeypatch.setenv("KLEOS_PLUGINS", "")
    return asked


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def written(text: str) -> Path:
        file = tmp_path / "kleos.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return written


def test_only_what_is_mentioned_or_weighed_is_loaded(asked: dict[str, Any], write: Callable[[str], Path]) -> None:
    file = write('[people.ada]\naccounts = { pond = "ada" }\n[networks.birdsong]\n[metrics.own]\nweight = 2\n')
    with pytest.raises(ConfigError):
        open_config(file, emit=silent)
    assert set(asked["networks"]) == {"birdsong", "pond"}
    assert set(asked["metrics"]) == {"own", *load_model().metrics}


def test_listing_loads_everything(asked: dict[str, Any], write: Callable[[str], Path]) -> None:
    open_config(write("[people.ada]\n"), emit=silent, everything=True)
    assert (asked["networks"], asked["metrics"]) == (None, None)


def test_a_text_with_a_byte_order_mark_is_read(asked: dict[str, Any], write: Callable[[str], Path]) -> None:
    config, _ = open_config(write("\ufeff[people.ada]\n"), emit=silent)
    assert list(config.people) == ["ada"]


def test_a_model_that_is_not_there_is_told_as_a_mistake_of_the_configuration(asked: dict[str, Any], write: Callable[[str], Path]) -> None:
    with pytest.raises(ConfigError, match=r"run\.model"):
        open_config(write('[run]\nmodel = "mine.toml"\n[people.ada]\n'), emit=silent)


def test_a_model_that_is_none_is_told_with_its_file(asked: dict[str, Any], write: Callable[[str], Path]) -> None:
    file = write('[run]\nmodel = "mine.toml"\n[people.ada]\n')
    file.with_name("mine.toml").write_text("name = 3\n", encoding="utf-8")
    with pytest.raises(ModelError, match=r"mine\.toml"):
        open_config(file, emit=silent)


def test_a_bare_date_means_the_end_of_that_day_as_in_the_configuration(asked: dict[str, Any], write: Callable[[str], Path]) -> None:
    file = write("[run]\nas_of = 2026-03-31\n[people.ada]\n")
    end = datetime(2026, 3, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    assert open_config(file, emit=silent)[0].run.as_of == end
    assert as_of_time("2026-03-31") == end
    assert open_config(file, emit=silent, as_of="2026-01-01T00:00")[0].run.as_of == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "1774980000"])
def test_what_is_no_time_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError, match="expected a date or time"):
        as_of_time(text)

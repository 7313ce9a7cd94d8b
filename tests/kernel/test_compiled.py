"""Where compiled code is kept between processes."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from kleos.kernel.compiled import cache_folder


def test_compiled_code_lives_in_the_folder_that_the_environment_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLEOS_CACHE_DIR", str(tmp_path / "cache"))
    folder = cache_folder()
    assert folder is not None
    assert folder.parent == tmp_path / "cache"
    assert folder.is_dir()


def test_the_folder_is_the_same_for_the_same_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLEOS_CACHE_DIR", str(tmp_path))
    assert cache_folder() == cache_folder()


def test_without_a_writable_folder_nothing_is_cached_and_nothing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("a file where a folder should be")
    monkeypatch.setenv("KLEOS_CACHE_DIR", str(tmp_path / "file"))
    assert cache_folder() is None


def test_a_new_folder_takes_the_place_of_those_that_older_sources_left_long_ago(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, recent = tmp_path / "numba-old", tmp_path / "numba-recent"
    for folder, days in ((old, 40), (recent, 3)):
        folder.mkdir()
        os.utime(folder, (time.time() - days * 86_400,) * 2)
    monkeypatch.setenv("KLEOS_CACHE_DIR", str(tmp_path))
    assert cache_folder() is not None
    assert not old.exists()
    assert recent.exists()

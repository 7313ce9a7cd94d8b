"""Where compiled code is kept between processes."""

from __future__ import annotations

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

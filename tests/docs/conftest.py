"""A reader for each page."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from docs.reader import Reader, environment

TABLE = "subject,kind,actor\nada,like,bob\n"
CONFIG = '[people.ada]\naccounts = { twitter = "ada" }\n[networks.twitter]\ninteractions = "table.csv"\n'


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Compile the engine, so that no page has to tell of it."""
    home = tmp_path_factory.mktemp("first")
    reader = Reader(home, environment(home / "environment"))
    (reader.place / "table.csv").write_text(TABLE)
    (reader.place / "kleos.toml").write_text(CONFIG)
    subprocess.run(["kleos", "run", "--quiet"], cwd=reader.place, env=reader.variables, check=True, capture_output=True)


@pytest.fixture
def reader(tmp_path: Path, compiled: None) -> Reader:
    """Somebody in an empty folder, who has installed Kleos and the plugins of this repository."""
    return Reader(tmp_path, environment(tmp_path / "environment"))

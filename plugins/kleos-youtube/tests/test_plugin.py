"""What is declared, and what the README says of it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import attrs
import pytest

from kleos.contract import Role, Source
from kleos.hookspecs import NETWORKS_GROUP
from kleos.secrets import Secret
from kleos_youtube.api.settings import ApiSettings
from kleos_youtube.plugin import YOUTUBE, kleos_networks

HERE = Path(__file__).parents[1]


def test_the_network_is_declared_under_the_name_of_its_entry_point() -> None:
    project = (HERE / "pyproject.toml").read_text(encoding="utf-8")
    assert f'[project.entry-points."{NETWORKS_GROUP}"]\n{YOUTUBE.name} = "kleos_youtube.plugin"' in project
    assert kleos_networks() == (YOUTUBE,)


def test_every_kind_has_its_role() -> None:
    assert {name: (kind.role, kind.once) for name, kind in YOUTUBE.kinds.items()} == {
        "comment": (Role.REPLY, False),
        "reply": (Role.REPLY, False),
        "like": (Role.LIKE, True),
        "view": (Role.VIEW, False),
    }


def test_the_ids_of_videos_have_pages() -> None:
    ((pattern, address),) = YOUTUBE.item_pages.items()
    assert address == "https://youtu.be/{item}"
    items = ("-m3mIdXGmzW", "gl4ze_Test1", "UgxKREWxIgDrw8w2e_Z4AaABAg", "short", "gl4ze Test1")
    assert [bool(re.fullmatch(pattern, item)) for item in items] == [True, True, False, False, False]


def test_only_dumps_belong_to_nobody_and_only_the_api_is_live(sources: Mapping[str, Source]) -> None:
    assert {name: (source.owned, source.live) for name, source in sources.items()} == {
        "api": (True, True),
        "comments": (False, False),
        "takeout": (True, False),
    }


def test_the_readme_names_every_kind_source_and_setting(sources: Mapping[str, Source]) -> None:
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in readme for name in YOUTUBE.kinds)
    assert "[networks.youtube]" in readme
    for name, source in sources.items():
        assert f"{name} =" in readme
        assert all(field.name in readme for field in attrs.fields(source.settings)), name


def test_the_client_library_is_loaded_by_nobody_but_the_api() -> None:
    code = "import sys, kleos_youtube.plugin; assert not {'googleapiclient', 'httplib2', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": ":".join(sys.path)})


@pytest.mark.parametrize(
    "host", ["http://example.org", "ftp://127.0.0.1", "https://user@host/", "https://", "http://127.0.0.1.example.org", ""]
)
def test_the_key_goes_only_over_https_or_to_this_machine(host: str) -> None:
    with pytest.raises(ValueError, match="https://"):
        ApiSettings(key=Secret(env="X"), host=host)


@pytest.mark.parametrize("wrong", [{"daily_units": 0}, {"max_pages": 0}, {"look_back_days": -1}, {"look_back_days": 10**9}])
def test_numbers_that_make_no_sense_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="expected a"):
        ApiSettings(key=Secret(env="X"), **wrong)  # type: ignore[arg-type]  # the settings under test


def test_the_key_is_not_in_the_settings() -> None:
    assert "X_SECRET" not in repr(ApiSettings(key=Secret(env="X_SECRET")))

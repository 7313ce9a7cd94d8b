"""What is declared, and what the README says of it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest

from kleos.contract import Role, Source
from kleos.hookspecs import NETWORKS_GROUP
from kleos.secrets import Secret
from kleos_linkedin.api.settings import ApiSettings
from kleos_linkedin.plugin import LINKEDIN, kleos_networks

HERE = Path(__file__).parents[1]


def test_the_network_is_declared_under_the_name_of_its_entry_point() -> None:
    project = (HERE / "pyproject.toml").read_text(encoding="utf-8")
    assert f'[project.entry-points."{NETWORKS_GROUP}"]\n{LINKEDIN.name} = "kleos_linkedin.plugin"' in project
    assert kleos_networks() == (LINKEDIN,)


def test_the_urns_of_posts_have_pages() -> None:
    ((pattern, address),) = LINKEDIN.item_pages.items()
    assert address == "https://www.linkedin.com/feed/update/{item}"
    items = ("urn:li:activity:7496174193868800003", "urn:li:share:74", "urn:li:ugcPost:74", "urn:li:comment:(urn:li:activity:7,8)", "CAD")
    assert [bool(re.fullmatch(pattern, item)) for item in items] == [True, True, True, False, False]


def test_every_kind_has_its_role() -> None:
    assert {name: (kind.role, kind.once, kind.weight) for name, kind in LINKEDIN.kinds.items()} == {
        "endorsement": (Role.ENDORSE, True, 1.0),
        "recommendation": (Role.ENDORSE, False, 3.0),
        "reaction": (Role.LIKE, True, 1.0),
        "comment": (Role.REPLY, False, 1.0),
        "reply": (Role.REPLY, False, 1.0),
        "repost": (Role.SHARE, False, 1.0),
        "engagement": (Role.LIKE, False, 1.0),
        "impression": (Role.VIEW, False, 1.0),
        "invitation": (Role.FOLLOW, True, 1.0),
    }


def test_only_the_api_is_live_and_it_says_what_it_charges(sources: Mapping[str, Source]) -> None:
    assert {name: (source.owned, source.live) for name, source in sources.items()} == {
        "export": (True, False),
        "analytics": (True, False),
        "api": (True, True),
    }
    assert [(charge.unit, charge.setting, charge.period) for charge in sources["api"].charges] == [("requests", "daily_requests", "day")]


def test_the_readme_names_every_kind_source_and_setting(sources: Mapping[str, Source]) -> None:
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in readme for name in LINKEDIN.kinds)
    assert "[networks.linkedin]" in readme
    for name, source in sources.items():
        assert f"{name} =" in readme
        assert all(f"`{field.name}`" in readme for field in attrs.fields(source.settings)), name


def test_libraries_are_loaded_by_nobody_but_their_sources() -> None:
    code = "import sys, kleos_linkedin.plugin; assert not {'httpx2', 'openpyxl', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": ":".join(sys.path)})


@pytest.mark.parametrize("host", ["http://example.org", "ftp://127.0.0.1", "https://user@host/", "https://", ""])
def test_the_token_goes_only_over_https_or_to_this_machine(host: str) -> None:
    with pytest.raises(ValueError, match="https://"):
        ApiSettings(token=Secret(env="X"), host=host)


@pytest.mark.parametrize(
    "wrong",
    [
        {"daily_requests": 0},
        {"max_pages": 0},
        {"look_back_days": -1},
        {"look_back_days": 10**9},
        {"version": "2026-04"},
        {"version": "202613"},
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="expected"):
        ApiSettings(token=Secret(env="X"), **wrong)

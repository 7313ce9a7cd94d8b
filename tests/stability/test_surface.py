"""Nothing that plugins use goes away unnoticed: the public surface is compared with the frozen one, and what would break is told."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stability.surface import FROZEN, MODULES, ROOT, added, broken, frozen, surface

AGAIN = "python tests/stability/surface.py"


def test_nothing_that_plugins_use_is_broken() -> None:
    found = broken(frozen(), surface())
    assert not found, "\n".join(
        [*found, "give it back; or raise CONTRACT_VERSION, and add a plugin of this contract to plugins_of_the_past"]
    )


def test_what_is_new_is_frozen_too() -> None:
    found = sorted(added(frozen(), surface()))
    assert not found, f"{', '.join(found)}: new since {FROZEN.name}; if they are meant to stay, freeze them: {AGAIN}"


def test_the_surface_is_every_module_of_the_reference() -> None:
    assert set(frozen()) == set(MODULES)
    pages = "".join(page.read_text(encoding="utf-8") for page in (ROOT / "docs" / "reference").glob("*.md"))
    assert [module for module in MODULES if f".. automodule:: kleos.{module}\n" not in pages] == []


def _without_a_field(values: Any) -> None:
    del values["contract"]["Tally"]["members"]["total"]


def _without_a_class(values: Any) -> None:
    del values["contract"]["Flaw"]


def _without_a_method(values: Any) -> None:
    del values["contract"]["Export"]["members"]["chunks"]


def _with_a_required_argument(values: Any) -> None:
    parameter = {"name": "network", "kind": "positional or keyword", "annotation": "str", "default": None}
    values["contract"]["account_key"]["parameters"].append(parameter)


def _with_a_required_field(values: Any) -> None:
    values["contract"]["Source"]["required"].append("owned")


def _with_another_constant(values: Any) -> None:
    values["hookspecs"]["NETWORKS_GROUP"]["value"] = "'kleos.sources'"


def _without_an_aggregation(values: Any) -> None:
    values["contract"]["AGGREGATIONS"]["value"]["elements"].remove("'h_index'")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_without_a_field, "kleos.contract.Tally.total: public object was removed"),
        (_without_a_class, "kleos.contract.Flaw: public object was removed"),
        (_without_a_method, "kleos.contract.Export.chunks: public object was removed"),
        (_with_a_required_argument, "kleos.contract.account_key: parameter was added as required"),
        (_with_a_required_field, "kleos.contract.Source.owned: the field has become required"),
        (_without_an_aggregation, "kleos.contract.AGGREGATIONS: the constant has lost or changed a value"),
        (_with_another_constant, "kleos.hookspecs.NETWORKS_GROUP: the constant has lost or changed a value"),
    ],
)
def test_what_would_break_a_plugin_is_reported(change: Callable[[Any], None], told: str) -> None:
    now = copy.deepcopy(frozen())
    change(now)
    assert broken(frozen(), now) == [told]


def test_an_addition_breaks_nothing() -> None:
    before = copy.deepcopy(frozen())
    _without_a_field(before)
    _without_a_class(before)
    assert broken(before, frozen()) == []
    assert {"kleos.contract.Tally.total", "kleos.contract.Flaw"} <= added(before, frozen())


def test_a_field_that_is_taken_out_of_the_code_is_reported(tmp_path: Path) -> None:
    """Not only out of the frozen copy: the code itself is read, changed, and read again."""
    shutil.copytree(ROOT / "core" / "kleos", tmp_path / "kleos", ignore=shutil.ignore_patterns("__pycache__"))
    contract = tmp_path / "kleos" / "contract.py"
    text = contract.read_text(encoding="utf-8")
    field = "    aliases: Sequence[str]"
    start = text.index(field)
    contract.write_text(text[:start] + text[text.index('"""', text.index('"""', start) + 3) + 4 :], encoding="utf-8")
    assert "kleos.contract.Network.aliases: public object was removed" in broken(frozen(), surface(tmp_path))

"""The site builds without a warning, and its reference has all that a plugin can use: nothing in ``plugins/`` uses anything else."""

from __future__ import annotations

import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import attrs
import pytest
from sphinx.util.inventory import InventoryFile

from docs.blocks import DOCS
from docs.imports import PUBLIC, Taken, taken
from kleos import hookspecs
from kleos.cli.app import VERBS
from kleos.events import Fault

ROOT = DOCS.parent
MODULES = (*sorted(PUBLIC), "kleos.testing", "kleos.testing.strategies")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site as CI does; a warning is an error."""
    out = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-n", "-q", "-d", str(out / "doctrees"), str(DOCS), str(out / "html")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return out / "html"


@pytest.fixture(scope="module")
def documented(site: Path) -> set[str]:
    """Return every name of Python's that the site explains."""
    inventory = InventoryFile.loads((site / "objects.inv").read_bytes(), uri="")
    return {name for sort, names in inventory.data.items() if sort.startswith("py:") for name in names}


def files(*patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in (ROOT / "plugins").glob(pattern))


def imports(*patterns: str) -> list[Taken]:
    return [one for path in files(*patterns) for one in taken(path.read_text(encoding="utf-8"), path.relative_to(ROOT))]


def test_plugins_import_only_what_the_reference_explains(documented: set[str]) -> None:
    used = imports("*/src/**/*.py", "*/tests/**/*.py")
    assert used
    assert [f"{one.where}: {one.path}" for one in used if one.path not in documented] == []


def test_the_source_of_a_plugin_imports_no_private_module() -> None:
    assert [f"{one.where}: {one.path}" for one in imports("*/src/**/*.py") if one.module not in PUBLIC] == []


@pytest.mark.parametrize(
    "text",
    [
        "from kleos.store import Store",
        "import kleos.kernel.fold",
        "def late():\n    from kleos.collect import pages\n",
        'import importlib\nimportlib.import_module("kleos.pipeline")',
        "from kleos import scoring",
    ],
)
def test_a_private_import_is_seen_wherever_it_stands(text: str) -> None:
    assert [one for one in taken(text) if one.module not in PUBLIC]


def test_what_is_public_or_of_others_is_no_private_import() -> None:
    text = "from kleos.contract import Page\nfrom kleos.asking import patiently\nimport kleos_twitter\nfrom . import parse\n"
    assert {one.path for one in taken(text)} == {"kleos.contract.Page", "kleos.asking.patiently"}


@pytest.mark.parametrize("module", MODULES)
def test_every_public_name_is_explained_with_all_its_fields_and_methods(module: str, documented: set[str]) -> None:
    names = set()
    for name in importlib.import_module(module).__all__:
        found = getattr(importlib.import_module(module), name)
        names.add(f"{module}.{name}")
        if isinstance(found, type):
            fields = [field.name for field in attrs.fields(found) if not field.name.startswith("_")] if attrs.has(found) else []
            own = [part for part in vars(found) if not part.startswith("_") and callable(getattr(found, part))]
            names |= {f"{module}.{name}.{part}" for part in (*fields, *own)}
    assert sorted(names - documented) == []


def test_the_page_of_hooks_has_every_signature() -> None:
    page = (DOCS / "reference" / "hooks.md").read_text(encoding="utf-8")
    hooks = [name for name, value in vars(hookspecs).items() if hasattr(value, f"{hookspecs.PROJECT}_spec")]
    assert hooks
    for name in hooks:
        signature = str(inspect.signature(getattr(hookspecs, name))).replace("'", "")
        assert f"`{name}{signature}`" in page


def test_every_stage_of_a_fault_is_explained() -> None:
    stages = re.search(r"`stage` is one of ([\w, \n]+?);", inspect.getdoc(Fault) or "")
    assert stages
    page = (DOCS / "using" / "breaks.md").read_text(encoding="utf-8")
    assert [stage for stage in re.findall(r"\w+", stages[1]) if f"`{stage}`" not in page] == []


def test_every_verb_has_a_section_with_its_help(site: Path) -> None:
    page = (site / "using" / "commands.html").read_text(encoding="utf-8")
    assert [verb.name for verb in VERBS if f'id="kleos-{verb.name}"' not in page] == []


def test_no_link_leads_out_of_the_site_to_a_file_of_the_repository(site: Path) -> None:
    """A page that links to the README or to a plugin works in a clone, and is broken on the web."""
    pages = "".join(page.read_text(encoding="utf-8") for page in site.rglob("*.html"))
    assert re.findall(r'href="[^"]*(?:\.md|plugins/)[^"]*"', pages) == []

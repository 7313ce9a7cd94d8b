"""How the site is built: ``sphinx-build -W -n docs build/docs``. Its own directives are in `directives.py`, beside this file."""

import importlib
import sys
from pathlib import Path

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

sys.path.insert(0, str(Path(__file__).parent))

import kleos

project = "Kleos"
author = "the authors of Kleos"
copyright = "the authors of Kleos"  # noqa: A001 - Sphinx's own name
version = release = kleos.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "directives"]
exclude_patterns = ["changes", "samples", "api"]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = "Kleos"
html_copy_source = False
html_show_sphinx = False

autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "undoc-members": True}
python_use_unqualified_type_names = True
maximum_signature_line_length = 88

# In the docstrings `x` is a name of Kleos or an argument; what cannot be found among the public names stays a word in code.
default_role = "py:obj"
nitpicky = True
nitpick_ignore_regex = [
    # The standard library and the libraries that Kleos builds on are documented elsewhere; no page is fetched to build this one.
    (r"py:.*", r"(collections|datetime|enum|hypothesis|pathlib|threading|typing|attrs|httpx2|types)\..*"),
    (r"py:.*", r"(bool|bytes|dict|float|int|list|object|str|tuple|datetime|DeprecationWarning|Exception)"),
    # Arguments and fields, as docstrings name them.
    (r"py:obj", r"[a-z_]+"),
    # In signatures, and of no use to an author.
    (r"py:.*", r"kleos\.asking\.T|Attribute|kleos\.files\.container\.Container|kleos\.plugins\.entry\.Installed"),
    (r"py:.*", r"kleos\.cli\.exits\.Exit|kleos\.config\.values\.Config|TouchedError"),
    (r"py:.*", r"kleos\.testing\.(subject|verdicts)\..*|BrokenContractError|NotCheckedError"),
]

PUBLIC = ("contract", "hookspecs", "asking", "secrets", "errors", "events", "testing")


def short_names(app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.TextElement) -> nodes.Node | None:
    """Find what a docstring calls by its short name though it lives in another public module: `ExportError` in the contract."""
    target = node.get("reftarget", "")
    for module in PUBLIC:
        if node.get("refdomain") == "py" and target.partition(".")[0] in importlib.import_module(f"kleos.{module}").__all__:
            return env.domains["py"].resolve_xref(env, node["refdoc"], app.builder, "obj", f"kleos.{module}.{target}", node, content)
    return None


def setup(app: Sphinx) -> None:
    """Connect what is defined here."""
    app.connect("missing-reference", short_names)

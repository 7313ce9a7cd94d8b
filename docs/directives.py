"""The site's own directives: what the program itself tells, so that the pages cannot differ from it.

=================  ===================================================================
kleos-verbs        every verb: what it does, and what its ``--help`` prints
kleos-keys TABLE   the keys of a table of the configuration, with defaults and meaning
kleos-exits        the exit codes, with what they mean
kleos-checks       the checks of the kit, with what each of them claims
=================  ===================================================================
"""

from __future__ import annotations

import contextlib
import io
import os
import re
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

WIDTH = 88


class Verbs(SphinxDirective):
    """A section for each verb, in the order of ``kleos --help``."""

    def run(self) -> list[nodes.Node]:
        """Return sections with what a verb does, and its help as it stands in a terminal."""
        from kleos.cli.app import VERBS

        sections: list[nodes.Node] = []
        for verb in VERBS:
            section = nodes.section(ids=[f"kleos-{verb.name}"])
            section += [nodes.title("", "", nodes.literal("", f"kleos {verb.name}")), nodes.paragraph("", verb.help)]
            section += [_literal(help_text([verb.name, *words])) for words in ([], *([action.name] for action in verb.actions))]
            sections.append(section)
        return sections


class Keys(SphinxDirective):
    """The core's own keys below a table of the configuration."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a table with a row for each key; raises for a table without any."""
        from kleos.config import KEYS

        table = self.arguments[0]
        keys = [key for key in KEYS if key.path.rpartition(".")[0] == table]
        if not keys:
            raise self.error(f"the configuration has no table {table!r}")
        rows = [(_code(key.path.rpartition(".")[2]), _words(key.meaning), _default(key.default)) for key in keys]
        return [_table(("key", "meaning", "default"), rows, widths=(18, 52, 30))]


class Exits(SphinxDirective):
    """The exit codes."""

    meanings: ClassVar[dict[str, str]] = {
        "DONE": "done",
        "FAULTS": "done, with faults (all that could be done was), or somebody is under --fail-under",
        "USAGE": "it cannot be done as asked: command, configuration, model or store; nothing was changed",
        "INTERNAL": "an error of Kleos itself",
        "NO_DATA": "no source gave a usable row",
        "INTERRUPTED": "interrupted; what was collected is kept",
    }

    def run(self) -> list[nodes.Node]:
        """Return a table of all exit codes; a new one without a meaning here is an error."""
        from kleos.cli.exits import Exit

        rows = [(_code(str(code.value)), _words(self.meanings[code.name])) for code in Exit]
        return [_table(("code", "meaning"), rows, widths=(10, 90))]


class Checks(SphinxDirective):
    """The checks of the conformance kit."""

    def run(self) -> list[nodes.Node]:
        """Return a table of all checks, in the order in which an author is told of them."""
        from kleos.testing import CHECKS

        rows = [(_code(f"test_{check.name}"), _words(check.about), _words(check.claim.replace("`", ""))) for check in CHECKS]
        return [_table(("test", "of a", "what is kept"), rows, widths=(32, 10, 58))]


def help_text(words: list[str]) -> str:
    """Return what ``kleos <words> --help`` prints."""
    from kleos.cli import main

    before, os.environ["COLUMNS"] = os.environ.get("COLUMNS"), str(WIDTH)
    try:
        with contextlib.redirect_stdout(io.StringIO()) as said:
            code = main([*words, "--help"])
    finally:
        os.environ.pop("COLUMNS")
        os.environ.update({} if before is None else {"COLUMNS": before})
    if code:
        raise ValueError(f"kleos {' '.join(words)} --help exits with {code}")
    return re.sub(r"\x1b\[[0-9;]*m", "", said.getvalue()).rstrip()


def _literal(text: str) -> nodes.literal_block:
    return nodes.literal_block(text, text, language="text")


def _code(text: str) -> nodes.Node:
    return nodes.literal(text, text)


def _words(text: str) -> nodes.Node:
    return nodes.inline(text, text)


def _default(text: str) -> nodes.Node:
    """Return a default: TOML as code, words as words."""
    if not text:
        return nodes.strong("required", "required")
    return _code(text) if re.match(r'["\d{\[]|true\b|false\b', text) else _words(text)


def _table(heads: tuple[str, ...], rows: list[tuple[nodes.Node, ...]], *, widths: tuple[int, ...]) -> nodes.table:
    group = nodes.tgroup(cols=len(heads))
    group += [nodes.colspec(colwidth=width) for width in widths]
    group += nodes.thead("", _row(tuple(_words(head) for head in heads)))
    group += nodes.tbody("", *(_row(row) for row in rows))
    return nodes.table("", group)


def _row(cells: tuple[nodes.Node, ...]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in cells))


def setup(app: Sphinx) -> dict[str, Any]:
    """Make the directives known to Sphinx."""
    app.add_directive("kleos-verbs", Verbs)
    app.add_directive("kleos-keys", Keys)
    app.add_directive("kleos-exits", Exits)
    app.add_directive("kleos-checks", Checks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""The blocks of a page, in order, with what they are.

================================  =============================================================================================
```{code-block} … with :caption:  the content of the file of that name, which the reader writes
```console                        commands after ``$`` (and ``>`` where they go on), run one after the other, above what they print
```python                         a program of its own
```toml                           a part of a configuration: it has to be right where it stands
```sh                             commands that are tried elsewhere (see `test_pages`)
```text                           something to look at
================================  =============================================================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from attrs import frozen
from sybil import Document, Example, Region, Sybil
from sybil.parsers.markdown.lexers import FencedCodeBlockLexer
from sybil.parsers.myst.lexers import DirectiveInPercentCommentLexer, DirectiveLexer

__all__ = ["DOCS", "Block", "Command", "blocks", "commands", "evaluate", "follows", "pages", "shown"]

DOCS = Path(__file__).parents[2] / "docs"
_LEXERS = (
    FencedCodeBlockLexer(language="[a-z]*", mapping={"language": "language", "source": "source"}),
    DirectiveLexer(directive="code-block", arguments=".+", mapping={"arguments": "language", "source": "source", "options": "options"}),
    DirectiveInPercentCommentLexer(directive="invisible-code-block", arguments=".+", mapping={"arguments": "language", "source": "source"}),
)
_FOLLOWS = re.compile(r"\A---\nfollows: (\S+)\n---\n")


@frozen
class Block:
    """What stands between two fences."""

    language: str
    caption: str
    """The file that the reader writes; empty for all other blocks."""
    text: str


@frozen
class Command:
    """What a reader types, and what is printed then; nothing printed is nothing promised."""

    line: str
    printed: str


def pages() -> Iterator[Path]:
    """Yield every page of the site."""
    return (path for path in sorted(DOCS.rglob("*.md")) if "changes" not in path.relative_to(DOCS).parts)


def follows(page: Path) -> Path | None:
    """Return the page that this one goes on from, where its head says so: what was written there is there."""
    found = _FOLLOWS.match(page.read_text(encoding="utf-8"))
    return DOCS / f"{found[1]}.md" if found else None


def evaluate(page: Path, evaluator: Callable[[Block], str | None]) -> None:
    """Give every block to `evaluator`; what that returns is a failure, which is raised with the block's place in the page."""
    for example in _document(page, lambda example: evaluator(example.parsed)).examples():
        example.evaluate()


def blocks(page: Path) -> list[Block]:
    """Return the blocks of a page."""
    return [example.parsed for example in _document(page, lambda example: None).examples()]


def commands(text: str) -> list[Command]:
    """Return the commands of a console block, each with what is printed below it."""
    found: list[tuple[list[str], list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append(([line[2:]], []))
        elif line.startswith("> ") and found and not found[-1][1]:
            found[-1][0].append(line[2:])
        elif found:
            found[-1][1].append(line)
        else:
            raise ValueError(f"a console block begins with a command after '$ ', found {line!r}")
    return [Command("\n".join(line), "\n".join(printed).strip("\n")) for line, printed in found]


def shown(printed: str, expected: str) -> bool:
    """Whether a page tells the truth: line for line, where "…" stands for anything, and alone on its line for any lines."""
    pattern = "\n".join(
        r"(?s:.*?)" if line.strip() == "…" else re.escape(line.rstrip()).replace("…", ".*") for line in expected.splitlines()
    )
    return re.fullmatch(pattern, "\n".join(line.rstrip() for line in printed.strip("\n").splitlines())) is not None


def _document(page: Path, evaluator: Callable[[Example], str | None]) -> Document:
    def parse(document: Document) -> Iterable[Region]:
        for lexer in _LEXERS:
            for region in lexer(document):
                yield Region(region.start, region.end, _block(region.lexemes), evaluator)

    return Sybil(parsers=[parse]).parse(page)


def _block(lexemes: dict[str, Any]) -> Block:
    options = lexemes.get("options") or {}
    return Block(language=lexemes["language"], caption=options.get("caption", ""), text=lexemes["source"])

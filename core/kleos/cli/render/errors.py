"""Errors as people read them: ``error:`` and one sentence, where it happened, and ``hint:`` what to do about it."""

from __future__ import annotations

import traceback
from collections.abc import Sequence

from cyclopts import CycloptsError, UnusedCliTokensError
from rich.text import Text

from kleos.errors import KleosError
from kleos.report.words import clean, listed

__all__ = ["error_text", "internal_text", "trace_text", "usage_text"]


def error_text(error: KleosError) -> Text:
    """Return a failure with its place and its hints; all problems of a configuration at once."""
    return _told(str(error).splitlines())


def usage_text(error: CycloptsError) -> Text:
    """Return what is wrong with the command line, and where its use is described."""
    error.verbose = False
    if isinstance(error, UnusedCliTokensError):
        error.msg = f"unexpected {listed([repr(token) for token in error.unused_tokens or ()])}"
    return _told([*str(error).splitlines(), f"hint: {' '.join(('kleos', *(error.command_chain or ()), '--help'))}"])


def internal_text(error: BaseException, *, debug: bool) -> Text:
    """Return one sentence about a failure that is nobody's fault but ours."""
    lines = [" ".join(f"internal error ({type(error).__name__}): {error}".split())]
    if not debug:
        lines.append("hint: run it again with --debug for the traceback, and report that; what was collected before is safe")
    return _told(lines)


def trace_text(error: BaseException) -> Text:
    """Return the traceback of a failure, without secrets."""
    lines = "".join(traceback.format_exception(error)).splitlines()
    return Text("\n".join(map(clean, lines)), style="dim")


def _told(lines: Sequence[str]) -> Text:
    text = Text.assemble(("error: ", "bold red"))
    for number, line in enumerate(lines):
        blanks, hint, rest = clean(line).partition("hint: ")
        if hint and not blanks.strip():
            text.append(blanks).append(hint, style="green").append(rest)
        else:
            text.append(blanks + hint + rest)
        text.append("\n" if number < len(lines) - 1 else "")
    return text

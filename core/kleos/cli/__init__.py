"""The command line: the only room that knows the terminal."""

from __future__ import annotations

import gc
import sys

__all__ = ["main"]


FEW_COLLECTIONS = 100_000
"""Objects between two looks for garbage: imports make tens of thousands that stay, and a twentieth of a short command went on looking."""


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code (`kleos.cli.exits.Exit`); `argv` is without the program's name.

    Nothing is raised: failures are told on stderr in one sentence each.
    """
    gc.set_threshold(FEW_COLLECTIONS)
    from kleos.cli.app import build
    from kleos.cli.exits import guarded
    from kleos.cli.terminal import open_terminal

    tokens = sys.argv[1:] if argv is None else argv
    terminal = open_terminal()

    def command() -> int:
        done = build()(tokens, console=terminal.out, error_console=terminal.err)
        return done if isinstance(done, int) else 0

    # Looked up here and not among the parsed options, because parsing itself may fail.
    return guarded(command, terminal, debug="--debug" in tokens)

"""Exit codes, and the one place where a failure becomes one of them."""

from __future__ import annotations

import enum
from collections.abc import Callable

from cyclopts import CycloptsError

from kleos.cli.terminal import Terminal
from kleos.errors import KleosError

__all__ = ["Exit", "guarded"]


class Exit(enum.IntEnum):
    """What the exit code says to a shell."""

    DONE = 0
    FAULTS = 1
    """Done, with faults or with a score under ``--fail-under``."""
    USAGE = 2
    """The command line or the configuration is wrong; nothing was changed."""
    INTERNAL = 3
    NO_DATA = 4
    """No source gave a usable row."""
    INTERRUPTED = 130


def guarded(command: Callable[[], int], terminal: Terminal, *, debug: bool) -> int:
    """Call `command` and return its exit code, or that of what it raised, which is told on stderr; `debug` adds the traceback."""
    try:
        code = command()
    except KeyboardInterrupt:
        terminal.tell("interrupted", style="yellow")
        code = Exit.INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe went away: nobody is left to be told.
        code = Exit.DONE
    except (Exception, SystemExit) as error:
        _tell(error, terminal, debug)
        code = _code(error)
    terminal.flush()
    return int(code)


def _code(error: BaseException) -> int:
    if isinstance(error, CycloptsError):
        return Exit.USAGE
    return error.exit_code if isinstance(error, KleosError) else Exit.INTERNAL


def _tell(error: BaseException, terminal: Terminal, debug: bool) -> None:
    # Imported when something went wrong: help and version are to start fast.
    from kleos.cli.render import errors

    if isinstance(error, CycloptsError):
        terminal.tell(errors.usage_text(error))
        return
    if debug:
        terminal.tell(errors.trace_text(error))
    terminal.tell(errors.error_text(error) if isinstance(error, KleosError) else errors.internal_text(error, debug=debug))

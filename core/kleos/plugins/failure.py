"""How a plugin fails: one exception that carries the fault, and a guard that turns whatever a plugin raises into it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout

from kleos.events import Fault
from kleos.plugins.entry import Plugin

__all__ = ["Refused", "guarded", "refused", "told"]

_LONGEST = 300


class Refused(Exception):  # noqa: N818 - never leaves kleos.plugins: it becomes a Fault or a PluginError
    """A plugin that cannot be used: the fault (its sentence without advice), and what to do about it."""

    def __init__(self, fault: Fault, advice: str) -> None:
        super().__init__(fault.error)
        self.fault = fault
        self.advice = advice


def refused(plugin: Plugin, stage: str, message: str, advice: str = "") -> Refused:
    """Return the failure of `plugin` at `stage`; `message` ends a sentence that begins with the plugin, its distribution and version."""
    fault = Fault(
        plugin=plugin.entries[0].name,
        distribution=plugin.distribution,
        version=plugin.version,
        stage=stage,
        where=plugin.value,
        error=f"{plugin}: {message}",
    )
    return Refused(fault, advice or _advice(plugin))


def _advice(plugin: Plugin) -> str:
    return f"update {plugin.distribution}, or tell its author"


@contextmanager
def guarded(plugin: Plugin, stage: str, doing: str, advice: str = "") -> Iterator[None]:
    """Turn what third-party code raises into `Refused`. SystemExit is caught, too; a KeyboardInterrupt is the user's and passes.

    What it prints goes to stderr: stdout holds results, and may be JSON.
    """
    advised = f"{advice or _advice(plugin)}; `kleos plugins --debug` shows the traceback"
    try:
        with redirect_stdout(sys.stderr):
            yield
    except Refused:
        raise
    except SystemExit as error:
        raise refused(plugin, stage, f"{doing} called sys.exit({_text(error.code)})", advised) from error
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:  # a panic of an extension module is no Exception
        raise refused(plugin, stage, f"{doing} raised {told(error)}", advised) from error


def told(error: BaseException) -> str:
    """Return an exception in one short line: its class and its message."""
    return f"{type(error).__name__}: {_text(error)}".rstrip(": ")


def _text(value: object) -> str:
    try:
        text = " ".join(str(value).split())
    except Exception:  # a message that cannot even be told must not hide the failure
        return "(no message)"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

"""The two streams: results on stdout, everything else on stderr, whatever they are able to print."""

from __future__ import annotations

import codecs
import io
import json
import os
import sys
import unicodedata
from typing import Any, TextIO

from attrs import frozen
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.text import Text

__all__ = ["Terminal", "make_console", "open_terminal"]

_PLAIN = "kleos.plain"

# One cell for one cell, so that columns stay columns.
_INSTEAD = str.maketrans("─━╸╺●█▀▄·–—−±×…‘’“”", "-=--o###----~x.''\"\"")


@frozen
class Terminal:
    """Where results (`out`) and everything else (`err`) go."""

    out: Console
    err: Console

    @property
    def draws(self) -> bool:
        """Whether somebody looks at stdout, and it can show letters made of blocks."""
        return self.out.is_interactive and not self.out.options.ascii_only

    def show(self, *renderables: RenderableType) -> None:
        """Print results."""
        for renderable in renderables:
            self.out.print(renderable)

    def show_json(self, value: Any) -> None:
        """Print a result as JSON: numbers unrounded, letters as they are where the stream can print them."""
        readable = (self.out.encoding or "").lower().startswith("utf")
        text = json.dumps(value, indent=2, ensure_ascii=not readable, allow_nan=False)
        try:
            # Not through rich, which would take its time over a million lines.
            self.out.file.write(text + "\n")
        except BrokenPipeError:
            _let_go(self.out.file)

    def tell(self, message: str | Text, *, style: str = "") -> None:
        """Print a line on stderr, unwrapped."""
        self.err.print(message if isinstance(message, Text) else Text(message, style=style), soft_wrap=True)

    def flush(self) -> None:
        """Write out what is buffered; a reader that went away is no failure."""
        for console in (self.out, self.err):
            try:
                console.file.flush()
            except BrokenPipeError:
                _let_go(console.file)
            except ValueError:  # the stream is closed already
                continue


def open_terminal() -> Terminal:
    """Return the terminal of this process. Honours NO_COLOR, FORCE_COLOR, TERM and COLUMNS; no colour in pipes."""
    return Terminal(
        make_console(sys.stdout, force_interactive=_seen(sys.stdout)),
        make_console(sys.stderr, force_interactive=_seen(sys.stderr), stderr=True),
    )


def _seen(stream: TextIO | None) -> bool:
    """Tell whether somebody looks at a stream: FORCE_COLOR asks for colours in a pipe, and not for anything that moves."""
    return stream is not None and stream.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")


def make_console(stream: TextIO | None, **options: Any) -> Console:
    """Return a console that prints text as it is (no markup, no emoji codes) on a stream of any encoding."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors=_PLAIN)
    return _PatientConsole(file=stream, markup=False, emoji=False, highlight=False, **options)


class _PatientConsole(Console):
    """A console that goes on in silence when the reader of the pipe has gone: the work and its exit code matter more."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        _let_go(self.file)


def _let_go(stream: Any) -> None:
    # As Python's documentation advises: later flushes, the interpreter's own at exit included, go nowhere.
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError, AttributeError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _plain(error: UnicodeError) -> tuple[str, int]:
    """Stand in for letters that an encoding lacks: a look-alike of the same width, else question marks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letters = []
    for letter in error.object[error.start : error.end]:
        bare = unicodedata.normalize("NFKD", letter.translate(_INSTEAD)).encode("ascii", "ignore").decode("ascii")
        letters.append(bare if len(bare) == cell_len(letter) else "?" * cell_len(letter))
    return "".join(letters), error.end


codecs.register_error(_PLAIN, _plain)

"""Secrets are references, never values: where a token can be found, and its value only at the moment of use."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, quote_plus

from attrs import field, frozen

from kleos.errors import KleosError

__all__ = ["Secret", "redact", "redact_bytes"]

_resolved: set[str] = set()
_SHORTEST = 8
"""Letters of a token that is looked for in what a network answers: shorter ones are none, and would blank half of it."""


@frozen(kw_only=True, repr=False)
class Secret:
    """A reference to a token: exactly one of an environment variable, a file, or a command that prints it.

    In TOML: ``{ env = "X" }``, ``{ file = "…" }`` or ``{ command = ["pass", "show", "x"] }``. Its repr is ``***``.
    """

    env: str | None = None
    file: Path | None = None
    command: Sequence[str] | None = field(default=None)

    def __attrs_post_init__(self) -> None:
        if sum(x is not None for x in (self.env, self.file, self.command)) != 1:
            raise ValueError("expected exactly one of env, file and command")

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def reveal(self) -> str:
        """Return the token.

        Raises `KleosError`, naming the reference and never a value, where it cannot be resolved. The value is remembered so that
        `redact` can keep it out of everything that is printed.
        """
        value = self._read().strip()
        if not value:
            raise KleosError(f"the secret from {self.describe()} is empty", hint="set it, or correct the reference")
        # As it stands in an address, or in JSON that escapes slashes, it is as much of a secret.
        _resolved.update((value, quote(value), quote(value, safe=""), quote_plus(value), value.replace("/", "\\/")))
        return value

    def describe(self) -> str:
        """Say where the token is looked up, without looking."""
        if self.env is not None:
            return f"the environment variable {self.env}"
        if self.file is not None:
            return f"the file {self.file}"
        assert self.command is not None
        return f"the command {self.command[0]!r}"

    def _read(self) -> str:
        if self.env is not None:
            if self.env not in os.environ:
                raise KleosError(f"{self.describe()} is not set", hint=f"export {self.env}=…")
            return os.environ[self.env]
        try:
            if self.file is not None:
                return self.file.expanduser().read_text(encoding="utf-8")
            assert self.command is not None
            done = subprocess.run(list(self.command), check=True, capture_output=True, text=True, timeout=60)
            return done.stdout
        except (OSError, UnicodeDecodeError, subprocess.SubprocessError) as error:
            # The text of a failed command may hold the token: only the kind of failure is told.
            raise KleosError(f"{self.describe()} could not be read ({type(error).__name__})") from None


def redact(text: str) -> str:
    """Replace every secret resolved in this process by ``***``."""
    for value in sorted(_resolved, key=len, reverse=True):
        text = text.replace(value, "***")
    return text


def redact_bytes(data: bytes) -> bytes:
    """Do the same to what a network has answered: some repeat the token, in the addresses of further pages for instance."""
    for value in sorted(_resolved, key=len, reverse=True):
        if len(value) >= _SHORTEST:
            data = data.replace(value.encode(), b"***")
    return data

"""The lock of the one process that writes. Readers need none: SQLite shows them a moment, and segments never change."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from kleos.errors import StoreError

__all__ = ["WriterLock"]


class WriterLock:
    """A lock file, taken with the first write; the system releases it with the process, however that ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def take(self) -> None:
        """Take the lock, once; raises `StoreError`, naming the process, where another writer holds it."""
        if self._descriptor is not None:
            return
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            writer = os.read(descriptor, 20).decode(errors="replace")
            os.close(descriptor)
            raise StoreError(
                f"another Kleos (process {writer}) is writing to this store",
                where=str(self._path.parent),
                hint="try again when it has ended, or choose another [run] store",
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        """Let others write; releasing twice is fine."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

"""What holds the files of an export, in the one shape that the rest reads: folder, zip, tar and single file alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO

from attrs import field, frozen

from kleos.errors import ExportError
from kleos.files.limits import Limits

__all__ = ["Container", "Guarded", "Member", "check_count"]


@frozen
class Member:
    """One file: its safe name, where it lies in its container, its packed size, and what tells equal files apart (None: unknown)."""

    name: str
    key: Any
    packed: int | None = None
    fingerprint: tuple[int, int] | None = None


@frozen(kw_only=True)
class Container:
    """What holds files; `open` takes one of its members.

    `outer` is a folder's own name, so that a suffix may speak of it; `single`: the container is the file itself.
    """

    where: str
    members: tuple[Member, ...]
    open: Callable[[Member], BinaryIO]
    close: Callable[[], None] = field(default=lambda: None)
    ignored: tuple[str, ...] = ()
    outer: str = ""
    single: bool = False


class Guarded:
    """A file that refuses to give much at once: the standard readers of archives believe the sizes that a header claims.

    `look` sees everything that is read, as long as it is set; it may raise.
    """

    look: Callable[[bytes], None] | None = None

    def __init__(self, file: BinaryIO, most: int, where: str) -> None:
        self._file = file
        self._size = file.seek(0, 2)
        file.seek(0)
        self._most = most
        self._where = where

    def read(self, size: int = -1) -> bytes:
        """Read as a file does; raises `ExportError` where more than the allowed size is asked for."""
        left = max(0, self._size - self._file.tell())
        size = left if size < 0 else min(size, left)
        if size > self._most:
            raise ExportError("its list of files is too large", where=self._where, hint="raise the limit 'members' if you trust the file")
        data = self._file.read(size)
        if self.look is not None:
            self.look(data)
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def check_count(count: int, limits: Limits, where: str) -> None:
    """Raise `ExportError` where an export holds more files than the limit."""
    if count > limits.members:
        raise ExportError(
            f"holds more than {limits.members:,} files",
            where=where,
            hint="give only the folder that the network's data lie in, or raise the limit 'members'",
        )

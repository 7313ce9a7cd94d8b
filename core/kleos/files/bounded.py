"""Streams that count what they give and stop at the limits of an export."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, BinaryIO, cast

from kleos.errors import ExportError
from kleos.files.limits import Limits, plain_size

__all__ = ["Bounded", "Meter", "bounded"]

RATIO_FROM = 1 << 20
"""Bytes from which on the ratio is looked at: a short file of blanks packs very well and harms nobody."""

_BUFFER = 1 << 18


class Meter:
    """What has been read of one export. A file that is read twice counts once, with the longer of its reads."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.total = 0
        self._members: dict[str, int] = {}

    def add(self, member: str, produced: int) -> int:
        """Note that `produced` bytes of `member` have been given in one reading so far; returns the total of the export."""
        before = self._members.get(member, 0)
        if produced > before:
            self._members[member] = produced
            self.total += produced - before
        return self.total


class Bounded(io.RawIOBase):
    """A raw stream over another that raises `ExportError` at the limits, and turns every failure to unpack into one.

    `packed` returns the number of packed bytes that the stream comes from, None for what is not packed.
    """

    def __init__(self, stream: BinaryIO, meter: Meter, where: str, packed: Callable[[], int] | None) -> None:
        super().__init__()
        self.produced = 0
        self._stream = stream
        self._meter = meter
        self._where = where
        self._packed = packed

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` as far as the stream goes on; 0 at its end."""
        try:
            data = self._stream.read(len(buffer))
        except ExportError:
            raise
        except Exception as error:  # zlib, zipfile, gzip, tarfile and lzma raise a dozen kinds on broken bytes
            raise ExportError(
                f"cannot be read after {plain_size(self.produced)}: {_sentence(error)}",
                where=self._where,
                hint="the file is damaged or was not downloaded to its end: download it again",
            ) from error
        buffer[: len(data)] = data
        self.produced += len(data)
        self._check()
        return len(data)

    def close(self) -> None:
        """Close the stream below, too."""
        if not self.closed:
            self._stream.close()
        super().close()

    def _check(self) -> None:
        limits = self._meter.limits
        total = self._meter.add(self._where, self.produced)
        if self.produced > limits.member_bytes:
            self._refuse(f"is larger than {plain_size(limits.member_bytes)} unpacked", "member_bytes")
        if total > limits.total_bytes:
            self._refuse(f"the export is larger than {plain_size(limits.total_bytes)} unpacked", "total_bytes")
        if self._packed is not None and self.produced > RATIO_FROM and self.produced > limits.ratio * max(1, self._packed()):
            self._refuse(f"unpacks to more than {limits.ratio:g} times its packed size, as a zip bomb does", "ratio")

    def _refuse(self, message: str, limit: str) -> None:
        raise ExportError(message, where=self._where, hint=f"if you trust the file, unpack it yourself or raise the limit {limit!r}")


def bounded(stream: BinaryIO, meter: Meter, where: str, packed: Callable[[], int] | None = None) -> tuple[BinaryIO, Bounded]:
    """Return `stream` buffered and within the limits, and the counting stream below it."""
    raw = Bounded(stream, meter, where, packed)
    return cast("BinaryIO", io.BufferedReader(raw, _BUFFER)), raw


def _sentence(error: Exception) -> str:
    return str(error).strip().rstrip(".") or type(error).__name__

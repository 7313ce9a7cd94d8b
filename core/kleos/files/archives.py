"""Zips and tars, opened without believing them."""

from __future__ import annotations

import gzip
import shutil
import stat
import tarfile
import tempfile
import zipfile
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, cast

from attrs import evolve

from kleos.errors import ExportError
from kleos.files.bounded import Meter, bounded
from kleos.files.container import Container, Guarded, Member, check_count
from kleos.files.limits import Limits
from kleos.files.names import is_litter, safe_name

__all__ = ["ZIP_STARTS", "open_tar", "open_zip"]

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")

_ENTRY = 1024
"""Bytes in a zip's directory per allowed member: those of real exports take about 150."""

_ENTRY_START = b"PK\x01\x02"

_COPY = 1 << 20


def open_zip(path: Path, limits: Limits) -> Container:
    """Open a zip; raises `ExportError` where it is none, encrypted, too large, or has a member that points outside."""
    where = str(path)
    with ExitStack() as stack:
        file = stack.enter_context(path.open("rb"))
        guarded = Guarded(file, limits.members * _ENTRY + (1 << 20), where)
        # counted before the reader makes an object of each
        guarded.look = lambda data: check_count(data.count(_ENTRY_START), limits, where)
        try:
            archive = stack.enter_context(zipfile.ZipFile(cast("BinaryIO", guarded)))
        except ExportError:
            raise
        except Exception as error:  # zipfile raises a dozen kinds on a hostile directory
            raise _not_a_zip(path, error) from error
        guarded.look = None
        members: list[Member] = []
        ignored: list[str] = []
        for info in archive.infolist():
            name = safe_name(info.orig_filename, where)
            if not name or info.is_dir() or info.orig_filename.endswith("\\"):
                continue
            if info.flag_bits & 0x1:
                raise ExportError(f"is encrypted ({name!r})", where=where, hint="unpack it with its password and give the folder")
            if is_litter(name) or stat.S_ISLNK(info.external_attr >> 16):
                ignored.append(name)
            else:
                members.append(Member(name, info, packed=info.compress_size, fingerprint=(info.file_size, info.CRC)))
        close = stack.pop_all().close
    return Container(
        where=where,
        members=tuple(members),
        open=lambda member: cast("BinaryIO", archive.open(member.key)),
        close=close,
        ignored=tuple(ignored),
    )


def open_tar(path: Path, limits: Limits) -> Container:
    """Open a tar, gzipped or not; raises `ExportError` where it is none, too large, or has a member that points outside."""
    where = str(path)
    with ExitStack() as stack:
        file: BinaryIO = stack.enter_context(path.open("rb"))
        if file.read(2) == b"\x1f\x8b":
            file = _unpacked(stack, file, limits, where)
        file.seek(0)
        members: list[Member] = []
        ignored: list[str] = []
        try:
            archive = stack.enter_context(tarfile.TarFile(fileobj=cast("BinaryIO", Guarded(file, limits.members * _ENTRY, where))))
            for info in archive:
                check_count(len(members) + len(ignored) + 1, limits, where)
                name = safe_name(info.name, where)
                if not name or info.isdir():
                    continue
                # links could point anywhere, and sparse files claim sizes that they do not have
                if is_litter(name) or not info.isreg() or info.issparse():
                    ignored.append(name)
                else:
                    members.append(Member(name, info))
        except ExportError:
            raise
        except Exception as error:  # tarfile raises a dozen kinds on hostile headers
            raise ExportError(
                f"expected a tar, found something else or one that is cut off ({error})",
                where=where,
                hint="download it again, or unpack it and give the folder",
            ) from error
        close = stack.pop_all().close
    return Container(
        where=where,
        members=tuple(members),
        open=lambda member: cast("BinaryIO", archive.extractfile(member.key)),
        close=close,
        ignored=tuple(ignored),
    )


def _unpacked(stack: ExitStack, file: BinaryIO, limits: Limits, where: str) -> BinaryIO:
    # a gzip is read from its start only: unpacked once to a nameless file, its members can be read in any order
    file.seek(0)
    plain = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  # the stack is its context manager
    whole = Meter(evolve(limits, member_bytes=limits.total_bytes))
    stream, _ = bounded(cast("BinaryIO", gzip.GzipFile(fileobj=file)), whole, where, file.tell)
    with stream:
        shutil.copyfileobj(stream, plain, _COPY)
    return cast("BinaryIO", plain)


def _not_a_zip(path: Path, error: Exception) -> ExportError:
    with path.open("rb") as file:
        start = file.read(512)
    if not start:
        found, hint = "an empty file", "the download did not finish: download it again"
    elif start.lstrip()[:1] == b"<":
        found, hint = "a web page", "the download link had ended: log in at the network and download the export again"
    elif start.startswith(ZIP_STARTS):
        found, hint = f"one that is cut off or damaged ({error})", "the download did not finish: download it again"
    else:
        found, hint = "something else", "give the export as the network made it, or the folder it was unpacked to"
    return ExportError(f"expected a zip, found {found}", where=str(path), hint=hint)

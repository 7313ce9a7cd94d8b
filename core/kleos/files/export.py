"""`open_export`: one view over all the parts of an export."""

from __future__ import annotations

import gzip
import stat
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from io import BufferedReader
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

from kleos.errors import ExportError
from kleos.files.archives import ZIP_STARTS, open_tar, open_zip
from kleos.files.bounded import Bounded, Meter, bounded
from kleos.files.container import Container, Member, check_count
from kleos.files.elements import split_elements
from kleos.files.folders import open_file, open_folder
from kleos.files.limits import Limits, plain_size
from kleos.files.lines import split_lines
from kleos.files.names import top_folder

__all__ = ["OpenExport", "open_export"]

_BLOCK = 1 << 20
_OTHER_ARCHIVES = (".7z", ".rar", ".bz2", ".tbz", ".tbz2", ".xz", ".txz", ".zst", ".z01")


def open_export(paths: Path | str | Sequence[Path | str], limits: Limits = Limits()) -> OpenExport:  # noqa: B008  # a frozen value
    """Open a folder, a zip, a tar (gzipped or not) or a single file, or several of them as the parts of one export.

    Raises `ExportError` for what is not there, none of these, encrypted, cut off, without any file, or hostile. Close it after use, or
    use it in a ``with``.
    """
    parts = [paths] if isinstance(paths, (str, Path)) else list(paths)
    if not parts:
        raise ExportError("expected the path of an export, found an empty list", hint="give a folder, a zip or the parts of a split zip")
    containers: list[Container] = []
    with ExitStack() as stack:
        for part in parts:
            container = _open_container(Path(part), limits)
            stack.callback(container.close)
            containers.append(container)
        export = OpenExport(", ".join(str(part) for part in parts), containers, limits)
        stack.pop_all()
    return export


class OpenExport:
    """An open export: implements `kleos.contract.Export`. Reads may run in several threads; each open member is one thread's."""

    def __init__(self, where: str, containers: Sequence[Container], limits: Limits) -> None:
        self._where = where
        self._limits = limits
        self._meter = Meter(limits)
        self._containers = containers
        self._members, self._paths = _merge(containers)
        self._names = tuple(sorted(self._members))
        check_count(len(self._names), limits, where)
        if not self._names:
            raise ExportError(
                "expected an export, found no file in it", where=where, hint="give the folder or zip that holds the export's files"
            )

    @property
    def where(self) -> str:
        """The path as the user wrote it; parts are joined by a comma."""
        return self._where

    @property
    def names(self) -> Sequence[str]:
        """All names, sorted, without a top folder that is common to all.

        A file that occurs twice under one name with different content (in two parts) is also listed below the name of its part.
        """
        return self._names

    @property
    def ignored(self) -> Sequence[str]:
        """What was left out: links that lead outside, devices, and litter of file managers."""
        return tuple(name for container in self._containers for name in container.ignored)

    def find(self, suffix: str) -> Sequence[str]:
        """Return the names that end with `suffix` at a path boundary, sorted; a top folder that was left out of the names counts."""
        wanted = "/" + suffix.strip("/")
        return [name for name in self._names if self._paths[name].endswith(wanted)]

    def open(self, name: str) -> BinaryIO:
        """Open a member as it is stored in the export (a ``.gz`` stays packed); raises `ExportError` beyond the limits."""
        return self._open(name)[0]

    def read(self, name: str) -> bytes:
        """Return a member whole, as it is stored; raises `ExportError` beyond the limits."""
        most = self._limits.read_bytes
        data = bytearray()
        with self.open(name) as stream:
            while block := stream.read(_BLOCK):
                data += block
                if len(data) > most:
                    raise ExportError(
                        f"is larger than {plain_size(most)}, too large to be read at once",
                        where=self._at(name),
                        hint="raise the limit 'read_bytes' if you trust the file",
                    )
        return bytes(data)

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a member as whole lines, at most `page_bytes` at a time, unpacked where its name ends with ``.gz``.

        Raises `ExportError` for a line beyond `line_bytes`.
        """
        with self._plain(name) as stream:
            yield from split_lines(stream, self._limits, self._at(name))

    def elements(self, name: str) -> Iterator[bytes]:
        """Yield the elements of a member that holds one big JSON array, as JSON arrays of `page_bytes` at most.

        Unpacked where the name ends with ``.gz``. A single object counts as an array of one. A member that is cut off yields its whole
        elements, then raises `ExportError`; so does one that holds no array, or more text after it.
        """
        with self._plain(name) as stream:
            yield from split_elements(stream, self._limits, self._at(name))

    def close(self) -> None:
        """Close all parts."""
        for container in self._containers:
            container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _at(self, name: str) -> str:
        container = self._find(name)[0]
        return container.where if container.single else f"{container.where}: {name}"

    def _find(self, name: str) -> tuple[Container, Member]:
        try:
            return self._members[name]
        except KeyError:
            raise ExportError(
                f"there is no file {name!r} in it", where=self._where, hint="download the export again, with all its parts"
            ) from None

    def _open(self, name: str) -> tuple[BinaryIO, Bounded]:
        container, member = self._find(name)
        where = self._at(name)
        try:
            stream = container.open(member)
        except Exception as error:  # zipfile and tarfile raise a dozen kinds on hostile headers
            raise ExportError(
                f"cannot be opened: {error}", where=where, hint="unpack it and give the folder, or download it again"
            ) from error
        packed = member.packed
        return bounded(stream, self._meter, where, None if packed is None else lambda: packed)

    @contextmanager
    def _plain(self, name: str) -> Iterator[BinaryIO]:
        with ExitStack() as stack:
            stream, counting = self._open(name)
            stack.enter_context(stream)
            # browsers unpack some downloads and keep the name
            if name.endswith(".gz") and cast("BufferedReader", stream).peek(2)[:2] == b"\x1f\x8b":
                unpacked = cast("BinaryIO", gzip.GzipFile(fileobj=stream))
                stream, _ = bounded(unpacked, self._meter, self._at(name), lambda: counting.produced)
                stack.enter_context(stream)
            yield stream


def _open_container(path: Path, limits: Limits) -> Container:
    where = str(path)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return open_folder(path, limits)
        if not stat.S_ISREG(mode):
            raise ExportError("expected a file or a folder, found a device or a pipe", where=where, hint="give the path of an export")
        with path.open("rb") as file:
            start = file.read(512)
    except FileNotFoundError as error:
        raise ExportError("there is no such file or folder", where=where, hint="check the path") from error
    except (OSError, ValueError) as error:
        raise ExportError(f"cannot be opened: {getattr(error, 'strerror', None) or error}", where=where, hint="check the path") from error
    name = path.name.lower()
    if name.endswith(".zip") or (start.startswith(ZIP_STARTS) and not name.endswith(".xlsx")):
        return open_zip(path, limits)
    if name.endswith((".tar", ".tar.gz", ".tgz")) or start[257:262] == b"ustar":
        return open_tar(path, limits)
    if name.endswith(_OTHER_ARCHIVES):
        raise ExportError(
            "expected a folder, a zip or a tar, found another kind of archive", where=where, hint="unpack it and give the folder"
        )
    return open_file(path)


def _merge(containers: Sequence[Container]) -> tuple[dict[str, tuple[Container, Member]], dict[str, str]]:
    """Return the members of all parts by their name, and for each name its whole path, for `find`."""
    members: dict[str, tuple[Container, Member]] = {}
    paths: dict[str, str] = {}
    tops = _tops(containers)
    for container, top in zip(containers, tops, strict=True):
        for member in container.members:
            name = member.name.removeprefix(top)
            if name in members:
                holder, known = members[name]
                if known.fingerprint is not None and known.fingerprint == member.fingerprint:
                    continue
                name = f"{Path(container.where).name}/{member.name}"
                if holder is container or name in members:
                    raise ExportError(
                        f"holds two files named {member.name!r}",
                        where=container.where,
                        hint="which one is meant is not clear: download the export again",
                    )
            members[name] = (container, member)
            paths[name] = f"/{container.outer}{member.name}"
    return members, paths


def _tops(containers: Sequence[Container]) -> list[str]:
    common = top_folder(member.name for container in containers for member in container.members)
    if common:
        return [common] * len(containers)
    # the parts of a split export may each have a top folder of its own name
    tops = [top_folder(member.name for member in container.members) for container in containers]
    return tops if all(tops) else [""] * len(containers)

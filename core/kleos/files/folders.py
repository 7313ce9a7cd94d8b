"""Folders and single files, read where they lie."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO, cast

from kleos.errors import ExportError
from kleos.files.container import Container, Member, check_count
from kleos.files.limits import Limits
from kleos.files.names import is_litter, safe_name

__all__ = ["open_file", "open_folder"]


def open_file(path: Path) -> Container:
    """Open a single file as an export of one member, named like the file."""
    return Container(where=str(path), members=(Member(path.name, path),), open=_open, single=True)


def open_folder(path: Path, limits: Limits) -> Container:
    """Open a folder with all below it. Links are followed only to files inside of it; what is no plain file is left out."""
    where = str(path)
    root = path.resolve()
    members: list[Member] = []
    ignored: list[str] = []
    for folder, folders, files in os.walk(root, onerror=_refuse):
        for name in files:
            file = Path(folder, name)
            safe = safe_name(file.relative_to(root).as_posix(), where)
            # links to files are followed (git-annex keeps its files so), links to folders could run in circles
            target = _target(file) if file.is_symlink() else file
            if is_litter(safe) or target is None or not target.is_relative_to(root) or not target.is_file():
                ignored.append(safe)
            else:
                members.append(Member(safe, target))
        links = (Path(folder, name) for name in folders if Path(folder, name).is_symlink())
        ignored += [safe_name(link.relative_to(root).as_posix(), where) for link in links]
        check_count(len(members) + len(ignored), limits, where)
    return Container(where=where, members=tuple(members), open=_open, ignored=tuple(ignored), outer=f"{root.name}/")


def _open(member: Member) -> BinaryIO:
    return cast("BinaryIO", member.key.open("rb", buffering=0))


def _target(link: Path) -> Path | None:
    try:
        return link.resolve()
    except (OSError, RuntimeError):  # a link that leads to itself
        return None


def _refuse(error: OSError) -> None:
    raise ExportError(f"cannot be read: {error.strerror}", where=str(error.filename), hint="check its rights") from error

"""A large export made of a small one: the same files, their lines and elements repeated, or more files of the same."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

__all__ = ["enlarged"]

_ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz")
_LINES = (".jsonl", ".ndjson", ".csv", ".tsv")
_MOST_FILES = 600
"""More files than this take longer to make than they tell."""


def enlarged(sample: Path, folder: Path, size: int) -> Path:
    """Make an export of about `size` bytes in `folder`, which must be empty, and return its path; an archive becomes a folder.

    A file of lines has its lines repeated (the first of a CSV once), one that holds a JSON array its elements. Any other stands there
    many times, under names with a number: a network gives more of such files, not larger ones.
    """
    target = folder / sample.name
    if sample.is_dir():
        shutil.copytree(sample, target)
    elif sample.name.lower().endswith(_ARCHIVES):
        shutil.unpack_archive(sample, target)
    else:
        target = Path(shutil.copy(sample, target))
    files = [target] if target.is_file() else sorted(path for path in target.rglob("*") if path.is_file())
    times = max(2, -(-size // max(1, sum(path.stat().st_size for path in files))))
    most_copies = _MOST_FILES // max(1, len(files))
    for path in files:
        parts = _parts(path.name, path.read_bytes())
        if parts is not None:
            before, repeated, between, after = parts
            with path.open("wb") as file:
                file.write(before + repeated)
                for _ in range(times - 1):
                    file.write(between + repeated)
                file.write(after)
        elif target.is_dir():
            for number in range(2, min(times, most_copies) + 1):
                shutil.copyfile(path, path.with_name(f"{path.stem}-{number}{path.suffix}"))
    return target


def _parts(name: str, body: bytes) -> tuple[bytes, bytes, bytes, bytes] | None:
    """Take a file apart: what comes before, what can be repeated, what stands between two of it, and what comes after."""
    lines = body.splitlines(keepends=True)
    if name.lower().endswith((".csv", ".tsv")) and len(lines) > 1:
        return lines[0], b"".join(lines[1:]).rstrip(b"\r\n"), b"\n", b"\n"
    if name.lower().endswith(_LINES) or (len(lines) > 1 and all(map(_is_json, lines))):
        return b"", body.rstrip(b"\r\n"), b"\n", b"\n"
    start, end = body.find(b"["), body.rfind(b"]")
    # Text may stand before an array, as in "window.x = [", but no other value may.
    if 0 <= start < end and not body[:start].count(b"{") and _is_json(body[start : end + 1]) and body[start + 1 : end].strip():
        return body[: start + 1], body[start + 1 : end], b",", body[end:]
    return None


def _is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True

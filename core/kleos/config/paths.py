"""Paths as people write them: from the folder of the configuration, with ``~`` and, for tables, with wildcards."""

from __future__ import annotations

import glob
import re
import stat
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any, TypeVar

from cattrs import IterableValidationError
from cattrs.errors import IterableValidationNote

from kleos.config.rules import Rule, WrongValueError, expected

__all__ = ["InputFile", "OutputTable", "Tables", "each", "has_wildcard", "is_there", "locate", "require"]

T = TypeVar("T")

_WILDCARD = re.compile(r"[*?\[]")


def locate(text: object, folder: Path) -> Path:
    """Return the absolute path of `text`, ``~`` expanded, relative to `folder`; it need not be there. Raises `WrongValueError`."""
    if not isinstance(text, str):
        raise expected("a path", text, "write it as a text in quotes")
    if not text.strip() or "\0" in text:
        raise expected("a path", text)
    try:
        path = Path(text).expanduser()
    except RuntimeError:
        raise WrongValueError(f"{text!r} names a home folder that is not known", "write the whole path") from None
    return (folder / path).absolute()


def require(path: Path, folder: Path, *, file: bool = False) -> Path:
    """Return `path` if a file or folder is there (with `file`, a file); raises `WrongValueError` telling where it was looked for."""
    what = "a file" if file else "a file or folder"
    try:
        found = path.stat()
    except FileNotFoundError:
        raise WrongValueError(f"expected {what}, found nothing at {path}", f"relative paths start from {folder}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise WrongValueError(f"expected {what} at {path}, found an error: {reason}") from None
    if file and stat.S_ISDIR(found.st_mode):
        raise WrongValueError(f"expected {what}, found a folder at {path}", 'name the files in it: "folder/*.parquet"')
    return path


def is_there(path: Path, sort: Callable[[int], bool] = bool) -> bool:
    """Tell whether something is there, of a `sort` given as a test of `stat`; False where the system cannot even look."""
    try:
        return sort(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def has_wildcard(text: object) -> bool:
    """Tell whether a path text holds ``*``, ``?`` or ``[``."""
    return isinstance(text, str) and _WILDCARD.search(text) is not None


def each(read: Callable[[Any], T], values: Iterable[Any]) -> list[T]:
    """Read every value of a list; the errors of all of them are raised together, each with its index."""
    done: list[T] = []
    errors: list[Exception] = []
    for index, value in enumerate(values):
        try:
            done.append(read(value))
        except Exception as error:
            error.add_note(IterableValidationNote("", index, object))
            errors.append(error)
    if errors:
        raise IterableValidationError("", errors, list)
    return done


def _input_file(value: object, folder: Path) -> Path:
    return require(locate(value, folder), folder, file=True)


def _output_table(value: object, folder: Path) -> Path:
    path = locate(value, folder)
    if path.suffix.lower() not in (".parquet", ".csv"):
        raise expected("a file that ends with .parquet or .csv", value, "the suffix says how the table is written")
    if is_there(path, stat.S_ISDIR):
        raise WrongValueError(f"expected a file to write, found a folder at {path}")
    return path


def _tables(value: object, folder: Path) -> tuple[Path, ...]:
    if not isinstance(value, list):
        return tuple(_matches(value, folder))
    if not value:
        raise expected("a path or a list of paths", value)
    found = each(lambda text: _matches(text, folder), value)
    return tuple(dict.fromkeys(path for paths in found for path in paths))


def _matches(text: object, folder: Path) -> list[Path]:
    """Return the one file named, or all files that match, sorted by path."""
    path = locate(text, folder)
    # A file may have a bracket in its own name: what is there goes before what could match.
    if not has_wildcard(text) or is_there(path):
        return [require(path, folder, file=True)]
    assert isinstance(text, str)
    pattern = str(Path(text).expanduser())
    found = (folder / match for match in glob.glob(pattern, root_dir=folder, recursive=True))  # noqa: PTH207 - Path.glob refuses absolute patterns
    files = sorted(match.absolute() for match in found if is_there(match, stat.S_ISREG))
    if not files:
        raise WrongValueError(f"no file matches {text!r}", f"relative paths start from {folder}")
    return files


InputFile = Annotated[Path, Rule(_input_file)]
"""The absolute path of a file that is there."""
OutputTable = Annotated[Path, Rule(_output_table)]
"""The absolute path of a Parquet or CSV file to write; it need not be there."""
Tables = Annotated[tuple[Path, ...], Rule(_tables)]
"""The absolute paths of files that are there, from one path or a list, wildcards expanded and sorted."""

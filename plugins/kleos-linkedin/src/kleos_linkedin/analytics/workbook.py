"""A workbook, read without believing it: how much it unpacks to is known before anything is unpacked."""

from __future__ import annotations

import importlib
import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from kleos.errors import FetchError, ParseError

__all__ = ["MOST_BYTES", "check", "need_library", "sheets"]

MOST_BYTES = 16 << 20
"""Of a workbook as it is stored; those of LinkedIn take some ten thousand."""

_MOST_UNPACKED = 32 << 20
_MOST_RATIO = 200
_RATIO_FROM = 1 << 20
"""As for the files of an export: a short file of blanks packs very well and harms nobody."""
_MOST_PARTS = 500
_MOST_ROWS = 20_000
_MOST_COLUMNS = 64
_MOST_SHEETS = 20

_OLD = b"\xd0\xcf\x11\xe0"
_AGAIN = "download it again from LinkedIn's analytics page, and give it as it came"

Row = Sequence[Any]


def need_library() -> None:
    """Raise `FetchError` where the library that reads workbooks is not installed."""
    try:
        importlib.import_module("openpyxl")
    except ImportError:
        raise FetchError(
            "the source linkedin.analytics needs a reader of workbooks", hint="pip install 'kleos-linkedin[analytics]'"
        ) from None


def sheets(body: bytes) -> Iterator[tuple[str, Sequence[Row]]]:
    """Yield the name and the rows of each sheet; cells are None, texts, numbers, truth values and times.

    Of a sheet, 20,000 rows and 64 columns are read at the most. Raises `ParseError` for what is no workbook, or a hostile one.
    """
    check(body)
    try:
        openpyxl: Any = importlib.import_module("openpyxl")
    except ImportError:
        raise ParseError("a workbook cannot be read without its library", hint="pip install 'kleos-linkedin[analytics]'") from None
    with warnings.catch_warnings():
        # LinkedIn's workbooks have no default style, of which the library warns each time.
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=True, keep_links=False)
            worksheets = book.worksheets[:_MOST_SHEETS]
        except Exception as error:
            raise _unreadable(error) from None
    for sheet in worksheets:
        yield str(sheet.title), _rows(sheet)


def check(body: bytes) -> None:
    """Raise `ParseError` for what is no workbook, and for one that would unpack to more than any of LinkedIn's."""
    if body.startswith(_OLD):
        raise ParseError(
            "expected a workbook of the sort xlsx, found the older xls", hint="open it in a spreadsheet program, and save it as xlsx"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts = archive.infolist()
    except Exception as error:  # zipfile raises a dozen kinds on a hostile directory
        raise _unreadable(error) from None
    # No more than it says is ever unpacked of a part, so that what is said can be relied on.
    unpacked = sum(part.file_size for part in parts)
    dense = any(part.file_size > max(_RATIO_FROM, _MOST_RATIO * part.compress_size) for part in parts)
    if len(parts) > _MOST_PARTS or unpacked > _MOST_UNPACKED or dense:
        raise ParseError("the workbook unpacks to more than any of LinkedIn's, as a zip bomb does", hint=_AGAIN)


def _rows(sheet: Any) -> Sequence[Row]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # What a sheet says of its own size is wrong in many, and can be meant to be.
            sheet.reset_dimensions()
            return list(sheet.iter_rows(max_row=_MOST_ROWS, max_col=_MOST_COLUMNS, values_only=True))
    except Exception as error:  # the library raises whatever its parts do on broken cells
        raise _unreadable(error) from None


def _unreadable(error: Exception) -> ParseError:
    return ParseError(f"expected a workbook (xlsx), found something else or a damaged one ({type(error).__name__})", hint=_AGAIN)

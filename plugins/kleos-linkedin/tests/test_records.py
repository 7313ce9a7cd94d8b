"""Tables cut into pieces anywhere, with quotes of either sort."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kleos.errors import ParseError
from kleos.files import Limits, OpenExport, open_export
from kleos_linkedin.archive.records import Piece, pieces, records
from kleos_linkedin.archive.tables import RECOMMENDATIONS

HEADER = ["First Name", "Last Name", "Company", "Job Title", "Text", "Creation Date", "Status"]


NAME = "Recommendations_Received.csv"


@contextmanager
def export_of(body: bytes, size: int) -> Iterator[OpenExport]:
    """Open an export of one file, given in chunks of whole lines of about `size` bytes."""
    with TemporaryDirectory() as folder:
        file = Path(folder, NAME)
        file.write_bytes(body)
        with open_export(file, Limits(page_bytes=size)) as export:
            yield export


def cut(body: bytes, size: int) -> list[Piece]:
    with export_of(body, size) as export:
        return list(pieces(export, NAME, RECOMMENDATIONS))


def table(rows: Sequence[Sequence[str]], *, escaped: bool) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(HEADER)
    # Python's writer would put a backslash before backslashes, too, which LinkedIn does not.
    for row in rows:
        cells = [cell.replace('"', '\\"' if escaped else '""') for cell in row]
        text.write(",".join(f'"{cell}"' for cell in cells) + "\n")
    return text.getvalue().encode()


def read(body: bytes, size: int) -> tuple[list[list[str]], int]:
    cells: list[list[str]] = []
    broken = 0
    for piece in cut(body, size):
        rows = records(piece.body, RECOMMENDATIONS)
        cells += [list(record.cells) for record in rows.good]
        broken += len(rows.broken)
    return cells, broken


CELLS = st.lists(st.sampled_from(["Ada", ", ", "\n", '"', "\\", "é", " ", "First Name,"]), max_size=6).map("".join)
ROWS = st.lists(st.lists(CELLS, min_size=7, max_size=7).map(lambda row: ["Bo", *row[1:]]), max_size=12)


@given(ROWS, st.integers(30, 300))
@settings(deadline=None, max_examples=80)
def test_a_table_cut_anywhere_is_the_table(rows: list[list[str]], size: int) -> None:
    assert read(table(rows, escaped=False), size) == (rows, 0)


@given(st.lists(st.sampled_from(['said \\"yes\\", and', '5\\" wide,', "a\nb, c", 'so \\"it\\"\n', ""]), max_size=6).map("".join))
@settings(deadline=None, max_examples=60)
@example('said \\"yes\\", andsaid \\"yes\\", anda\nb, csaid \\"yes\\", andsaid \\"yes\\", andsaid \\"yes\\", and')  # fits both ways
def test_quotes_with_backslashes_are_read_too(text: str) -> None:
    line = f'"Bo","Old","","","{text}","10/21/26, 07:32 PM","VISIBLE"\n'
    body = (",".join(HEADER) + "\n" + line * 3).encode()
    cells, broken = read(body, 10_000)
    assert broken == 0
    assert [(row[0], row[5], row[6]) for row in cells] == [("Bo", "10/21/26, 07:32 PM", "VISIBLE")] * 3
    assert cells[0][4].replace("\\", "") == text.replace("\\", "")


def test_a_text_that_ends_with_a_backslash_is_no_trap() -> None:
    rows = [["Bo", "", "", "", "C:\\", "10/21/26, 07:32 PM", "VISIBLE"]] * 5
    assert read(table(rows, escaped=False), 50) == (rows, 0)


def test_lines_are_counted_through_preamble_and_pieces() -> None:
    rows = [["Bo", "", "", "", "one\ntwo", "", ""]] * 20
    body = b"Notes:\n\n" + table(rows, escaped=False)
    lines = [piece.line + record.line for piece in cut(body, 100) for record in records(piece.body, RECOMMENDATIONS).good]
    assert lines == [3 + 2 * number for number in range(1, 21)]


def test_pieces_stay_small_whatever_the_size_of_the_file() -> None:
    row = b'Bo,Old,,,"' + b"A long text,\n" * 40 + b'","10/21/26, 07:32 PM",VISIBLE\n'
    body = ",".join(HEADER).encode() + b"\n" + row * 4000
    sizes = [len(piece.body) for piece in cut(body, 50_000)]
    assert len(sizes) > 30
    assert max(sizes) < 60_000


def test_a_quote_that_never_ends_costs_a_bounded_stretch() -> None:
    row = b"Bo,Old,,," + b"Fine. " * 60 + b",10/21/26,VISIBLE\n"
    body = ",".join(HEADER).encode() + b'\nBo,Old,,,"An open quote,10/21/26,VISIBLE\n' + row * 80_000
    found = cut(body, 1 << 20)
    assert max(len(piece.body) for piece in found) < 18 << 20
    assert sum(len(records(piece.body, RECOMMENDATIONS).good) for piece in found) > 30_000


def test_a_file_without_a_header_is_handed_on_to_be_told() -> None:
    found = cut(b"Vorname,Nachname\n" * 5000, 1000)
    assert len(found) == 1
    with pytest.raises(ParseError, match="creation date, first name, last name"):
        records(found[0].body, RECOMMENDATIONS)

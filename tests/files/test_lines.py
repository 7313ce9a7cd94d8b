"""What a line that is too long leaves standing."""

from __future__ import annotations

from pathlib import Path

import pytest

from kleos.errors import ExportError
from kleos.files import Limits, open_export


def test_what_stands_before_a_line_that_is_too_long_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"one\ntwo\n" + b"x" * 5_000 + b"\nthree\n")
    with open_export(path, Limits(line_bytes=1_000, page_bytes=2_000)) as export:
        chunks = export.chunks("rows.jsonl")
        assert next(chunks) == b"one\ntwo\n"
        with pytest.raises(ExportError) as caught:
            next(chunks)
    assert caught.value.where.endswith(":3")

"""A Takeout tells whose channel it is, whatever the language, and nothing else."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from kleos.contract import Flaw, Page, Profile, Source
from kleos.errors import ExportError
from kleos.files import open_export

Read = Callable[..., Any]
OTHER = "UCother-other-other-othe"


def table(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def own_comments(header: str, ada: str, rows: Sequence[str] = ("UgAbc,{ada},2026-01-02T03:04:05Z,0,,v,x",)) -> bytes:
    return "\r\n".join([header, *(row.format(ada=ada) for row in rows), "", ""]).encode()


@pytest.fixture
def owned(tmp_path: Path, sources: Mapping[str, Source]) -> Callable[[dict[str, bytes]], tuple[float, Any]]:
    """How sure the source is of files, and whose it says they are."""

    def look(files: dict[str, bytes]) -> tuple[float, Any]:
        path = tmp_path / "takeout.zip"
        with zipfile.ZipFile(path, "w") as target:
            for name, content in files.items():
                target.writestr(name, content)
        with open_export(path) as export:
            return sources["takeout"].recognise(export), sources["takeout"].owners(export)

    return look


def test_the_sample_says_whose_it_is_and_holds_no_reactions(samples: Path, read: Read, sources: Mapping[str, Source], ada: str) -> None:
    with open_export(samples / "takeout") as export:
        assert sources["takeout"].recognise(export) == 1.0
        (owner,) = sources["takeout"].owners(export)
    assert (owner.ids, owner.handles, owner.names) == ((ada,), ("adamuster",), ("Ada Muster Pottery",))
    found = read("takeout", samples / "takeout")
    assert found.error is None
    assert all(isinstance(row, Profile) for row in found.rows)
    assert {(row.id, row.handle, row.name) for row in found.rows} == {(ada, "adamuster", None), (ada, None, "Ada Muster Pottery")}


def test_the_source_itself_says_that_it_holds_no_reactions(sources: Mapping[str, Source]) -> None:
    assert "no reactions" in sources["takeout"].title


@pytest.mark.parametrize(
    "header",
    [
        "Comment ID,Channel ID,Comment Create Timestamp,Price,Parent Comment ID,Video ID,Comment Text",
        "Comment ID,Channel ID,Comment Create Timestamp,Price,Video ID,Comment Text",
        "Comment ID,Channel ID,Comment Create Timestamp,Price,Parent Comment ID,Post ID,Video ID,Comment Text,Top-Level Comment ID",
        "Comment ID,Channel ID,Comment create timestamp,Price,Parent comment ID,Video ID,Comment text,Top-level comment ID",
        "Kommentar-ID,Kanal-ID,Zeitstempel der Erstellung,Preis,Video-ID,Kommentartext",
    ],
)
@pytest.mark.parametrize("folder", ["Takeout/YouTube and YouTube Music", "Takeout/YouTube und YouTube Music", "Takeout/YouTube", "x"])
def test_every_generation_of_own_comments_tells_the_channel(header: str, folder: str, owned: Any, ada: str) -> None:
    sure, owners = owned({f"{folder}/kommentare/kommentare.csv": own_comments(header, ada), f"{folder}/index.html": b"<html>"})
    assert sure == (0.8 if folder == "x" else 1.0)
    assert owners[0].ids == (ada,)


def test_the_channels_table_is_found_in_any_language(owned: Any, ada: str) -> None:
    folder = "Takeout/YouTube y YouTube Music"
    sure, (owner,) = owned(
        {
            f"{folder}/canales/canal.csv": table(
                [["ID de canal", "Título del canal (original)", "Visibilidad del canal"], [ada, "Ada", "Público"]]
            ),
            f"{folder}/canales/configuraciones de la URL del canal.csv": table(
                [["ID de canal", "Nombre de la URL mnemónica"], [ada, "ada"]]
            ),
            f"{folder}/suscripciones/suscripciones.csv": table(
                [["ID del canal", "URL del canal", "Título"], [OTHER, f"http://www.youtube.com/channel/{OTHER}", "x"]]
            ),
            f"{folder}/listas/a-videos.csv": table([["ID de vídeo", "Marca de tiempo"], ["abcdefghijk", "2026-01-01T00:00:00+00:00"]]),
        }
    )
    assert sure == 1.0
    assert (owner.ids, owner.handles) == ((ada,), ("ada",))


def test_several_own_channels_are_one_owner(owned: Any, ada: str) -> None:
    rows = [["Channel ID", "Channel Title (Original)", "Channel Visibility"], [ada, "Ada", "Public"], [OTHER, "Ada too", "Public"]]
    _, owners = owned({"YouTube/channels/channel.csv": table(rows)})
    assert [owner.ids for owner in owners] == [(ada, OTHER)]


def test_a_table_that_only_looks_like_the_owners_is_outvoted(owned: Any, ada: str) -> None:
    files = {f"YouTube/channels/channel {part}.csv": table([["Channel ID"], [ada]]) for part in "abc"}
    _, (owner,) = owned({**files, "YouTube/memberships.csv": table([["Channel ID", "Level"], [OTHER, "gold"]])})
    assert owner.ids == (ada,)


@pytest.mark.parametrize(
    ("files", "sure"),
    [
        ({"YouTube and YouTube Music/history/watch-history.html": b"<html>", "a.txt": b""}, 0.3),
        ({"data/tweets.js": b"window.YTD", "a.csv": b"Channel ID\nnone"}, 0.0),
        ({"Connections.csv": b"First Name,Last Name\nBo,Bo\n", "b.csv": b""}, 0.0),
        ({"x.csv": b"UCother-other-other-othe", "y.csv": b'"' * 200_000}, 0.0),
    ],
)
def test_other_files_are_not_taken_for_it(files: dict[str, bytes], sure: float, owned: Any) -> None:
    assert owned(files) == (sure, ())


def test_a_takeout_without_a_channel_says_what_to_do(tmp_path: Path, read: Read) -> None:
    (tmp_path / "history.json").write_text("[]")
    found = read("takeout", tmp_path)
    assert isinstance(found.error, ExportError)
    assert "whose channel" in found.error.message
    assert "takeout.google.com" in found.error.hint


def test_a_page_of_something_else_is_told(sources: Mapping[str, Source]) -> None:
    page = Page(network="youtube", source="takeout", where="p", owner=None, captured=None, body=b"a,b\n1,2\n")
    assert [type(row) for row in sources["takeout"].parse(page)] == [Flaw]

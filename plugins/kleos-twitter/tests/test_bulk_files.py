"""Files of collected tweets: their forms, and those that are refused."""

from __future__ import annotations

import gzip
import json
import random
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kleos.contract import Flaw, Source, Tally
from kleos.errors import ExportError, ParseError
from kleos.files import Limits, open_export


@pytest.fixture(scope="module")
def lines(samples: Path) -> list[str]:
    return (samples / "collected-v1.jsonl").read_text("utf-8").splitlines()


def tell(collected: Any) -> tuple[Any, ...]:
    """Everything that was found, in an order of its own."""
    return (
        sorted(json.dumps(row, sort_keys=True) for row in collected.reactions),
        sorted(map(repr, collected.tallies)),
        sorted(map(repr, collected.profiles.values())),
    )


def merged(collected: Any) -> tuple[Any, ...]:
    """What a store would keep: of totals and audiences the newest capture."""
    totals: dict[Any, Tally] = {}
    for tally in collected.tallies:
        key = (tally.kind, tally.item)
        if key not in totals or (totals[key].captured, totals[key].total) < (tally.captured, tally.total):
            totals[key] = tally
    return sorted(json.dumps(row, sort_keys=True) for row in collected.reactions), sorted(map(repr, totals.values()))


FORMS: dict[str, Callable[[list[str]], str]] = {
    "lines.jsonl": lambda lines: "\n".join(lines) + "\n",
    "no-last-newline.jsonl": "\n".join,
    "windows.jsonl": lambda lines: "\r\n".join(lines) + "\r\n",
    "blank-lines.jsonl": lambda lines: "\n\n".join(lines) + "\n\n",
    "mark.jsonl": lambda lines: "\ufeff" + "\n".join(lines),
    "array.json": lambda lines: f"[{','.join(lines)}]",
    "indented.json": lambda lines: json.dumps([json.loads(line) for line in lines], indent=2),
    "statuses.json": lambda lines: json.dumps({"statuses": [json.loads(line) for line in lines], "search_metadata": {}}),
    "indented-statuses.json": lambda lines: json.dumps({"statuses": [json.loads(line) for line in lines]}, indent=1),
    "pages.jsonl": lambda lines: "\n".join(f'{{"statuses": [{line}]}}' for line in lines),
    "arrays.jsonl": lambda lines: "\n".join(f"[{line}]" for line in lines),
    "empty-arrays.jsonl": lambda lines: "[]\n" + "\n".join(f"[{line}, {line}]" for line in lines),
    "notices.jsonl": lambda lines: '{"delete":{"status":{"id":1}}}\n' + '\n{"limit":{"track":3}}\n'.join(lines),
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_the_same(  # noqa: PLR0917  # fixtures
    tmp_path: Path, bulk: Source, collect: Callable[..., Any], lines: list[str], samples: Path, form: str, *, packed: bool
) -> None:
    path = tmp_path / (f"{form}.gz" if packed else form)
    content = FORMS[form](lines).encode()
    path.write_bytes(gzip.compress(content) if packed else content)
    collected = collect(bulk, path)
    assert collected.error is None
    assert collected.flaws == []
    expected = tell(collect(bulk, samples / "collected-v1.jsonl"))
    found = tell(collected)
    if form == "empty-arrays.jsonl":  # every tweet twice: the same ids, so the same reactions
        found = (sorted(set(found[0])), *found[1:])
    assert found == expected
    with open_export(path) as export:
        assert bulk.recognise(export) == 0.9


def test_single_objects_folders_and_zips_are_read(tmp_path: Path, bulk: Source, collect: Callable[..., Any], lines: list[str]) -> None:
    for number, line in enumerate(lines):
        (tmp_path / "folder").mkdir(exist_ok=True)
        (tmp_path / "folder" / f"{number}.json").write_text(line, "utf-8")
    (tmp_path / "folder" / "notes.txt").write_text("not data")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("collected/all.jsonl", "\n".join(lines))
    folder, zipped = collect(bulk, tmp_path / "folder"), collect(bulk, [tmp_path / "a.zip"])
    assert folder.error is None
    assert merged(folder) == merged(zipped)


def test_order_and_splitting_do_not_matter(tmp_path: Path, bulk: Source, collect: Callable[..., Any], lines: list[str]) -> None:
    (tmp_path / "all.jsonl").write_text("\n".join(lines), "utf-8")
    whole = collect(bulk, tmp_path / "all.jsonl")
    for seed in range(5):
        shuffled = random.Random(seed).sample(lines, len(lines))
        (tmp_path / "all.jsonl").write_text("\n".join(shuffled), "utf-8")
        assert tell(collect(bulk, tmp_path / "all.jsonl")) == tell(whole)
        parts = [tmp_path / f"{part}.jsonl" for part in range(3)]
        for number, part in enumerate(parts):
            part.write_text("\n".join(shuffled[number::3]), "utf-8")
        assert merged(collect(bulk, parts)) == merged(whole)


def test_the_samples_are_read_without_a_flaw(bulk: Source, collect: Callable[..., Any], samples: Path) -> None:
    classic = collect(bulk, samples / "collected-v1.jsonl")
    assert (classic.error, classic.flaws) == (None, [])
    assert [sum(one["kind"] == kind for one in classic.reactions) for kind in ("retweet", "reply", "mention", "quote")] == [22, 9, 2, 1]
    modern = collect(bulk, samples / "collected-v2.jsonl")
    assert (modern.error, modern.flaws) == (None, [])
    assert [sum(one["kind"] == kind for one in modern.reactions) for kind in ("retweet", "reply", "mention", "quote")] == [4, 3, 0, 1]
    assert {tally.kind for tally in modern.tallies} == {"like", "retweet", "reply", "quote", "bookmark", "view"}


def test_a_last_line_that_is_cut_off_is_a_flaw_and_costs_nothing_else(
    tmp_path: Path, bulk: Source, collect: Callable[..., Any], lines: list[str]
) -> None:
    (tmp_path / "a.jsonl").write_text("\n".join(lines[:-1]), "utf-8")
    expected = tell(collect(bulk, tmp_path / "a.jsonl"))
    (tmp_path / "a.jsonl").write_text("\n".join([*lines[:-1], lines[-1][:900]]), "utf-8")
    collected = collect(bulk, tmp_path / "a.jsonl")
    assert tell(collected) == expected
    (flaw,) = collected.flaws
    assert flaw.where == f"{tmp_path}/a.jsonl:{len(lines)}"
    assert "cut off" in flaw.reason


def test_an_array_that_is_cut_off_gives_its_whole_tweets_and_then_the_failure(
    tmp_path: Path, bulk: Source, collect: Callable[..., Any], lines: list[str]
) -> None:
    (tmp_path / "a.json").write_text(f"[{','.join(lines)}"[:-900], "utf-8")
    collected = collect(bulk, tmp_path / "a.json")
    assert isinstance(collected.error, ExportError)
    (tmp_path / "b.jsonl").write_text("\n".join(lines[:-1]), "utf-8")
    assert tell(collected) == tell(collect(bulk, tmp_path / "b.jsonl"))


BROKEN: dict[str, tuple[Callable[[dict[str, Any]], Any], bool, str]] = {
    "a number for an id": (lambda t: t | {"id_str": int(t["id_str"])}, True, ""),
    "only the number of an id": (lambda t: {key: value for key, value in t.items() if key != "id_str"}, True, ""),
    "a user with only the number of an id": (lambda t: t | {"user": {k: v for k, v in t["user"].items() if k != "id_str"}}, True, ""),
    "a negative audience": (lambda t: t | {"user": t["user"] | {"followers_count": -1}}, True, "followers_count: expected"),
    "a count that is a text": (lambda t: t | {"favorite_count": "--"}, True, "favorite_count: expected"),
    "a count as a text of digits": (lambda t: t | {"favorite_count": "0"}, True, ""),
    "a broken mention": (lambda t: t | {"entities": {"user_mentions": [7]}}, True, "user_mentions: expected"),
    "half of a surrogate pair": (lambda t: t | {"full_text": "\ud83d"}, True, ""),
    "no id": (lambda t: {key: value for key, value in t.items() if key not in ("id", "id_str")}, False, "a post: object missing"),
    "an empty id": (lambda t: t | {"id_str": "", "id": None}, False, "a post: object missing"),
    "no user": (lambda t: t | {"user": None}, False, "a post: object missing"),
    "a list": (lambda _: [7], False, "expected posts of Twitter's API"),
    "a number": (lambda _: 7, False, "expected posts of Twitter's API"),
    "another object": (lambda _: {"hello": 1}, False, "expected posts of Twitter's API"),
    "an account": (lambda t: t["user"], False, "expected posts, found accounts"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_line_keeps_what_can_be_kept(
    tmp_path: Path, bulk: Source, collect: Callable[..., Any], lines: list[str], broken: str
) -> None:
    change, is_kept, reason = BROKEN[broken]
    replies = [line for line in lines if '"in_reply_to_status_id_str":"' in line]
    (tmp_path / "a.jsonl").write_text("\n".join([*lines, json.dumps(change(json.loads(replies[0]) | {"id_str": "77", "id": 77}))]))
    collected = collect(bulk, tmp_path / "a.jsonl")
    assert collected.error is None
    assert ("77" in {reaction["id"] for reaction in collected.reactions}) == is_kept
    assert len(collected.reactions) == 34 + is_kept
    assert [flaw.reason.startswith(reason) for flaw in collected.flaws] == ([True] if reason else [])
    assert all(flaw.where.startswith(f"{tmp_path}/a.jsonl:{len(lines) + 1}") for flaw in collected.flaws)


def test_flaws_of_a_later_page_tell_the_line_of_the_file(bulk: Source, tmp_path: Path, lines: list[str]) -> None:
    from datetime import UTC, datetime

    from kleos.contract import Context

    (tmp_path / "a.jsonl").write_text("\n".join([*lines, "{broken", lines[0]]), "utf-8")
    with open_export(tmp_path / "a.jsonl", Limits(page_bytes=4096)) as export:
        context = Context(open_export=lambda _: export, stop=threading.Event(), now=datetime.now(UTC))
        pages = list(bulk.fetch(bulk.settings(path=(tmp_path / "a.jsonl",)), None, context))
    assert len(pages) > 5
    assert b"".join(page.body for page in pages) == (tmp_path / "a.jsonl").read_bytes()
    flaws = [row.where for page in pages for row in bulk.parse(page) if isinstance(row, Flaw)]
    assert flaws == [f"{tmp_path}/a.jsonl:{len(lines) + 1}"]


REFUSED: dict[str, tuple[Any, str]] = {
    "accounts of v1.1": ({"users": [{"id_str": "1", "screen_name": "ada"}], "next_cursor": 0}, "found accounts"),
    "an account of v1.1": ({"id_str": "1", "screen_name": "ada", "followers_count": 3}, "found accounts"),
    "bare ids": ({"ids": [1, 2], "next_cursor": 0}, "found bare ids"),
    "accounts of v2": ({"data": [{"id": "1", "username": "ada", "name": "Ada"}], "includes": {"tweets": []}}, "found accounts"),
    "an account of v2": ({"id": "1", "username": "ada", "name": "Ada"}, "found accounts"),
    "counts": ({"data": [{"start": "2026", "end": "2026", "tweet_count": 3}], "meta": {"total_tweet_count": 3}}, "found counts"),
    "counts of 2026": ({"start": "2026", "end": "2026", "post_count": 3}, "found counts"),
    "lists": ({"data": [{"id": "1", "name": "x", "member_count": 3, "owner_id": "4"}]}, "found lists"),
    "lists of v1.1": ({"lists": []}, "found lists"),
    "compliance": ({"id": "1", "action": "delete", "created_at": "2026", "reason": "deleted"}, "found compliance"),
    "comments of another network": ({"data": [{"id": "1", "text": "hi", "username": "ada"}]}, "found something else"),
    "an issue of another network": ({"id": 1, "user": {"login": "ada"}, "created_at": "2026", "body": "hi"}, "found something else"),
    "numbers": ([1, 2], "found something else"),
    "a page of numbers": ({"data": [1]}, "found something else"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_holds_no_posts_is_refused_by_its_name(tmp_path: Path, bulk: Source, collect: Callable[..., Any], case: str) -> None:
    value, message = REFUSED[case]
    path = tmp_path / "a.json"
    path.write_text(json.dumps(value))
    collected = collect(bulk, path)
    assert collected.rows == []
    assert isinstance(collected.error, ExportError)
    assert message in collected.error.message
    assert collected.error.where == str(path)
    assert collected.error.hint
    with open_export(path) as export:
        assert bulk.recognise(export) < 0.5


def test_a_refused_file_beside_others_costs_nothing_else(
    tmp_path: Path, bulk: Source, collect: Callable[..., Any], lines: list[str]
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(REFUSED["bare ids"][0]))
    (tmp_path / "b.jsonl").write_text("\n".join(lines), "utf-8")
    (tmp_path / "c.jsonl").write_text("nothing")
    collected = collect(bulk, tmp_path)
    assert len(collected.reactions) == 34
    assert "found bare ids" in collected.error.message
    assert "and 1 more" in collected.error.message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"hello", "found something else"),
        (b"{hello", "found something else, or JSON that is cut off"),
        (b"{\n\n{", "found something else, or JSON that is cut off"),
        ('{"id": 1}'.encode("utf-16"), "found UTF-16"),
        (b"\x1f\x8bnot a gzip", "found something else"),
    ],
)
def test_what_is_no_json_is_said_to_be_none(
    tmp_path: Path, bulk: Source, collect: Callable[..., Any], content: bytes, message: str
) -> None:
    (tmp_path / "a.jsonl").write_bytes(content)
    collected = collect(bulk, tmp_path / "a.jsonl")
    assert isinstance(collected.error, (ExportError, ParseError))
    assert message in collected.error.message
    with open_export(tmp_path / "a.jsonl") as export:
        assert bulk.recognise(export) == 0


@pytest.mark.parametrize("content", [b"", b"\n\n", b"[]", b"[ ]\n", b'{"meta": {"result_count": 0}}\n'])
def test_an_empty_file_gives_nothing_and_no_fault(tmp_path: Path, bulk: Source, collect: Callable[..., Any], content: bytes) -> None:
    (tmp_path / "a.jsonl").write_bytes(content)
    collected = collect(bulk, tmp_path / "a.jsonl")
    assert (collected.rows, collected.error) == ([], None)


def test_a_folder_without_json_is_said_to_have_none(tmp_path: Path, bulk: Source, collect: Callable[..., Any]) -> None:
    for name in ("a.txt", "b.csv"):
        (tmp_path / name).write_text("x")
    assert "found none" in collect(bulk, tmp_path).error.message


def test_an_interrupt_ends_after_the_page_at_hand(samples: Path, bulk: Source, collect: Callable[..., Any]) -> None:
    stop = threading.Event()
    stop.set()
    assert collect(bulk, samples / "collected-v1.jsonl", stop=stop).pages == []

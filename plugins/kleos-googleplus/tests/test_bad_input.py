import json
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from kleos.contract import Context, Flaw, Interaction, Owner, Page, Tally
from kleos.errors import ExportError, ParseError
from kleos.files import Limits, open_export
from kleos_googleplus.parse import parse, read_post
from kleos_googleplus.plugin import GOOGLEPLUS
from kleos_googleplus.takeout import Takeout, fetch

SOURCE = GOOGLEPLUS.sources[0]
BO = {"displayName": "Bo", "resourceName": "users/100000000000000000002"}
CY = {"displayName": "Cy", "profilePageUrl": "https://plus.google.com/+Cy"}
POSTS = "Google+ Stream/Posts"
Post = Callable[..., dict[str, object]]
MakePage = Callable[..., Page]


def rows_of(page: Page) -> tuple[Counter[str], list[str]]:
    rows = list(parse(page))
    return Counter(row.kind for row in rows if isinstance(row, Interaction)), [row.reason for row in rows if isinstance(row, Flaw)]


def test_a_file_that_breaks_off_costs_only_itself(samples: Path, tmp_path: Path, read: Callable[..., Any]) -> None:
    for file in (samples / "takeout-json/Takeout" / POSTS).glob("*.json"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    kiln = next(tmp_path.glob("20180512*"))
    kiln.write_bytes(kiln.read_bytes()[:-700])
    found = read(tmp_path)
    assert Counter(row.kind for row in found.reactions) == {"plusone": 4, "comment": 2, "poll_vote": 3}
    assert [(flaw.where, flaw.reason) for flaw in found.flaws] == [
        (kiln.name, "expected JSON, found text that breaks off or is not JSON"),
    ]


def test_an_archive_whose_every_post_breaks_off_says_so(tmp_path: Path, read: Callable[..., Any]) -> None:
    (tmp_path / "20180512 - Post.json").write_text('{"url": "https://plus.google.com/+A/posts/1", "creationTime": "2018')
    assert [flaw.reason for flaw in read(tmp_path).flaws] == ["expected JSON, found text that breaks off or is not JSON"]


def test_one_bad_reaction_costs_only_itself(post: Post, page: MakePage) -> None:
    body = post(
        plusOnes=[{"plusOner": BO}, {"plusOner": {}}, {}, 7, {"plusOner": "Bo"}, {"plusOner": CY}],
        reshares=[{"resharer": None}, {"resharer": CY}],
        comments=[{"author": BO, "creationTime": 1}, {"author": CY, "creationTime": "2018-05-12 19:00:00+0200"}],
    )
    kinds, reasons = rows_of(page(json.dumps(body).encode()))
    assert kinds == {"plusone": 2, "reshare": 1, "comment": 1}
    assert Counter(reasons) == {
        "a +1 that does not say by whom": 2,
        "a +1 whose fields have an unexpected type": 2,
        "a reshare that does not say by whom": 1,
        "a comment whose fields have an unexpected type": 1,
    }


@pytest.mark.parametrize("absurd", ["0000-00-00 00:00:00+0000", "0001-01-01 00:00:00+1400", "9999-12-31 23:59:59-1400", "soon", ""])
def test_an_absurd_date_is_told_and_the_reaction_kept(absurd: str, post: Post, page: MakePage) -> None:
    body = json.dumps(post(creationTime=absurd, plusOnes=[{"plusOner": BO}], comments=[{"author": BO, "creationTime": absurd}])).encode()
    kinds, reasons = rows_of(page(body))
    assert kinds == {"plusone": 1, "comment": 1}
    assert sorted(reasons) == ["a comment without a sensible time", "a post without a sensible time"]
    assert all(row.time is row.item_time is None for row in parse(page(body)) if isinstance(row, Interaction))


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ({"author": None}, "a post without an author"),
        ({"author": {}}, "a post without an author"),
        ({"url": None, "resourceName": None}, "a post without an address"),
        ({"comments": {"0": {}}}, "a field of the post has an unexpected type"),
        ({"author": "Ada"}, "a field of the post has an unexpected type"),
    ],
)
def test_a_post_without_what_it_needs_is_told(keys: dict[str, object], reason: str, post: Post, page: MakePage) -> None:
    assert rows_of(page(json.dumps(post(**keys)).encode())) == ({}, [reason])


def test_a_post_without_a_url_is_known_by_its_resource_name(post: Post, page: MakePage) -> None:
    (row,) = parse(page(json.dumps(post(url=None, plusOnes=[{"plusOner": BO}])).encode()))
    assert isinstance(row, Interaction)
    assert row.item == "UgAbc"


@pytest.mark.parametrize("poll", [7, {"choices": 7}, {"choices": [7]}, {"choices": [{"votes": {}}]}])
def test_a_bad_poll_costs_only_itself(poll: object, post: Post, page: MakePage) -> None:
    body = post(poll=poll, plusOnes=[{"plusOner": BO}])
    assert rows_of(page(json.dumps(body).encode())) == ({"plusone": 1}, ["a poll whose fields have an unexpected type"])


@pytest.mark.parametrize("count", ["-3", "many", "", "9" * 5000, "٣", 10**18, -1])
def test_an_absurd_count_of_votes_is_not_believed(count: object, post: Post, page: MakePage) -> None:
    choices = [{"voteCount": count, "votes": [{"voter": BO}]}, {"voteCount": "2"}, {}]
    body = json.dumps(post(poll={"choices": choices})).encode()
    assert rows_of(page(body)) == ({"poll_vote": 1}, ["a poll whose count of votes is not a sensible number"])
    assert [row.total for row in parse(page(body)) if isinstance(row, Tally)] == [2]


def test_reactions_to_somebody_elses_post_are_not_the_owners(post: Post, page: MakePage) -> None:
    body = json.dumps(post(plusOnes=[{"plusOner": BO}])).encode()
    stranger = Owner(ids=["100000000000000000009"], names=["Zoe"])
    assert rows_of(page(body, owner=stranger)) == (
        {},
        ["a post by somebody else than the owner: reactions to it are not received"],
    )


def test_a_namesake_is_not_the_owner_but_an_own_second_account_is(post: Post, page: MakePage) -> None:
    namesake = {"displayName": "Ada", "resourceName": "users/100000000000000000003"}
    body = json.dumps(post(plusOnes=[{"plusOner": namesake}, {"plusOner": BO}])).encode()
    owner = Owner(ids=["100000000000000000001"], names=["Ada"])
    assert rows_of(page(body, owner=owner))[0] == {"plusone": 2}
    assert rows_of(page(body, owner=evolve(owner, ids=[*owner.ids, "100000000000000000003"])))[0] == {"plusone": 1}


def test_an_archive_without_posts_says_what_was_expected(tmp_path: Path, context: Context) -> None:
    (tmp_path / "hello.json").write_text("{}")
    with pytest.raises(ExportError, match=r"expected Google\+ posts"):
        list(fetch(Takeout(path=tmp_path), None, context))


def test_a_file_larger_than_any_post_costs_only_itself(samples: Path, tmp_path: Path, read: Callable[..., Any]) -> None:
    sample = samples / "takeout-json/Takeout" / POSTS / "20190105 - Post(1).json"
    (tmp_path / "20190105 - Post.json").write_bytes(sample.read_bytes())
    (tmp_path / "20190106 - Post.json").write_bytes(b" " * ((16 << 20) + 1))
    found = read(tmp_path)
    assert len(found.reactions) == 2
    assert [(flaw.where, flaw.reason) for flaw in found.flaws] == [("20190106 - Post.json", "a file larger than any post")]


def test_a_member_beyond_the_limits_costs_only_itself(samples: Path, context: Context) -> None:
    path = samples / "takeout-json"
    tight = evolve(context, open_export=lambda paths: open_export(paths, Limits(member_bytes=4000)))
    rows = [row for page in fetch(Takeout(path=path), None, tight) for row in parse(page)]
    assert any(isinstance(row, Flaw) and "20180512" in row.where for row in rows)
    assert any(isinstance(row, Interaction) for row in rows)


def test_pages_stay_small_and_every_file_is_on_one(post: Post, tmp_path: Path, read: Callable[..., Any]) -> None:
    for index in range(9):
        name = f"201805{index + 10} - Post.json"
        (tmp_path / name).write_text(json.dumps(post(content="x" * (1 << 20), plusOnes=[{"plusOner": BO}])))
    found = read(tmp_path)
    assert len(found.pages) == 3
    assert all(len(page.body) <= 4 << 20 for page in found.pages)
    assert len(found.reactions) == 9


def test_an_interrupted_run_hands_on_no_half_page(samples: Path, context: Context) -> None:
    stopped = evolve(context, stop=threading.Event())
    stopped.stop.set()
    assert list(fetch(Takeout(path=samples / "takeout-json"), None, stopped)) == []


@pytest.mark.parametrize(
    "context",
    [{"members": [["a", 1]]}, {"members": [["a", -1], ["b", 1]]}, {"members": 7}, {"members": [7]}, {"unread": [["a"]]}, {"members": []}],
)
def test_a_page_whose_parts_do_not_add_up_is_refused(context: dict[str, object], page: MakePage) -> None:
    with pytest.raises(ParseError):
        list(parse(page(b"{}", context=context)))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html>plus.google.com" + b"<div class=comment>" * 200_000, "more blocks"),
        (b'{"postAcl":' + b"[" * 200_000, "breaks off or is not JSON"),
        (b'{"comments":[' + b'{"author":' * 200_000, "breaks off or is not JSON"),
    ],
)
def test_a_file_nested_beyond_measure_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        read_post(body)


def test_html_without_an_address_is_known_by_its_second(samples: Path, page: MakePage) -> None:
    file = samples / "takeout-microdata/Takeout" / POSTS / "20190105 - Post(1).html"
    cut = file.read_bytes().replace(b'href="https://plus.google.com/+AdaMuster/posts/C0mmunity555"', b"")
    rows = [row for row in parse(page(cut)) if isinstance(row, Interaction)]
    assert {row.item for row in rows} == {"20190105T081244Z"}
    assert {row.kind for row in rows} == {"plusone", "comment"}


def test_html_that_breaks_off_gives_what_is_there(samples: Path, page: MakePage) -> None:
    file = samples / "takeout-html/Takeout" / POSTS / "20180512 - The kiln is finally warm_ first bowls c.html"
    body = file.read_bytes()
    cut = body[: body.index(b"Brave!")]
    assert rows_of(page(cut)) == ({"plusone": 5, "reshare": 1, "comment": 2}, [])

"""End to end against a server that keeps what people do: mastodon_mock, in a process of its own."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kleos.cli import main
from kleos.contract import Interaction, Owner, Page, Profile, Tally
from kleos_mastodon import api
from kleos_mastodon.answers import parse

Made = Callable[[str], Any]
Collect = Callable[..., Iterator[Page]]
DOMAIN = "mastodon.example"


@pytest.fixture
def story(user: Made) -> tuple[Any, Any, Any, str]:
    """Ada posts, Bob and Cleo react, and Ada applauds herself."""
    ada, bob, cleo = user("ada"), user("bob"), user("cleo")
    post = ada.says("the kiln is hot")
    for fan in (bob, cleo, ada):
        fan.post(f"statuses/{post}/favourite")
    bob.post(f"statuses/{post}/reblog")
    ada.post(f"statuses/{post}/reblog")
    bob.says(f"@{ada.name} how hot?", in_reply_to_id=post)
    cleo.says(f"you should meet @{ada.name}")
    cleo.post(f"accounts/{ada.id}/follow")
    return ada, bob, cleo, post


def owner(user: Any) -> Owner:
    return Owner(person="ada", handles=[f"{user.name}@{DOMAIN}"])


def rows(pages: list[Page]) -> list[Any]:
    return [row for page in pages for row in parse(page)]


def test_everything_that_others_did_is_told_with_who_did_it(story: tuple[Any, Any, Any, str], collect: Collect) -> None:
    ada, bob, cleo, post = story
    found = rows(list(collect(ada.host, owner(ada), token=ada.token, domain=DOMAIN)))
    assert {(row.kind, row.actor, row.item) for row in found if isinstance(row, Interaction)} == {
        ("favourite", f"{bob.name}@{DOMAIN}", post),
        ("favourite", f"{cleo.name}@{DOMAIN}", post),
        ("reblog", f"{bob.name}@{DOMAIN}", post),
        ("reply", f"{bob.name}@{DOMAIN}", post),
        ("mention", f"{cleo.name}@{DOMAIN}", None),
        ("follow", f"{cleo.name}@{DOMAIN}", None),
    }
    assert {row.subject for row in found if isinstance(row, Interaction | Tally)} == {f"{ada.name}@{DOMAIN}"}


def test_totals_are_those_of_the_server_less_what_the_owner_did(story: tuple[Any, Any, Any, str], collect: Collect) -> None:
    ada, _, _, post = story
    told = ada.get(f"statuses/{post}")
    assert (told["favourites_count"], told["reblogs_count"]) == (3, 2)
    found = rows(list(collect(ada.host, owner(ada), token=ada.token, domain=DOMAIN)))
    totals = {(row.item, row.kind): row.total for row in found if isinstance(row, Tally)}
    assert totals == {(post, "favourite"): 2, (post, "reblog"): 1}


def test_followers_of_those_who_react_are_told(story: tuple[Any, Any, Any, str], user: Made, collect: Collect) -> None:
    ada, bob, cleo, _ = story
    user("dan").post(f"accounts/{bob.id}/follow")
    found = rows(list(collect(ada.host, owner(ada), token=ada.token, domain=DOMAIN)))
    audiences = {row.id: row.audience for row in found if isinstance(row, Profile)}
    assert audiences == {f"{bob.name}@{DOMAIN}": 1, f"{cleo.name}@{DOMAIN}": 0}


def test_an_independent_count_agrees(story: tuple[Any, Any, Any, str], collect: Collect) -> None:
    ada, *_ = story
    counted = Counter(entry["type"] for entry in ada.get("notifications"))
    found = rows(list(collect(ada.host, owner(ada), token=ada.token, domain=DOMAIN)))
    kinds = Counter(row.kind.replace("reply", "mention") for row in found if isinstance(row, Interaction))
    assert kinds == counted


def test_every_page_is_read_and_none_twice(story: tuple[Any, Any, Any, str], collect: Collect, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, *_ = story
    for word in ("one", "two", "three"):
        ada.says(word)
    whole = rows(list(collect(ada.host, owner(ada), token=ada.token, domain=DOMAIN)))
    monkeypatch.setattr(api, "MOST_NOTIFICATIONS", 2)
    monkeypatch.setattr(api, "MOST_POSTS", 2)
    pages = list(collect(ada.host, owner(ada), token=ada.token, domain=DOMAIN))
    assert len({page.where for page in pages}) == len(pages) > 6
    assert key(rows(pages)) == key(whole)


def test_a_run_that_was_killed_goes_on_behind_the_last_page_that_was_kept(
    story: tuple[Any, Any, Any, str], collect: Collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, *_ = story
    monkeypatch.setattr(api, "MOST_NOTIFICATIONS", 2)
    monkeypatch.setattr(api, "MOST_POSTS", 1)
    whole = list(collect(ada.host, owner(ada), token=ada.token, domain=DOMAIN))
    for kept in range(1, len(whole)):
        after = collect(ada.host, owner(ada), token=ada.token, domain=DOMAIN, cursor=whole[kept - 1].cursor)
        assert [page.where for page in after] == [page.where for page in whole[kept:]]


def test_a_later_run_asks_only_for_what_is_new(story: tuple[Any, Any, Any, str], collect: Collect, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, _, cleo, post = story
    first = list(collect(ada.host, owner(ada), token=ada.token, domain=DOMAIN))
    monkeypatch.setattr(api, "MOST_NOTIFICATIONS", 2)
    for words in ("one", "two", "three"):
        cleo.says(f"@{ada.name} {words}", in_reply_to_id=post)
    second = list(collect(ada.host, owner(ada), token=ada.token, domain=DOMAIN, cursor=first[-1].cursor))
    new = [row for row in rows(second) if isinstance(row, Interaction)]
    assert [(row.kind, row.actor) for row in new] == [("reply", f"{cleo.name}@{DOMAIN}")] * 3
    assert [page.where.split("=")[0] for page in second] == ["GET notifications min_id"] * 2 + ["GET posts", "GET posts max_id"]


def test_a_run_scores_her_and_the_next_one_adds_nothing(
    story: tuple[Any, Any, Any, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    ada, *_ = story
    monkeypatch.setenv("MASTODON_TOKEN", ada.token)
    (tmp_path / "kleos.toml").write_text(
        f"""
        [run]
        store = "store"
        [people.ada]
        accounts = {{ mastodon = "@{ada.name.upper()}@{DOMAIN}" }}
        [networks.mastodon]
        api = {{ host = "{ada.host}", domain = "{DOMAIN}", token = {{ env = "MASTODON_TOKEN" }} }}
        """
    )
    told = []
    for _ in range(2):
        assert main(["run", str(tmp_path / "kleos.toml"), "--json", "--debug"]) == 0
        said = capfd.readouterr()
        told.append(json.loads(said.out))
        assert ada.token not in said.out + said.err
    assert not [file for file in (tmp_path / "store").rglob("*") if file.is_file() and ada.token.encode() in file.read_bytes()]
    first, second = (scored["people"][0] for scored in told)
    assert first["score"] > 1
    assert first["coverage"] == second["coverage"]


def key(found: list[Any]) -> set[Any]:
    """Return what rows say, without the moment at which they were asked for."""
    return {
        (type(row).__name__, getattr(row, "kind", ""), getattr(row, "actor", ""), getattr(row, "item", row))
        for row in found
        if not isinstance(row, Profile)
    }

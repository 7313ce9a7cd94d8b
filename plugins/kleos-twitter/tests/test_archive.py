"""The archive: every age of it, what is received in it, and what becomes of broken ones."""

from __future__ import annotations

import json
import shutil
import threading
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kleos.contract import Export, Owner, Page, Source
from kleos.errors import ExportError, ParseError
from kleos.files import open_export

GENERATED = "2026-03-06T13:15:31.187Z"
MANIFEST = {
    "userInfo": {"accountId": "1", "userName": "ada", "displayName": "Ada"},
    "archiveInfo": {"generationDate": GENERATED},
    "dataTypes": {"tweets": {"files": [{"fileName": "data/tweets.js", "globalName": "YTD.tweets.part0", "count": "2"}]}},
}


def tweet(id_: str = "100", likes: Any = "3", reposts: Any = "2", **more: Any) -> dict[str, Any]:
    return {
        "id_str": id_,
        "id": id_,
        "created_at": "Wed Mar 04 10:00:00 +0000 2026",
        "full_text": "Hello",
        "favorite_count": likes,
        "retweet_count": reposts,
        **more,
    }


def js(name: str, rows: Any, part: int = 0) -> str:
    return f"window.YTD.{name}.part{part} = " + json.dumps(rows, indent=2)


def account(id_: str = "1", handle: str = "ada") -> str:
    return js("account", [{"account": {"accountId": id_, "username": handle, "accountDisplayName": "Ada"}}])


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def wrapped(*tweets: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"tweet": one} for one in tweets]


AGES: dict[str, dict[str, str]] = {
    "2018, without the wrapper, no data folder": {"account.js": account(), "tweet.js": js("tweet", [tweet("100"), tweet("101")])},
    "2019": {"data/account.js": account(), "data/tweet.js": js("tweet", wrapped(tweet("100"), tweet("101")))},
    "2021, with parts": {
        "data/manifest.js": "window.__THAR_CONFIG = " + json.dumps({"userInfo": MANIFEST["userInfo"]}),
        "data/tweet.js": js("tweet", wrapped(tweet("100"))),
        "data/tweet-part1.js": js("tweet", wrapped(tweet("101")), 1),
    },
    "2026": {
        "data/manifest.js": "window.__THAR_CONFIG = " + json.dumps(MANIFEST, indent=2),
        "data/account.js": account(),
        "data/tweets.js": js("tweets", wrapped(tweet("100"), tweet("101"))),
        "assets/js/tweets.js": "not data",
        "Your archive.html": "<html>",
    },
    "2026, with parts": {
        "data/manifest.js": "window.__THAR_CONFIG = " + json.dumps(MANIFEST),
        "data/tweets.js": js("tweets", wrapped(tweet("100"))),
        "data/tweets-part1.js": js("tweets", wrapped(tweet("101")), 1),
    },
}


@pytest.fixture(params=AGES, ids=lambda age: age)
def age(request: pytest.FixtureRequest) -> dict[str, str]:
    return AGES[request.param]


@pytest.mark.parametrize(
    ("packing", "top"), [(packing, top) for packing in ("folder", "zip", "split") for top in ("", "ada/", "twitter-2026-03-06/ada/")]
)
def test_every_age_and_packing_gives_the_same_reactions(  # noqa: PLR0917  # fixtures
    tmp_path: Path, age: dict[str, str], archive: Source, collect: Callable[..., Any], packing: str, top: str
) -> None:
    paths = [write(tmp_path / "x", {top + name: content for name, content in age.items()})]
    if packing != "folder":
        names = sorted(age)
        paths = [tmp_path / "part1.zip", tmp_path / "part2.zip"][: 1 if packing == "zip" else 2]
        for number, path in enumerate(paths):
            with zipfile.ZipFile(path, "w") as packed:
                for name in names[number :: len(paths)]:
                    packed.writestr(top + name, age[name])
    collected = collect(archive, paths)
    assert collected.error is None
    assert collected.flaws == []
    assert collected.counts == {"like": 6, "retweet": 4}
    assert {(tally.kind, tally.subject, tally.item, tally.total) for tally in collected.tallies} == {
        (kind, "1", item, total) for item in ("100", "101") for kind, total in (("like", 3), ("retweet", 2))
    }
    assert {tally.item_time for tally in collected.tallies} == {datetime(2026, 3, 4, 10, tzinfo=UTC)}
    with open_export(paths) as export:
        assert archive.recognise(export) > 0.9
        (owner,) = archive.owners(export)
        assert (owner.ids, owner.handles, owner.names) == (("1",), ("ada",), ("Ada",))


def test_the_samples_are_read_without_a_flaw(samples: Path, archive: Source, collect: Callable[..., Any]) -> None:
    ada = collect(archive, samples / "ada")
    assert ada.error is None
    assert ada.flaws == []
    # community-tweet.js holds 7 more likes and is not read
    assert ada.counts == {"like": 157, "retweet": 45, "follow": 9, "listed": 1}
    assert {tally.captured for tally in ada.tallies} == {datetime(2026, 11, 15, 9, 30, 12, tzinfo=UTC)}
    assert ada.profiles["1700000000000000101"].handle == "ada_makes"
    bob = collect(archive, samples / "bob.zip")
    assert bob.error is None
    assert bob.flaws == []
    assert bob.counts == {"like": 37, "retweet": 5, "follow": 5}


def test_followers_and_lists_are_told_with_whoever_is_named(samples: Path, archive: Source, collect: Callable[..., Any]) -> None:
    reactions = collect(archive, samples / "ada").reactions
    follower = next(reaction for reaction in reactions if reaction["kind"] == "follow")
    assert follower["actor"] == "1700000000000001000"
    assert "time" not in follower
    (listed,) = (reaction for reaction in reactions if reaction["kind"] == "listed")
    assert (listed["actor"], listed["id"]) == ("quinn_tests", "https://twitter.com/quinn_tests/lists/makers")


def test_a_list_without_an_owner_in_its_address_is_anonymous(tmp_path: Path, archive: Source, collect: Callable[..., Any]) -> None:
    lists = js("lists_member", [{"userListInfo": {"url": "https://x.com/i/lists/12"}}, {"userListInfo": {}}])
    files = {**AGES["2026"], "data/lists-member.js": lists}
    collected = collect(archive, write(tmp_path, files))
    (listed,) = collected.reactions
    assert (listed["kind"], listed["actor"], listed["id"]) == ("listed", None, "https://x.com/i/lists/12")
    assert [flaw.reason for flaw in collected.flaws] == ["a list without an address"]


def test_what_the_owner_did_never_counts(samples: Path, tmp_path: Path, archive: Source, collect: Callable[..., Any]) -> None:
    before = collect(archive, samples / "ada")
    folder = tmp_path / "ada"
    shutil.copytree(samples / "ada", folder)
    for name, row in (("like", {"like": {"tweetId": "7"}}), ("following", {"following": {"accountId": "7"}})):
        (folder / "data" / f"{name}.js").write_text(js(name, [row] * 500))
    rows = json.loads((folder / "data" / "tweets.js").read_text("utf-8").partition("=")[2])
    rows += [{"tweet": tweet(str(number), "0", "0", created_at="Sat Nov 14 10:00:00 +0000 2026")} for number in range(300)]
    (folder / "data" / "tweets.js").write_text(js("tweets", rows))
    assert collect(archive, folder).rows == before.rows


def test_an_own_retweet_never_brings_the_counts_of_the_original(tmp_path: Path, archive: Source, collect: Callable[..., Any]) -> None:
    files = AGES["2019"] | {"data/tweet.js": js("tweet", wrapped(tweet("5", "0", "900", full_text="RT @bob: Hello"), tweet("6")))}
    assert collect(archive, write(tmp_path, files)).counts == {"like": 3, "retweet": 2}


@pytest.mark.parametrize(
    ("broken", "counts", "reason"),
    [
        (tweet("", id=None), {}, "a post without an id"),
        ({"favorite_count": "3"}, {}, "a post without an id"),
        (tweet(created_at="Wed Mar 04 10:00:00 +0000 0000"), {"like": 3, "retweet": 2}, "a post without a date"),
        (tweet(created_at=None), {"like": 3, "retweet": 2}, "a post without a date"),
        (tweet(likes="-3"), {"retweet": 2}, "favorite_count: expected a number of at least 0"),
        (tweet(reposts="many"), {"like": 3}, "retweet_count: expected a whole number"),
        (tweet(reposts=2.5), {"like": 3}, "retweet_count: expected a whole number"),
        (tweet(likes=True), {"retweet": 2}, "favorite_count: expected a whole number"),
        (tweet(likes="9" * 30), {"retweet": 2}, "favorite_count: expected a whole number"),
        ("a text", {}, "expected a post, found something else"),
        ([], {}, "expected a post, found something else"),
        (None, {}, "expected a post, found something else"),
    ],
)
def test_a_broken_row_is_a_flaw_and_keeps_what_can_be_kept(  # noqa: PLR0917  # fixtures
    tmp_path: Path, archive: Source, collect: Callable[..., Any], broken: Any, counts: dict[str, int], reason: str
) -> None:
    rows = [{"tweet": broken} if isinstance(broken, dict) else broken, *wrapped(tweet("200", "10", "20"))]
    collected = collect(archive, write(tmp_path, AGES["2019"] | {"data/tweet.js": js("tweet", rows)}))
    assert collected.error is None
    assert collected.counts == {"like": counts.get("like", 0) + 10, "retweet": counts.get("retweet", 0) + 20}
    (flaw,) = collected.flaws
    assert flaw.reason.startswith(reason)
    assert flaw.where.startswith("data/tweet.js: ") or flaw.where.startswith("tweet.js: ")


@pytest.mark.parametrize("missing", ["--", "", None, "None"])
def test_a_count_that_twitter_did_not_tell_is_missing_and_no_flaw(
    tmp_path: Path, archive: Source, collect: Callable[..., Any], missing: Any
) -> None:
    files = AGES["2019"] | {"data/tweet.js": js("tweet", wrapped(tweet(likes=missing, reposts="1,204")))}
    collected = collect(archive, write(tmp_path, files))
    assert collected.counts == {"retweet": 1204}
    assert collected.flaws == []


def test_a_date_that_cannot_be_read_leaves_the_item_without_a_time(tmp_path: Path, archive: Source, collect: Callable[..., Any]) -> None:
    rows = wrapped(tweet(created_at="Wed Mar 04 10:00:00 +0000 0000"))
    collected = collect(archive, write(tmp_path, AGES["2026"] | {"data/tweets.js": js("tweets", rows)}))
    assert {(tally.item_time, tally.captured) for tally in collected.tallies} == {
        (None, datetime(2026, 3, 6, 13, 15, 31, 187000, tzinfo=UTC))
    }


def test_without_a_manifest_the_newest_post_dates_the_counts(tmp_path: Path, archive: Source, collect: Callable[..., Any]) -> None:
    rows = wrapped(tweet("1", created_at="Wed Mar 04 10:00:00 +0000 2020"), tweet("2", created_at="Thu Mar 05 10:00:00 +0000 2020"))
    collected = collect(archive, write(tmp_path, AGES["2019"] | {"data/tweet.js": js("tweet", rows)}))
    assert {tally.captured for tally in collected.tallies} == {datetime(2020, 3, 5, 10, tzinfo=UTC)}


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.95])
def test_a_file_that_is_cut_off_gives_its_whole_posts_and_then_the_failure(
    tmp_path: Path, archive: Source, collect: Callable[..., Any], cut: float
) -> None:
    text = js("tweets", wrapped(*[tweet(str(number), "1", "0") for number in range(100, 200)]))
    follower = js("follower", [{"follower": {"accountId": "9"}}])
    files = AGES["2026"] | {"data/tweets.js": text[: int(len(text) * cut)], "data/follower.js": follower}
    collected = collect(archive, write(tmp_path, files))
    assert isinstance(collected.error, ExportError)
    assert "is cut off" in collected.error.message
    assert collected.error.where.endswith("tweets.js")
    assert abs(collected.counts["like"] - 100 * cut) <= 1
    assert collected.counts["follow"] == 1


def test_a_part_that_the_manifest_names_and_is_not_there_is_told(tmp_path: Path, archive: Source, collect: Callable[..., Any]) -> None:
    collected = collect(archive, write(tmp_path, {name: text for name, text in AGES["2026"].items() if name != "data/tweets.js"}))
    assert "expected data/tweets.js" in collected.error.message
    manifest = json.loads(json.dumps(MANIFEST))
    manifest["dataTypes"]["tweets"]["files"].append({"fileName": "data/tweets-part1.js", "count": "1"})
    collected = collect(archive, write(tmp_path, AGES["2026"] | {"data/manifest.js": "window.__THAR_CONFIG = " + json.dumps(manifest)}))
    assert collected.counts == {"like": 6, "retweet": 4}
    assert "data/tweets-part1.js, which is not here" in collected.error.message
    assert "all parts" in collected.error.hint


def test_several_problems_are_told_as_the_first_and_a_number(tmp_path: Path, archive: Source, collect: Callable[..., Any]) -> None:
    files = {"data/account.js": account()[:-9], "data/follower.js": "window.YTD.follower.part0 = [ {"}
    collected = collect(archive, write(tmp_path, files), Owner(handles=["ada"]))
    assert "and 2 more" in collected.error.message


def test_archives_of_two_accounts_in_one_folder_are_refused(tmp_path: Path, archive: Source, collect: Callable[..., Any]) -> None:
    for id_ in ("1", "2"):
        write(tmp_path / id_, AGES["2019"] | {"data/account.js": account(id_, f"name{id_}")})
    collected = collect(archive, tmp_path)
    assert collected.rows == []
    assert "found those of 1, 2" in collected.error.message


def test_archives_made_before_2018_are_refused_by_name(tmp_path: Path, archive: Source, collect: Callable[..., Any]) -> None:
    details = 'var user_details = {"screen_name": "ada", "full_name": "Ada", "id": "1"}'
    write(tmp_path, {"data/js/user_details.js": details, "data/js/tweets/2014_05.js": "Grailbird.data.tweets_2014_05 = []"})
    assert "made until 2018" in collect(archive, tmp_path).error.message
    with open_export(tmp_path) as export:
        assert archive.recognise(export) > 0.5
        assert archive.owners(export)[0].handles == ("ada",)


def test_past_handles_belong_to_the_owner(samples: Path, archive: Source) -> None:
    with open_export(samples / "ada") as export:
        (owner,) = archive.owners(export)
    assert owner.handles == ("ada_makes", "ada_prints_2023")


def test_an_archive_that_does_not_say_whose_it_is_takes_the_owner_it_is_given(
    tmp_path: Path, archive: Source, collect: Callable[..., Any]
) -> None:
    write(tmp_path, {"data/tweets.js": AGES["2026"]["data/tweets.js"]})
    with open_export(tmp_path) as export:
        assert archive.owners(export) == ()
    assert {tally.subject for tally in collect(archive, tmp_path, Owner(handles=["ada"])).tallies} == {"ada"}
    collected = collect(archive, tmp_path)
    assert isinstance(collected.error, ParseError)
    assert "person" in collected.error.hint


def test_the_subject_is_the_account_of_the_archive_whatever_else_the_person_has(
    tmp_path: Path, archive: Source, collect: Callable[..., Any]
) -> None:
    owner = Owner(person="ada", ids=["77", "1"], handles=["other", "ada"])
    assert {tally.subject for tally in collect(archive, write(tmp_path, AGES["2026"]), owner).tallies} == {"1"}


def test_broken_files_that_would_name_the_owner_are_told_only_where_no_other_does(tmp_path: Path, archive: Source) -> None:
    write(tmp_path, AGES["2026"] | {"data/account.js": "window.YTD.account.part0 = [ {"})
    with open_export(tmp_path) as export:
        assert archive.owners(export)[0].ids == ("1",)
    (tmp_path / "data" / "manifest.js").write_text("window.__THAR_CONFIG = {")
    with open_export(tmp_path) as export, pytest.raises(ParseError, match="expected JSON"):
        archive.owners(export)


def test_other_exports_are_not_recognised(tmp_path: Path, archive: Source) -> None:
    write(tmp_path, {"manifest.js": "module.exports = {}", "account.js": "export const account = 1", "tweets.js": "let x = []"})
    with open_export(tmp_path) as export:
        assert archive.recognise(export) == 0


def test_an_interrupt_ends_after_the_page_at_hand(samples: Path, archive: Source, collect: Callable[..., Any]) -> None:
    stop = threading.Event()
    stop.set()
    assert collect(archive, samples / "ada", stop=stop).pages == []


def test_the_same_page_gives_the_same_rows(samples: Path, archive: Source, collect: Callable[..., Any]) -> None:
    pages: list[Page] = collect(archive, samples / "ada").pages
    for page in pages:
        json.dumps(dict(page.context or {}))  # plain values
        assert list(archive.parse(page)) == list(archive.parse(page))


def test_progress_counts_files(samples: Path, archive: Source) -> None:
    from kleos.contract import Context

    told: list[tuple[int, int | None, str]] = []
    with open_export(samples / "ada") as export:

        def same(paths: Any) -> Export:
            return export

        context = Context(
            open_export=same,
            stop=threading.Event(),
            now=datetime.now(UTC),
            progress=lambda done, total, unit: told.append((done, total, unit)),
        )
        list(archive.fetch(archive.settings(path=(samples / "ada",)), None, context))
    assert told[0] == (0, 4, "files")
    assert told[-1] == (4, 4, "files")

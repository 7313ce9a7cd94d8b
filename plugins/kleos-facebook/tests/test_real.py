"""The parsers against short independent counts on files that are not part of the project."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kleos.contract import Batch, Flaw, Owner, Page, Profile, Source, Tally
from kleos.errors import ParseError

SHARED = Path(os.environ.get("KLEOS_SHARED") or Path(__file__).parents[4] / "shared")
REAL = SHARED / "real/facebook"
CAPTURED = datetime(2026, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason=f"real files are not at {REAL} (set KLEOS_SHARED)")


def load(name: str) -> Any:
    return json.loads((REAL / "graph-api" / name).read_text(encoding="utf-8"))


def rows(sources: Mapping[str, Source], ask: str, body: Any, page: str, post: str = "") -> list[Any]:
    context = {"ask": ask, "page": page, "post": post, "own": [page]}
    return parsed(sources, "api", json.dumps(body).encode(), context, Owner(ids=[page]))


def parsed(sources: Mapping[str, Source], name: str, body: bytes, context: Mapping[str, Any], owner: Owner) -> list[Any]:
    page = Page(network="facebook", source=name, where="page", owner=owner, captured=CAPTURED, body=body, context=context)
    return list(sources[name].parse(page))


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("posts/feeds_default_fields_p1.json", "19292868552"),
        ("posts/feeds_default_fields_p2.json", "19292868552"),
        ("posts/multi_posts_data.json", "19292868552"),
        ("posts/multi_posts_data_fields.json", "19292868552"),
        ("posts/single_post_data.json", "175154750010052"),
        ("posts/single_post_data_fields.json", "175154750010052"),
    ],
)
def test_reactions_and_shares_are_what_a_short_script_counts(name: str, page: str, sources: Mapping[str, Source]) -> None:
    found = load(name)
    posts = found["data"] if "data" in found else [found] if "id" in found else list(found.values())
    counted: dict[tuple[str, str], int] = {}
    for post in posts:
        if "reactions" in post:
            counted["reaction", post["id"]] = post["reactions"]["summary"]["total_count"]
        if "shares" in post:
            counted["share", post["id"]] = post["shares"]["count"]
    read = rows(sources, "posts", {"data": posts}, page)
    assert {(row.kind, row.item): row.total for row in read if isinstance(row, Tally)} == counted
    assert not [row for row in read if not isinstance(row, Tally)]
    assert all(row.item_time is not None for row in read)


def test_every_named_comment_is_read(sources: Mapping[str, Source]) -> None:
    total = 0
    for post in load("posts/multi_posts_data.json").values():
        comments = post["comments"]["data"]
        counted = Counter(comment["from"]["id"] for comment in comments if comment["from"]["id"] != "19292868552")
        read = rows(sources, "comments", {"data": comments}, "19292868552", post["id"])
        (batch,) = [row for row in read if isinstance(row, Batch)]
        assert Counter(batch.actor) == counted
        assert set(batch.item or ()) == {post["id"]}
        assert len(set(batch.id or ())) == len(batch) == sum(counted.values())
        assert not [row for row in read if isinstance(row, Flaw)]
        total += len(batch)
    assert total > 10


def test_comments_without_names_count_without_them(sources: Mapping[str, Source]) -> None:
    comments = [*load("comments/comments_info.json").values(), load("comments/comment_info.json")]
    (batch,) = rows(sources, "comments", {"data": comments}, "19292868552", "post")
    assert list(batch.id) == [comment["id"] for comment in comments]
    assert set(batch.actor) == {None}


def test_those_who_react_are_read(sources: Mapping[str, Source]) -> None:
    found = load("likes/likes_resp.json")
    (batch,) = rows(sources, "reactions", found, "1", "post")
    assert sorted(batch.actor) == sorted(one["id"] for one in found["data"])
    assert set(batch.kind) == {"reaction"}


@pytest.mark.parametrize("name", ["pages/single_default_page.json", "pages/single_fields_page.json", "pages/multi_pages.json"])
def test_every_page_is_known_by_id_name_and_audience(name: str, sources: Mapping[str, Source]) -> None:
    found = load(name)
    for page in [found] if "id" in found else found.values():
        (profile,) = rows(sources, "look", page, page["id"])
        assert isinstance(profile, Profile)
        told = (profile.id, profile.handle, profile.name, profile.audience)
        assert told == (page["id"], page["username"], page["name"], page["fan_count"])


def test_every_other_answer_gives_rows_or_is_refused(sources: Mapping[str, Source]) -> None:
    asks = ("look", "posts", "visitors", "tagged", "reactions", "comments", "shares")
    paths = sorted((REAL / "graph-api").rglob("*.json"))
    assert len(paths) > 20
    for path in paths:
        for ask in asks:
            try:
                read = rows(sources, ask, json.loads(path.read_text(encoding="utf-8")), "19292868552", "post")
            except ParseError:
                continue
            assert all(isinstance(row, Batch | Tally | Profile | Flaw) for row in read), path


SCHEMAS = {
    "photos_and_videos/album/album.json": ("photos", "album"),
    "photos_and_videos/your_videos.json": ("videos", "media"),
    "posts/other_people's_posts_to_your_timeline.json": ("wall_posts_sent_to_you", "wall"),
    "other_activity/pokes.json": ("pokes", "pokes"),
    "friends/received_friend_requests.json": ("received_requests", "requests"),
}


def example(schema: Any, root: Any, texts: list[str]) -> Any:
    """Make an instance of a schema: each text another of `texts`, each list of two, each time a Facebook one."""
    if "$ref" in schema:
        address, _, pointer = schema["$ref"].partition("#")
        if address:
            root = json.loads((REAL / "export-schemas-2019" / address.partition("facebook-schemas/")[2]).read_text(encoding="utf-8"))
        found = root
        for part in pointer.strip("/").split("/") if pointer else ():
            found = found[part]
        return example(found, root, texts)
    if "anyOf" in schema:
        return example(schema["anyOf"][0], root, texts)
    kind = schema.get("type", "object")
    if kind == "object":
        return {name: example(part, root, texts) for name, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [example(schema["items"], root, texts) for _ in range(schema.get("maxItems", 2))]
    if kind == "string":
        texts.append(f"Text {len(texts)}")
        return texts[-1]
    return {"integer": 1_560_000_000 + 60 * len(texts), "boolean": True, "number": 1.5}[kind]


def instance(name: str) -> Any:
    schema = json.loads((REAL / "export-schemas-2019" / name).read_text(encoding="utf-8"))
    made = example(schema, schema, [])
    for poke in made.get("pokes", ()):
        poke["pokee"] = "Cleo Mara"
    return made


def counted(made: Any, holds: str) -> int:
    if holds in ("album", "media", "posts"):
        return json.dumps(made).count('"author"')
    return len(made[{"wall": "wall_posts_sent_to_you", "pokes": "pokes", "requests": "received_requests"}[holds]])


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_instance_of_the_schemas_of_2019_is_read(name: str, sources: Mapping[str, Source]) -> None:
    key, holds = SCHEMAS[name]
    made = instance(name)
    assert counted(made, holds) >= 2
    assert made[key]
    (batch,) = parsed(sources, "export", json.dumps(made).encode(), {"holds": holds}, Owner(names=["Cleo Mara"]))
    assert isinstance(batch, Batch)
    assert len(batch) == counted(made, holds)
    assert None not in (batch.time or (None,))


def test_the_other_schemas_hold_only_what_one_did_oneself(read: Callable[..., Any], write: Callable[..., Path]) -> None:
    folder = REAL / "export-schemas-2019"
    names = [str(path.relative_to(folder)) for path in sorted(folder.rglob("*.json")) if path.parent.name != "_partials"]
    assert len(names) > len(SCHEMAS) + 10
    found = read(write({name.replace("album.json", "0.json"): instance(name) for name in names}), Owner(names=["Cleo Mara"]))
    assert found.error is None
    rows = sum(len(row) for row in found.rows if isinstance(row, Batch))
    received = {**{name: holds for name, (_, holds) in SCHEMAS.items()}, "posts/your_posts.json": "posts"}
    assert rows == sum(counted(instance(name), holds) for name, holds in received.items())
    assert not [row for row in found.rows if isinstance(row, Tally)]

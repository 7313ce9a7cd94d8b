"""Pages from a store: what was recorded, and what the store tells about it."""

from __future__ import annotations

import csv
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve, frozen

from kleos import pipeline
from kleos.cli.opening import open_config
from kleos.config import Config
from kleos.errors import StoreError, UsageError
from kleos.events import Event, Note, silent
from kleos.plugins import Loaded
from kleos.report.gather import gather
from kleos.report.page import Page
from kleos.report.pages import person_page
from kleos.store import Store

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
WEEK = (NOW.date() - timedelta(days=7), NOW.date())
TOML = """
[run]
store = "store"
[people.ada]
name = "Ada Quill"
accounts = { twitter = "ada" }
[people.bob]
name = "Bob Fettle"
accounts = { twitter = "bob" }
[people.nil]
[networks.twitter]
interactions = "table.csv"
"""


@frozen
class Home:
    """A configuration in a folder of its own."""

    folder: Path

    def opened(self) -> tuple[Config, Loaded]:
        return open_config(self.folder / "kleos.toml", emit=silent)

    def record(self, days_ago: float, *, collect: bool = True) -> None:
        """Collect, score and record as of some days ago."""
        config, loaded = self.opened()
        then = evolve(config, run=evolve(config.run, as_of=NOW - timedelta(days=days_ago)))
        pipeline.run(then, loaded, emit=silent, now=NOW, collect=collect)

    def react(self, name: str, *rows: tuple[str, str, str, str, float]) -> None:
        """Write a table: subject, actor, kind, item, days ago."""
        with (self.folder / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(("subject", "actor", "kind", "item", "time"))
            writer.writerows((*row[:4], (NOW - timedelta(days=row[4])).isoformat()) for row in rows)

    def pages(self, *people: str) -> dict[str, Page]:
        config, loaded = self.opened()
        return {page.id: page for page in gather(config, loaded, people, emit=silent, now=NOW)}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home with two recorded days: 40 strangers like Ada's posts, and Bob, who is in the configuration, too."""
    found = Home(tmp_path_factory.mktemp("home"))
    (found.folder / "kleos.toml").write_text(TOML, encoding="utf-8")
    strangers = [("ada", f"stranger{k}", "like", f"post{k % 7}", 1.0 + 2 * k) for k in range(40)]
    found.react("table.csv", *strangers, ("ada", "bob", "reply", "post1", 2.0), ("bob", "ada", "retweet", "b1", 3.0))
    found.record(7)
    found.record(0, collect=False)
    return found


@pytest.fixture(scope="module")
def pages(home: Home) -> dict[str, Page]:
    return home.pages()


def test_a_page_has_the_recorded_score_and_its_parts_add_up(home: Home, pages: dict[str, Page]) -> None:
    page = pages["ada"]
    with Store.open(home.folder / "store") as store:
        (record,) = store.scores(person="ada", since=NOW.date())
    assert page.standing.score == record.score
    assert sum(row.points for row in page.networks) == pytest.approx(record.score - 1, abs=1e-9)
    assert sum(row.points for family in page.families for row in family.metrics) == pytest.approx(record.score - 1, abs=1e-9)
    assert page.audience.points + page.audience.unnamed_points == pytest.approx(record.score - 1, abs=1e-9)
    assert page.reproduction.model.digest == record.digest
    assert page.reproduction.command == "kleos score kleos.toml --as-of 2026-06-30T12:00:00Z"
    assert page.notes == []


def test_why_it_moved_adds_up_to_the_change_since_the_earlier_record(home: Home, pages: dict[str, Page]) -> None:
    page = pages["ada"]
    change = page.standing.changes["week"]
    assert change is not None
    assert page.move is not None
    assert page.move.since == NOW - timedelta(days=7)
    assert page.move.after - page.move.before == pytest.approx(change.points, abs=1e-9)
    assert sum(cause.points for cause in page.move.causes) == pytest.approx(change.points, abs=1e-9)
    assert sum(page.move.metrics.values()) == pytest.approx(change.points, abs=1e-9)
    for cause in page.move.causes:
        assert sum(cause.networks.values()) == pytest.approx(cause.points, abs=1e-9)


def test_after_a_change_of_model_the_move_is_told_across_it(home: Home, tmp_path: Path) -> None:
    changed = Home(Path(shutil.copytree(home.folder, tmp_path / "home")))
    config = changed.folder / "kleos.toml"
    config.write_text(TOML + "[metrics.momentum]\nweight = 3.0\n", encoding="utf-8")
    shutil.rmtree(changed.folder / "store" / "scores")
    (changed.folder / "store" / "scores").mkdir()
    shutil.copy(home.folder / "store" / "scores" / "day=2026-06-23.parquet", changed.folder / "store" / "scores")
    changed.record(0, collect=False)
    page = changed.pages("ada")["ada"]
    assert page.standing.changes["week"] is None
    move = page.move
    assert move is not None
    with Store.open(changed.folder / "store") as store:
        old, new = (next(one for one in store.scores(person="ada") if one.successor is None and one.day == day) for day in WEEK)
    assert (move.before, move.after) == pytest.approx((old.score, new.score), abs=1e-9)
    assert sum(cause.points for cause in move.causes) == pytest.approx(new.score - old.score, abs=1e-9)
    assert next(cause.points for cause in move.causes if cause.name == "model") != 0
    assert old.digest[:12] in move.models
    assert new.digest[:12] in move.models
    assert move.models in person_page(page)
    for kept in (changed.folder / "store" / "models").glob(f"{old.digest}.*"):
        kept.unlink()
    alone = changed.pages("ada")["ada"].move
    assert alone is not None
    assert "cannot score once more: the store has not kept it" in alone.models


def test_who_is_in_the_configuration_has_a_name_and_everybody_else_a_pseudonym(pages: dict[str, Page]) -> None:
    page = pages["ada"]
    names = [giver.name for giver in page.audience.givers]
    assert "Bob Fettle" in names
    assert all(name == "Bob Fettle" or name.startswith("someone ") for name in names)
    assert page.audience.people == 41
    assert page.audience.gives == {"Bob Fettle": 1}
    assert "stranger" not in person_page(page).replace("a stranger", "")


def test_moments_and_curve_are_the_stores(pages: dict[str, Page]) -> None:
    page = pages["ada"]
    assert len(page.moments) == 6
    assert [moment.points for moment in page.moments] == sorted((moment.points for moment in page.moments), reverse=True)
    assert page.moments[0].item == "post1"
    assert sum(page.moments[0].kinds.values()) == page.moments[0].reactions
    assert [point.day for point in page.history.line] == [(NOW - timedelta(days=7)).date(), NOW.date()]


def test_nobody_reacted_to_is_a_page_too(pages: dict[str, Page]) -> None:
    page = pages["nil"]
    assert page.standing.score == 1.0
    assert (page.networks, page.moments, page.audience.people) == ([], [], 0)
    assert "at the start" in person_page(page)


def test_people_are_told_in_the_order_of_the_configuration_each_once(home: Home) -> None:
    assert list(home.pages("bob", "ada", "bob")) == ["ada", "bob"]


def test_who_is_nobody_is_told_before_anything_is_read(home: Home) -> None:
    config, loaded = home.opened()
    with pytest.raises(UsageError, match="eve"):
        next(gather(config, loaded, ["ada", "eve"], emit=silent, now=NOW))


@pytest.fixture
def fresh(tmp_path: Path) -> Home:
    (tmp_path / "kleos.toml").write_text(TOML, encoding="utf-8")
    return Home(tmp_path)


def test_without_a_store_or_a_record_the_way_to_one_is_told(fresh: Home) -> None:
    fresh.react("table.csv", ("ada", "stranger", "like", "post", 1.0))
    with pytest.raises(StoreError, match="no store"):
        fresh.pages()
    config, loaded = fresh.opened()
    pipeline.collect_only(config, loaded, emit=silent, now=NOW)
    with pytest.raises(UsageError) as caught:
        fresh.pages()
    assert "kleos run" in caught.value.hint


def test_what_came_after_the_record_and_who_came_after_it_is_told(fresh: Home) -> None:
    fresh.react("table.csv", *(("ada", f"s{k}", "like", "post", 1.0) for k in range(9)))
    fresh.record(0)
    fresh.react("table.csv", *(("ada", f"s{k}", "like", "post", 1.0) for k in range(30)))
    (fresh.folder / "kleos.toml").write_text(f"{TOML}[people.eve]\n", encoding="utf-8")
    config, loaded = fresh.opened()
    pipeline.collect_only(config, loaded, emit=silent, now=NOW)
    heard: list[Event] = []
    pages = {page.id: page for page in gather(config, loaded, (), emit=heard.append, now=NOW)}
    assert list(pages) == ["ada", "bob", "nil"]
    assert [event.text for event in heard if isinstance(event, Note) and "eve" in event.text] == [
        "no page for eve: the model in use has recorded no score of theirs; `kleos run` does"
    ]
    assert pages["ada"].notes[0].startswith("More was collected since this score was recorded")
    assert pages["bob"].notes == []
    with pytest.raises(UsageError, match="no score of eve"):
        next(gather(config, loaded, ["eve"], emit=silent, now=NOW))

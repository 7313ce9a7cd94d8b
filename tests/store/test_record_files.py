"""Files of days and of months: each day is there once, whatever is written when, and whatever dies."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.store import Connection, ScoreRecord, Store, connect
from kleos.store.forget import Target, forget, look
from kleos.store.record_files import RecordFiles, from_records, merge_months, record_files
from kleos.store.records import last_day, read_scores, write_scores

FIRST = date(2026, 1, 25)
Key = tuple[date, str, str]


def score(day: date, person: str = "ada", value: float = 2.0, digest: str = "d1") -> ScoreRecord:
    as_of = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    told: dict[str, Any] = {
        "lo": value - 1,
        "hi": None,
        "percentile": 50.0,
        "model": "kleos",
        "version": "1",
        "window": 1,
        "coverage": {"actors": value},
    }
    return ScoreRecord(person=person, score=value, as_of=as_of, digest=digest, day=day, **told)


def days_from(first: date, number: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(number)]


def scored(folder: Path) -> dict[Key, float]:
    """Return everything recorded; each (day, person, model) may be there only once."""
    with connect(threads=1) as connection:
        records = read_scores(connection, folder)
    found = {(record.day or date.min, record.person, record.digest): record.score for record in records}
    assert len(found) == len(records)
    return found


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with January, February, and one day of March, every day in a file of its own."""
    path = tmp_path_factory.mktemp("recorded") / "store"
    with Store.open(path), connect(threads=1) as connection:
        (path / "scores").mkdir()
        for day in days_from(FIRST, 36):
            write_scores(connection, path / "scores", day, [score(day, "ada"), score(day, "bob", 3.0)])
    return path


@pytest.fixture
def winter(recorded: Path, tmp_path: Path) -> Path:
    """The folder of scores of a copy of that store, for this test alone."""
    return Path(shutil.copytree(recorded, tmp_path / "store"), "scores")


def test_months_that_are_over_become_a_file_each_once_something_is_recorded(winter: Path, connection: Connection) -> None:
    before = read_scores(connection, winter)
    with Store.open(winter.parent) as store:
        store.record_scores(date(2026, 3, 1), [score(date(2026, 3, 1)), score(date(2026, 3, 1), "bob", 3.0)])
    assert names(winter) == ["day=2026-03-01.parquet", "month=2026-01.parquet", "month=2026-02.parquet"]
    assert read_scores(connection, winter) == before
    assert [record.day for record in read_scores(connection, winter, person="bob", since=date(2026, 1, 31), until=date(2026, 2, 2))] == (
        days_from(date(2026, 1, 31), 3)
    )


def test_who_only_looks_changes_no_file(winter: Path) -> None:
    before = names(winter)
    with Store.open(winter.parent) as store:
        store.scores()
    assert names(winter) == before


@settings(max_examples=12, deadline=None)
@given(
    written=st.lists(
        st.tuples(
            st.integers(0, 70), st.sets(st.sampled_from(["ada", "bob"]), min_size=1), st.sampled_from("de"), st.booleans(), st.booleans()
        ),
        min_size=1,
        max_size=14,
    )
)
def test_what_was_written_last_is_what_is_read(written: list[tuple[int, set[str], str, bool, bool]]) -> None:
    expected: dict[Key, float] = {}
    with TemporaryDirectory() as name, connect(threads=1) as connection:
        folder = Path(name)
        for number, (back, people, digest, merged, cut) in enumerate(written):
            day = FIRST + timedelta(days=back)
            records = [score(day, person, number + 2.0, digest) for person in sorted(people)]
            write_scores(connection, folder, day, records)
            expected |= {(day, record.person, digest): record.score for record in records}
            if merged:
                left = {path: path.read_bytes() for path in folder.glob("day=*")} if cut else {}
                merge_months(connection, folder)
                for path, content in left.items():  # as a process leaves them that dies before it removes them
                    path.write_bytes(content)
        assert scored(folder) == expected
        newest = FIRST + timedelta(days=80)
        assert last_day(connection, folder, before=newest) == max(day for day, _, _ in expected)
        middle = sorted({day for day, _, _ in expected})[len({day for day, _, _ in expected}) // 2]
        assert last_day(connection, folder, before=middle) == max((day for day, _, _ in expected if day < middle), default=None)


def test_a_day_that_is_recorded_again_wins_over_its_month(winter: Path, connection: Connection) -> None:
    day = date(2026, 2, 10)
    merge_months(connection, winter)
    for value in (50.0, 60.0):
        with Store.open(winter.parent) as store:
            store.record_scores(day, [score(day, "ada", value), score(day, "ada", 9.0, "d2")])
            assert (winter / f"day={day}.parquet").exists()
        assert not (winter / f"day={day}.parquet").exists()
        found = {(person, digest): value for (when, person, digest), value in scored(winter).items() if when == day}
        assert found == {("ada", "d1"): value, ("ada", "d2"): 9.0, ("bob", "d1"): 3.0}
    assert len(scored(winter)) == 2 * 36 + 1


def test_a_month_that_cannot_be_written_stays_as_it_is(winter: Path, connection: Connection, caplog: pytest.LogCaptureFixture) -> None:
    before = scored(winter)
    (winter / "day=2026-02-03.parquet").rename(winter / "kept")
    (winter / "day=2026-02-03.parquet").write_text("no table", encoding="utf-8")
    merge_months(connection, winter)
    assert "month=2026-01.parquet" in names(winter)
    assert "month=2026-02.parquet" not in names(winter)
    assert "the scores of 2026-02 stay in files of days" in caplog.text
    (winter / "kept").rename(winter / "day=2026-02-03.parquet")
    assert scored(winter) == before


def test_files_that_go_into_a_month_while_somebody_looks_are_looked_for_again(winter: Path, connection: Connection) -> None:
    before = len(scored(winter))
    looks = []

    def ask(files: RecordFiles) -> int:
        looks.append(files)
        if len(looks) == 1:
            with connect(threads=1) as other:
                merge_months(other, winter)
        ((count,),) = connection.execute(f"SELECT count(*) FROM {files.table()}").fetchall()
        return int(count)

    assert from_records(winter, ask) == before
    assert len(looks) == 2


def test_a_file_that_is_gone_for_good_is_an_error(winter: Path, connection: Connection) -> None:
    listed = record_files(winter)
    (winter / "day=2026-03-01.parquet").unlink()
    with pytest.raises(duckdb.IOException, match="2026-03-01"):
        from_records(winter, lambda _: connection.execute(f"FROM {listed.table()}").fetchall())


def test_forgetting_reaches_months_and_the_days_beside_them(winter: Path, connection: Connection) -> None:
    alone = winter / "day=2026-02-10.parquet"
    content = alone.read_bytes()
    merge_months(connection, winter)
    alone.write_bytes(content)
    write_scores(connection, winter, date(2026, 1, 3), [score(date(2026, 1, 3))])
    others = {key: value for key, value in scored(winter).items() if key[1] != "ada"}
    target = Target(accounts=[], person="ada")
    with Store.open(winter.parent) as store:
        pseudonyms = store.pseudonyms
    assert look(winter.parent, pseudonyms, target).scores == 37
    assert forget(winter.parent, pseudonyms, target).scores == 37
    assert scored(winter) == others
    for path in winter.iterdir():
        rows: list[tuple[str]] = connection.execute(f"SELECT person FROM read_parquet('{path}', hive_partitioning = false)").fetchall()
        assert rows
        assert {person for (person,) in rows} == {"bob"}


WRITER = """
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from kleos.store import ScoreRecord, Store

print("ready", flush=True)
for round in count(1):
    for back in range(0, 64, 4):
        day = date(2026, 1, 1) + timedelta(days=back)
        as_of = datetime(2026, 1, 1, tzinfo=UTC)
        with Store.open(Path(sys.argv[1])) as store:
            store.record_scores(day, [
                ScoreRecord(person=person, score=2.0 + round, lo=None, hi=None, percentile=1.0, model="m", version="1", digest="d",
                            as_of=as_of, window=1)
                for person in ("ada", "bob")
            ])
        print(back, round, flush=True)
"""


@pytest.mark.parametrize("lines", [5, 26])
def test_a_killed_writer_leaves_every_day_once(tmp_path: Path, lines: int) -> None:
    written: dict[date, float] = {}
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    for _ in range(lines):
        back, round_ = map(int, writer.stdout.readline().split())
        written[date(2026, 1, 1) + timedelta(days=back)] = 2.0 + round_
        if len(written) % 4 == 0:
            assert_at_least(scored(tmp_path / "scores"), written)
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    assert_at_least(scored(tmp_path / "scores"), written)
    with Store.open(tmp_path) as store:
        store.sweep()
    assert all(name.startswith(("day=", "month=")) for name in names(tmp_path / "scores"))


def assert_at_least(found: Mapping[Key, float], written: Mapping[date, float]) -> None:
    """Everything that was written is there, or what the writer has written meanwhile."""
    for day, value in written.items():
        assert found[day, "ada", "d"] == found[day, "bob", "d"] >= value

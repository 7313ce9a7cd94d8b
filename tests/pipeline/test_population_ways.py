"""A population by every way in and through: quick and careful, in memory and on disk, in one go and interrupted. The same bits."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kleos.cli import main
from kleos.pipeline.populations import journal

pytest.importorskip("pyarrow")

START = 1_700_000_000
KINDS = ("retweet", "reply", "like", "view")
Rows = list[tuple[int, int | None, str, int | None, int, int]]
Score = Callable[..., list[tuple[Any, ...]]]


def table(size: int = 4_000, people: int = 90, *, seed: int = 7) -> Rows:
    """Return seeded rows (subject, actor, kind, item, time, count), some anonymous, some without an item, some to oneself."""
    dice = random.Random(seed)
    return [
        (
            int(people * dice.random() ** 3),
            None if dice.random() < 0.05 else int(people * dice.random() ** 2),
            dice.choice(KINDS),
            None if dice.random() < 0.1 else dice.randrange(40),
            START + dice.randrange(60 * 86_400),
            1 if dice.random() < 0.9 else dice.randrange(2, 9),
        )
        for _ in range(size)
    ]


@pytest.fixture
def score(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Score:
    """Return a function: rows, keys of [population] → the table of scores, and what was said."""
    monkeypatch.chdir(tmp_path)

    def run(rows: Rows, keys: str = "", *, types: str = "UINTEGER", network: bool = False) -> list[tuple[Any, ...]]:
        write(rows, types=types, network=network)
        configure(keys)
        assert main(["run"]) == 0
        run.said = capsys.readouterr().err  # type: ignore[attr-defined]
        return scores()

    return run


def write(rows: Rows, *, types: str = "UINTEGER", network: bool = False) -> None:
    names = ("subject", "actor", "kind", "item", "time", "count")
    kinds = (types, types, "VARCHAR", "BIGINT", "BIGINT", "INTEGER")
    columns = ", ".join(f"unnest(${name})::{kind} AS {name}" for name, kind in zip(names, kinds, strict=True))
    extra = ", 'twitter' AS network" if network else ""
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE t AS SELECT {columns}", dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
        connection.execute(f"COPY (SELECT *{extra} FROM t) TO 'events.parquet' (ROW_GROUP_SIZE 2048)")


def configure(keys: str = "") -> None:
    Path("kleos.toml").write_text(
        f'[run]\nstore = "store"\n[population]\ninteractions = "events.parquet"\nnetwork = "twitter"\nout = "scores.parquet"\n{keys}'
    )


def scores() -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute("FROM 'scores.parquet' ORDER BY person").fetchall()


SMALL = 'memory = "64KB"\n'
"""Too little for the rows: they go to disk."""


def test_the_quick_way_and_the_careful_way_give_the_same_bits(score: Score) -> None:
    rows = table()
    quick = score(rows)
    assert "careful" not in score.said  # type: ignore[attr-defined]
    careful = score(rows, network=True)
    assert "the careful way, which is slower: there is a column network" in score.said  # type: ignore[attr-defined]
    assert quick == careful
    assert len(quick) > 50


def test_on_disk_and_in_memory_give_the_same_bits(score: Score) -> None:
    rows = table()
    whole = score(rows)
    assert score(rows, SMALL) == whole
    assert score(rows, SMALL, network=True) == whole
    assert sorted(path.name for path in Path().iterdir()) == ["events.parquet", "kleos.toml", "scores.parquet"]


def test_rows_stand_in_the_order_of_their_numbers_where_they_fit_the_memory(score: Score) -> None:
    score(table())
    with duckdb.connect() as connection:
        people = [str(row[0]) for row in connection.execute("SELECT person FROM 'scores.parquet'").fetchall()]
    assert people == sorted(people, key=lambda person: int(person.removeprefix("twitter:")))


def test_a_table_without_counts_is_one_of_single_reactions(score: Score) -> None:
    rows = [(*row[:5], 1) for row in table()]
    counted = score(rows)
    with duckdb.connect() as connection:
        connection.execute("COPY (SELECT * EXCLUDE (count) FROM 'events.parquet') TO 'single.parquet' (ROW_GROUP_SIZE 2048)")
    for keys in ("", SMALL):
        configure(keys)
        Path("kleos.toml").write_text(Path("kleos.toml").read_text().replace("events.parquet", "single.parquet"))
        assert main(["run", "--quiet"]) == 0
        assert scores() == counted


def test_order_splits_and_threads_change_no_bit(score: Score) -> None:
    rows = table()
    whole = score(rows)
    random.Random(1).shuffle(rows)
    for threads in (1, 3):
        Path("scores.parquet").unlink()
        write(rows)
        configure(SMALL)
        Path("kleos.toml").write_text(Path("kleos.toml").read_text().replace("[run]", f"[run]\nthreads = {threads}"))
        assert main(["run", "--quiet"]) == 0
        assert scores() == whole


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ((1, 2, "yodel", 1, START, 1), "'yodel' is no kind"),
        ((1, 2, "like", 1, START * 10**9, 1), "a time is beyond reason"),
        ((1, 2, "like", 1, 7_000_000_000, 1), "a time is in the future"),
        ((4_000_000_000, 2, "like", 1, START, 1), "the ids have large gaps"),
        ((1, 2, "like", 1, START, -1), "a count is beyond reason"),
    ],
)
def test_what_is_out_of_order_takes_the_careful_way(
    score: Score, row: tuple[Any, ...], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write([*table(200), row])
    configure('time_unit = "s"')
    code = main(["run"])
    assert f"the careful way, which is slower: {reason}" in capsys.readouterr().err
    assert code in (0, 1)
    assert len(scores()) > 20


def test_ids_of_32_bits_are_people_like_others(score: Score) -> None:
    def far(account: int | None) -> int | None:
        return account + 2**32 - 10 if account is not None and account % 2 else account

    found = score([(far(person) or 0, far(actor), *rest) for person, actor, *rest in table(300, 8)])
    assert any(int(row[0].removeprefix("twitter:")) > 2**31 for row in found)
    near = score(table(300, 8))
    assert [row[1:] for row in sorted(found, key=lambda row: row[1])] == [row[1:] for row in sorted(near, key=lambda row: row[1])]


def test_nobody_but_those_who_received_something_is_scored_unless_asked(score: Score) -> None:
    rows: Rows = [(3, 7, "like", 1, START, 1), (5, 5, "like", 1, START, 1), (9, None, "like", 2, START, 0)]
    assert [row[0] for row in score(rows)] == ["twitter:3", "twitter:5", "twitter:9"]
    assert [row[0] for row in score(rows, "all_accounts = true")] == ["twitter:3", "twitter:5", "twitter:7", "twitter:9"]
    assert [row[1] for row in score(rows)][1:] == [1.0, 1.0]


def test_a_run_that_was_killed_goes_on_where_it_was(score: Score, capsys: pytest.CaptureFixture[str]) -> None:
    rows = table()
    whole = score(rows)
    Path("scores.parquet").unlink()
    configure(SMALL)
    killer = (
        "import os, signal\n"
        "from kleos.pipeline.populations.journal import Journal\n"
        "write = Journal.write_part\n"
        "def write_part(self, part, arrays):\n"
        "    write(self, part, arrays)\n"
        "    if part: os.kill(os.getpid(), signal.SIGKILL)\n"
        "Journal.write_part = write_part\n"
        "from kleos.pipeline.populations import blocks\n"
        "blocks.ROWS_A_PART = 256\n"
        "from kleos.cli import main\n"
        "main(['run', '--quiet'])\n"
    )
    died = subprocess.run([sys.executable, "-c", killer], env=os.environ, check=False, timeout=300)
    assert died.returncode == -signal.SIGKILL
    assert not Path("scores.parquet").exists()
    done = {path.name for path in Path("scores.parquet.parts").glob("part-*.npz")}
    assert done
    assert main(["run"]) == 0
    assert "going on with an interrupted run" in capsys.readouterr().err
    assert scores() == whole
    assert not Path("scores.parquet.parts").exists()


def test_a_journal_of_other_data_is_thrown_away(score: Score, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(journal.Journal, "close", lambda self: None)
        score(table(), SMALL)
    assert Path("scores.parquet.parts").exists()
    other = table(seed=8)
    found = score(other, SMALL)
    assert "going on" not in score.said  # type: ignore[attr-defined]
    assert found == score(other)

"""A population scored by workers of Spark: the same bits as by one machine.

Spark itself is tried where it is installed, and everywhere a scheduler of a few lines that sends work as it does.
"""

from __future__ import annotations

import pickle
import random
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from attrs import define, evolve, field

import kleos
from kleos.cli.opening import open_config
from kleos.errors import KleosError, UsageError
from kleos.events import silent
from kleos.pipeline import population
from kleos.pipeline.populations import spark

pytest.importorskip("pyarrow")

START = 1_700_000_000
NOW = datetime(2024, 6, 1, tzinfo=UTC)
LARGEST = 20_000
"""Ids go so far that the people make several parts."""


@define
class Here:
    """A session that does everything in this process, but sends what it does and with what, as Spark would."""

    defaultParallelism: int = 2  # noqa: N815 - Spark's own name
    tasks: list[bytes] = field(factory=list)
    work: bytes = b""

    @property
    def sparkContext(self) -> Here:  # noqa: N802
        return self

    def parallelize(self, tasks: Sequence[Any], slices: int) -> Here:
        assert len(tasks) == slices
        self.tasks = [pickle.dumps(task) for task in tasks]
        return self

    def map(self, work: Callable[[Any], Any]) -> Here:
        self.work = pickle.dumps(work)
        return self

    def collect(self) -> list[Any]:
        return [pickle.loads(self.work)(pickle.loads(task)) for task in self.tasks]


@pytest.fixture(scope="module")
def pyspark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    sql = pytest.importorskip("pyspark.sql", reason="pip install 'kleos[spark]' to try it on Spark itself")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYSPARK_PYTHON", sys.executable)
        patched.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        settings = {"spark.ui.enabled": "false", "spark.local.dir": str(tmp_path_factory.mktemp("spark")), "spark.log.level": "ERROR"}
        session = sql.SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
        yield session
        session.stop()


@pytest.fixture(params=["here", "spark"])
def session(request: pytest.FixtureRequest) -> Any:
    return Here() if request.param == "here" else request.getfixturevalue("pyspark")


@pytest.fixture(autouse=True)
def events(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write seeded rows, some anonymous, some without an item, some to oneself, and the configuration."""
    monkeypatch.chdir(tmp_path)
    dice = np.random.default_rng(5)
    size = 2_000
    columns = {
        "subject": (LARGEST * dice.random(size) ** 3).astype(np.uint32),
        "actor": np.ma.array((LARGEST * dice.random(size) ** 2).astype(np.uint32), mask=dice.random(size) < 0.05),
        "kind": dice.choice(["retweet", "reply", "like"], size),
        "item": np.ma.array(dice.integers(0, 40, size), mask=dice.random(size) < 0.1),
        "time": START + dice.integers(0, 60 * 86_400, size),
        "count": np.where(dice.random(size) < 0.9, 1, 5),
    }
    types = ("UINTEGER", "UINTEGER", "VARCHAR", "BIGINT", "BIGINT", "INTEGER")
    unnested = ", ".join(f"unnest(${name})::{type_} AS {name}" for name, type_ in zip(columns, types, strict=True))
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE t AS SELECT {unnested}", {name: column.tolist() for name, column in columns.items()})
        connection.execute("COPY t TO 'events.parquet' (ROW_GROUP_SIZE 2048)")
    configure()


def configure(*, out: str = 'out = "scores.parquet"') -> None:
    Path("kleos.toml").write_text(f'[run]\nthreads = 2\n[population]\ninteractions = "events.parquet"\nnetwork = "twitter"\n{out}\n')


def score(session: Any = None) -> list[tuple[Any, ...]]:
    """Return the table of scores."""
    config, loaded = open_config(Path("kleos.toml"), emit=silent)
    population(config, loaded, emit=silent, now=NOW, spark=session)
    with duckdb.connect() as connection:
        return connection.execute("FROM 'scores.parquet' ORDER BY person").fetchall()


def parts() -> set[str]:
    return {path.name for path in Path("scores.parquet.parts").glob("part-*.npz")}


def test_workers_find_the_same_bits(session: Any) -> None:
    alone = score()
    Path("scores.parquet").unlink()
    assert score(session) == alone
    assert len(alone) > 1_000
    assert sorted(path.name for path in Path().iterdir()) == ["events.parquet", "kleos.toml", "scores.parquet"]


def test_a_worker_of_another_version_is_told_of(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        if isinstance(session, Here):
            patched.setattr(Here, "map", lambda self, work: Here(tasks=self.tasks, work=_with_version(work, "0.0.1")))
        else:
            patched.setattr(kleos, "__version__", "0.0.1")
        with pytest.raises(KleosError, match=r"expected the versions kleos \S+, numpy .*, found kleos "):
            score(session)
    assert not parts()


def _with_version(work: Any, version: str) -> bytes:
    sent = work.args[0]
    return pickle.dumps(type(work)(work.func, evolve(sent, versions={**sent.versions, "kleos": version})))


def test_a_worker_without_the_folder_is_told_of() -> None:
    class Elsewhere(Here):
        def collect(self) -> list[Any]:
            Path("scores.parquet.parts").rename("moved")
            try:
                return super().collect()
            finally:
                Path("moved").rename("scores.parquet.parts")

    with pytest.raises(KleosError, match=r"expected the folder .*scores\.parquet\.parts, found none") as error:
        score(Elsewhere())
    assert "the disk of `out`" in error.value.hint


def test_a_run_that_was_interrupted_goes_on_with_or_without_workers(session: Any) -> None:
    class Interrupted(Here):
        def collect(self) -> list[Any]:
            self.tasks = self.tasks[:1]
            super().collect()
            raise KeyboardInterrupt

    alone = score()
    for following in (session, None):
        Path("scores.parquet").unlink()
        with pytest.raises(KeyboardInterrupt):
            score(Interrupted())
        assert 0 < len(parts()) < 4
        assert score(following) == alone


def test_what_a_disk_does_not_show_in_time_is_scored_by_the_driver() -> None:
    class Late(Here):
        def collect(self) -> list[Any]:
            self.tasks = self.tasks[1:]
            return super().collect()

    alone = score()
    assert score(Late()) == alone


def test_workers_need_a_place_to_share(session: Any) -> None:
    configure(out="")
    with pytest.raises(UsageError, match="expected a place for the scores, found none"):
        score(session)


@pytest.mark.parametrize("seed", range(20))
def test_every_part_is_dealt_to_one_task(seed: int) -> None:
    dice = random.Random(seed)
    sizes = np.array([dice.choice([0, 1, 1_000, dice.randrange(100_000)]) for _ in range(64)])
    done = frozenset(dice.sample(range(64), dice.choice([0, 5, 63, 64])))
    dealt = spark._stretches(sizes, done, 6)
    assert sorted(part for parts in dealt for part in parts) == sorted(set(range(64)) - done)
    whole = int(sizes[[part for part in range(64) if part not in done]].sum())
    assert all(sizes[parts].sum() <= whole / 6 + sizes.max() + 64 for parts in dealt)
    assert len(dealt) <= 6

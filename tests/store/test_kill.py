"""``kill -9`` at any moment: what was committed is there, what was not is not, and nothing else is."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kleos.store import Connection, Store

WRITER = """
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from kleos.store import Learnt, PageMark, Store, connect

now = datetime.now(UTC)
with Store.open(Path(sys.argv[1])) as store, connect(threads=1) as duck:
    print("ready", flush=True)
    run = store.begin_run(now)
    for number in count():
        page = f"{run}:{number}"
        duck.execute(
            "CREATE OR REPLACE TEMP TABLE batch AS SELECT 'ada' AS subject, 'a' || i AS actor, 'like' AS kind, $1 AS item, "
            "NULL::VARCHAR AS id, i AS time, NULL::BIGINT AS item_time, NULL::BIGINT AS captured, NULL::BIGINT AS told, "
            "1::BIGINT AS count, "
            "NULL::BIGINT AS audience, 1::BIGINT AS copy FROM range(100) r(i)", [page])
        learnt = Learnt(audiences=[(page, 1, 1)])
        store.append(run, "twitter", "archive", duck, "batch", pages=[PageMark(digest=page)], learnt=learnt, cursor=("ada", page))
"""


@pytest.mark.parametrize("seed", range(5))
def test_a_killed_import_leaves_a_whole_store(tmp_path: Path, connection: Connection, seed: int) -> None:
    random_number = random.Random(seed)
    for _ in range(2):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        time.sleep(random_number.uniform(0, 0.15))
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        with Store.open(tmp_path) as store:
            assert store.problems() == []
            store.reactions(connection, [("twitter", "ada", "ada")], [("twitter", "like", True)])
            found = connection.execute("SELECT item, count(*) FROM reactions GROUP BY item").fetchall()
            committed = [item for item, _ in found]
            assert all(count == 100 for _, count in found)
            assert all(store.seen(page, "") for page in committed)
            last = store.cursor("twitter", "archive", "ada")
            assert (last is None) == (not committed)
            assert last is None or last in committed
            pages = store._catalog.read("SELECT digest FROM pages")
            assert sorted(committed) == sorted(digest for (digest,) in pages)
            assert len(store._catalog.read("SELECT * FROM audiences")) == len(pages)
            store.sweep()
            kept = {path.relative_to(tmp_path).as_posix() for path in (tmp_path / "interactions").rglob("*.parquet")}
            assert kept == {file for (file,) in store._catalog.read("SELECT file FROM segments")}

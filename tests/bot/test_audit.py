"""Baton looks after itself: rows that lie about raise an alarm, and a dead man's switch hears only of a good state."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot.metrics import Metrics
from bot.operations import LATE, Operations
from sandbox.serve import running
from sandbox.world import Sandbox
from storage.store import SqlStore
from tests.factories import NOW, answered, hint, record
from tests.fakes import Trouble
from tests.handoff.bench import Bench


class Switch:
    """A dead man's switch: counts how often it was told that all is well."""

    def __init__(self) -> None:
        switch = self
        self.heard = 0

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                switch.heard += 1
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's name
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"


@pytest.fixture
def switch() -> Iterator[Switch]:
    made = Switch()
    thread = threading.Thread(target=made.server.serve_forever)
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.stop()


def _operations(bench: Bench, switch: Switch, address: str = "http://127.0.0.1:9") -> Operations:
    client = WebClient("xoxb-local", base_url=f"{address}/api/", timeout=5, retry_handlers=[])
    made = Operations(bench.store, client, Metrics(), lambda: bench.clock.now, switch.address, None)
    made.tick()
    return made


def test_switch_hears_that_all_is_well(bench: Bench, switch: Switch) -> None:
    _operations(bench, switch).audit()

    assert switch.heard == 1


def test_row_that_was_due_five_minutes_ago_and_nobody_works_on_is_an_alarm(bench: Bench, switch: Switch) -> None:
    operations = _operations(bench, switch)
    bench.store.take([hint(1)], NOW)
    bench.clock.advance(timedelta(minutes=6))
    operations.tick()

    operations.audit()

    assert switch.heard == 0
    assert b"baton_rows_overdue 1.0" in operations.metrics.page()
    assert operations.not_ready() == ["the inbox does not move since 02 Mar 09:00 UTC"]


def test_row_that_nobody_works_on_is_an_alarm_behind_a_hundred_rows_that_were_given_up(
    bench: Bench, switch: Switch
) -> None:
    operations = _operations(bench, switch)
    for number in range(1, 101):
        bench.store.take([hint(number, key=f"k{number}")], NOW)
        bench.crm.put_record(record(number))
    bench.crm.weather.forecast += [Trouble.REFUSED] * 100
    bench.work()
    assert bench.store.queues(bench.clock.now)["inbox"].dead == 100
    bench.store.take([hint(101, key="k101")], NOW)
    bench.clock.advance(timedelta(minutes=6))
    operations.tick()

    operations.audit()

    assert b"baton_rows_overdue 1.0" in operations.metrics.page()
    assert switch.heard == 0


def test_row_in_somebodys_hands_is_no_alarm(bench: Bench, switch: Switch) -> None:
    operations = _operations(bench, switch)
    bench.store.take([hint(1)], NOW)
    bench.clock.advance(timedelta(minutes=6))
    bench.store.lease_hint(bench.clock.now, bench.clock.now + timedelta(seconds=40))

    operations.audit()

    assert b"baton_rows_overdue 0.0" in operations.metrics.page()


def test_row_that_is_tried_again_later_is_no_alarm_nor_is_what_stands_behind_it(bench: Bench, switch: Switch) -> None:
    operations = _operations(bench, switch)
    bench.crm.put_record(record(1))
    bench.flow.take([hint(1)], bench.clock.now)
    bench.work()
    bench.crm.weather.forecast += [Trouble.UNREACHABLE] * 100
    bench.flow.record(answered(), bench.clock.now)
    for _ in range(60):
        bench.work_after(timedelta(seconds=10))
    operations.tick()

    operations.audit()

    assert operations.not_ready() == []
    assert bench.store.problems(bench.clock.now - LATE, 20) == []
    assert switch.heard == 1


def test_clock_that_stopped_is_not_ready(bench: Bench, switch: Switch) -> None:
    operations = _operations(bench, switch)
    bench.clock.advance(timedelta(seconds=30))

    assert operations.not_ready() == ["the clock has stopped"]


def test_token_that_slack_no_longer_takes_is_not_ready(bench: Bench, switch: Switch) -> None:
    sandbox = Sandbox()
    with running(sandbox) as address:
        operations = _operations(bench, switch, address)
        operations.check_slack()
        before = operations.not_ready()

        sandbox.settings.bot_token = "xoxb-another"
        operations.check_slack()

        after = operations.not_ready()
    assert before == []
    assert len(after) == 1
    assert "invalid_auth" in after[0]


def test_measures_show_how_the_queues_stand(bench: Bench, switch: Switch) -> None:
    operations = _operations(bench, switch)
    assert isinstance(bench.store, SqlStore)
    bench.store.take([hint(1), hint(2)], NOW)
    bench.clock.advance(timedelta(seconds=9))

    operations.measure()

    page = operations.metrics.page()
    assert b'baton_queue_rows{queue="inbox",state="due"} 2.0' in page
    assert b'baton_queue_age_seconds{queue="inbox"} 9.0' in page

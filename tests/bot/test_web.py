"""The routes of a running Baton."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.running import Running, running_baton, wait_for
from tests.signing import slack_headers


@pytest.fixture(scope="module")
def baton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One Baton for the tests that change nothing."""
    with running_baton(tmp_path_factory.mktemp("web")) as running:
        yield running


def test_alive_and_ready(baton: Running) -> None:
    wait_for(lambda: baton.door.get("/readyz").is_success)

    assert baton.door.get("/readyz").json() == {"ok": True, "not_ready": []}
    assert baton.door.get("/healthz").json() == {"ok": True}


def test_measures_are_a_page_for_prometheus(baton: Running) -> None:
    page = baton.door.get("/metrics")

    assert page.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "# TYPE baton_webhook_events_total counter" in page.text


@pytest.mark.parametrize("path", ["/slack/events", "/crm/hubspot"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
def test_doors_take_posts_only(baton: Running, path: str, method: str) -> None:
    assert baton.door.request(method, path).status_code == 405


@pytest.mark.parametrize("path", ["/", "/crm/salesforce", "/slack/events/", "/slack/events/x", "/docs", "/..%2f"])
def test_other_paths_are_not_there(baton: Running, path: str) -> None:
    assert baton.door.post(path).status_code == 404
    assert baton.door.get(path).status_code == 404


def test_other_workspace_is_told_nothing(running: Running) -> None:
    running.post(f"crm/deals/{running.deal('Fjordlight Robotics')['id']}/move", stage="Closed won")
    wait_for(lambda: running.messages("sam", "baton"))

    ours = ask_for_status(running, running.baton.flow.workspace)
    theirs = ask_for_status(running, "T0ANOTHER")

    assert "waiting on sales" in ours
    assert theirs == ""


def ask_for_status(baton: Running, workspace: str) -> str:
    """What `/handoff status` answers when it comes, well signed, from this workspace."""
    asked = {"command": "/handoff", "text": "status", "team_id": workspace, "user_id": "U0SAM", "channel_id": "C0SALES"}
    body, kind = urlencode(asked).encode(), "application/x-www-form-urlencoded"
    headers = slack_headers(baton.sandbox.settings.signing_secret, body, datetime.now(UTC), kind)
    return baton.door.post("/slack/events", content=body, headers=headers).text


def test_over_socket_mode_slack_has_no_door(tmp_path: Path) -> None:
    with running_baton(tmp_path, SLACK_APP_TOKEN="xapp-local") as baton:
        assert baton.door.post("/slack/events").status_code == 404
        assert baton.door.post("/crm/hubspot", content=b"[]").status_code == 401


def test_not_ready_without_its_database(running: Running, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "baton.db")) as database:
        database.execute("ALTER TABLE outbox RENAME TO moved")

    answer = running.door.get("/readyz")

    assert answer.status_code == 503
    assert "The database did not answer: no such table: outbox. Nothing was stored." in answer.json()["not_ready"]
    assert running.door.get("/healthz").status_code == 200

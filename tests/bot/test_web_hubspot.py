"""`POST /crm/hubspot` of a running Baton: what is refused, what is ignored, and what is on disk before the 2xx."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.front_door import BIGGEST
from tests.running import ROOT, Running, running_baton, wait_for
from tests.signing import hubspot_headers

SAMPLES = Path(__file__).resolve().parent.parent / "samples" / "hubspot"
PUBLIC = "https://baton.example/behind/a/proxy"
OLD, NEW = "the-old-secret", "the-new-secret"
STAGES = "stage: Closed Won "


@pytest.fixture(scope="module")
def baton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One Baton, behind a proxy and while its secret is being replaced, for the tests that start no handoff."""
    secrets = {"BATON_PUBLIC_URL": f"{PUBLIC}/", "HUBSPOT_CLIENT_SECRET": f"{OLD}, {NEW}"}
    with running_baton(tmp_path_factory.mktemp("hubspot"), **secrets) as running:
        yield running


def deliver(
    baton: Running, body: bytes, *, secret: str = NEW, url: str = f"{PUBLIC}/crm/hubspot", ago: timedelta = timedelta(0)
) -> httpx.Response:
    headers = hubspot_headers(secret, url, body, datetime.now(UTC) - ago)
    return baton.door.post("/crm/hubspot", content=body, headers=headers)


def events(baton: Running, outcome: str) -> float:
    return baton.count("baton_webhook_events_total", outcome=outcome, system="hubspot")


def records_read(baton: Running) -> float:
    return baton.count("baton_work_total", what="record_read")


def handoffs(baton: Running) -> int:
    return sum(baton.baton.flow.store.count().values())


def move(baton: Running, name: str, stage: str, **more: object) -> None:
    baton.post(f"crm/deals/{baton.deal(name)['id']}/move", stage=stage, **more)


def inbox(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "baton.db")) as database:
        return [key for (key,) in database.execute("SELECT key FROM inbox WHERE state = 'due' ORDER BY id")]


@pytest.mark.parametrize("secret", [OLD, NEW])
def test_either_secret_is_good_while_one_is_replaced(baton: Running, secret: str) -> None:
    assert deliver(baton, b"[]", secret=secret).status_code == 200


def test_signature_is_checked_against_the_public_address(baton: Running) -> None:
    answer = deliver(baton, b"[]", url=f"{baton.url}/crm/hubspot")

    assert answer.status_code == 401


def test_host_header_changes_nothing(baton: Running) -> None:
    headers = hubspot_headers(NEW, "http://evil.example/crm/hubspot", b"[]", datetime.now(UTC))

    told = baton.door.post("/crm/hubspot", content=b"[]", headers={**headers, "host": "evil.example"})

    assert told.status_code == 401


@pytest.mark.parametrize("ago", [timedelta(minutes=4, seconds=40), -timedelta(minutes=4, seconds=40)], ids=str)
def test_signature_within_five_minutes(baton: Running, ago: timedelta) -> None:
    assert deliver(baton, b"[]", ago=ago).status_code == 200


@pytest.mark.parametrize("ago", [timedelta(minutes=5, seconds=10), -timedelta(minutes=5, seconds=10)], ids=str)
def test_signature_that_is_stale_or_from_the_future(baton: Running, ago: timedelta) -> None:
    assert deliver(baton, b"[]", ago=ago).status_code == 401


@pytest.mark.parametrize("header", ["x-hubspot-signature-v3", "x-hubspot-request-timestamp"])
@pytest.mark.parametrize("value", [None, "", "abc", "\u00e9", "9" * 5000], ids=ascii)
def test_header_that_is_missing_or_malformed(baton: Running, header: str, value: str | None) -> None:
    headers = hubspot_headers(NEW, f"{PUBLIC}/crm/hubspot", b"[]", datetime.now(UTC))
    del headers[header]
    if value is not None:
        headers[header] = value

    answer = baton.door.post("/crm/hubspot", content=b"[]", headers=httpx.Headers(headers, "latin-1"))

    assert answer.status_code == 401


@pytest.mark.parametrize("body", [b"", b"{", b"{}", b"null", b"\xff", b"[" * 100_000], ids=lambda b: repr(b[:5]))
def test_body_that_is_no_array_of_events(baton: Running, body: bytes) -> None:
    assert deliver(baton, body).status_code == 400


@pytest.mark.parametrize(("size", "status"), [(BIGGEST, 200), (BIGGEST + 1, 413)])
def test_body_around_one_mebibyte(baton: Running, size: int, status: int) -> None:
    assert deliver(baton, b"[]".ljust(size)).status_code == status


@pytest.mark.parametrize("name", ["batch_of_two_with_event_type.json", "contact_creation.json"])
def test_events_about_something_else_are_taken_ignored_and_counted(baton: Running, name: str) -> None:
    body = (SAMPLES / name).read_bytes()
    before = events(baton, "ignored")

    answer = deliver(baton, body)

    assert answer.json() == {"taken": 0, "known": 0, "ignored": len(json.loads(body))}
    assert events(baton, "ignored") == before + len(json.loads(body))


@pytest.mark.parametrize("name", ["third_retry.json", "generic_property_change.json", "uuid_stage.json"])
def test_stage_change_is_new_once(baton: Running, name: str) -> None:
    body = (SAMPLES / name).read_bytes()

    first, again = deliver(baton, body), deliver(baton, body)

    assert (first.json(), first.headers["content-type"]) == (
        {"taken": 1, "known": 0, "ignored": 0},
        "application/json",
    )
    assert again.json() == {"taken": 0, "known": 1, "ignored": 0}


def test_every_event_of_a_batch_is_on_disk_before_the_answer(running: Running, tmp_path: Path) -> None:
    running.post("crm/faults", kind="down")
    sample: dict[str, Any] = json.loads((SAMPLES / "third_retry.json").read_bytes())[0]
    body = json.dumps([{**sample, "objectId": 5_000_000_000 + n} for n in range(100)]).encode()
    secret, url = running.sandbox.hubspot_client_secret, f"{running.url}/crm/hubspot"

    answer = deliver(running, body, secret=secret, url=url)

    assert answer.json() == {"taken": 100, "known": 0, "ignored": 0}
    assert len(inbox(tmp_path)) == 100


def test_webhook_that_cannot_be_stored_is_to_be_sent_again(running: Running, tmp_path: Path) -> None:
    body = (SAMPLES / "third_retry.json").read_bytes()
    secret, url = running.sandbox.hubspot_client_secret, f"{running.url}/crm/hubspot"
    with closing(sqlite3.connect(tmp_path / "baton.db")) as database:
        database.execute("ALTER TABLE inbox RENAME TO moved")
        refused = deliver(running, body, secret=secret, url=url)
        database.execute("ALTER TABLE moved RENAME TO inbox")

    again = deliver(running, body, secret=secret, url=url)

    assert refused.status_code == 503
    assert again.json() == {"taken": 1, "known": 0, "ignored": 0}


@pytest.mark.parametrize("form", ["classic", "generic", "eventType"])
def test_same_webhook_ten_times_starts_one_handoff(running: Running, form: str) -> None:
    move(running, "Fjordlight Robotics", "Closed won", copies=10, shuffle=True, form=form)
    wait_for(lambda: events(running, "new") + events(running, "known") == 10)
    wait_for(lambda: records_read(running) == events(running, "new"))
    wait_for(lambda: running.messages("sam", "baton"))

    assert handoffs(running) == 1
    assert len(running.messages("sam", "baton")) == 1


def test_stage_told_in_three_ways_starts_one_handoff(running: Running) -> None:
    deal = running.deal("Fjordlight Robotics")["id"]
    move(running, "Fjordlight Robotics", "Closed won")
    for form in ("generic", "eventType"):
        running.post("crm/send", deals=[deal], form=form)
    wait_for(lambda: running.get("crm/deliveries")["pending"] == 0)
    wait_for(lambda: records_read(running) == events(running, "new"))

    assert handoffs(running) == 1


def test_stage_in_the_event_is_not_believed(running: Running) -> None:
    event = json.loads((SAMPLES / "third_retry.json").read_bytes())[0]
    running.post("crm/send", events=[{**event, "objectId": int(running.deal("Harbour & Vine")["id"])}])

    wait_for(lambda: records_read(running) == 1)

    assert handoffs(running) == 0


def test_edit_of_another_property_starts_nothing(running: Running) -> None:
    move(running, "Fjordlight Robotics", "Closed won")
    wait_for(lambda: handoffs(running) == 1)
    before = events(running, "new")

    running.post(f"crm/deals/{running.deal('Fjordlight Robotics')['id']}", properties={"amount": "1", "discount": "3"})

    wait_for(lambda: events(running, "new") > before)
    wait_for(lambda: records_read(running) == events(running, "new"))
    assert handoffs(running) == 1


@pytest.mark.parametrize(
    "stages",
    ["[closedwon, 6f0d2c1e-9a44-4b7d-8f53-2e71c0a9d5b8, '1039847712']", "[CLOSED WON, Expansion won, Scope agreed]"],
    ids=["ids", "labels"],
)
def test_stages_in_config_are_ids_or_labels(tmp_path: Path, stages: str) -> None:
    text = (ROOT / "handoffs.yml").read_text(encoding="utf-8").replace(STAGES, f"stage: {stages} ")
    with running_baton(tmp_path, text) as baton:
        move(baton, "Fjordlight Robotics", "Closed won")
        move(baton, "Fjordlight Robotics, second plant", "Expansion won")
        move(baton, "Quarrystone Estates", "Scope agreed")
        move(baton, "Harbour & Vine", "Closed lost")
        wait_for(lambda: events(baton, "new") >= 4)
        wait_for(lambda: records_read(baton) == events(baton, "new"))

        names = {handoff.record.name for handoff in baton.baton.flow.store.search(None, 10)}

    assert names == {"Fjordlight Robotics", "Fjordlight Robotics, second plant", "Quarrystone Estates"}


@pytest.mark.parametrize("fault", [{"kind": "down"}, {"kind": "5xx"}, {"kind": "slow", "seconds": 1.5}], ids=str)
def test_rep_is_asked_when_hubspot_is_back(running: Running, fault: dict[str, object]) -> None:
    running.post("crm/faults", **fault)
    move(running, "Fjordlight Robotics", "Closed won")
    accepted = wait_for(lambda: [one["status"] for one in running.get("crm/deliveries")["deliveries"] if one["status"]])
    asked_meanwhile = running.messages("sam", "baton")
    running.slack.delete("/sandbox/crm/faults")

    asked = wait_for(lambda: running.messages("sam", "baton"))

    assert accepted == [200]
    assert asked_meanwhile == []
    assert "Fjordlight Robotics" in asked[0]["plain"]


def test_what_was_taken_is_read_after_a_restart(running: Running, tmp_path: Path) -> None:
    running.post("crm/faults", kind="down")
    move(running, "Fjordlight Robotics", "Closed won")
    wait_for(lambda: events(running, "new") == 1)
    running.stop()
    waiting = inbox(tmp_path)
    running.slack.delete("/sandbox/crm/faults")

    running.start()

    assert len(waiting) == 1
    assert len(wait_for(lambda: running.messages("sam", "baton"))) == 1

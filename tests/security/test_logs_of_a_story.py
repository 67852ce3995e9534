"""No secret, no answer and no signature is in the logs: not in a good day, and not in a bad one."""

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from tests.security.planted import ANSWER, PlantedTown, leaks, planted_town
from tests.signing import hubspot_headers, slack_headers
from tests.stories.rig import Json, until

pytestmark = pytest.mark.long

DEAL = "Fjordlight Robotics"
FORM = "application/x-www-form-urlencoded"
ANSWERS = {
    "field:buyer_goals": f"{ANSWER} orders packed the same day",
    "field:promised_deliverables": f"{ANSWER} two integrations",
    "field:risk_notes": f"{ANSWER}: their IT lead leaves in May",
    "field:kickoff_preference": f"{ANSWER}-choice",
}


@pytest.mark.parametrize(
    ("style", "socket_mode"),
    [("console", False), ("json", False), ("json", True)],
    ids=["console", "json", "json over Socket Mode"],
)
def test_logs_hold_no_secret_and_no_answer(tmp_path: Path, style: str, *, socket_mode: bool) -> None:
    with planted_town(tmp_path, style=style, socket_mode=socket_mode) as t:
        _a_story_in_which_hubspot_refuses_an_answer(t)
        _requests_that_are_refused(t, over_http=not socket_mode)
        _presses_that_come_to_nothing(t, over_http=not socket_mode)
        _slack_in_trouble(t)
        _hubspot_in_trouble(t)
        _a_database_in_trouble(t, over_http=not socket_mode)
        shown = t.command("problems") + t.command("problems", "--retry", "out-999999")

    assert leaks(t.said(), t.signatures) == []
    assert leaks(shown) == []


def _a_story_in_which_hubspot_refuses_an_answer(t: PlantedTown) -> None:
    _win(t, DEAL)
    ask = until(lambda: t.first("sam", "sam", ":ask"), "Sam is asked")
    _press(t, "sam", "sam", ask, "complete_handoff")
    until(lambda: t.look("views", user="sam")["views"], "the form is open")
    t.act("submit", user="sam", values=ANSWERS)
    brief = until(lambda: t.first("priya", "#delivery", ":brief"), "the brief is posted")
    _press(t, "priya", "#delivery", brief, "take_ownership")
    until(lambda: t.first("sam", "sam", ":owned"), "Sam is told")
    t.act("command", user="rui", channel="#sales", text=f"/handoff {ANSWER} nonsense")
    t.wait_for_words("webhook_taken", "answered", "claimed", "INVALID_OPTION")


def _requests_that_are_refused(t: PlantedTown, *, over_http: bool) -> None:
    """Signed badly, too long, and signed well without making sense."""
    marked = json.dumps([{"propertyValue": ANSWER}]).encode()
    for body in (marked, b"{" + marked, marked * 100_000):
        _deliver(t, body, secret="another")
        _deliver(t, body)
        if over_http:
            _say(t, body, secret="another")
            _say(t, b"payload=" + body)
    t.wait_for_words("request_refused")


def _presses_that_come_to_nothing(t: PlantedTown, *, over_http: bool) -> None:
    """The private answer is lost, the payload is of another shape, and the handoff cannot be read any more."""
    t.act("faults", method="response_url", kind="5xx", times=1)
    t.act("faults", method="chat.update", kind="5xx")  # so that the button stays where it is
    _win(t, "Meridian Clinics")
    brief = until(lambda: _brief_of(t, "Meridian Clinics"), "the brief is posted")
    _press(t, "priya", "#delivery", brief, "take_ownership")
    _press(t, "dana", "#delivery", brief, "take_ownership")
    t.wait_for_words("private_answer_lost")
    if over_http:
        _say(t, urlencode({"payload": json.dumps(_odd_submission(t))}).encode())
    t.change_database("UPDATE handoffs SET body = json_set(body, '$.answers', ?)", f"{ANSWER} and unreadable")
    t.http.post("/sandbox/click", json=_pressing("dana", "#delivery", brief, "take_ownership"))
    t.wait_for_words("request_failed")
    t.http.delete("/sandbox/faults")


def _slack_in_trouble(t: PlantedTown) -> None:
    for kind in ("drop", "fatal", "5xx"):
        t.act("faults", method="chat.postMessage", kind=kind, times=1)
    _win(t, "Harbour & Vine")
    t.wait_for_words("notice_doubtful")
    t.sandbox.settings.bot_token = "xoxb-another"
    _win(t, "Copperfield Press")
    t.wait_for_words("notice_waits", "invalid_auth")


def _hubspot_in_trouble(t: PlantedTown) -> None:
    good = t.sandbox.settings.hubspot_token
    t.sandbox.settings.hubspot_token = "pat-another"
    _win(t, "Tidewater Schools")
    t.wait_for_words("HubSpot refused the token")
    t.sandbox.settings.hubspot_token = good
    t.act("crm/faults", kind="5xx", times=1)
    _win(t, "Quarrystone Estates")
    t.wait_for_words("hint_waits", "HubSpot answered 503")
    t.act("crm/faults", kind="down", times=1)
    _win(t, "Palegreen Logistics")
    t.wait_for_words("HubSpot did not answer")


def _a_database_in_trouble(t: PlantedTown, *, over_http: bool) -> None:
    for table in ("inbox", "outbox", "log", "handoffs"):
        t.change_database(f"ALTER TABLE {table} RENAME TO moved")
        body = json.dumps([{"propertyName": "dealstage", "propertyValue": ANSWER, "objectId": 5, "occurredAt": 5}])
        _deliver(t, body.replace("[{", '[{"subscriptionType": "deal.propertyChange", ').encode())
        if over_http:
            _say(t, urlencode({"payload": json.dumps(_odd_submission(t))}).encode())
        t.change_database(f"ALTER TABLE moved RENAME TO {table}")
    t.wait_for_words("request_not_stored", "work_failed")


def _win(t: PlantedTown, name: str) -> None:
    """Sales wins a deal about which the CRM says something."""
    deal = t.deal(name)["id"]
    t.act(
        f"crm/deals/{deal}", properties={"client_expects_next": f"{ANSWER} call this week", "kickoff_preference": None}
    )
    t.act(f"crm/deals/{deal}/move", stage="closedwon")


def _brief_of(t: PlantedTown, name: str) -> Json | None:
    briefs = (m for m in t.messages("priya", "#delivery") if name in m["plain"] and m["metadata"])
    return next((m for m in briefs if m["metadata"]["event_payload"]["key"].endswith(":brief")), None)


def _pressing(user: str, channel: str, message: Json, action_id: str) -> Json:
    return {"user": user, "channel": channel, "ts": message["ts"], "action_id": action_id}


def _press(t: PlantedTown, user: str, channel: str, message: Json, action_id: str) -> None:
    t.act("click", **_pressing(user, channel, message, action_id))


def _odd_submission(t: PlantedTown) -> Json:
    """A form as Slack would send it, but for its values."""
    view = {"type": "modal", "callback_id": "complete_handoff", "private_metadata": "", "state": {"values": [ANSWER]}}
    team = t.sandbox.workspace.users["U0SAM"].team_id
    return {"type": "view_submission", "team": {"id": team}, "user": {"id": "U0SAM", "team_id": team}, "view": view}


def _say(t: PlantedTown, body: bytes, *, secret: str = "") -> int:
    """Send something as Slack; with its own secret if none is named. The status of the answer."""
    headers = slack_headers(secret or t.sandbox.settings.signing_secret, body, datetime.now(UTC), FORM)
    t.signatures.append(headers["x-slack-signature"])
    return httpx.post(f"{t.bot.address}/slack/events", content=body, headers=headers, timeout=30).status_code


def _deliver(t: PlantedTown, body: bytes, *, secret: str = "") -> int:
    """Send something as HubSpot; with its own secret if none is named. The status of the answer."""
    url = f"{t.bot.address}/crm/hubspot"
    headers = hubspot_headers(secret or t.sandbox.hubspot_client_secret, url, body, datetime.now(UTC))
    t.signatures.append(headers["x-hubspot-signature-v3"])
    return httpx.post(url, content=body, headers=headers, timeout=30).status_code

"""Three deals of one rep, all waiting: one reminder with a button for each, and what is done says so."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.demo import sped_up
from handoff.events import PutOff
from handoff.model import Handoff, Status
from tests.running import ROOT, Running, running_baton, wait_for
from tests.stories.filling_in import reached
from tests.stories.talking import Json, buttons, look, now, seen, submit, won

ZEROTH = "Zeroth <!channel> & Daughters | <https://evil.example|ok>"
DEALS = ("Fjordlight Robotics", "Quarrystone Estates", ZEROTH)
ANSWERS = {
    "field:buyer_goals": "Keys handed over in one day instead of three, before the season",
    "field:signed_scope": "https://docs.example.com/scopes/quarry",
    "field:start_date": "2027-03-20",
    "field:promised_deliverables": "A plan for 40 flats and training for two caretakers",
    "field:client_expects_next": "A call on Thursday with whoever leads it",
    "field:risk_notes": "Their caretaker leaves in May",
}
WAITS = "3 handoffs wait."


def quickly() -> str:
    """The shipped file, its first reminder after a second and no second one in this story."""
    data: dict[str, Any] = yaml.safe_load(sped_up(str(ROOT / "handoffs.yml"), 3600))
    for workflow in data["workflows"].values():
        workflow["nags"] = {"rep": [{"after": "1s", "to": "rep"}, {"after": "1d", "to": "rep"}]}
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


@pytest.fixture
def baton(tmp_path: Path) -> Iterator[Running]:
    with running_baton(tmp_path, quickly()) as running:
        yield running


def reminded(baton: Running) -> tuple[list[Handoff], Json]:
    """Sam's three deals are won while he is not to be disturbed; what he reads afterwards."""
    until = int(time.time()) + 6
    baton.post("users", name="sam", dnd_until=until)
    handoffs = [won(baton, deal) for deal in DEALS]
    wait_for(lambda: all(_put_off(baton, h) for h in handoffs))
    assert time.time() < until, "this machine is too slow for the story"
    assert look(baton, "sam", "baton", WAITS) is None
    return handoffs, seen(baton, "sam", "baton", WAITS)


def _put_off(baton: Running, handoff: Handoff) -> list[str]:
    return [e.reason for e, _ in baton.baton.flow.store.log(handoff.id) if isinstance(e, PutOff)]


def press(baton: Running, message: Json, handoff: Handoff, action_id: str, **more: str) -> None:
    """Press a button of one of several handoffs, or pick in its menu."""
    rows = {b["elements"][0]["value"]: b["block_id"] for b in message["blocks"] if b["type"] == "actions"}
    where = {"channel": "baton", "ts": message["ts"], "block_id": rows[handoff.id]}
    answer = baton.post("click", user="sam", action_id=action_id, **where, **more)
    assert answer["outcome"] == "ok", answer


def newest(baton: Running, ts: str) -> Json:
    """The message as Sam sees it now."""
    found: Json = next(m for m in baton.messages("sam", "baton") if m["ts"] == ts)
    return found


def test_three_reminders_are_one_message_and_what_is_done_says_so(baton: Running) -> None:
    handoffs, message = reminded(baton)
    assert buttons(message) == ["Complete handoff"] * 3
    assert message["pings"] == ["U0SAM"]  # by itself, as a direct message does; not by what is in it
    for deal in DEALS:
        assert f"{deal} still lacks" in message["plain"]
    assert [_put_off(baton, h) for h in handoffs] == [["they asked Slack not to be disturbed"]] * 3

    press(baton, message, handoffs[1], "complete_handoff")
    assert submit(baton, "sam", **ANSWERS)["outcome"] == "closed"

    reached(baton, handoffs[1], Status.UNCLAIMED)
    wait_for(lambda: "2 handoffs wait." in newest(baton, message["ts"])["plain"])
    drawn = newest(baton, message["ts"])
    assert buttons(drawn) == ["Complete handoff"] * 2
    assert "Settled: Sam Okafor gave the last answer about Quarrystone Estates." in drawn["plain"]
    assert f"{ZEROTH} still lacks" in drawn["plain"]
    assert [m for m in baton.messages("sam", "baton") if "handoffs wait." in m["plain"]] == [drawn]
    assert now(baton, handoffs[0]).status is Status.COLLECTING


def test_one_of_several_is_snoozed_and_another_paused_and_the_message_says_so(baton: Running) -> None:
    handoffs, message = reminded(baton)
    assert message["plain"].count("Next reminder: to you, ") == 3

    press(baton, message, handoffs[0], "more", value=f"{handoffs[0].id}|snooze")
    assert submit(baton, "sam", when="morning")["outcome"] == "closed"
    wait_for(lambda: "2 handoffs wait, 1 is put off." in newest(baton, message["ts"])["plain"])

    press(baton, newest(baton, message["ts"]), handoffs[1], "more", value=f"{handoffs[1].id}|pause")
    assert submit(baton, "sam", **{"pause:reason": "They moved the start"})["outcome"] == "closed"
    wait_for(lambda: "1 handoff waits, 2 are put off." in newest(baton, message["ts"])["plain"])

    drawn = newest(baton, message["ts"])
    assert "Snoozed by Sam Okafor until " in drawn["plain"]
    assert "Paused by Sam Okafor until somebody resumes it: “They moved the start”." in drawn["plain"]
    assert buttons(drawn) == ["Complete handoff"] * 3

    press(baton, drawn, handoffs[1], "more", value=f"{handoffs[1].id}|pause")
    assert submit(baton, "sam")["outcome"] == "closed"
    wait_for(lambda: "2 handoffs wait, 1 is put off." in newest(baton, message["ts"])["plain"])
    assert "Paused by" not in newest(baton, message["ts"])["plain"]

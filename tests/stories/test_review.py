"""Exceptions in the local Slack: a flag goes up, reviewers decide, and the first decision stands."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from handoff.model import Handoff, Status
from sandbox.slack.state import Trigger
from tests.running import Running, running_baton, wait_for
from tests.security import presses
from tests.stories.talking import DELIVERY, REVIEW, buttons, config, form, now, press, seen, submit, won

NOTE = "They want a billing export that we have never built"
SIGNED_OFF = "Only if Rui has signed off the export before the kickoff"


@pytest.fixture
def baton(tmp_path: Path) -> Iterator[Running]:
    with running_baton(tmp_path, config()) as running:
        yield running


def test_flag_holds_the_brief_until_it_is_approved_with_conditions(baton: Running) -> None:
    handoff = flagged(baton)
    item = seen(baton, "frances", REVIEW, NOTE)
    assert buttons(item) == ["Approve", "Approve with conditions", "Return to sales"]
    assert "To be decided by Frances Osei and Rui Costa" in item["plain"]
    wait_for(lambda: "Take ownership" not in buttons(the_brief(baton)))

    press(baton, "frances", REVIEW, item, "review_conditions")
    assert submit(baton, "frances", reason="ok")["outcome"] == "errors"
    assert submit(baton, "frances", reason=SIGNED_OFF)["outcome"] == "closed"

    decided = seen(baton, "frances", REVIEW, "Approved with conditions by Frances Osei")
    assert SIGNED_OFF in decided["plain"]
    assert buttons(decided) == []
    wait_for(lambda: SIGNED_OFF in the_brief(baton)["plain"])
    told = seen(
        baton, "dana", DELIVERY, "is ready for delivery again: Frances Osei approved Custom Scope with conditions"
    )
    assert SIGNED_OFF in told["plain"]
    press(baton, "dana", DELIVERY, told, "take_ownership")
    wait_for(lambda: now(baton, handoff).owner)


def test_first_decision_stands_and_the_second_reviewer_reads_whose_it_was(baton: Running) -> None:
    handoff = flagged(baton)
    item = seen(baton, "frances", REVIEW, NOTE)
    press(baton, "frances", REVIEW, item, "review_approve")
    press(baton, "rui", REVIEW, item, "review_return")

    submit(baton, "frances", reason="We have built such an export for Harbour")
    late = submit(baton, "rui", reason="Sales must say what the export is", fields=["promised_deliverables"])

    assert late["outcome"] == "updated"
    assert "Frances Osei decided this" in form(baton, "rui")["plain"]
    (flag,) = now(baton, handoff).flags
    assert flag.verdict is not None
    assert flag.verdict.by.name == "Frances Osei"


def test_late_press_on_an_old_message_opens_no_form(baton: Running) -> None:
    handoff = flagged(baton)
    item = seen(baton, "frances", REVIEW, NOTE)
    press(baton, "rui", REVIEW, item, "review_approve")
    submit(baton, "rui", reason="We have built such an export for Harbour")
    seen(baton, "frances", REVIEW, "Approved by Rui Costa")

    shown = pressed_late(baton, "U0FRANCES", "review_approve", f"{handoff.id}|0")

    assert "Rui Costa decided this" in shown["plain"]


def test_only_reviewers_may_decide(baton: Running) -> None:
    flagged(baton)
    item = seen(baton, "olu", REVIEW, NOTE)

    press(baton, "olu", REVIEW, item, "review_approve")

    assert "This can be done by Frances Osei, Rui Costa" in form(baton, "olu")["plain"]


def test_with_four_eyes_a_reviewer_does_not_decide_on_their_own_flag(tmp_path: Path) -> None:
    text = config(**{"      reviewers: [founder": "      four_eyes: true\n      reviewers: [founder"})
    with running_baton(tmp_path, text) as baton:
        handoff = flagged(baton, "frances")
        item = seen(baton, "frances", REVIEW, NOTE)
        assert "To be decided by Rui Costa." in item["plain"]
        assert "Rui Costa, please decide on this." in item["plain"]

        press(baton, "frances", REVIEW, item, "review_approve")
        told = "You raised this flag, so somebody else decides on it: Rui Costa. Nothing was changed."
        assert told in form(baton, "frances")["plain"]
        press(baton, "rui", REVIEW, item, "review_approve")
        submit(baton, "rui", reason="We have built such an export for Harbour")

        wait_for(lambda: now(baton, handoff).status is Status.UNCLAIMED)


def test_returned_flag_goes_to_sales_and_is_decided_anew(baton: Running) -> None:
    handoff = flagged(baton)
    item = seen(baton, "frances", REVIEW, NOTE)
    press(baton, "frances", REVIEW, item, "review_return")
    assert submit(baton, "frances", reason="Say what the export contains")["outcome"] == "errors"

    submit(baton, "frances", reason="Say what the export contains", fields=["promised_deliverables"])

    returned = seen(baton, "frances", REVIEW, "Returned to sales by Frances Osei")
    assert "What was promised, also out loud?" in returned["plain"]
    assert now(baton, handoff).status is Status.COLLECTING
    assert now(baton, handoff).wanted == ("promised_deliverables",)
    back = seen(baton, "priya", DELIVERY, "Frances Osei sent", thread=str(the_brief(baton)["ts"]))
    assert "Say what the export contains" in back["plain"]

    answers = {"promised_deliverables": "A monthly export of all invoices as one CSV file"}
    presses.send(baton, presses.form(baton, handoff.id, answers))

    again = seen(baton, "frances", REVIEW, "sent it back to sales before this")
    assert buttons(again) == ["Approve", "Approve with conditions", "Return to sales"]
    press(baton, "frances", REVIEW, again, "review_approve")
    submit(baton, "frances", reason="That is a small thing")
    wait_for(lambda: now(baton, handoff).status is Status.UNCLAIMED)


def test_review_is_over_when_the_deal_is_lost(baton: Running) -> None:
    handoff = flagged(baton)
    seen(baton, "frances", REVIEW, NOTE)

    baton.post(f"crm/deals/{handoff.record.ref.id}/move", stage="Closed lost")

    over = seen(baton, "frances", REVIEW, "No decision is needed any more: the handoff was cancelled.")
    assert buttons(over) == []


def test_the_same_flag_is_not_raised_twice(baton: Running) -> None:
    flagged(baton)
    seen(baton, "frances", REVIEW, NOTE)

    open_flag_form(baton, "dana")

    assert "Custom Scope is up already, raised by Priya Nair" in form(baton, "dana")["plain"]
    assert submit(baton, "dana", flag="Delivery Risk", note="Their vendor answers slowly")["outcome"] == "closed"
    seen(baton, "frances", REVIEW, "Their vendor answers slowly")


def flagged(baton: Running, by: str = "priya") -> Handoff:
    """Somebody flags a brief that nobody has taken."""
    handoff = won(baton, "Meridian Clinics")
    wait_for(lambda: now(baton, handoff).brief_post)
    open_flag_form(baton, by)
    assert submit(baton, by, flag="Custom Scope", note=NOTE)["outcome"] == "closed"
    return handoff


def open_flag_form(baton: Running, user: str) -> None:
    """*Flag something* in the brief's menu."""
    brief = the_brief(baton)
    menu = next(e for row in brief["blocks"] if row["type"] == "actions" for e in row["elements"] if "options" in e)
    value = next(o["value"] for o in menu["options"] if o["text"]["text"].startswith("Flag"))
    press(baton, user, DELIVERY, brief, menu["action_id"], value)
    assert "Flag" in form(baton, user)["title"]


def pressed_late(baton: Running, user: str, action_id: str, value: str) -> dict[str, Any]:
    """A press on a button that stood there a moment ago; the modal that comes of it."""
    button = {"action_id": action_id, "block_id": "b", "type": "button", "value": value}
    trigger = Trigger(f"{time.time()}.late", user, time.time() + 3)
    baton.sandbox.workspace.triggers[trigger.id] = trigger
    who = {"id": user, "name": "late", "team_id": baton.baton.flow.workspace}
    presses.send(baton, presses.press(baton, "", actions=[button], user=who, trigger_id=trigger.id))
    return form(baton, user)


def the_brief(baton: Running) -> dict[str, Any]:
    return seen(baton, "priya", DELIVERY, "Who owns the next step?")

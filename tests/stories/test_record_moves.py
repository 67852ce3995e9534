"""The record moves on in the CRM after the brief: values, stages, deletion, merging. Nothing is overwritten unseen."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handoff.events import Answered
from handoff.model import Handoff, Status
from tests.running import Running, running_baton, wait_for
from tests.security import presses
from tests.stories.talking import DELIVERY, Json, buttons, config, form, look, now, press, seen, submit, won

MERIDIAN, FJORDLIGHT = "Meridian Clinics", "Fjordlight Robotics"
PLAN = "A project plan with dates for each clinic by Friday"
CALL = "A call with the head nurse on Monday"


@pytest.fixture
def baton(tmp_path: Path) -> Iterator[Running]:
    with running_baton(tmp_path, config()) as running:
        yield running


def test_value_changed_after_the_brief_is_shown_and_the_owner_takes_it(baton: Running) -> None:
    handoff = briefed(baton)
    press(baton, "priya", DELIVERY, the_brief(baton), "take_ownership")
    wait_for(lambda: now(baton, handoff).owner)

    edit(baton, handoff, client_expects_next=CALL)

    asked = in_thread(baton, "please choose")
    assert CALL in asked["plain"]
    assert PLAN in asked["plain"]
    assert buttons(asked) == ["Take HubSpot’s value", "Keep the earlier value"]
    press(baton, "dana", DELIVERY, asked, "keep_theirs")
    seen(baton, "dana", DELIVERY, "This is Priya Nair's to do", thread=str(the_brief(baton)["ts"]))
    assert now(baton, handoff).differences[0].kept is None

    press(baton, "priya", DELIVERY, asked, "keep_theirs")

    decided = in_thread(baton, "Priya Nair took HubSpot’s value")
    assert buttons(decided) == []
    wait_for(lambda: CALL in the_brief(baton)["plain"])
    assert PLAN not in the_brief(baton)["plain"]


def test_value_that_is_kept_goes_back_to_the_crm(baton: Running) -> None:
    handoff = briefed(baton)
    edit(baton, handoff, client_expects_next=CALL)
    asked = in_thread(baton, "say different things")

    press(baton, "dana", DELIVERY, asked, "keep_ours")

    in_thread(baton, "Dana Weiss kept what the handoff says")
    wait_for(lambda: baton.deal(MERIDIAN)["properties"]["client_expects_next"] == PLAN)
    assert PLAN in the_brief(baton)["plain"]
    late = {"action_id": "keep_theirs", "block_id": "b", "type": "button", "value": f"{handoff.id}|0"}
    presses.send(baton, presses.press(baton, "", actions=[late]))
    assert presses.told(baton, "priya", "Dana Weiss decided this")


def test_values_that_agree_again_need_no_choice(baton: Running) -> None:
    handoff = briefed(baton)
    edit(baton, handoff, client_expects_next=CALL)
    in_thread(baton, "say different things")

    edit(baton, handoff, client_expects_next=PLAN)

    assert buttons(in_thread(baton, "The two agree again")) == []


def test_value_edited_between_reading_and_writing_is_shown_and_not_overwritten(baton: Running) -> None:
    handoff = won(baton, FJORDLIGHT)
    seen(baton, "sam", "baton", FJORDLIGHT)
    baton.post("crm/faults", kind="down")  # so that the edit comes before Baton hears of it, and before it writes
    typed = {
        "buyer_goals": "Orders packed on the day they come in",
        "promised_deliverables": "Two integrations and training for ten people",
        "risk_notes": "Their IT lead leaves in May",
    }
    by = baton.baton.flow.people.find("sam@example.com")
    assert by is not None
    moment = datetime.now(UTC)
    baton.baton.flow.record(Answered(handoff_id=handoff.id, at=moment, via="modal", by=by, answers=typed), moment)
    edit(baton, handoff, risk_notes="Their warehouse moves in June")
    baton.slack.delete("/sandbox/crm/faults")

    asked = in_thread(baton, "Their warehouse moves in June")

    assert "Their IT lead leaves in May" in asked["plain"]
    wait_for(lambda: baton.deal(FJORDLIGHT)["properties"].get("buyer_goals"))  # what nobody else touched is written
    assert baton.deal(FJORDLIGHT)["properties"]["risk_notes"] == "Their warehouse moves in June"


def test_stage_left_is_said_out_loud_and_stage_entered_again_resumes(baton: Running) -> None:
    handoff = briefed(baton)

    move(baton, handoff, "Contract sent")

    said = in_channel(baton, "left Closed won in HubSpot and is in Contract sent now")
    assert "nobody is reminded any more" in said["plain"]
    wait_for(lambda: buttons(the_brief(baton)) == [])
    assert now(baton, handoff).status is Status.CANCELLED

    move(baton, handoff, "Closed won")

    said = in_channel(baton, "is back in Closed won")
    assert "the same handoff goes on" in said["plain"]
    wait_for(lambda: "Take ownership" in buttons(the_brief(baton)))
    assert now(baton, handoff).status is Status.UNCLAIMED
    press(baton, "priya", DELIVERY, said, "take_ownership")
    wait_for(lambda: now(baton, handoff).owner)


def test_owner_is_told_that_the_deal_is_lost(baton: Running) -> None:
    handoff = briefed(baton)
    press(baton, "priya", DELIVERY, the_brief(baton), "take_ownership")
    wait_for(lambda: now(baton, handoff).owner)

    move(baton, handoff, "Closed lost")

    told = seen(baton, "priya", "baton", "left Closed won")
    assert "Please stop what you have begun" in told["plain"]
    assert "Priya Nair, who owned it, has been told" in in_channel(baton, "left Closed won")["plain"]


def test_first_task_says_in_its_place_that_the_deal_is_lost(baton: Running) -> None:
    handoff = briefed(baton)
    press(baton, "priya", DELIVERY, the_brief(baton), "take_ownership")
    task = in_thread(baton, "starts the work here")
    assert any(block["type"] == "actions" for block in task["blocks"])

    move(baton, handoff, "Closed lost")

    over = in_thread(baton, "This handoff was cancelled. Nothing here is waited for any more.")
    assert over["ts"] == task["ts"]
    assert [block for block in over["blocks"] if block["type"] == "actions"] == []


def test_deleted_deal_is_said_out_loud(baton: Running) -> None:
    handoff = briefed(baton)

    baton.post(f"crm/deals/{handoff.record.ref.id}/delete")

    in_channel(baton, "was deleted in HubSpot")
    assert now(baton, handoff).status is Status.CANCELLED


def test_merged_deal_is_said_out_loud(baton: Running) -> None:
    handoff = briefed(baton)

    baton.post(f"crm/deals/{handoff.record.ref.id}/merge", into=baton.deal(FJORDLIGHT)["id"])

    in_channel(baton, "was merged into another record in HubSpot")
    assert now(baton, handoff).status is Status.CANCELLED


def test_changes_that_arrive_out_of_order_settle_on_the_newest(baton: Running) -> None:
    handoff = briefed(baton)
    where = f"crm/deals/{handoff.record.ref.id}/move"

    baton.post(where, stage="Contract sent", copies=3, shuffle=True)
    baton.post(where, stage="Closed won", copies=3, shuffle=True)
    wait_for(lambda: baton.get("crm/deliveries")["pending"] == 0)

    wait_for(lambda: now(baton, handoff).record.stage == "closedwon" and now(baton, handoff).is_open)
    assert [h.id for h in baton.baton.flow.store.search(MERIDIAN, 5)] == [handoff.id]


def test_restricted_value_that_differs_is_seen_only_by_who_may_read_it(tmp_path: Path) -> None:
    secret = "crm: client_expects_next\n        visible_to: [priya@example.com]"
    with running_baton(tmp_path, config(**{"crm: client_expects_next": secret})) as baton:
        handoff = briefed(baton)

        edit(baton, handoff, client_expects_next=CALL)

        asked = in_thread(baton, "Only priya@example.com may see the two values")
        assert CALL not in str(asked)
        assert PLAN not in str(asked)
        press(baton, "dana", DELIVERY, asked, "see_both_values")
        assert "Only priya@example.com may see these values" in form(baton, "dana")["plain"]
        press(baton, "priya", DELIVERY, asked, "see_both_values")
        assert CALL in form(baton, "priya")["plain"]
        assert PLAN in form(baton, "priya")["plain"]
        assert submit(baton, "priya", kept="theirs")["outcome"] == "closed"
        decided = in_thread(baton, "Priya Nair took HubSpot’s value")
        assert CALL not in str(decided)


def briefed(baton: Running) -> Handoff:
    """A deal of which HubSpot knows everything: its brief comes at once."""
    handoff = won(baton, MERIDIAN)
    wait_for(lambda: now(baton, handoff).brief_post)
    return handoff


def edit(baton: Running, handoff: Handoff, **properties: str) -> None:
    baton.post(f"crm/deals/{handoff.record.ref.id}", properties=properties)


def move(baton: Running, handoff: Handoff, stage: str) -> None:
    baton.post(f"crm/deals/{handoff.record.ref.id}/move", stage=stage)


def the_brief(baton: Running) -> Json:
    return seen(baton, "priya", DELIVERY, "Who owns the next step?")


def in_thread(baton: Running, words: str) -> Json:
    return seen(baton, "priya", DELIVERY, words, thread=str(the_brief(baton)["ts"]))


def in_channel(baton: Running, words: str) -> Json:
    """A message that everybody in the channel sees, not only in the thread."""
    said = seen(baton, "priya", DELIVERY, words)
    assert look(baton, "dana", DELIVERY, words) is not None
    return said

"""Delivery in the local Slack: the brief is taken, sent back, asked about, handed over, scheduled and done."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handoff.model import Handoff, Status
from sandbox.seed import DANA, PRIYA
from tests.running import Running, running_baton, wait_for
from tests.security import presses
from tests.stories.talking import DELIVERY, Json, buttons, config, form, look, now, press, seen, submit, won

BRIEF = "Who owns the next step?"


@pytest.fixture
def baton(tmp_path: Path) -> Iterator[Running]:
    with running_baton(tmp_path, config()) as running:
        yield running


def brief(baton: Running, user: str = "dana") -> Json:
    return seen(baton, user, DELIVERY, BRIEF)


def shows(baton: Running, words: str) -> Json:
    """The brief, once it has these words."""
    wait_for(lambda: words in brief(baton)["plain"])
    return brief(baton)


def ready(baton: Running) -> Handoff:
    """A handoff whose brief is in the channel."""
    handoff = won(baton, "Meridian Clinics")
    brief(baton)
    return handoff


def owned(baton: Running) -> Handoff:
    """The same, owned by Priya."""
    handoff = ready(baton)
    press(baton, "priya", DELIVERY, brief(baton), "take_ownership")
    shows(baton, "Priya Nair took it")
    return now(baton, handoff)


def test_what_is_sent_back_is_asked_again_and_comes_back_to_the_brief(baton: Running) -> None:
    handoff = ready(baton)
    press(baton, "dana", DELIVERY, brief(baton), "send_back")
    assert "Meridian Clinics" in form(baton, "dana")["plain"]

    too_little = submit(baton, "dana", reason="ok", **{"fields:0": ["start_date"]})
    assert too_little["errors"].keys() == {"reason"}
    said = "The date is before the contract begins; when do they really expect us?"
    assert submit(baton, "dana", reason=said, **{"fields:0": ["start_date"]})["outcome"] == "closed"

    back = shows(baton, "Sent back once")
    assert f"start date, because: {said}" in back["plain"]
    assert "Ana Lima in sales, who was asked again about start date." in back["plain"]
    assert buttons(back) == []
    asked = seen(baton, "ana", "ana", said)
    press(baton, "ana", "ana", asked, "complete_handoff")
    assert [b["block_id"] for b in form(baton, "ana")["blocks"] if b["type"] == "input"][:1] == ["field:start_date"]
    assert submit(baton, "ana", **{"field:start_date": "2030-03-04"})["outcome"] == "closed"

    again = shows(baton, "Nobody yet.")
    assert "2030-03-04" in again["plain"]
    assert "Sent back once" in again["plain"]
    assert buttons(again) == ["Take ownership", "Ask sales", "Send back"]
    assert now(baton, handoff).status is Status.UNCLAIMED


def test_a_question_to_sales_stops_nothing_and_its_answer_stands_on_the_brief(baton: Running) -> None:
    handoff = ready(baton)
    press(baton, "priya", DELIVERY, brief(baton), "ask_sales")
    assert submit(baton, "priya", about="risk_notes", question="Which two clinics?")["outcome"] == "closed"

    asked = shows(baton, "Asked sales once")
    assert "About risk notes: Which two clinics?" in asked["plain"]
    assert "No answer from Ana Lima yet." in asked["plain"]
    assert "Take ownership" in buttons(asked)
    question = seen(baton, "ana", "ana", "Which two clinics?")
    press(baton, "ana", "ana", question, "answer_question")
    view = form(baton, "ana")
    (block,) = [b["block_id"] for b in view["blocks"] if b["type"] == "input"][:1]
    assert submit(baton, "ana", **{block: "Coimbra and Faro, both move in June"})["outcome"] == "closed"

    shows(baton, "Coimbra and Faro, both move in June")
    assert now(baton, handoff).status is Status.UNCLAIMED


def test_the_menu_assigns_it_to_somebody_else_who_then_owns_it(baton: Running) -> None:
    handoff = owned(baton)
    press(baton, "dana", DELIVERY, brief(baton), "more", f"{handoff.id}|assign")
    assert "Priya Nair is told that it is not theirs any more." in form(baton, "dana")["plain"]

    assert submit(baton, "dana", person="rui", note="Your region")["outcome"] == "closed"

    shows(baton, "Rui Costa took it")
    seen(baton, "rui", "rui", "Meridian Clinics")
    seen(baton, "priya", "priya", "Meridian Clinics")


def test_a_hand_over_waits_until_the_other_person_accepts(baton: Running) -> None:
    handoff = owned(baton)
    offer(baton, "dana")
    pending = shows(baton, "Dana Weiss was asked to take over and has not answered yet")
    assert "Priya Nair took it" in pending["plain"]
    asked = seen(baton, "dana", "dana", "asks you to take over")
    assert "I am away from Monday" in asked["plain"]
    assert "Booking for nine clinics" in asked["plain"]

    press(baton, "dana", "dana", asked, "accept_hand_over")

    shows(baton, "Dana Weiss took it")
    settled = seen(baton, "dana", "dana", "No answer is needed any more.")
    assert buttons(settled) == []
    late(baton, PRIYA, "accept_hand_over", handoff)
    seen(baton, "priya", DELIVERY, "This cannot be done where the handoff stands now; nothing was changed.")
    assert owner(baton, handoff) == "Dana Weiss"


def test_a_hand_over_that_is_declined_stays_where_it_was(baton: Running) -> None:
    handoff = owned(baton)
    offer(baton, "dana")
    asked = seen(baton, "dana", "dana", "asks you to take over")

    press(baton, "dana", "dana", asked, "decline_hand_over")
    assert submit(baton, "dana", note="I am full until June")["outcome"] == "closed"

    wait_for(lambda: "was asked to take over" not in brief(baton)["plain"])
    assert now(baton, handoff).offer is None
    seen(baton, "priya", "priya", "Dana Weiss")
    assert seen(baton, "dana", "dana", "Priya Nair owns it. No answer is needed any more.")


def test_a_hand_over_that_nobody_answers_bounces_back(tmp_path: Path) -> None:
    delivery = 'channel: "#delivery"          # where the brief goes'
    quick = config(**{delivery: f"{delivery}\n      hand_over_within: 1s"})
    with running_baton(tmp_path, quick) as baton:
        handoff = owned(baton)
        offer(baton, "dana")

        told = seen(baton, "priya", "priya", "Dana Weiss has not accepted Meridian Clinics within 1 second.")
        assert buttons(told) == ["Hand over to …"]
        wait_for(lambda: now(baton, handoff).offer is None)
        assert now(baton, handoff).owner is not None


def test_nobody_hands_over_to_themselves_or_what_is_not_theirs(baton: Running) -> None:
    owned(baton)
    press(baton, "priya", DELIVERY, brief(baton), "hand_over")
    yourself = submit(baton, "priya", person="priya")
    press(baton, "dana", DELIVERY, brief(baton), "hand_over")

    assert yourself["errors"] == {"person": "This is yours already. Choose somebody else."}
    assert "This is Priya Nair's to do." in form(baton, "dana")["plain"]


def test_what_is_released_is_offered_to_the_channel_again(baton: Running) -> None:
    handoff = owned(baton)
    press(baton, "priya", DELIVERY, brief(baton), "release")
    assert submit(baton, "priya", reason="I move to another team")["outcome"] == "closed"

    free = shows(baton, "Nobody yet.")
    assert buttons(free) == ["Take ownership", "Ask sales", "Send back"]
    press(baton, "dana", DELIVERY, free, "take_ownership")
    shows(baton, "Dana Weiss took it")
    assert now(baton, handoff).status is Status.OWNED


def test_a_kickoff_is_scheduled_moved_and_the_handoff_done(baton: Running) -> None:
    handoff = owned(baton)
    soon = int(datetime(2030, 3, 4, 9, 0, tzinfo=UTC).timestamp())
    press(baton, "priya", DELIVERY, brief(baton), "schedule_kickoff")
    assert submit(baton, "priya", kickoff_at=soon)["outcome"] == "closed"
    scheduled = shows(baton, "The kickoff is")
    assert buttons(scheduled)[:4] == ["Done", "Hand over to …", "Release", "Move kickoff"]
    press(baton, "priya", DELIVERY, scheduled, "schedule_kickoff")
    again = submit(baton, "priya", kickoff_at=soon)
    assert "That is so already; nothing was changed." in form(baton, "priya")["plain"], again

    press(baton, "dana", DELIVERY, brief(baton), "done")
    seen(baton, "dana", DELIVERY, "This is Priya Nair's to do.")
    press(baton, "priya", DELIVERY, brief(baton), "done")

    over = shows(baton, "and called it done")
    assert buttons(over) == []
    assert now(baton, handoff).status is Status.DONE
    late(baton, PRIYA, "done", handoff)
    seen(baton, "priya", DELIVERY, "This handoff is done; nothing was changed.")


def test_two_who_press_at_once_are_one_owner_and_one_private_answer(baton: Running) -> None:
    handoff = ready(baton)
    press(baton, "priya", DELIVERY, brief(baton), "take_ownership")
    late(baton, DANA, "take_ownership", handoff)

    seen(baton, "dana", DELIVERY, "Priya Nair took this")
    assert look(baton, "priya", DELIVERY, "Priya Nair took this") is None
    assert owner(baton, handoff) == "Priya Nair"


def test_steps_are_ticked_by_the_owner_and_by_nobody_else(baton: Running) -> None:
    handoff = owned(baton)
    thread = brief(baton)["ts"]
    task = seen(baton, "priya", DELIVERY, "starts the work here.", thread)
    tick(baton, "priya", task, "0")
    ticked = seen(baton, "priya", DELIVERY, "Read the brief — Priya Nair", thread)

    tick(baton, "dana", ticked, "0", "1")

    seen(baton, "dana", DELIVERY, "This is Priya Nair's to do.", thread)
    assert [tick.step for tick in now(baton, handoff).ticks] == [0]
    wait_for(lambda: boxes(baton, thread) == ["0"])
    task = seen(baton, "priya", DELIVERY, "starts the work here.", thread)
    tick(baton, "priya", task, "0", "1", "2")
    seen(baton, "dana", DELIVERY, "All 3 steps are done.", thread)


def test_the_menu_shows_everything_the_history_and_the_forms_of_others(baton: Running) -> None:
    handoff = ready(baton)
    for wish, words in (
        ("everything", "What could go wrong?"),
        ("history", "History"),
        ("flag", "Custom Scope"),
        ("snooze", "Pause instead"),
    ):
        press(baton, "dana", DELIVERY, brief(baton), "more", f"{handoff.id}|{wish}")
        view = form(baton, "dana")
        assert words in json.dumps(view)
        assert "Meridian Clinics" in view["plain"]
        baton.post("close", user="dana", all=True)


def tick(baton: Running, user: str, task: Json, *steps: str) -> None:
    """Have these boxes ticked and no others."""
    where = {"channel": DELIVERY, "ts": task["ts"], "action_id": "task_steps"}
    assert baton.post("click", user=user, value=list(steps), **where)["outcome"] == "ok"


def boxes(baton: Running, thread: str) -> list[str]:
    """What is ticked in the task as Slack shows it."""
    task = seen(baton, "dana", DELIVERY, "starts the work", thread)
    message = baton.sandbox.workspace.find_message("C0DELIVERY", task["ts"])
    assert message is not None
    states = [value for actions in message.state.values() for value in actions.values()]
    return [option["value"] for state in states for option in state.get("selected_options") or []]


def offer(baton: Running, to: str) -> None:
    """Priya asks somebody to take over."""
    press(baton, "priya", DELIVERY, brief(baton), "hand_over")
    assert submit(baton, "priya", person=to, note="I am away from Monday")["outcome"] == "closed"


def late(baton: Running, user_id: str, action_id: str, handoff: Handoff) -> None:
    """A press on a button of a message that has changed since: Slack had not shown that yet."""
    button = {"action_id": action_id, "block_id": "b", "type": "button", "value": handoff.id}
    who = {"id": user_id, "name": user_id.casefold(), "team_id": baton.baton.flow.workspace}
    answers = presses.answer_address(baton, user_id)
    answer = presses.send(baton, presses.press(baton, "", user=who, actions=[button], response_url=answers))
    assert answer.is_success


def owner(baton: Running, handoff: Handoff) -> str:
    found = now(baton, handoff).owner
    return found.name if found else ""


def test_the_menu_of_a_brief_snoozes_or_pauses_instead(baton: Running) -> None:
    handoff = owned(baton)
    press(baton, "priya", DELIVERY, brief(baton), "more", f"{handoff.id}|snooze")
    assert submit(baton, "priya", when="morning")["outcome"] == "closed"
    shows(baton, "snoozed by Priya Nair")

    press(baton, "dana", DELIVERY, brief(baton), "more", f"{handoff.id}|snooze")
    snooze = form(baton, "dana")
    baton.post("click", user="dana", view_id=snooze["id"], action_id="pause")
    wait_for(lambda: form(baton, "dana")["id"] != snooze["id"])
    assert submit(baton, "dana", **{"pause:reason": "They moved the start"})["outcome"] == "cleared"

    shows(baton, "paused by Dana Weiss: They moved the start")
    assert "Resume reminders …" in json.dumps(brief(baton), ensure_ascii=False)

"""What sales can do besides the form: pass on, put off, cancel, ask a colleague, answer in the thread."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.messages import buttons
from handoff.events import Replied
from handoff.model import Status
from tests.running import Running, running_baton, wait_for
from tests.stories.filling_in import reached, typed
from tests.stories.talking import config, form, look, now, press, seen, submit, won

QUARRY, FJORD = "Quarrystone Estates", "Fjordlight Robotics"
GOALS = "Orders packed the same day in both halls"
PROMISED = "Two integrations and training for ten people"
RISK = "Their IT lead leaves in May"
REASON = "They renew the old contract as it is"


@pytest.fixture
def baton(tmp_path: Path) -> Iterator[Running]:
    with running_baton(tmp_path, config()) as running:
        yield running


def test_handoff_that_is_not_mine_goes_to_another_person_with_a_note(baton: Running) -> None:
    handoff = won(baton, QUARRY)
    first = ask(baton, "sam", QUARRY)
    press(baton, "sam", "baton", first, buttons.NOT_MINE)
    refused = submit(baton, "sam", person="sam", note="Yours since June")
    assert refused["errors"].keys() == {"person"}

    assert submit(baton, "sam", person="ana")["outcome"] == "closed"

    theirs = ask(baton, "ana", QUARRY)
    wait_for(lambda: (asked := now(baton, handoff).ask_post) and asked.ts == theirs["ts"])  # till then Sam may answer
    assert "Sam Okafor passed this on to you: “Yours since June”" in theirs["plain"]
    mine = seen(baton, "sam", "baton", "Sam Okafor passed this on to Ana Lima")
    assert mine["ts"] == first["ts"]
    assert [b for b in mine["blocks"] if b["type"] == "actions"] == []
    say(baton, "sam", first, GOALS)
    seen(baton, "sam", "baton", "Ana Lima is asked about Quarrystone Estates now", thread=first["ts"])
    assert now(baton, handoff).answers == handoff.answers


def test_snooze_says_until_when_and_is_capped(baton: Running) -> None:
    handoff = won(baton, QUARRY)
    press(baton, "sam", "baton", ask(baton, "sam", QUARRY), buttons.SNOOZE)
    far = (datetime.now(UTC) + timedelta(days=60)).date().isoformat()
    assert submit(baton, "sam", when="date", date=far)["errors"].keys() == {"date"}
    assert submit(baton, "sam", when="date", date="")["errors"].keys() == {"date"}

    assert submit(baton, "sam", when="later")["outcome"] == "closed"

    wait_for(lambda: now(baton, handoff).quiet)
    quiet = now(baton, handoff).quiet
    assert quiet is not None
    assert quiet.until is not None
    assert timedelta(hours=2) < quiet.until - datetime.now(UTC) <= timedelta(hours=3)
    seen(baton, "sam", "baton", "Reminders were put off until")


def test_no_handoff_is_needed_for_a_reason(baton: Running) -> None:
    handoff = won(baton, QUARRY)
    press(baton, "sam", "baton", ask(baton, "sam", QUARRY), buttons.NOT_NEEDED)
    assert submit(baton, "sam", reason="n/a")["errors"].keys() == {"reason"}

    assert submit(baton, "sam", reason=REASON)["outcome"] == "closed"

    over = reached(baton, handoff, Status.CANCELLED)
    assert over.ending is not None
    assert over.ending.reason == REASON
    message = seen(baton, "sam", "baton", f"Sam Okafor said that no handoff is needed. “{REASON}”")
    assert [b for b in message["blocks"] if b["type"] == "actions"] == []


def test_answer_of_a_colleague_stands_in_the_form_as_a_draft(baton: Running) -> None:
    handoff = won(baton, FJORD)
    press(baton, "sam", "baton", ask(baton, "sam", FJORD), buttons.COMPLETE)
    view_id = form(baton, "sam")["id"]
    baton.post("fill", user="sam", view_id=view_id, values={"field:risk_notes": RISK})
    baton.post("click", user="sam", view_id=view_id, action_id=buttons.ASK_COLLEAGUE)
    wait_for(lambda: len(baton.get("views", user="sam")["views"]) == 2)
    assert submit(baton, "sam", person="sam", about="buyer_goals", question="What now?")["errors"].keys() == {"person"}
    asked = submit(baton, "sam", person="ana", about="buyer_goals", question="What did they say about the second hall?")
    assert asked["outcome"] == "closed"
    seen(baton, "sam", "baton", "Sam Okafor asked Ana Lima")

    press(baton, "ana", "baton", seen(baton, "ana", "baton", "the second hall?"), buttons.ANSWER)
    assert submit(baton, "ana", answer=GOALS)["outcome"] == "closed"

    told = seen(baton, "sam", "baton", "Ana Lima answers on Fjordlight Robotics")
    seen(baton, "ana", "baton", "Answered by Ana Lima")
    assert typed(form(baton, "sam"))["field:risk_notes"] == RISK
    press(baton, "sam", "baton", told, buttons.COMPLETE)
    assert typed(form(baton, "sam"))["field:buyer_goals"] == GOALS
    assert "From Ana Lima." in form(baton, "sam")["plain"]
    rest = {"field:promised_deliverables": PROMISED, "field:risk_notes": RISK}
    assert submit(baton, "sam", **rest)["outcome"] == "closed"
    answer = reached(baton, handoff, Status.UNCLAIMED).answer("buyer_goals")
    assert answer is not None
    assert answer.by is not None
    assert answer.by.name == "Ana Lima"


def test_replies_in_the_thread_answer_one_question_after_another(baton: Running) -> None:
    handoff = won(baton, FJORD)
    top = ask(baton, "sam", FJORD)
    assert "Or answer here in the thread" in top["plain"]

    say(baton, "sam", top, "tbd")
    said_below(baton, top, "What does the client actually care about?")
    assert now(baton, handoff).answer("buyer_goals") is None
    say(baton, "sam", top, GOALS)
    said_below(baton, top, "Next: What was promised, also out loud?")
    say(baton, "sam", top, f"{PROMISED} <b> & so on")
    said_below(baton, top, "Next: What could go wrong?")
    say(baton, "sam", top, RISK)

    said_below(baton, top, "That was the last question")
    done = reached(baton, handoff, Status.UNCLAIMED)
    answer = done.answer("promised_deliverables")
    assert answer is not None
    assert answer.value == f"{PROMISED} <b> & so on"
    say(baton, "sam", top, "One more thing")
    said_below(baton, top, "Sam Okafor completed this")


def test_reply_that_is_delivered_again_answers_once(baton: Running) -> None:
    handoff = won(baton, FJORD)
    top = ask(baton, "sam", FJORD)
    (event,) = say(baton, "sam", top, GOALS)
    said_below(baton, top, "Next: What was promised, also out loud?")

    before = delivered(baton)
    for _ in range(3):
        baton.post("duplicate", event_id=event)
    wait_for(lambda: delivered(baton) == before + 3)

    log = baton.baton.flow.store.log(handoff.id)
    assert len([e for e, _ in log if isinstance(e, Replied)]) == 1
    say(baton, "sam", top, PROMISED)
    said_below(baton, top, "Next: What could go wrong?")
    answer = now(baton, handoff).answer("promised_deliverables")
    assert answer is not None
    assert answer.value == PROMISED


def test_reply_is_not_lost_while_slack_does_not_answer(baton: Running) -> None:
    handoff = won(baton, FJORD)
    top = ask(baton, "sam", FJORD)
    baton.post("retries", factor=0.001)
    baton.post("faults", method="conversations.replies", kind="5xx", rate=1, times=1)

    say(baton, "sam", top, GOALS)

    wait_for(lambda: now(baton, handoff).answer("buyer_goals"))


def test_reply_under_a_question_of_delivery_goes_onto_the_brief(baton: Running) -> None:
    handoff = won(baton, FJORD)
    press(baton, "sam", "baton", ask(baton, "sam", FJORD), buttons.COMPLETE)
    values = {"field:buyer_goals": GOALS, "field:promised_deliverables": PROMISED, "field:risk_notes": RISK}
    submit(baton, "sam", **values)
    press(baton, "priya", "#delivery", seen(baton, "priya", "#delivery", FJORD), buttons.ASK_SALES)
    submit(baton, "priya", about="-", question="Who opens the door for us?")
    question = seen(baton, "sam", "baton", "Who opens the door for us?")

    say(baton, "sam", question, "The porter, from seven on")

    seen(baton, "sam", "baton", "Priya Nair has your answer", thread=question["ts"])
    wait_for(lambda: now(baton, handoff).questions[0].answer == "The porter, from seven on")
    brief = seen(baton, "priya", "#delivery", FJORD)
    seen(baton, "priya", "#delivery", "The porter, from seven on", thread=brief["ts"])


def test_words_outside_of_questions_change_nothing(baton: Running) -> None:
    handoff = won(baton, FJORD)
    top = ask(baton, "sam", FJORD)

    baton.post("say", user="sam", channel="baton", text="Good morning")
    baton.post("say", user="sam", channel="baton", text=GOALS)

    assert look(baton, "sam", "baton", "Noted", thread=top["ts"]) is None
    assert now(baton, handoff).answers == handoff.answers


def ask(baton: Running, user: str, name: str) -> Any:
    return seen(baton, user, "baton", name)


def delivered(baton: Running) -> int:
    """How many messages Slack has told Baton of, and heard that it took them."""
    return len([t for t in baton.get("traffic") if t["what"].startswith("event message") and t["status"] == 200])


def said_below(baton: Running, top: Any, words: str) -> None:
    """Wait until Baton says this in a thread."""
    where = {"user": "sam", "channel": "baton", "thread_ts": top["ts"]}

    def is_there() -> bool:
        below = [m for m in baton.get("messages", **where)["messages"] if m["ts"] != top["ts"]]
        return any(words in m["plain"] for m in below)

    wait_for(is_there)


def say(baton: Running, user: str, under: Any, text: str) -> list[str]:
    """Reply in a thread; the ids of the events that Slack sent of it."""
    answer = baton.post("say", user=user, channel="baton", text=text, thread_ts=under["ts"])
    assert answer["events"], answer
    events: list[str] = answer["events"]
    return events

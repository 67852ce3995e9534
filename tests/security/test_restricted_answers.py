"""One word that only finance may read, planted wherever an answer can stand: nobody else is ever shown it.

Its own field in the CRM is where it belongs; a note on the record, a log line or another person's form is not.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.messages import buttons
from bot.modals import choose, complete, everything
from handoff.model import Handoff, Status
from sandbox.seed import OLU
from tests.running import Running, running_baton, wait_for
from tests.security.watched import Watched, watched
from tests.stories.filling_in import act, reached, typed
from tests.stories.talking import DELIVERY, config, form, look, now, press, seen, submit, won

WORD = "zebrafinch"
FJORD = "Fjordlight Robotics"
REST = {
    "field:buyer_goals": "Orders packed the same day in both halls",
    "field:promised_deliverables": "Two integrations and training for ten people",
    "field:risk_notes": "Their IT lead leaves in May",
}
ONLY_FINANCE = {"type": "text", "visible_to": ["@finance"]}
TEMPLATE = "{{ answers.margin }}{{ answers.pricing_exceptions }}{{ record.fields.description }}"


def for_finance() -> str:
    """The shipped file with two answers for finance, one required, and templates that would like to have them."""
    text: dict[str, Any] = yaml.safe_load(config())
    sales = text["workflows"]["sales-to-delivery"]
    for field in sales["checklist"]:
        if field["key"] == "pricing_exceptions":
            field |= {**ONLY_FINANCE, "required": True}
    sales["checklist"] += [{"key": "margin", "ask": "What is the margin?", "crm": "description", **ONLY_FINANCE}]
    sales["first_task"]["title"] = f"Kick off {TEMPLATE}"
    sales["welcome_email"] = {"subject": "Hello", "body": TEMPLATE}
    return yaml.safe_dump(text, sort_keys=False)


@pytest.fixture
def slack() -> Watched:
    return watched(WORD)


@pytest.fixture
def baton(tmp_path: Path, slack: Watched) -> Iterator[Running]:
    with running_baton(tmp_path, for_finance(), slack) as running:
        yield running


def test_what_only_finance_may_read_is_shown_to_nobody_else(
    baton: Running, slack: Watched, capfd: pytest.CaptureFixture[str]
) -> None:
    baton.post(f"crm/deals/{baton.deal(FJORD)['id']}", properties={"description": f"{WORD} in the CRM"})
    handoff = won(baton, FJORD)

    _as_a_draft_and_as_an_answer_of_a_colleague(baton, handoff)
    _handed_over_and_sent_back(baton, handoff)
    _asked_for_by_delivery(baton)
    _changed_in_the_crm(baton, handoff)
    _looked_at_by_everybody(baton, handoff)
    _read_by_finance(baton, handoff)

    assert slack.seen_by_others(OLU) == set()
    read = {place for place, _ in slack.sights}
    assert read == {f"the form {name}" for name in (complete.CALLBACK, everything.CALLBACK, choose.CALLBACK)}
    assert WORD not in str([baton.deal(FJORD)["notes"], baton.deal(FJORD)["tasks"], baton.door.get("/metrics").text])
    said = capfd.readouterr()
    assert "answered" in said.out + said.err
    assert WORD not in said.out + said.err


def _as_a_draft_and_as_an_answer_of_a_colleague(baton: Running, handoff: Handoff) -> None:
    """Olu is asked as a colleague, then it is passed to her, she saves a draft, and passes it back."""
    asked = _ask(baton, "sam")
    press(baton, "sam", "baton", asked, buttons.REP_MORE, f"{handoff.id}|{buttons.ASK_COLLEAGUE}")
    submit(baton, "sam", person="olu", about="pricing_exceptions", question="What did we give them?")
    _answer(baton, "What did we give them?", f"A {WORD} for the second year")
    seen(baton, "sam", "baton", "Olu Adeyemi answers on Fjordlight Robotics")
    press(baton, "sam", "baton", asked, buttons.COMPLETE)
    form(baton, "sam")
    act(baton, "sam", buttons.CORRECT)
    baton.post("close", user="sam", all=True)
    _pass(baton, "sam", "olu")
    press(baton, "olu", "baton", _ask(baton, "olu"), buttons.COMPLETE)
    assert WORD in str(typed(form(baton, "olu")))
    view = form(baton, "olu")["id"]
    baton.post("fill", user="olu", view_id=view, values={"field:pricing_exceptions": f"One {WORD}, no, two"})
    act(baton, "olu", buttons.SAVE_DRAFT)
    wait_for(lambda: "Nothing is handed over yet" in form(baton, "olu")["plain"])
    baton.post("close", user="olu", all=True)


def _handed_over_and_sent_back(baton: Running, handoff: Handoff) -> None:
    """Ana hands over what Olu drafted; it is sent back, and she is asked for what she may not read."""
    _pass(baton, "olu", "ana")
    press(baton, "ana", "baton", _ask(baton, "ana"), buttons.COMPLETE)
    assert submit(baton, "ana", **REST)["outcome"] == "closed"
    assert WORD in str(reached(baton, handoff, Status.UNCLAIMED).answer("pricing_exceptions"))
    brief = seen(baton, "priya", DELIVERY, "Who owns the next step?")
    press(baton, "priya", DELIVERY, brief, buttons.SEND_BACK)
    submit(baton, "priya", **{"fields:0": ["pricing_exceptions"], "reason": "For which of the two halls?"})
    press(baton, "ana", "baton", seen(baton, "ana", "baton", "For which of the two halls?"), buttons.COMPLETE)
    form(baton, "ana")
    baton.post("close", user="ana", all=True)
    _pass(baton, "ana", "olu")
    press(baton, "olu", "baton", _ask(baton, "olu"), buttons.COMPLETE)
    assert WORD in str(typed(form(baton, "olu")))
    assert submit(baton, "olu", **{"field:pricing_exceptions": f"A {WORD} for each hall"})["outcome"] == "closed"
    reached(baton, handoff, Status.UNCLAIMED)


def _asked_for_by_delivery(baton: Running) -> None:
    """Delivery asks about it, takes the handoff, and drafts the e-mail whose template asks for it."""
    brief = _having(baton, "priya", DELIVERY, buttons.ASK_SALES)
    press(baton, "priya", DELIVERY, brief, buttons.ASK_SALES)
    submit(baton, "priya", about="pricing_exceptions", question="May the client know?")
    _answer(baton, "May the client know?", f"The {WORD} stays between us")
    wait_for(
        lambda: (
            look(baton, "priya", DELIVERY, "only some may read it", str(brief["ts"]))
            or look(baton, "priya", DELIVERY, "Answered; only", str(brief["ts"]))
        )
    )
    press(baton, "priya", DELIVERY, brief, buttons.TAKE)
    press(baton, "priya", "priya", seen(baton, "priya", "priya", "is yours now"), buttons.EMAIL)
    submit(baton, "priya", subject="Hello from us", body="Hello, when may I call?")
    baton.post("close", user="priya", all=True)


def _changed_in_the_crm(baton: Running, handoff: Handoff) -> None:
    """The record says something else; the owner may not see what, and finance chooses."""
    changed = {"pricing_exceptions": f"No {WORD} any more"}
    baton.post(f"crm/deals/{handoff.record.ref.id}", properties=changed)
    wait_for(lambda: now(baton, handoff).differences)
    brief = seen(baton, "priya", DELIVERY, "Who owns the next step?")
    apart = wait_for(lambda: _with_button(baton, brief, buttons.SEE_BOTH))
    for user in ("priya", "dana"):
        press(baton, user, DELIVERY, apart, buttons.SEE_BOTH)
        form(baton, user)
        baton.post("close", user=user, all=True)


def _looked_at_by_everybody(baton: Running, handoff: Handoff) -> None:
    """Every way to look something up, by people outside and by finance where others read along."""
    brief = seen(baton, "priya", DELIVERY, "Who owns the next step?")
    for user in ("priya", "dana", "sam", "rui"):
        for what in ("everything", "history", "flag"):
            press(baton, user, DELIVERY, brief, buttons.MORE, f"{handoff.id}|{what}")
            form(baton, user)
            baton.post("close", user=user, all=True)
        for words in ("status fjord", "history fjord", "mine", "problems", "status", "history fjord share"):
            baton.post("command", user=user, channel=DELIVERY, text=f"/handoff {words}")
        baton.post("home", user=user)
        wait_for(lambda user=user: baton.get("home", user=user)["view"])  # type: ignore[misc]
    for words in ("history fjord share", "status fjord share"):
        baton.post("command", user="olu", channel="#handoff-ops", text=f"/handoff {words}")


def _read_by_finance(baton: Running, handoff: Handoff) -> None:
    """Finance may read all of it, each in a form of their own."""
    baton.post("channels/member", channel=DELIVERY, user="olu", **{"in": True})
    brief = seen(baton, "olu", DELIVERY, "Who owns the next step?")
    press(baton, "olu", DELIVERY, brief, buttons.MORE, f"{handoff.id}|everything")
    assert f"{WORD} in the CRM" in form(baton, "olu")["plain"]
    baton.post("close", user="olu", all=True)
    press(baton, "olu", DELIVERY, _with_button(baton, brief, buttons.SEE_BOTH), buttons.SEE_BOTH)
    assert f"No {WORD} any more" in form(baton, "olu")["plain"]


def _with_button(baton: Running, brief: Any, action_id: str) -> Any:
    thread = baton.get("messages", user="priya", channel=DELIVERY, thread_ts=str(brief["ts"]))["messages"]
    return next((m for m in reversed(thread) if action_id in str(m["blocks"])), None)


def _answer(baton: Running, question: str, text: str) -> None:
    """Olu answers a question that somebody asks her."""
    press(baton, "olu", "baton", seen(baton, "olu", "baton", question), buttons.ANSWER)
    (block,) = [b["block_id"] for b in form(baton, "olu")["blocks"] if b["type"] == "input"]
    assert submit(baton, "olu", **{block: text})["outcome"] == "closed"


def _pass(baton: Running, giver: str, taker: str) -> None:
    press(baton, giver, "baton", _ask(baton, giver), buttons.NOT_MINE)
    assert submit(baton, giver, person=taker)["outcome"] == "closed"
    _ask(baton, taker)


def _ask(baton: Running, user: str) -> Any:
    """The message in which somebody is asked for what is missing."""
    return _having(baton, user, "baton", buttons.NOT_MINE)


def _having(baton: Running, user: str, channel: str, action_id: str) -> Any:
    """The newest message in which this can be pressed; waits for it."""

    def found() -> Any:
        return [m for m in baton.messages(user, channel) if action_id in str(m["blocks"])]

    return wait_for(found)[-1]

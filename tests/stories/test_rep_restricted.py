"""A question that only finance may answer and read: sales completes the handoff without ever seeing it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.messages import buttons
from handoff.model import Status
from tests.running import Running, running_baton, wait_for
from tests.stories.filling_in import inputs, reached
from tests.stories.talking import config, form, now, press, seen, submit, won

FJORD = "Fjordlight Robotics"
SECRET = "Nine percent off until the second year"
PRICING = 'required: "discount > 0"    # asked only when there is a discount'
ANSWERS = {
    "field:buyer_goals": "Orders packed the same day in both halls",
    "field:promised_deliverables": "Two integrations and training for ten people",
    "field:risk_notes": "Their IT lead leaves in May",
}


@pytest.fixture
def baton(tmp_path: Path) -> Iterator[Running]:
    text = config(**{PRICING: "required: true\n        visible_to: [ops@example.com]"})
    with running_baton(tmp_path, text) as running:
        yield running


def test_answer_of_finance_goes_with_that_of_sales_and_stays_hidden(baton: Running) -> None:
    handoff = won(baton, FJORD)
    asked = seen(baton, "sam", "baton", FJORD)
    press(baton, "sam", "baton", asked, buttons.COMPLETE)
    assert "“Any pricing exceptions?” is answered by ops@example.com only." in form(baton, "sam")["plain"]
    assert "field:pricing_exceptions" not in inputs(form(baton, "sam"))

    assert submit(baton, "sam", **ANSWERS)["outcome"] == "updated"

    note = form(baton, "sam")["plain"]
    assert "Any pricing exceptions? Only ops@example.com may answer this: ask them." in note
    assert now(baton, handoff).status is Status.COLLECTING
    baton.post("close", user="sam", all=True)
    press(baton, "sam", "baton", asked, buttons.REP_MORE, f"{handoff.id}|{buttons.ASK_COLLEAGUE}")
    submit(baton, "sam", person="olu", about="pricing_exceptions", question="What did we give them?")
    press(baton, "olu", "baton", seen(baton, "olu", "baton", "What did we give them?"), buttons.ANSWER)
    assert submit(baton, "olu", answer=SECRET)["outcome"] == "closed"
    told = seen(baton, "sam", "baton", "Olu Adeyemi answers on Fjordlight Robotics")
    press(baton, "sam", "baton", told, buttons.COMPLETE)
    assert "Olu Adeyemi has answered, and it goes with yours" in form(baton, "sam")["plain"]
    assert SECRET not in str(baton.get("views", user="sam"))

    assert submit(baton, "sam")["outcome"] == "closed"

    answer = reached(baton, handoff, Status.UNCLAIMED).answer("pricing_exceptions")
    assert answer is not None
    assert answer.value == SECRET
    assert answer.by is not None
    assert answer.by.name == "Olu Adeyemi"
    wait_for(lambda: baton.messages("priya", "#delivery"))
    assert SECRET not in str([baton.messages("sam", "baton"), baton.messages("priya", "#delivery")])


def test_reply_in_the_thread_does_not_answer_for_finance(baton: Running) -> None:
    handoff = won(baton, FJORD)
    top = seen(baton, "sam", "baton", FJORD)
    press(baton, "sam", "baton", top, buttons.COMPLETE)
    submit(baton, "sam", **ANSWERS)

    baton.post("say", user="sam", channel="baton", text="Twelve percent off", thread_ts=top["ts"])

    seen(baton, "sam", "baton", "is answered by Olu Adeyemi only. Nothing was changed", thread=top["ts"])
    assert now(baton, handoff).answer("pricing_exceptions") is None

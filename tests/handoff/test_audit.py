"""A line of the export: it marks what only some may read, and leaves out what people said."""

import json
from typing import Any

import pytest

from handoff.audit import LEFT_OUT, line
from handoff.events import AnyEvent, RecordChanged
from handoff.model import Question
from handoff.notices import WriteBack
from handoff.ports import Happened
from tests.factories import CHECKLIST, MAX, NOW, SAM, did, handoff, record, said, workflow

SECRET = workflow(checklist=[{**f, "visible_to": ["@finance"]} if f["key"] == "goals" else f for f in CHECKLIST])
WRITTEN = WriteBack(key="h1:crm", handoff_id="h1", due_at=NOW, fields={"buyer_goals": "Speed"})

ASKED = Question(id="q1", about="goals", text="Of what?", by=SAM, to=MAX, at=NOW, is_to_sales=False)


def exported(event: AnyEvent, *, answers: bool = False) -> dict[str, Any]:
    return line(Happened(handoff(questions=(ASKED,)), 3, event, "one\ntwo"), SECRET, answers=answers)


@pytest.mark.parametrize(
    "event",
    [
        did("drafted", SAM, answers={"goals": "Speed"}),
        did("question_asked", question_id="q1", about="goals", text="Speed of what?"),
        did("question_answered", MAX, question_id="q1", text="Speed of payment"),
        did("replied", SAM, text="Speed", via="thread"),
        did("sent_back", fields=("goals",), reason="Speed is no goal"),
        said(WRITTEN, differs={"buyer_goals": "Speed"}),
        RecordChanged(handoff_id="h1", at=NOW, via="hubspot", record=record(fields={"buyer_goals": "Speed"})),
    ],
    ids=lambda event: event.kind,
)
def test_what_only_some_may_read_is_marked_and_left_out(event: AnyEvent) -> None:
    assert exported(event)["restricted"] == ["goals"]
    assert "Speed" not in json.dumps(exported(event))
    assert LEFT_OUT in json.dumps(exported(event))
    assert "Speed" in json.dumps(exported(event, answers=True))


def test_what_everybody_may_read_is_not_marked() -> None:
    found = exported(did("question_asked", question_id="q1", text="When?"))

    assert found["restricted"] == []
    assert (found["number"], found["remarks"], found["by"]["name"]) == (3, ["one", "two"], "Priya Nair")


def test_what_nobody_did_names_nobody() -> None:
    assert exported(said(WRITTEN))["by"] is None

"""The notes on the record: who did what, in words, and never an answer that stands in its own field."""

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import crm_notes
from handoff.model import Handoff, SendBack, Source, Status
from handoff.notices import WriteNote
from tests.bot.hostile import SECRET, Case, thoroughly
from tests.bot.moving import ended, moving, reviewed_workflow
from tests.factories import CHECKLIST, NOW, PRIYA, SAM, answer, handoff

KINDS = get_args(WriteNote.model_fields["what"].annotation)
BACK = SendBack(fields=("start",), reason="It is in the past", by=PRIYA, at=NOW)
WAIVED = answer("pricing", "The list price holds", source=Source.WAIVED)


@thoroughly
@given(moving(), st.sampled_from(KINDS))
def test_a_note_never_says_what_only_some_may_read(case: Case, what: str) -> None:
    keys = tuple(f.key for f in case.workflow.checklist)

    assert SECRET not in crm_notes.note(note(what, keys=keys), case.handoff, case.workflow)


@pytest.mark.parametrize(
    ("what", "stands", "said"),
    [
        (
            {"what": "answered", "by": SAM, "keys": ("goals", "start")},
            handoff(Status.UNCLAIMED),
            "Sam Rivers answered in Slack:\n- What do they care about?\n- When do we start?",
        ),
        (
            {"what": "waived", "by": SAM, "keys": ("pricing",)},
            handoff(Status.UNCLAIMED, answers=(WAIVED,)),
            "Sam Rivers says that this does not apply:\n- Any pricing exceptions? Because: The list price holds",
        ),
        (
            {"what": "sent_back", "by": PRIYA, "keys": ("start",)},
            handoff(send_backs=(BACK,)),
            "Priya Nair sent it back to sales because: It is in the past\nTo be answered again:\n- When do we start?",
        ),
        (
            {"what": "cancelled", "by": SAM},
            ended("not_needed", "They renewed the old contract", SAM),
            "Sam Rivers says that no handoff is needed, so it is cancelled. The reason: They renewed the old contract",
        ),
        (
            {"what": "cancelled", "by": None},
            ended("stage_left", "Contract sent"),
            (
                "it is cancelled, because the record left the stage that starts it. "
                "If it comes back, the same handoff goes on."
            ),
        ),
        ({"what": "owned", "by": PRIYA}, handoff(Status.OWNED), "Priya Nair owns the next step."),
        (
            {"what": "done", "by": PRIYA},
            handoff(Status.DONE, kickoff_at=NOW),
            "Priya Nair finished it. The kickoff was set for 2026-03-02.",
        ),
    ],
    ids=["answered", "waived", "sent back", "not needed", "stage left", "owned", "done"],
)
def test_a_note_says_who_did_what(what: dict[str, Any], stands: Handoff, said: str) -> None:
    assert crm_notes.note(note(**what), stands, reviewed_workflow()) == f"Handoff “Sales to delivery”: {said}"


def test_a_reason_that_only_some_may_read_is_not_in_the_note() -> None:
    fields = [{**f, "visible_to": ["olu@example.com"]} if f["key"] == "pricing" else f for f in CHECKLIST]

    said = crm_notes.note(
        note("waived", by=SAM, keys=("pricing",)),
        handoff(Status.UNCLAIMED, answers=(WAIVED,)),
        reviewed_workflow(checklist=fields),
    )

    assert said.endswith("\n- Any pricing exceptions?")


def note(what: str, **changes: Any) -> WriteNote:
    """A note that is due now."""
    return WriteNote.model_validate({"key": "k", "handoff_id": "h1", "due_at": NOW, "what": what, **changes})

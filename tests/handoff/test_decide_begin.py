"""What starts a handoff, and what follows when one begins."""

from datetime import timedelta
from typing import Any

import pytest

from handoff.decide import Decision, ReplyKind, decide, starts
from handoff.errors import HandoffUnknown
from handoff.events import AnyEvent
from handoff.model import Person, Record, RecordRef, Source, Status
from handoff.notices import AskRep, Nag, Notice, PostBrief, To, WriteBack
from handoff.workflow import Trigger
from tests.factories import (
    ANSWERS,
    BEA,
    FILLED,
    NOW,
    RUI,
    SAM,
    answered,
    ask_rep,
    claimed,
    field,
    record,
    said,
    stage_entered,
    unsaid,
    workflow,
)

ALL_IN_CRM: dict[str, Any] = {
    "checklist": [field(key="promised", crm="promised"), field(key="next_step", crm="next")],
}
COMPLETE = record(fields={"promised": ANSWERS["promised"], "next": ANSWERS["next_step"]})


def trigger(**changes: Any) -> Trigger:
    return Trigger.model_validate({"crm": "hubspot", "stage": "Closed Won", **changes})


def begin(
    deal: Record | None = None, rep: Person | None = SAM, backup: Person | None = BEA, **changes: Any
) -> Decision:
    return decide(None, stage_entered(record=deal or record(), rep=rep, backup=backup), workflow(**changes), NOW)


def of_kind(decision: Decision, kind: type[Notice]) -> list[Any]:
    return [notice for notice in decision.notices if isinstance(notice, kind)]


def test_sales_is_told_of_a_complete_record_and_asked_about_one_that_is_not() -> None:
    assert [n.is_complete for n in of_kind(begin(COMPLETE, **ALL_IN_CRM), AskRep)] == [True]
    assert [n.is_complete for n in of_kind(begin(), AskRep)] == [False]


@pytest.mark.parametrize("stage", ["closedwon", "Closed Won", "closed won", ["talks", "CLOSED WON"]])
def test_a_record_that_enters_the_stage_by_id_or_label_starts_a_handoff(stage: str | list[str]) -> None:
    assert starts(trigger(stage=stage), record(), "talks")
    assert starts(trigger(stage=stage), record(), None)


@pytest.mark.parametrize(
    ("wanted", "deal", "before"),
    [
        (trigger(), record(), "closedwon"),
        (trigger(stage="talks"), record(), None),
        (trigger(stage="CLOSEDWON"), record(), None),
        (trigger(stage="won"), record(stage_label=""), None),
        (trigger(crm="manual"), record(), None),
        (trigger(object="ticket"), record(), None),
        (trigger(pipeline="Renewals"), record(), None),
        (trigger(when="amount >= 50000"), record(), None),
        (trigger(when="region == 'EU'"), record(), None),
    ],
    ids=[
        "same stage",
        "other stage",
        "id in capitals",
        "no label",
        "other CRM",
        "other object",
        "other pipeline",
        "amount",
        "empty",
    ],
)
def test_a_record_starts_no_handoff(wanted: Trigger, deal: Record, before: str | None) -> None:
    assert not starts(wanted, deal, before)


@pytest.mark.parametrize(
    "changes", [{"pipeline": "default"}, {"pipeline": "sales PIPELINE"}, {"when": "amount < 50000"}]
)
def test_a_record_of_the_pipeline_for_which_the_condition_holds_starts_one(changes: dict[str, str]) -> None:
    assert starts(trigger(**changes), record(), "talks")


def test_the_rep_is_asked_for_what_is_missing() -> None:
    decision = begin()

    assert (decision.handoff.status, decision.handoff.asked, decision.handoff.asked_because) == (
        Status.COLLECTING,
        SAM,
        None,
    )
    assert decision.handoff.opened_at == NOW
    (ask,) = of_kind(decision, AskRep)
    assert (ask.key, ask.to, ask.due_at, ask.trace) == ("h1:ask", To(person=SAM), NOW, "t1")
    assert decision.counts


def test_the_first_reminder_of_the_rep_is_stored_with_the_question() -> None:
    (nag,) = of_kind(begin(), Nag)

    assert (nag.ladder, nag.step, nag.to, nag.due_at) == ("rep", 0, To(person=SAM), NOW + timedelta(hours=2))


def test_a_ladder_that_cannot_reach_anybody_is_told_in_the_log() -> None:
    decision = begin(nags={"rep": [{"after": "1h", "to": "owner"}]})

    assert of_kind(decision, Nag) == []
    assert decision.remarks == ("rep ladder, step 1 passed over: there is no owner yet",)


def test_the_crm_shows_that_sales_is_waited_for() -> None:
    (written,) = of_kind(begin(), WriteBack)

    assert written.fields == {"handoff_status": "waiting on sales"}


def test_nothing_is_written_to_the_crm_if_config_names_no_field() -> None:
    assert of_kind(begin(write_back={}), WriteBack) == []


@pytest.mark.parametrize(
    ("owner", "because"), [(Person(name="Gone", email="gone@example.com"), "not_in_slack"), (None, "no_owner")]
)
def test_the_backup_is_asked_if_the_rep_cannot_be(owner: Person | None, because: str) -> None:
    decision = begin(record(owner=owner), rep=None)

    assert (decision.handoff.asked, decision.handoff.asked_because) == (BEA, because)
    assert of_kind(decision, AskRep)[0].to == To(person=BEA)


def test_a_channel_is_asked_if_there_is_no_backup_either() -> None:
    decision = begin(rep=None, backup=None)

    assert decision.handoff.asked is None
    assert of_kind(decision, AskRep)[0].to == To(name="#ops")


def test_what_the_crm_knows_is_taken_over_and_not_asked() -> None:
    decision = begin(record(fields=FILLED))

    assert {a.key: a.source for a in decision.handoff.answers} == dict.fromkeys(
        ("goals", "contact", "start"), Source.CRM
    )


def test_a_record_of_which_the_crm_knows_everything_goes_straight_to_delivery() -> None:
    decision = begin(COMPLETE, **ALL_IN_CRM)

    assert (decision.handoff.status, decision.handoff.completed_at) == (Status.UNCLAIMED, NOW)
    assert [n.kind for n in decision.notices] == ["ask_rep", "post_brief", "nag", "write_back"]
    assert of_kind(decision, PostBrief)[0].channel == "#delivery"
    assert of_kind(decision, Nag)[0].ladder == "channel"
    assert of_kind(decision, WriteBack)[0].fields == {"handoff_status": "waiting for an owner"}


def test_the_handoff_keeps_the_workflow_it_began_with() -> None:
    decision = begin()

    assert (decision.handoff.workflow, decision.handoff.edition) == ("sales-to-delivery", workflow().edition)
    assert decision.handoff.record.ref == RecordRef(system="hubspot", object="deal", id="1")


@pytest.mark.parametrize("event", [answered(), claimed(), said(ask_rep()), unsaid(ask_rep())])
def test_an_event_of_a_handoff_that_is_not_there_is_told_so(event: AnyEvent) -> None:
    with pytest.raises(HandoffUnknown, match="not known here"):
        decide(None, event, workflow(), NOW)


def test_a_reply_is_done_unless_it_says_otherwise() -> None:
    assert begin().reply.kind is ReplyKind.DONE
    assert RUI not in (begin().handoff.asked, begin().reply.person)

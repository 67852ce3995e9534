"""A record entered its stage: a handoff begins."""

from handoff import checklist
from handoff.decision import Decision
from handoff.events import StageEntered
from handoff.ladder import sales
from handoff.model import Handoff, Status
from handoff.notices import AskRep, To
from handoff.rules import progress, reaching
from handoff.rules.case import Case, Notices
from handoff.workflow import Workflow


def begin(event: StageEntered, workflow: Workflow) -> Handoff:
    """The handoff as it begins, with what the CRM already says."""
    asked, because = event.rep, None
    if asked is None:
        asked = event.backup
        because = reaching.NOT_IN_SLACK if event.record.owner else "no_owner"
    return Handoff(
        id=event.handoff_id,
        workspace=event.workspace,
        workflow=workflow.name,
        edition=workflow.edition,
        record=event.record,
        status=Status.COLLECTING,
        opened_at=event.at,
        asked=asked,
        asked_because=because,
        answers=checklist.from_crm(workflow, event.record, event.at),
    )


def began(case: Case) -> Decision:
    """Sales is asked; if the CRM knows everything, the brief goes out at once."""
    handoff = case.handoff
    common = {**case.common("ask"), "key": f"{handoff.id}:ask"}
    is_complete = not checklist.missing(case.workflow, handoff)
    ask = AskRep(to=sales(handoff, case.workflow), is_complete=is_complete, **common)
    told = _rep_unknown(case)
    if is_complete:
        return progress.advance(case, handoff, (ask, *told))
    handoff, nags, remarks = case.ladder_begins(handoff)
    status = case.status_written("waiting on sales")
    return Decision(handoff=handoff, notices=(ask, *nags, *status, *told), remarks=remarks)


def _rep_unknown(case: Case) -> Notices:
    """Whoever runs Baton is told of a record's owner whom Slack does not know."""
    handoff, owner = case.handoff, case.handoff.record.owner
    if handoff.asked_because != reaching.NOT_IN_SLACK or owner is None:
        return ()
    return reaching.tell_ops(case, To(person=owner), reaching.NOT_IN_SLACK, "ask_rep", sales(handoff, case.workflow))

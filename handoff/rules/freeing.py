"""A handoff loses its owner, and the channel is asked again."""

from handoff.decision import Decision
from handoff.ladder import sales
from handoff.model import Handoff, Person, Status, Told
from handoff.notices import AskRep
from handoff.rules import progress
from handoff.rules.case import Case, standing


def set_free(case: Case, by: Person | None, what: Told, note: str = "") -> Decision:
    """The channel is asked again, unless reviewers or sales have something to say first. Without `by`, Baton did it."""
    free: Handoff = case.handoff.model_copy(
        update={
            "status": progress.without_owner(case.handoff, case.workflow),
            "owner": None,
            "owned_at": None,
            "offer": None,
            "kickoff_at": None,
            "briefed_at": case.event.at,
            "reminders": standing(case.handoff),
            "round": case.handoff.round + 1,
        }
    )
    free, nags, remarks = case.ladder_begins(free)
    told = (*case.update_brief(), *case.tell_delivery(what, by, is_for_all=True, note=note), *case.withdrawn())
    told += case.tell_owner(what, case.handoff.owner, by)
    owner = {case.workflow.write_back.owner: ""} if case.workflow.write_back.owner else {}
    status = case.status_written(progress.shown(free, case.workflow), owner)
    ask = AskRep(to=sales(free, case.workflow), **case.common("ask-anew"))
    asked = (ask,) if free.status is Status.COLLECTING else ()
    notices = (*told, *case.settled(), *asked, *nags, *status)
    return Decision(handoff=free, notices=notices, cancel=("owner",), remarks=remarks)

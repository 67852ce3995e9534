"""`decide` takes a handoff and an event and says what follows. The rules stand in `handoff/rules/`, and nowhere else.

It reads no clock, no database and no outside system; it changes nothing. The caller stores the decision in one
transaction and only then lets anything speak.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from handoff import events
from handoff.decision import Decision, Reply, ReplyKind
from handoff.errors import HandoffUnknown
from handoff.events import AnyEvent, StageEntered
from handoff.lateness import at_the_top
from handoff.model import OVER, Handoff, Record
from handoff.rules import (
    answering,
    beginning,
    delivering,
    ending,
    forgetting,
    moving,
    owning,
    progress,
    resting,
    reviewing,
    selling,
    sending,
    silence,
)
from handoff.rules.case import Case
from handoff.rules.moving import starts
from handoff.rules.sending import HELD, is_gone, is_update, standing_post, still_wanted
from handoff.workflow import Workflow
from handoff.worktime import Holidays, no_holidays

__all__ = [
    "HELD",
    "Decision",
    "Reply",
    "ReplyKind",
    "decide",
    "is_gone",
    "is_update",
    "on_reading",
    "standing_post",
    "starts",
    "still_wanted",
]

_RULES: dict[type, Callable[[Case, Any], Decision]] = {
    events.Answered: answering.answered,
    events.Drafted: answering.drafted,
    events.Replied: answering.replied,
    events.PassedOn: selling.passed_on,
    events.NotNeeded: selling.not_needed,
    events.QuestionAsked: selling.question_asked,
    events.QuestionAnswered: selling.question_answered,
    events.Flagged: reviewing.flagged,
    events.Reviewed: reviewing.reviewed,
    events.Claimed: owning.claimed,
    events.Assigned: owning.assigned,
    events.Offered: owning.offered,
    events.OfferAnswered: owning.offer_answered,
    events.Released: owning.released,
    events.SentBack: delivering.sent_back,
    events.KickoffScheduled: delivering.kickoff_scheduled,
    events.Finished: delivering.finished,
    events.Ticked: delivering.ticked,
    events.EmailSaved: delivering.email_saved,
    events.Snoozed: resting.snoozed,
    events.Paused: resting.paused,
    events.Unpaused: resting.unpaused,
    events.RecordChanged: moving.changed,
    events.Reentered: moving.reentered,
    events.RecordVanished: ending.vanished,
    events.Chosen: moving.chosen,
    events.Forgotten: forgetting.forgotten,
    events.Said: sending.said,
    events.Unsaid: sending.unsaid,
    events.PutOff: sending.put_off,
}


def decide(
    handoff: Handoff | None, event: AnyEvent, workflow: Workflow, now: datetime, holidays: Holidays = no_holidays
) -> Decision:
    """What follows from an event. `holidays` says what is a public holiday.

    Raises:
        HandoffUnknown: the event speaks of a handoff that is not there.
    """
    if isinstance(event, StageEntered):
        case = Case(beginning.begin(event, workflow), workflow, event, now, holidays)
        return at_the_top(beginning.began(case), workflow)
    if handoff is None:
        raise HandoffUnknown("This handoff is not known here. It may belong to another workspace.")
    case = Case(handoff, workflow, event, now, holidays)
    if isinstance(event, events.Act) and event.by.is_guest:
        return owning.not_allowed(case, "channel")
    decision = progress.reviewers_go_on(case, _RULES[type(event)](case, event))
    return at_the_top(silence.goes_on(case, decision), workflow)


def on_reading(workflow: Workflow, handoff: Handoff | None, record: Record, stage_before: str | None) -> type | None:
    """Which event it is that a record was just read. `handoff` is the newest of this record in this workflow."""
    if handoff is not None and handoff.status not in OVER:
        return events.RecordChanged
    if not starts(workflow.trigger, record, stage_before):
        return None
    is_new = handoff is None or handoff.ending is None or handoff.forgotten_at is not None
    return StageEntered if is_new else events.Reentered

"""What delivery can do besides owning: send back, schedule the kickoff, finish, tick steps, word the e-mail."""

from handoff import checklist, quality
from handoff.decision import Decision, ReplyKind
from handoff.events import EmailSaved, Finished, KickoffScheduled, SentBack, Ticked
from handoff.ladder import sales
from handoff.model import Email, Handoff, Person, SendBack, Status, Tick
from handoff.notices import AskRep
from handoff.rights import may
from handoff.rules import progress
from handoff.rules.case import OF_STATES, Case, Notices, all_ladders, standing
from handoff.rules.ending import closed
from handoff.rules.owning import not_allowed, only_the_owner


def sent_back(case: Case, event: SentBack) -> Decision:
    """Named fields go back to sales, with the reason. An owner keeps it meanwhile."""
    handoff = case.handoff
    if handoff.status not in (Status.UNCLAIMED, Status.OWNED, Status.KICKOFF_SCHEDULED):
        return case.unchanged(ReplyKind.NOT_NOW if handoff.is_open else ReplyKind.OVER)
    if not may(case.workflow.delivery.may_send_back, event, case.workflow.delivery.channel):
        return not_allowed(case, case.workflow.delivery.may_send_back)
    if wrong := wrong_return(case, event.fields, event.reason):
        return case.wrong(wrong)
    return back_to_sales(case, event.fields, event.reason.strip(), event.by)


def wrong_return(case: Case, fields: tuple[str, ...], reason: str) -> dict[str, str]:
    """What is missing to give something back: which fields, and a reason that helps."""
    known = {f.key for f in checklist.applying(case.workflow, case.handoff)}
    wrong = {}
    if not fields or not set(fields) <= known:
        wrong["fields"] = "Please choose what has to be answered again."
    if complaint := quality.reason_complaint(reason, like="The scope has no date"):
        wrong["reason"] = complaint
    return wrong


def back_to_sales(
    case: Case, fields: tuple[str, ...], reason: str, by: Person, handoff: Handoff | None = None, said: Notices = ()
) -> Decision:
    """Sales is asked again, for these fields only. `handoff` and `said` are what a reviewer decided before."""
    handoff = handoff or case.handoff
    gone_back = SendBack(fields=fields, reason=reason, by=by, at=case.event.at)
    back: Handoff = handoff.model_copy(
        update={
            "status": Status.COLLECTING,
            "wanted": tuple(f.key for f in case.workflow.checklist if f.key in {*handoff.wanted, *fields}),
            "send_backs": (*handoff.send_backs, gone_back),
            "offer": None,
            "ask_post": None,
            "reminders": standing(handoff),
            "round": handoff.round + 1,
        }
    )
    back, nags, remarks = case.ladder_begins(back)
    ask = AskRep(to=sales(handoff, case.workflow), again="sent_back", **case.common("ask"))
    told = (*case.update_brief(), *case.tell_delivery("sent_back", by))
    written = (*case.status_written("waiting on sales"), *case.noted("sent_back", by, fields))
    notices = (*said, *case.settled(), *case.withdrawn(), *case.close_ask(), ask, *told, *nags, *written)
    return Decision(handoff=back, notices=notices, cancel=OF_STATES, remarks=remarks)


def kickoff_scheduled(case: Case, event: KickoffScheduled) -> Decision:
    """The owner says when the kickoff is: the last reminders stop."""
    if refused := only_the_owner(case, event):
        return refused
    if event.kickoff_at == case.handoff.kickoff_at:
        return case.unchanged(ReplyKind.ALREADY_SO)
    scheduled = case.handoff.model_copy(
        update={
            "status": Status.KICKOFF_SCHEDULED,
            "kickoff_at": event.kickoff_at,
            "reminders": standing(case.handoff),
        }
    )
    told = (*case.update_brief(), *case.tell_delivery("kickoff", event.by), *case.tell_sales("kickoff", event.by))
    status = case.status_written(progress.shown(scheduled, case.workflow))
    return Decision(handoff=scheduled, notices=(*told, *case.settled(), *status), cancel=("owner",))


def finished(case: Case, event: Finished) -> Decision:
    """The owner says that the handoff is done."""
    if refused := only_the_owner(case, event):
        return refused
    done = case.handoff.model_copy(
        update={"status": Status.DONE, "finished_at": event.at, "reminders": (), "quiet": None, "offer": None}
    )
    ladders = all_ladders(case.handoff)
    told = (*case.update_brief(), *case.update_task(), *case.tell_sales("done", event.by))
    told += (*case.settled(ladders), *closed(case))
    written = (*case.status_written("done"), *case.noted("done", event.by))
    return Decision(handoff=done, notices=(*told, *written), cancel=ladders)


def ticked(case: Case, event: Ticked) -> Decision:
    """The steps that are done now; whoever ticked one first stays named. Steps that do not exist are passed over."""
    if refused := only_the_owner(case, event):
        return refused
    task = case.workflow.first_task
    steps = range(len(task.checklist)) if task else range(0)
    kept = tuple(t for t in case.handoff.ticks if t.step in event.done)
    there = {t.step for t in kept}
    new = tuple(Tick(step=s, by=event.by, at=event.at) for s in steps if s in event.done and s not in there)
    if kept + new == case.handoff.ticks:
        return case.unchanged(ReplyKind.ALREADY_SO)
    return Decision(handoff=case.handoff.model_copy(update={"ticks": kept + new}), notices=case.update_task())


def email_saved(case: Case, event: EmailSaved) -> Decision:
    """The owner's wording of the welcome e-mail. Nothing is sent."""
    if refused := only_the_owner(case, event):
        return refused
    wrong = {name: "Please write something." for name in ("subject", "body") if not getattr(event, name).strip()}
    if wrong:
        return case.wrong(wrong)
    email = Email(subject=event.subject.strip(), body=event.body.strip(), by=event.by, at=event.at)
    return Decision(handoff=case.handoff.model_copy(update={"email": email}))

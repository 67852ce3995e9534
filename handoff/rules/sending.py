"""A notice reached its place, or was refused for good: what is known and what is said next."""

from dataclasses import replace

from handoff.decision import Decision
from handoff.events import PutOff, Said, Unsaid
from handoff.ladder import LADDERS, next_nag
from handoff.model import WITH_DELIVERY, Difference, Flag, Handoff, Person, Post, Question, Reminder, Status
from handoff.notices import (
    AskDifference,
    AskQuestion,
    AskRep,
    AskTakeOver,
    Nag,
    Notice,
    OfferEnds,
    PostBrief,
    PostReview,
    PostTask,
    SettleNag,
    SilenceEnds,
    Tell,
    UpdateAsk,
    UpdateBrief,
    UpdateDifference,
    UpdateForgotten,
    UpdateNag,
    UpdateOffer,
    UpdateQuestion,
    UpdateReview,
    UpdateTask,
    WriteBack,
    WriteNote,
)
from handoff.rules import moving, progress, reaching, silence
from handoff.rules.case import Case, Notices

HELD = "held"  # the reason of a notice that may have been posted, where config says not to post it again


def still_wanted(notice: Notice, handoff: Handoff) -> bool:
    """Whether a notice is still true; asked once more just before it is sent."""
    match notice:
        case Nag() | SilenceEnds():
            return _is_waited_for(notice, handoff)
        case OfferEnds():
            return handoff.offer is not None and handoff.offer.at == notice.offered_at
        case AskRep():
            return handoff.is_open and _is_asked(notice, handoff)
        case PostBrief():
            return handoff.status in (*WITH_DELIVERY, Status.DONE) and handoff.brief_post is None
        case Tell() | WriteBack() | WriteNote():
            return _is_true(notice, handoff)
        case AskTakeOver():
            return handoff.offer is not None and handoff.offer.to == notice.to.person
        case PostReview():
            return handoff.is_open and notice.flag in handoff.undecided
        case AskQuestion():
            question = handoff.question(notice.question_id)
            return handoff.is_open and question is not None and question.answer is None
        case AskDifference():
            return handoff.is_open and handoff.differences[notice.difference].kept is None
        case _:
            return not is_update(notice) or standing_post(notice, handoff) is not None


def _is_true(notice: Tell | WriteBack | WriteNote, handoff: Handoff) -> bool:
    if not isinstance(notice, Tell):  # what is forgotten is covered by then, and a cover is no value of the record
        return handoff.forgotten_at is None and not (isinstance(notice, WriteBack) and not notice.fields)
    if notice.what == "silent":
        to = notice.to.person if notice.to else None
        return handoff.status is Status.OWNED and to is not None and to.is_same(handoff.owner)
    return notice.lane != "delivery" or handoff.brief_post is not None


def is_update(notice: Notice) -> bool:
    """Whether a notice changes a message that stands, instead of posting one."""
    return notice.kind.startswith("update_") or isinstance(notice, SettleNag)


def is_gone(notice: Notice, reason: str) -> bool:
    """Whether an update was refused because somebody deleted its message: nobody can mend that, nobody need."""
    return is_update(notice) and reason == "message_not_found"


def standing_post(notice: Notice, handoff: Handoff) -> Post | None:
    """The message that an update changes, if it was posted."""
    match notice:
        case UpdateAsk():
            return notice.post or handoff.ask_post
        case UpdateBrief():
            return handoff.brief_post
        case UpdateTask():
            return handoff.task_post
        case UpdateReview():
            return handoff.flags[notice.flag].post
        case UpdateQuestion():
            question = handoff.question(notice.question_id)
            return question.post if question else None
        case UpdateDifference():
            return handoff.differences[notice.difference].post
        case UpdateOffer() | SettleNag() | UpdateNag() | UpdateForgotten():
            return notice.post
        case _:
            return None


def _is_waited_for(nag: Nag | SilenceEnds, handoff: Handoff) -> bool:
    if isinstance(nag, SilenceEnds):
        is_same = nag.owned_at == handoff.owned_at and nag.ready_at in (None, handoff.ready_at)
        return handoff.status is Status.OWNED and is_same
    if nag.round != handoff.round or not handoff.is_open:
        return False
    if nag.ladder == "reviewer":
        return nag.flag in handoff.undecided
    return LADDERS.get(handoff.status) == nag.ladder


def said(case: Case, event: Said) -> Decision:
    """Remember where a message stands; after a reminder comes the next one; what was not written is asked about."""
    notice = event.notice
    if event.people:
        case = replace(case, handoff=_with_people(case.handoff, event.people))
    if isinstance(notice, Nag):
        return _nagged(case, notice, event)
    if event.post is not None and (late := _too_late(case, notice, event.post)):
        return Decision(handoff=case.handoff, notices=late)
    if isinstance(notice, WriteBack):
        known = {name: text for name, text in notice.fields.items() if name in notice.base}
        return moving.written(case, known, event.differs)
    if isinstance(notice, OfferEnds):
        return _offer_ended(case, notice)
    if isinstance(notice, SilenceEnds):
        is_true = still_wanted(notice, case.handoff)
        return silence.ended(case, notice) if is_true else Decision(handoff=case.handoff)
    if isinstance(notice, Tell) and notice.asks is not None and event.post is not None:
        return _asked_for(case, notice, Reminder(ladder=notice.asks, post=event.post, news=notice.news))
    return Decision(handoff=_with_post(case.handoff, notice, event.post) if event.post else case.handoff)


def _with_people(handoff: Handoff, people: tuple[Person, ...]) -> Handoff:
    """The handoff that knows in which zone and groups somebody is by now: they may have moved."""
    found: dict[str, Person] = {}
    for place in ("asked", "owner"):
        known: Person | None = getattr(handoff, place)
        now = next((person for person in people if person.is_same(known)), None)
        if known is not None and now is not None:
            found[place] = known.model_copy(update={"zone": now.zone or known.zone, "groups": now.groups})
    return handoff.model_copy(update=found) if found else handoff


def _too_late(case: Case, notice: Notice, post: Post) -> Notices:
    """A question to somebody who was not asked any more when it arrived: its message is closed.

    What was on its way while its record was forgotten may speak of it.
    """
    if case.handoff.forgotten_at is not None and notice.due_at < case.handoff.forgotten_at:
        return (UpdateForgotten(post=post, **case.common("late")),)
    match notice:
        case AskRep() if not _is_asked(notice, case.handoff):
            return (UpdateAsk(post=post, **case.common("late")),)
        case AskTakeOver() if not still_wanted(notice, case.handoff):
            return (UpdateOffer(post=post, **case.common("late")),)
        case _:
            return ()


def _is_asked(notice: AskRep, handoff: Handoff) -> bool:
    to = notice.to.person
    return to is None or to == handoff.asked or to.is_same(handoff.asked)


def _with_post(handoff: Handoff, notice: Notice, post: Post) -> Handoff:
    """The handoff that knows where a message stands, and why it stands there if it belongs elsewhere."""
    known: dict[str, object] = {}
    if isinstance(notice, AskRep | PostBrief | PostReview):
        post = post.model_copy(update={"instead": notice.instead})
    match notice:
        case AskRep():
            known = {"ask_post": post}
        case PostBrief():
            known = {"brief_post": post}
        case PostTask():
            known = {"task_post": post}
        case PostReview():
            known = {"flags": tuple(_placed(f, post) if i == notice.flag else f for i, f in enumerate(handoff.flags))}
        case AskQuestion():
            known = {
                "questions": tuple(_placed(q, post) if q.id == notice.question_id else q for q in handoff.questions)
            }
        case AskDifference():
            every = enumerate(handoff.differences)
            known = {"differences": tuple(_placed(d, post) if i == notice.difference else d for i, d in every)}
        case AskTakeOver() if handoff.offer is not None:
            known = {"offer": handoff.offer.model_copy(update={"post": post})}
        case _:
            pass
    return handoff.model_copy(update=known) if known else handoff


def _placed(what: Flag | Question | Difference, post: Post) -> Flag | Question | Difference:
    return what.model_copy(update={"post": post})


def _asked_for(case: Case, tell: Tell, stands: Reminder) -> Decision:
    """News with a button stands until its deed is done; if that was done while it was sent, it is settled at once."""
    handoff = case.handoff
    is_theirs = tell.to is None or (tell.to.person is not None and tell.to.person.is_same(handoff.owner))
    waiting = (Status.UNCLAIMED,) if tell.asks == "channel" else (Status.OWNED, Status.KICKOFF_SCHEDULED)
    if handoff.status not in waiting or not is_theirs:
        return Decision(handoff=handoff, notices=(case.settle(stands),))
    return Decision(handoff=handoff.model_copy(update={"reminders": (*handoff.reminders, stands)}))


def _nagged(case: Case, nag: Nag, event: Said) -> Decision:
    handoff = case.handoff
    among = event.among or (nag.named,)
    stands = (Reminder(ladder=nag.scope, post=event.post, among=among),) if event.post else ()
    if not _is_waited_for(nag, handoff):  # the deed was done while it was sent
        return Decision(handoff=handoff, notices=tuple(case.settle(reminder) for reminder in stands))
    reminded: Handoff = handoff.model_copy(update={"reminders": handoff.reminders + stands})
    handoff, nags, remarks = _next(case, reminded, nag)
    return Decision(handoff=handoff, notices=nags, remarks=remarks)


def _next(case: Case, handoff: Handoff, nag: Nag) -> tuple[Handoff, Notices, tuple[str, ...]]:
    """The rung after this one, and the handoff that knows it."""
    step, event = nag.step + 1, case.event
    if nag.flag is None:
        handoff = handoff.model_copy(update={"step": step})
    else:
        flag = handoff.flags[nag.flag].model_copy(update={"step": step})
        handoff = progress.with_flag(handoff, nag.flag, flag)
    nags, remarks = next_nag(handoff, case.calendars, nag.ladder, step, event.at, event.trace, nag.flag)
    return handoff, nags, remarks


def _offer_ended(case: Case, notice: OfferEnds) -> Decision:
    offer = case.handoff.offer
    if offer is None or offer.at != notice.offered_at:
        return Decision(handoff=case.handoff)
    update = (UpdateOffer(post=offer.post, **case.common("offer-over")),) if offer.post else ()
    kept = case.handoff.model_copy(update={"offer": None})
    return Decision(handoff=kept, notices=(*update, *case.update_brief()))


def put_off(case: Case, event: PutOff) -> Decision:
    """A reminder that nobody should get now is due again later, perhaps to somebody else."""
    nag = event.notice
    if not isinstance(nag, Nag) or not _is_waited_for(nag, case.handoff):
        return Decision(handoff=case.handoff)
    key = f"{nag.key.partition(':put-off')[0]}:put-off-{case.handoff.version + 1}"
    changed = {"key": key, "due_at": event.until, "to": event.to or nag.to}
    later = nag.model_copy(update={**changed, "is_instead": nag.is_instead or event.to is not None})
    told = reaching.tell_ops(case, nag.to, reaching.GONE, nag.kind, event.to) if event.is_gone else ()
    remarks = (f"{nag.ladder} reminder: {event.reason}",)
    return Decision(handoff=case.handoff, notices=(later, *told), remarks=remarks)


def unsaid(case: Case, event: Unsaid) -> Decision:
    """What could not be said is told to whoever runs Baton, if they can mend it."""
    decision = _instead(case, event)
    return decision.also(*reaching.told_of(case, event.notice, event.reason, decision.notices))


def _instead(case: Case, event: Unsaid) -> Decision:
    """A message that could not be posted goes to another channel; a reminder gives way to the next one."""
    notice = event.notice
    remark = f"{notice.kind} was refused: {event.reason}"
    if isinstance(notice, OfferEnds):
        return _offer_ended(case, notice).model_copy(update={"remarks": (remark,)})
    if isinstance(notice, Nag) and _is_waited_for(notice, case.handoff):
        handoff, nags, remarks = _next(case, case.handoff, notice)
        return Decision(handoff=handoff, notices=nags, remarks=(remark, *remarks))
    again = () if event.reason == HELD else reaching.elsewhere(case, notice, event.reason)
    return Decision(handoff=case.handoff, notices=again, remarks=(remark,))

"""The only place with business ifs: `decide` takes a handoff and an event and says what follows.

It reads no clock, no database and no outside system; it changes nothing. The caller stores the decision in one
transaction and only then lets anything speak.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from handoff import checklist, conditions
from handoff.errors import HandoffUnknown
from handoff.events import Answered, AnyEvent, Claimed, Said, StageEntered, Unsaid
from handoff.ladder import next_nag, sales
from handoff.model import Answer, Handoff, Model, Person, Record, Reminder, Source, Status
from handoff.notices import (
    AskRep,
    Ladder,
    Nag,
    Notice,
    PostBrief,
    SettleNag,
    TellRep,
    To,
    UpdateAsk,
    UpdateBrief,
    WriteBack,
)
from handoff.workflow import Trigger, Workflow


class ReplyKind(StrEnum):
    """What a person is told privately about what they just did."""

    DONE = "done"
    STILL_MISSING = "still_missing"
    WRONG_ANSWERS = "wrong_answers"
    ALREADY_COMPLETE = "already_complete"
    ALREADY_OWNED = "already_owned"
    ALREADY_YOURS = "already_yours"
    NOT_READY = "not_ready"


class Reply(Model):
    """The private answer to the person who acted. `complaints` maps a field's key to what is wrong with it."""

    kind: ReplyKind = ReplyKind.DONE
    person: Person | None = None
    ago: timedelta | None = None
    complaints: Mapping[str, str] = {}


class Decision(Model):
    """What follows from an event. `cancel` names the ladders whose waiting nags are void; `remarks` go to the log."""

    handoff: Handoff
    notices: tuple[Notice, ...] = ()
    cancel: tuple[Ladder, ...] = ()
    remarks: tuple[str, ...] = ()
    reply: Reply = Reply()

    @property
    def counts(self) -> bool:
        """Whether this goes into the log; an act that came too late or was wrong changes nothing and does not."""
        return self.reply.kind in (ReplyKind.DONE, ReplyKind.STILL_MISSING)


def starts(trigger: Trigger, record: Record, stage_before: str | None) -> bool:
    """Whether a record that was just read has newly entered the stage of this trigger.

    `stage_before` is the id of the stage it was last seen in. CRMs send hints, not transitions, so only a stage that
    differs from the last one seen counts as entered.
    """
    if record.stage == stage_before or (record.ref.system, record.ref.object) != (trigger.crm, trigger.object):
        return False
    if trigger.pipeline and not _is_called(trigger.pipeline, record.pipeline, record.pipeline_label):
        return False
    if not any(_is_called(stage, record.stage, record.stage_label) for stage in trigger.stages):
        return False
    return trigger.when is None or conditions.holds(trigger.when, record.fields)


def _is_called(name: str, id_: str, label: str) -> bool:
    return name == id_ or (bool(label) and name.casefold() == label.casefold())


def decide(handoff: Handoff | None, event: AnyEvent, workflow: Workflow, now: datetime) -> Decision:
    """What follows from an event.

    Raises:
        HandoffUnknown: the event speaks of a handoff that is not there.
    """
    if isinstance(event, StageEntered):
        return _began(event, workflow, now)
    if handoff is None:
        raise HandoffUnknown("This handoff is not known here. It may belong to another workspace.")
    match event:
        case Answered():
            return _answered(handoff, event, workflow, now)
        case Claimed():
            return _claimed(handoff, event, workflow, now)
        case Said():
            return _said(handoff, event, workflow)
        case Unsaid():  # pragma: no branch -- there is no other kind, mypy sees to that
            return _unsaid(handoff, event, workflow, now)


def still_wanted(notice: Notice, handoff: Handoff) -> bool:
    """Whether a notice is still true; asked once more just before it is sent."""
    match notice:
        case Nag(ladder="rep"):
            return handoff.status is Status.COLLECTING
        case Nag(ladder="channel"):
            return handoff.status is Status.UNCLAIMED
        case UpdateAsk():
            return handoff.ask_post is not None
        case UpdateBrief():
            return handoff.brief_post is not None
        case _:
            return True


def _began(event: StageEntered, workflow: Workflow, now: datetime) -> Decision:
    asked, because = event.rep, None
    if asked is None:
        asked = event.backup
        because = "not_in_slack" if event.record.owner else "no_owner"
    handoff = Handoff(
        id=event.handoff_id,
        workspace=event.workspace,
        workflow=workflow.name,
        edition=workflow.edition,
        record=event.record,
        status=Status.COLLECTING,
        opened_at=event.at,
        asked=asked,
        asked_because=because,
        answers=checklist.from_crm(workflow, event.record, now),
    )
    ask = AskRep(key=f"{handoff.id}:ask", to=sales(handoff, workflow), **_common(handoff, event, now))
    if not checklist.missing(workflow, handoff):
        return _completed(handoff, event, workflow, now, said=(ask,))
    nags, remarks = next_nag(handoff, workflow, "rep", 0, now, event.trace)
    status = _status_written(handoff, workflow, "waiting on sales", event, now)
    return Decision(handoff=handoff, notices=(ask, *nags, *status), remarks=remarks)


def _answered(handoff: Handoff, event: Answered, workflow: Workflow, now: datetime) -> Decision:
    if handoff.status is not Status.COLLECTING:
        by = next((a.by for a in reversed(handoff.answers) if a.by), None)
        ago = now - (handoff.completed_at or now)
        return _unchanged(handoff, ReplyKind.ALREADY_COMPLETE, by, ago)
    fields = {f.key: f for f in workflow.checklist}
    lacking = {f.key for f in checklist.missing(workflow, handoff)}
    said = {key: text for key, text in event.answers.items() if text.strip() or key in lacking}  # spaces are no answer
    known = {**checklist.values(handoff.record, handoff.answers), **said}
    wrong = {
        key: problem
        for key, text in said.items()
        if (
            problem := checklist.complaint(fields[key], text, known) if key in fields else "This is not asked any more."
        )
    }
    if wrong:
        return Decision(handoff=handoff, reply=Reply(kind=ReplyKind.WRONG_ANSWERS, complaints=wrong))
    given = tuple(
        Answer(key=key, value=checklist.tidy(fields[key], text), source=Source.PERSON, at=event.at, by=event.by)
        for key, text in said.items()
    )
    kept = tuple(a for a in handoff.answers if a.key not in said)
    answered = handoff.model_copy(update={"answers": kept + given})
    back = {fields[a.key].crm or "": _crm_text(fields[a.key].type, a.value, event.people) for a in given}
    written = _written(answered, {k: v for k, v in back.items() if k}, "answers", event, now)
    update = UpdateAsk(key=_versioned(answered, "ask"), **_common(answered, event, now))
    if checklist.missing(workflow, answered):
        return Decision(handoff=answered, notices=(update, *written), reply=Reply(kind=ReplyKind.STILL_MISSING))
    return _completed(answered, event, workflow, now, said=(update, *written))


def _completed(
    handoff: Handoff, event: StageEntered | Answered, workflow: Workflow, now: datetime, said: tuple[Notice, ...]
) -> Decision:
    settled = _settled(handoff, event, now)
    complete = handoff.model_copy(update={"status": Status.UNCLAIMED, "completed_at": event.at, "reminders": ()})
    brief = PostBrief(key=f"{handoff.id}:brief", channel=workflow.delivery.channel, **_common(complete, event, now))
    nags, remarks = next_nag(complete, workflow, "channel", 0, now, event.trace)
    status = _status_written(complete, workflow, "waiting for an owner", event, now)
    return Decision(
        handoff=complete, notices=(*said, *settled, brief, *nags, *status), cancel=("rep",), remarks=remarks
    )


def _claimed(handoff: Handoff, event: Claimed, workflow: Workflow, now: datetime) -> Decision:
    if handoff.status is Status.COLLECTING:
        return _unchanged(handoff, ReplyKind.NOT_READY)
    if handoff.owner is not None:
        mine = event.by.is_same(handoff.owner)
        kind = ReplyKind.ALREADY_YOURS if mine else ReplyKind.ALREADY_OWNED
        return _unchanged(handoff, kind, handoff.owner, now - (handoff.owned_at or now))
    taken = {"status": Status.OWNED, "owner": event.by, "owned_at": event.at, "reminders": ()}
    owned = handoff.model_copy(update=taken)
    common = _common(owned, event, now)
    fields = {workflow.write_back.owner: event.by.name} if workflow.write_back.owner else {}
    status = _status_written(owned, workflow, f"owned by {event.by.name}", event, now, fields)
    told = TellRep(key=f"{owned.id}:owned", to=sales(owned, workflow), **common)
    update = UpdateBrief(key=_versioned(owned, "brief"), **common)
    settled = _settled(handoff, event, now)
    return Decision(handoff=owned, notices=(update, *settled, told, *status), cancel=("rep", "channel"))


def _said(handoff: Handoff, event: Said, workflow: Workflow) -> Decision:
    notice = event.notice
    match notice:
        case AskRep() if event.post is not None:
            return Decision(handoff=handoff.model_copy(update={"ask_post": event.post}))
        case PostBrief() if event.post is not None:
            return Decision(handoff=handoff.model_copy(update={"brief_post": event.post}))
        case Nag():
            stands = (Reminder(ladder=notice.ladder, post=event.post),) if event.post else ()
            reminded = handoff.model_copy(update={"reminders": handoff.reminders + stands})
            if not still_wanted(notice, handoff):  # the deed was done while it was sent
                return Decision(handoff=handoff, notices=_settled(reminded, event, event.at))
            nags, remarks = next_nag(handoff, workflow, notice.ladder, notice.step + 1, event.at, event.trace)
            return Decision(handoff=reminded, notices=nags, remarks=remarks)
        case _:
            return Decision(handoff=handoff)


def _unsaid(handoff: Handoff, event: Unsaid, workflow: Workflow, now: datetime) -> Decision:
    notice, fallback = event.notice, workflow.defaults.fallback_channel or workflow.defaults.ops_channel
    remark = f"{notice.kind} was refused: {event.reason}"
    common = _common(handoff, event, now)
    match notice:
        case PostBrief(instead=None) if fallback:
            again: Notice = PostBrief(key=f"{notice.key}:fallback", channel=fallback, instead=event.reason, **common)
            return Decision(handoff=handoff, notices=(again,), remarks=(remark,))
        case AskRep(instead=None) if fallback:
            again = AskRep(key=f"{notice.key}:fallback", to=To(name=fallback), instead=event.reason, **common)
            return Decision(handoff=handoff, notices=(again,), remarks=(remark,))
        case Nag() if still_wanted(notice, handoff):
            nags, remarks = next_nag(handoff, workflow, notice.ladder, notice.step + 1, event.at, event.trace)
            return Decision(handoff=handoff, notices=nags, remarks=(remark, *remarks))
        case _:
            return Decision(handoff=handoff, remarks=(remark,))


def _unchanged(
    handoff: Handoff, kind: ReplyKind, person: Person | None = None, ago: timedelta | None = None
) -> Decision:
    return Decision(handoff=handoff, reply=Reply(kind=kind, person=person, ago=ago))


def _common(handoff: Handoff, event: AnyEvent, now: datetime) -> dict[str, object]:
    return {"handoff_id": handoff.id, "due_at": now, "trace": event.trace}


def _settled(handoff: Handoff, event: AnyEvent, now: datetime) -> tuple[Notice, ...]:
    """The reminders that stand in Slack and are no longer true."""
    return tuple(
        SettleNag(
            key=f"{handoff.id}:settled:{r.post.channel}:{r.post.ts}",
            lane="rep" if r.ladder == "rep" else "delivery",
            ladder="rep" if r.ladder == "rep" else "channel",
            post=r.post,
            **_common(handoff, event, now),
        )
        for r in handoff.reminders
    )


def _versioned(handoff: Handoff, what: str) -> str:
    return f"{handoff.id}:{what}:v{handoff.version + 1}"


def _status_written(
    handoff: Handoff,
    workflow: Workflow,
    status: str,
    event: AnyEvent,
    now: datetime,
    also: Mapping[str, str] | None = None,
) -> tuple[Notice, ...]:
    fields = {**(also or {}), **({workflow.write_back.status: status} if workflow.write_back.status else {})}
    return _written(handoff, fields, "status", event, now)


def _written(
    handoff: Handoff, fields: Mapping[str, str], what: str, event: AnyEvent, now: datetime
) -> tuple[Notice, ...]:
    if not fields:
        return ()
    return (WriteBack(key=_versioned(handoff, f"crm-{what}"), fields=dict(fields), **_common(handoff, event, now)),)


def _crm_text(kind: str, value: str, people: Mapping[str, Person]) -> str:
    if kind == "person" and value in people:
        return people[value].name
    return {"yes": "true", "no": "false"}[value] if kind == "yes_no" else value

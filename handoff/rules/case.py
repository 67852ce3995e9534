"""One event on one handoff, and the notices that any rule may need. Decides nothing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from handoff.calendars import Calendars
from handoff.decision import Decision, Reply, ReplyKind
from handoff.events import AnyEvent, Said
from handoff.ladder import LADDERS, LANES, next_nag, sales
from handoff.model import Handoff, Person, Reminder, Status, Told
from handoff.notices import (
    Notice,
    SettleNag,
    Tell,
    To,
    UpdateAsk,
    UpdateBrief,
    UpdateNag,
    UpdateOffer,
    UpdateTask,
    WriteBack,
    WriteNote,
)
from handoff.workflow import Workflow
from handoff.worktime import Holidays, no_holidays

CRMS = ("hubspot", "salesforce", "pipedrive")
OF_STATES = ("rep", "channel", "owner")  # the ladders of which one runs, or none; a flag's runs beside it
Notices = tuple[Notice, ...]
_REPLIES = 50  # kept in mind; Slack delivers an event again within minutes


@dataclass(frozen=True)
class Case:
    """What a rule needs: the handoff as it stands, its workflow, what happened, and when that is decided."""

    handoff: Handoff
    workflow: Workflow
    event: AnyEvent
    now: datetime
    holidays: Holidays = no_holidays

    @property
    def calendars(self) -> Calendars:
        """Whose working time counts."""
        people = self.event.people if isinstance(self.event, Said) else ()
        return Calendars(self.workflow, self.holidays, people)

    @property
    def was_heard(self) -> bool:
        """Whether this is a reply in a thread that Slack delivered before."""
        return self.event.via == "thread" and self.event.at in self.handoff.heard

    def hearing(self, handoff: Handoff) -> Handoff:
        """The handoff that knows a reply in a thread when it comes again."""
        if self.event.via != "thread":
            return handoff
        return handoff.model_copy(update={"heard": (*handoff.heard, self.event.at)[-_REPLIES:]})

    def common(self, key: str) -> dict[str, Any]:
        """What every notice says. `key` tells this notice from the others of the same event."""
        h = self.handoff
        return {
            "key": f"{h.id}:{key}:v{h.version + 1}",
            "handoff_id": h.id,
            "due_at": self.now,
            "trace": self.event.trace,
        }

    def unchanged(self, kind: ReplyKind, person: Person | None = None, since: datetime | None = None) -> Decision:
        """Nothing follows but the private answer."""
        ago = max(self.now - since, timedelta()) if since else None
        return Decision(
            handoff=self.handoff, reply=Reply(kind=kind, person=person, ago=ago, status=self.handoff.status)
        )

    def wrong(self, complaints: Mapping[str, str]) -> Decision:
        """What was typed will not do."""
        reply = Reply(kind=ReplyKind.WRONG_ANSWERS, complaints=complaints, status=self.handoff.status)
        return Decision(handoff=self.handoff, reply=reply)

    def update_ask(self) -> Notices:
        """The question in the direct message, as things stand."""
        return (UpdateAsk(**self.common("ask")),)

    def close_ask(self) -> Notices:
        """The question that stands in the direct message gives way to another one."""
        post = self.handoff.ask_post
        return (UpdateAsk(post=post, **self.common("asked-before")),) if post else ()

    def update_brief(self) -> Notices:
        """The brief, as things stand; nothing if there is none."""
        return (UpdateBrief(**self.common("brief")),) if self.handoff.was_briefed else ()

    def update_task(self) -> Notices:
        """The first task, as things stand."""
        return (UpdateTask(**self.common("task-update")),) if self.handoff.task_at is not None else ()

    def tell_sales(self, what: Told, by: Person | None = None) -> Notices:
        """Tell whoever answers for sales."""
        to = sales(self.handoff, self.workflow)
        return (Tell(lane="rep", what=what, to=to, by=by, **self.common(f"sales-{what}")),)

    def tell_delivery(
        self, what: Told, by: Person | None = None, *, is_for_all: bool = False, note: str = ""
    ) -> Notices:
        """Say it in the brief's thread, and to the whole channel if it is for all; nothing if there is no brief."""
        if not self.handoff.was_briefed:
            return ()
        common = self.common(f"delivery-{what}")
        return (Tell(lane="delivery", what=what, by=by, is_for_all=is_for_all, note=note.strip(), **common),)

    def tell_owner(self, what: Told, owner: Person | None, by: Person | None = None, note: str = "") -> Notices:
        """Tell an owner, unless they did it themselves."""
        if owner is None or (by is not None and owner.is_same(by) and what != "yours"):
            return ()
        common = self.common(f"owner-{what}")
        return (Tell(lane="owner", what=what, to=To(person=owner), by=by, note=note.strip(), **common),)

    def settled(self, scopes: Collection[str] = OF_STATES) -> Notices:
        """The reminders of these ladders that stand in Slack: they are no longer true."""
        return tuple(self.settle(r) for r in self.handoff.reminders if r.ladder in scopes)

    def settle(self, reminder: Reminder) -> SettleNag:
        """One reminder that is no longer true."""
        post, ladder = reminder.post, reminder.ladder.partition(":")[0]
        key = f"{self.handoff.id}:settled:{post.channel}:{post.ts}"
        what = {"ladder": ladder, "post": post, "among": reminder.among, "news": reminder.news}
        return SettleNag(lane=LANES[ladder], **what, **{**self.common(""), "key": key})

    def update_reminders(self) -> Notices:
        """The reminders that stand, as things stand now: they say when the next one comes."""
        return tuple(self._update(r) for r in self.handoff.reminders if r.among)

    def _update(self, reminder: Reminder) -> UpdateNag:
        post, ladder = reminder.post, reminder.ladder.partition(":")[0]
        common = self.common(f"reminder:{post.channel}:{post.ts}")
        return UpdateNag(lane=LANES[ladder], ladder=ladder, post=post, among=reminder.among, **common)

    def withdrawn(self) -> Notices:
        """An offer that is still open in somebody's direct message says so no more."""
        offer = self.handoff.offer
        return (UpdateOffer(post=offer.post, **self.common("offer-over")),) if offer and offer.post else ()

    def written(self, fields: Mapping[str, str], what: str, base: Mapping[str, str | None] | None = None) -> Notices:
        """Fields for the CRM, if there is one."""
        if not fields or self.handoff.record.ref.system not in CRMS:
            return ()
        return (WriteBack(fields=dict(fields), base=base or {}, **self.common(f"crm-{what}")),)

    def status_written(self, status: str, also: Mapping[str, str] | None = None) -> Notices:
        """Where the handoff stands, for the record to show."""
        name = self.workflow.write_back.status
        return self.written({**(also or {}), **({name: status} if name else {})}, "status")

    def noted(self, what: str, by: Person | None, keys: Iterable[str] = ()) -> Notices:
        """A note on the record, if there is a CRM and a person to name."""
        if self.handoff.record.ref.system not in CRMS:
            return ()
        return (WriteNote(what=what, by=by, keys=tuple(keys), **self.common(f"note-{what}")),)

    def ladder_begins(self, handoff: Handoff, step: int = 0) -> tuple[Handoff, Notices, tuple[str, ...]]:
        """The reminders of the state a handoff is in now, and the handoff that knows of them. A snooze is over."""
        name = LADDERS.get(handoff.status)
        quiet = handoff.quiet if handoff.quiet is not None and handoff.quiet.is_pause else None
        handoff = handoff.model_copy(update={"step": step, "quiet": quiet, "late_at": None})
        if name is None:
            return handoff, (), ()
        nags, remarks = next_nag(handoff, self.calendars, name, step, self.now, self.event.trace)
        return handoff, nags, remarks


def standing(handoff: Handoff, scopes: Collection[str] = OF_STATES) -> tuple[Reminder, ...]:
    """The reminders that stay true when those of these ladders do not."""
    return tuple(r for r in handoff.reminders if r.ladder not in scopes)


def all_ladders(handoff: Handoff) -> tuple[str, ...]:
    """Every ladder that may be running."""
    return (*OF_STATES, *(f"reviewer:{i}" for i in range(len(handoff.flags))))


def collecting(status: Status) -> bool:
    """Whether sales can still change answers."""
    return status in (Status.COLLECTING, Status.IN_REVIEW)

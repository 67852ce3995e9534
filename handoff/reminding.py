"""Reminders on their way out: kept until somebody can be reminded, and said together if several are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handoff import decide as rules
from handoff.calendars import Calendars
from handoff.courtesy import Presence, Rest, day_began, rest
from handoff.errors import OutsideError
from handoff.events import PutOff, Said
from handoff.ladder import next_to, waited_for
from handoff.model import Handoff, Person, Post, Reminded
from handoff.notices import Nag, Notice, SettleNag, To, UpdateNag
from handoff.outside import facts_of
from handoff.ports import Leased, People, Speaker, Store, Waiting
from handoff.terms import is_channel, may_be_group
from handoff.workflow import Workflow
from handoff.worktime import Holidays

MOST_TOGETHER = 15  # reminders in one message


@dataclass(frozen=True)
class Reminding:
    """What is asked before somebody is reminded, and how several reminders are said at once."""

    store: Store
    speaker: Speaker
    people: People
    holidays: Holidays

    def waits(self, nag: Nag, handoff: Handoff, now: datetime) -> PutOff | None:
        """Why a reminder is not for now, if so: night, a holiday, away, reminded often enough today, gone."""
        workflow = self.store.workflow(handoff.edition)
        person, presence = self._person(nag.to, now)
        if person is not None:
            seen = presence.model_dump(include={"zone", "groups"}, exclude_none=True)
            person = person.model_copy(update=seen)
        calendar = Calendars(workflow, self.holidays).of_person(person, nag.to.name)
        said = self._said_today(nag, person, day_began(calendar, now)) if person is not None else 0
        most = workflow.defaults.max_nags_per_person_per_day
        found = rest(person, presence, calendar, said, most, now)
        return self._put_off(nag, found, person, workflow, now) if found else None

    def together(self, nags: Sequence[tuple[Leased[Notice], Nag, Handoff]], now: datetime) -> list[Said]:
        """Say several reminders to one recipient in one message."""
        about = [Waiting(nag, handoff, self.store.workflow(handoff.edition), is_true=True) for _, nag, handoff in nags]
        post = self.speaker.digest(about, min(leased.until for leased, _, _ in nags))
        among = tuple(one.nag.named for one in about)
        return [Said(notice=one.nag, post=post, among=among, **facts_of(one.nag, now)) for one in about]

    def looked_up(self, said: Said, handoff: Handoff) -> Said:
        """The same, with the people whose working time decides when the next reminder is due."""
        notice, workflow = said.notice, self.store.workflow(handoff.edition)
        asked = [To(person=handoff.owner)]
        if isinstance(notice, Nag):
            coming = next_to(handoff, workflow, notice.ladder, notice.step + 1, notice.flag)
            awaited = waited_for(notice.ladder, handoff, workflow, notice.flag)
            asked = [to for to in (awaited, coming) if coming and to]
        names = {to.person.slack_id if to.person else to.name for to in asked}
        found = (self._known(name) for name in sorted(filter(None, names)))
        return said.model_copy(update={"people": tuple(person for person in found if person)})

    def redraw(self, notice: SettleNag | UpdateNag, until: datetime) -> None:
        """Bring a message with reminders up to date: what is done says so, what is not keeps its button."""
        about = [one for named in notice.among if (one := self._waiting(named, notice.post)) is not None]
        if about:
            self.speaker.digest(about, until, notice.post)

    def _waiting(self, named: Reminded, post: Post) -> Waiting | None:
        """One of the reminders in a message that stands. A snooze begins a new round and leaves it true."""
        handoff = self.store.handoff(named.handoff_id)
        if handoff is None:
            return None
        about = named.model_dump(exclude={"handoff_id", "to"})
        to = To(person=named.to)
        nag = Nag(key="", handoff_id=handoff.id, due_at=handoff.opened_at, lane="rep", to=to, **about)
        stands = any(r.post == post and r.ladder == nag.scope for r in handoff.reminders)
        is_true = stands or rules.still_wanted(nag, handoff)
        coming = self.store.coming(handoff.id, nag.scope)
        return Waiting(nag, handoff, self.store.workflow(handoff.edition), is_true, coming)

    def _said_today(self, nag: Nag, person: Person, since: datetime) -> int:
        """How many messages somebody got, under whichever of their names they were reminded."""
        names = {nag.recipient, person.slack_id, person.email} - {None}
        return sum(self.store.reminded(str(name), since) for name in names)

    def _person(self, to: To, now: datetime) -> tuple[Person | None, Presence]:
        """Who is meant, if it is one person, and how they are; somebody whom Slack does not know is gone."""
        person = to.person
        if person is None and to.name and not is_channel(to.name):
            try:
                person = self.people.find(to.name)
            except OutsideError:  # without Slack's word the workflow's hours count
                return None, Presence()
            if person is None:
                return None, Presence(is_gone=not may_be_group(to.name))
        return person, self.people.presence(person, now) if person is not None else Presence()

    def _known(self, name: str) -> Person | None:
        """Whom a name means, as far as Slack says."""
        try:
            return self.people.find(name)
        except OutsideError:
            return None

    def _put_off(self, nag: Nag, found: Rest, person: Person | None, workflow: Workflow, now: datetime) -> PutOff:
        instead = _backup(person, nag, workflow) if found.instead else None
        why = {"until": found.until, "reason": found.reason, "is_gone": found.is_gone}
        return PutOff(notice=nag, to=instead, **why, **facts_of(nag, now))


def _backup(person: Person | None, nag: Nag, workflow: Workflow) -> To:
    """Who is reminded in the place of somebody who is not there: their manager or the backup, in the end a channel."""
    defaults, delivery = workflow.defaults, workflow.delivery.channel
    if nag.is_instead:  # the one before was not there either
        return To(name=defaults.ops_channel or delivery)
    email = person.email if person else None
    note = workflow.note_of(email)
    names = (note.manager if note else None, defaults.backup_rep, defaults.ops_channel, delivery)
    return next(To(name=name) for name in names if name and name not in (nag.to.name, email))

"""A year looked back on: what was wrong with it, as text; nothing if all was well. It changes nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.public_holidays import is_holiday
from handoff.calendars import Calendars
from handoff.events import AnyEvent, Assigned, Claimed, PassedOn, Paused, PutOff, Said, Snoozed, StageEntered
from handoff.ladder import LADDERS, due, rungs_of
from handoff.lateness import overdue_since
from handoff.model import Handoff, Person, Status
from handoff.notices import Ladder, Nag, Notice, To
from storage.tables import from_ms
from tests.handoff.year_people import MOST_A_DAY, REVIEWER, is_at_work, workflow
from tests.handoff.year_slack import Sent
from tests.handoff.year_world import Year
from tests.rows import Row

CALENDARS = Calendars(workflow(), is_holiday)
WAITED_FOR = {"rep": Status.COLLECTING, "channel": Status.UNCLAIMED, "owner": Status.OWNED}


@dataclass(frozen=True)
class Chain:
    """One rung of one handoff: the reminder as it was first written, and again for each time that it was put off."""

    rows: Sequence[Row[Notice]]

    @property
    def nag(self) -> Nag:
        """As it was first written."""
        assert isinstance(self.rows[0].item, Nag)
        return self.rows[0].item

    @property
    def is_overtaken(self) -> bool:
        """Whether the deed, or a snooze, came before it was said."""
        return self.rows[-1].state == "void" or self.rows[-1].outcome == "not wanted any more"


def chains(year: Year) -> list[Chain]:
    """Every rung that was ever written."""
    found: defaultdict[str, list[Row[Notice]]] = defaultdict(list)
    for row in year.store.outbox.rows.values():
        if isinstance(row.item, Nag):
            found[row.key.partition(":put-off")[0]].append(row)
    return [Chain(rows) for rows in found.values()]


def outside_hours(year: Year) -> list[str]:
    """Reminders that came when somebody's own clock and calendar say that they do not work."""
    return [_shown(s) for s in year.slack.sent.values() if not is_at_work(s.person, s.presence.zone, s.at)]


def to_the_absent(year: Year) -> list[str]:
    """Reminders to people who were away, gone, or not to be disturbed."""
    asked_not_to = [s for s in year.slack.sent.values() if s.presence.quiet_until and s.presence.quiet_until > s.at]
    absent = [s for s in year.slack.sent.values() if s.presence.is_away or s.presence.is_gone]
    return [_shown(s) for s in (*asked_not_to, *absent)]


def of_what_was_done(year: Year) -> list[str]:
    """Reminders of a handoff whose deed was done, or that somebody had put to rest."""
    return [_shown(s) for s in year.slack.sent.values() if not _was_true(s)]


def _was_true(sent: Sent) -> bool:
    nag, handoff, quiet = sent.nag, sent.handoff, sent.handoff.quiet
    if not handoff.is_open or (quiet is not None and (quiet.until is None or quiet.until > sent.at)):
        return False
    if nag.flag is not None:
        return handoff.flags[nag.flag].verdict is None
    return handoff.status is WAITED_FOR[nag.ladder]


def doubled(year: Year) -> list[str]:
    """What was said twice: under one key, or a rung that was put off and said both before and after."""
    rungs = Counter(key.partition(":put-off")[0] for key in year.slack.sent)
    return [*year.slack.doubled, *(rung for rung, times in rungs.items() if times > 1)]


def too_many_a_day(year: Year) -> list[str]:
    """People who got more messages on one day of theirs than the config allows."""
    messages: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for sent in year.slack.sent.values():
        if sent.person is not None:
            local = sent.at.astimezone(ZoneInfo(str(sent.presence.zone or sent.person.zone)))
            messages[sent.person.name, f"{local:%Y-%m-%d}"].add(sent.post.ts)
    return [f"{who} on {day}: {len(posts)}" for (who, day), posts in messages.items() if len(posts) > MOST_A_DAY]


def unfinished(year: Year) -> list[str]:
    """Handoffs that still wait for somebody although their ladder did not come to its top; rows left behind."""
    left = [f"{row.key}: {row.state}" for row in year.store.outbox.rows.values() if row.state in ("due", "dead")]
    return [*left, *(found for h in year.store.handoffs.values() if h.is_open for found in _below_the_top(h))]


def _below_the_top(handoff: Handoff) -> Iterator[str]:
    if (name := LADDERS.get(handoff.status)) and handoff.step != _length(name):
        yield f"{handoff.id}: {name} at {handoff.step}"
    for place in handoff.undecided:
        if handoff.flags[place].step != _length("reviewer"):
            yield f"{handoff.id}: reviewer {place} at {handoff.flags[place].step}"


def _length(name: Ladder) -> int:
    return sum(rung.at_most or 1 for rung in rungs_of(workflow(), name))


def late(year: Year) -> list[str]:
    """Rungs that came more than a working day after they were due, without a reason in the log for all of it."""
    return [found for chain in chains(year) if not chain.is_overtaken for found in _late(chain, year)]


def _late(chain: Chain, year: Year) -> Iterator[str]:
    reasons = {e.notice.key: e.reason for e, _ in year.store.log(chain.nag.handoff_id) if isinstance(e, PutOff)}
    for row in chain.rows:
        assert isinstance(row.item, Nag)
        if row.done_at is None or not row.outcome.startswith(("said", f"put off: {reasons.get(row.key)}")):
            yield f"{row.key}: {row.state} {row.outcome}"
            continue
        calendar = CALENDARS.of(row.item.to)
        if from_ms(row.done_at) > calendar.after(from_ms(row.due_at), calendar.day_length):
            yield f"{row.key}: due {from_ms(row.due_at)}, {row.outcome} at {from_ms(row.done_at)}"


def misplaced(year: Year) -> list[str]:
    """Rungs that were first written for another moment than the ladder says, unless somebody had put them to rest."""
    return [found for chain in chains(year) for found in _misplaced(chain, year)]


def _misplaced(chain: Chain, year: Year) -> Iterator[str]:
    nag, written = chain.nag, from_ms(chain.rows[0].created_at)
    log = [event for event, _ in year.store.log(nag.handoff_id) if event.at <= written]
    if any(isinstance(e, Snoozed | Paused) and e.until and e.until > written for e in log):
        return
    heard = log[-1].people if isinstance(log[-1], Said) else ()
    calendars = replace(CALENDARS, known=heard)
    found = due(rungs_of(workflow(), nag.ladder), nag.step, written, calendars.of(_waited_for(nag.ladder, log)))
    assert found is not None
    expected = calendars.of(nag.to).opening(found[1])
    if nag.due_at != expected:
        yield f"{nag.key}: written {written}, due {nag.due_at}, not {expected}"


def _waited_for(ladder: Ladder, log: Sequence[AnyEvent]) -> To | None:
    """Whom a ladder waited for at the end of a log."""
    asked: Person | None = None
    owner: Person | None = None
    for event in log:
        match event:
            case StageEntered():
                asked = event.rep
            case PassedOn():
                asked = event.to
            case Claimed():
                owner = event.by
            case Assigned():
                owner = event.to
            case Said():
                asked, owner = (_by_now(person, event.people) for person in (asked, owner))
    people = {"rep": To(person=asked), "owner": To(person=owner), "reviewer": To(name=REVIEWER.email)}
    return people.get(ladder)


def _by_now(person: Person | None, people: Sequence[Person]) -> Person | None:
    """Somebody as Slack told of them, if it did."""
    return next((heard for heard in people if heard.is_same(person)), person)


def overdue_wrongly(year: Year) -> list[str]:
    """Handoffs whose ladder is at its end and that are not overdue since its last rung fell due, or are before that."""
    last: dict[tuple[str, str], datetime] = {}
    for row in year.store.outbox.rows.values():
        if isinstance(row.item, Nag) and row.state != "void" and row.item.flag is None:
            last[row.item.handoff_id, row.item.ladder] = row.item.due_at
    end = max(sent.at for sent in year.slack.sent.values()) + timedelta(days=90)
    waiting = [h for h in year.store.handoffs.values() if h.status in WAITED_FOR.values()]
    due = {h.id: last.get((h.id, LADDERS[h.status])) for h in waiting}
    return [h.id for h in waiting if overdue_since(h, CALENDARS, end) != due[h.id]]


def reasons(year: Year) -> Counter[str]:
    """How often reminders were put off, by reason."""
    outcomes = (row.outcome for row in year.store.outbox.rows.values() if row.outcome.startswith("put off: "))
    return Counter(outcome.removeprefix("put off: ") for outcome in outcomes)


def _shown(sent: Sent) -> str:
    who, zone = sent.nag.recipient, sent.presence.zone or (sent.person.zone if sent.person else None)
    local = f"{sent.at.astimezone(ZoneInfo(zone)):%a %H:%M}" if zone else ""
    return f"{sent.nag.key} to {who} at {_text(sent.at)} {local} {zone}"


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"

"""A Slack, a CRM, a member list and a clock in memory, written by hand. They do what the real ones promise, and fail
when told to.
"""

from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from handoff.courtesy import Presence
from handoff.decide import is_update
from handoff.errors import OutcomeUnknown, RecordGone, Refused, TooEarly, Unreachable
from handoff.leases import in_time
from handoff.model import Handoff, Person, Post, Record, RecordRef
from handoff.notices import Notice, WriteNote, thread_of
from handoff.ports import Waiting
from handoff.workflow import Workflow

T = TypeVar("T")


class Died(Exception):
    """The process was killed here."""


class Trouble(StrEnum):
    """What may become of one request to the outside."""

    UNREACHABLE = "unreachable"
    TOO_EARLY = "not its turn yet"
    REFUSED = "refused"
    LOST_UNDONE = "no answer came and nothing was done"
    LOST_DONE = "no answer came though it was done"
    DIED_BEFORE = "we died before it was sent"
    DIED_AFTER = "we died before its answer was stored"


@dataclass
class Clock:
    """A clock that moves when told to."""

    now: datetime

    def advance(self, by: timedelta) -> datetime:
        self.now += by
        return self.now


@dataclass(frozen=True)
class HeldUp:
    """We are held up just before a request goes out; what happens meanwhile."""

    meanwhile: Callable[[], object]


class Weather:
    """What happens to the next requests, in order; all goes well once the forecast is used up.

    A function in the forecast is something that happens while the request is under way: it is run after the deed.
    """

    def __init__(self) -> None:
        self.forecast: deque[Trouble | HeldUp | Callable[[], object]] = deque()
        self.wait: timedelta | None = None

    def run(self, act: Callable[[], T]) -> T:
        try:
            trouble = self.forecast.popleft()
        except IndexError:
            return self.ask(act)
        if isinstance(trouble, HeldUp):
            trouble.meanwhile()
            return self.ask(act)
        return self.ask(lambda: self._in(trouble, act))

    def ask(self, act: Callable[[], T]) -> T:
        """A request to which nothing happens."""
        return act()

    def _in(self, trouble: Trouble | Callable[[], object], act: Callable[[], T]) -> T:
        match trouble:
            case Trouble.UNREACHABLE:
                raise Unreachable("It is down.", self.wait)
            case Trouble.TOO_EARLY:
                raise TooEarly("Not so fast.", self.wait)
            case Trouble.REFUSED:
                raise Refused("It said no: is_archived.", "is_archived")
            case Trouble.LOST_UNDONE:
                raise OutcomeUnknown("No answer came.")
            case Trouble.DIED_BEFORE:
                raise Died
        result = act()
        if trouble is Trouble.LOST_DONE:
            raise OutcomeUnknown("No answer came.")
        if trouble is Trouble.DIED_AFTER:
            raise Died
        if not isinstance(trouble, Trouble):
            trouble()
        return result


@dataclass(frozen=True)
class Seen:
    """What people see: a post or an update, and the handoff it was made from."""

    notice: Notice
    handoff: Handoff
    post: Post | None
    at: datetime


class FakeSpeaker:
    """A Slack that keeps everything it was told (implements `handoff.ports.Speaker`).

    History shows a post only after `lag`, and nothing at all while it `is_hidden`.
    """

    def __init__(self, clock: Clock) -> None:
        self.weather = Weather()
        self.lag = timedelta()
        self.is_hidden = False
        self.channel = "C0TEST0001"  # where what is in no thread is posted
        self.posts: list[Seen] = []
        self.updates: list[Seen] = []
        self.looking = timedelta()  # how long history takes to be read
        self._clock = clock

    def speak(self, notice: Notice, handoff: Handoff, workflow: Workflow, until: datetime) -> Post | None:
        assert workflow.edition == handoff.edition
        return self.weather.run(lambda: self._keep(notice, handoff, until))

    def find(self, notice: Notice, handoff: Handoff, workflow: Workflow, since: datetime) -> Post | None:
        assert workflow.edition == handoff.edition
        if self.is_hidden:
            raise Refused("History cannot be read: missing_scope.", "missing_scope")
        self._clock.advance(self.looking)
        return self.weather.ask(lambda: self._shown(notice, self._place(notice, handoff), since))

    def _shown(self, notice: Notice, place: str, since: datetime) -> Post | None:
        shown = [s for s in self.posts if since <= s.at <= self._clock.now - self.lag and s.notice.key == notice.key]
        return next((s.post for s in shown if s.post and s.post.channel == place), None)

    def digest(self, about: Sequence[Waiting], until: datetime, instead_of: Post | None = None) -> Post | None:
        return self.weather.run(lambda: self._keep_all(about, until, instead_of))

    def _keep_all(self, about: Sequence[Waiting], until: datetime, instead_of: Post | None) -> Post | None:
        in_time(until, self._clock.now)
        if instead_of is not None:
            self.updates += [Seen(one.nag, one.handoff, instead_of, self._clock.now) for one in about]
            return None
        newest = max(about, key=lambda one: (thread_of(one.nag, one.handoff) or Post(channel="", ts="")).ts)
        post = Post(channel=self._place(newest.nag, newest.handoff), ts=f"{len(self.posts) + 1}.000000")
        self.posts += [Seen(one.nag, one.handoff, post, self._clock.now) for one in about]
        return post

    def _place(self, notice: Notice, handoff: Handoff) -> str:
        thread = thread_of(notice, handoff)
        return thread.channel if thread else self.channel

    def note(self, notice: WriteNote, handoff: Handoff, workflow: Workflow) -> str:
        assert workflow.edition == handoff.edition
        return f"{notice.what} {', '.join(notice.keys)}"

    def _keep(self, notice: Notice, handoff: Handoff, until: datetime) -> Post | None:
        in_time(until, self._clock.now)
        if is_update(notice):
            self.updates.append(Seen(notice, handoff, None, self._clock.now))
            return None
        post = Post(channel=self._place(notice, handoff), ts=f"{len(self.posts) + 1}.000000")
        self.posts.append(Seen(notice, handoff, post, self._clock.now))
        return post


@dataclass
class FakePeople:
    """Slack's member list by e-mail (implements `handoff.ports.People`)."""

    members: Collection[Person]
    is_down: bool = False
    weather: Weather = field(default_factory=Weather)
    presences: dict[str, Presence] = field(default_factory=dict)

    def find(self, who: str) -> Person | None:
        if self.is_down:
            raise Unreachable("Slack is down.")
        return self.weather.run(
            lambda: next((self._now(p) for p in self.members if who in (p.email, p.slack_id)), None)
        )

    def _now(self, member: Person) -> Person:
        """In the zone and groups that Slack says by now."""
        said = self.presences.get(member.slack_id or "", Presence())
        return member.model_copy(update=said.model_dump(include={"zone", "groups"}, exclude_none=True))

    def presence(self, person: Person, now: datetime) -> Presence:
        assert now.tzinfo is not None
        return self.presences.get(person.slack_id or "", Presence())


@dataclass
class FakeCrm:
    """A CRM of a few records (implements `handoff.ports.Crm`). `asked` keeps the fields each read asked for.

    `written` keeps every write, `notes` the text of each note by its marker.
    """

    clock: Clock
    records: dict[str, Record] = field(default_factory=dict)
    written: list[Mapping[str, str]] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, ...]] = field(default_factory=list)
    gone_because: str = "not_found"
    weather: Weather = field(default_factory=Weather)

    def put_record(self, record: Record) -> None:
        self.records[record.ref.key] = record

    def read(self, ref: RecordRef, fields: Collection[str]) -> Record:
        return self.weather.run(lambda: self._read(ref, fields))

    def values(self, ref: RecordRef, fields: Collection[str]) -> Mapping[str, str | None]:
        return self.weather.run(lambda: {name: self._record(ref).fields.get(name) for name in fields})

    def put(self, ref: RecordRef, fields: Mapping[str, str], until: datetime) -> None:
        self.weather.run(lambda: self._put(ref, fields, until))

    def note(self, ref: RecordRef, text: str, marker: str, until: datetime, *, may_be_there: bool) -> None:
        self.weather.run(lambda: self._note(ref, text, marker, until, may_be_there=may_be_there))

    def _record(self, ref: RecordRef) -> Record:
        record = self.records.get(ref.key)
        if record is None:
            raise RecordGone("There is no such deal.", self.gone_because)
        return record

    def _read(self, ref: RecordRef, fields: Collection[str]) -> Record:
        self.asked.append(tuple(fields))
        record = self._record(ref)
        return record.model_copy(update={"fields": {name: record.fields.get(name) for name in fields}})

    def _note(self, ref: RecordRef, text: str, marker: str, until: datetime, *, may_be_there: bool) -> None:
        in_time(until, self.clock.now)
        self._record(ref)
        assert may_be_there or marker not in self.notes
        self.notes.setdefault(marker, text)

    def _put(self, ref: RecordRef, fields: Mapping[str, str], until: datetime) -> None:
        in_time(until, self.clock.now)
        record = self._record(ref)
        self.written.append(fields)
        self.put_record(record.model_copy(update={"fields": {**record.fields, **fields}}))

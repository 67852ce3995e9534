"""A Slack for a whole year: it keeps every reminder with the truth of its moment, and loses an answer now and then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handoff.courtesy import Presence
from handoff.decide import is_update
from handoff.errors import Unreachable
from handoff.leases import in_time
from handoff.model import Handoff, Person, Post
from handoff.notices import Nag, Notice, WriteNote
from handoff.ports import Waiting
from handoff.workflow import Workflow
from tests.fakes import Clock, FakePeople, Weather
from tests.handoff.year_people import meant
from tests.memory import MemoryStore


@dataclass(frozen=True)
class Sent:
    """A reminder as people saw it: when, where, who was meant and how they were, and the handoff as it stood."""

    nag: Nag
    at: datetime
    post: Post
    person: Person | None
    presence: Presence
    handoff: Handoff


class YearSlack:
    """Keeps what it was told (implements `handoff.ports.Speaker`). `down_until`: it cannot be reached before."""

    def __init__(self, clock: Clock, store: MemoryStore, people: FakePeople) -> None:
        self.weather = Weather()
        self.down_until = clock.now
        self.sent: dict[str, Sent] = {}
        self.posts: dict[str, Post] = {}
        self.doubled: list[str] = []
        self._clock, self._store, self._people = clock, store, people

    def speak(self, notice: Notice, handoff: Handoff, workflow: Workflow, until: datetime) -> Post | None:  # noqa: ARG002
        self._reach()
        return self.weather.run(lambda: None if is_update(notice) else self._keep([notice], until))

    def digest(self, about: Sequence[Waiting], until: datetime, instead_of: Post | None = None) -> Post | None:
        self._reach()
        return self.weather.run(lambda: None if instead_of else self._keep([one.nag for one in about], until))

    def find(self, notice: Notice, handoff: Handoff, workflow: Workflow, since: datetime) -> Post | None:  # noqa: ARG002
        self._reach()
        return self.posts.get(notice.key)

    def note(self, notice: WriteNote, handoff: Handoff, workflow: Workflow) -> str:  # noqa: ARG002
        raise AssertionError("There is no CRM in this year.")

    def _reach(self) -> None:
        if self._clock.now < self.down_until:
            raise Unreachable("Slack is down.")

    def _keep(self, notices: Sequence[Notice], until: datetime) -> Post:
        in_time(until, self._clock.now)
        now, post = self._clock.now, Post(channel="C0YEAR", ts=f"{len(self.posts)}.{len(notices)}")
        for notice in notices:
            if notice.key in self.posts:
                self.doubled.append(notice.key)
            self.posts[notice.key] = post
            if isinstance(notice, Nag):
                person, handoff = meant(notice.to), self._store.handoff(notice.handoff_id)
                presence = self._people.presence(person, now) if person else Presence()
                assert handoff is not None
                self.sent[notice.key] = Sent(notice, now, post, person, presence, handoff)
        return post

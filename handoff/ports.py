"""What the core needs from the world, and how each may fail. Wired in bot/wiring.py."""

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, Protocol, TypeVar

from handoff.courtesy import Presence
from handoff.decision import Decision
from handoff.events import AnyEvent, Hint
from handoff.model import Handoff, Person, Post, Record, RecordRef
from handoff.notices import Nag, Notice, WriteNote
from handoff.workflow import Workflow

T = TypeVar("T")
Finished = Literal["done", "dead", "skipped"]
MOST_COUNTED = 500  # in a status; people read "at least 500" as well as 84,213


@dataclass(frozen=True)
class Leased(Generic[T]):
    """A row this worker may work on until `until`. `attempt` is the fence: a later lease has a higher one.

    `doubts` counts the earlier attempts that may have reached the outside without our knowing, `looks` how often
    history was then read in vain.
    """

    id: int
    item: T
    attempt: int
    doubts: int
    until: datetime
    created_at: datetime
    due_at: datetime
    looks: int = 0

    @property
    def doubtful(self) -> bool:
        """Whether any earlier attempt may have."""
        return self.doubts > 0


@dataclass(frozen=True)
class Waiting:
    """One reminder of a digest. `is_true` says whether what it asks for is still to be done.

    `coming` is the next reminder of its ladder, where one waits already.
    """

    nag: Nag
    handoff: Handoff
    workflow: Workflow
    is_true: bool
    coming: Nag | None = None


@dataclass(frozen=True)
class Problem:
    """A row that needs a person: given up, or due for long without anybody at work on it."""

    id: str
    what: str
    subject: str
    why: str
    since: datetime
    is_dead: bool


@dataclass(frozen=True)
class Skipped:
    """A reminder that whoever was meant (`whom`) did not get; somebody else was reminded."""

    handoff_id: str
    whom: str
    why: str
    at: datetime


@dataclass(frozen=True)
class QueueState:
    """How a queue stands: rows that are due, rows given up, and since when the oldest due row waits.

    `idle`: since when the oldest row waits that somebody could work on; one that is tried again later does not count.
    """

    due: int
    dead: int
    oldest: datetime | None
    idle: datetime | None = None


@dataclass(frozen=True)
class Happened:
    """One event of the log: to which handoff, as it stands now, and the how-manieth of it."""

    handoff: Handoff
    number: int
    event: AnyEvent
    remarks: str


class Unit(Protocol):
    """One transaction. All of it is stored or nothing.

    Every method may raise StorageError.
    """

    def handoff(self, handoff_id: str) -> Handoff | None:
        """The handoff as stored."""

    def newest(self, workflow: str, ref: RecordRef) -> Handoff | None:
        """The newest handoff of a record in a workflow, over or not; the open one, if there is one."""

    def workflow(self, edition: str) -> Workflow:
        """The text of a workflow as a handoff began with it."""

    def last_stage(self, ref: RecordRef) -> str | None:
        """The stage a record was last seen in."""

    def saw(self, record: Record, now: datetime) -> None:
        """Remember the stage a record is in."""

    def save(self, event: AnyEvent, decision: Decision, now: datetime) -> None:
        """Store the handoff, the event and the notices; void the waiting nags of cancelled ladders."""

    def finish(
        self, leased: Leased[Hint] | Leased[Notice], outcome: str, now: datetime, *, state: Finished = "done"
    ) -> bool:
        """Mark a row as done with, given up or skipped. False if the lease was lost: then store nothing."""


class Store(Protocol):
    """The memory. Scoped to one workspace; raises StorageError if the database does not answer."""

    def remember(self, workflows: Collection[Workflow], now: datetime) -> None:
        """Keep the text of these workflows for the handoffs that begin with them."""

    def taking(self, hints: Sequence[Hint], now: datetime) -> Future[Sequence[bool]]:
        """Begin to put hints into the inbox; once they are on disk, whether each was new."""

    def lease_hint(self, now: datetime, until: datetime) -> Leased[Hint] | None:
        """The next hint that is due, for this worker alone."""

    def lease_notice(self, now: datetime, until: datetime) -> Leased[Notice] | None:
        """The next notice that is due, for this worker alone."""

    def lease_alike(self, nag: Nag, now: datetime, until: datetime, most: int) -> Sequence[Leased[Notice]]:
        """Other reminders to the same recipient that are due as well, for this worker alone."""

    def reminded(self, recipient: str, since: datetime) -> int:
        """How many messages with reminders a recipient got since a moment."""

    def coming(self, handoff_id: str, scope: str) -> Nag | None:
        """The next reminder of one of a handoff's ladders, if one waits."""

    def retry(
        self, leased: Leased[Hint] | Leased[Notice], at: datetime, error: str, *, clean: bool, looks: int = 0
    ) -> None:
        """Give a row back for another try at `at`. `clean` says that this attempt surely did nothing outside.

        `looks` is for how often history was read in vain.
        """

    def write(self, work: Callable[[Unit], T], about: str | None = None) -> T:
        """Run `work` in one transaction, on disk when this returns. `work` may run again after a conflict.

        `about` is the handoff that it reads first: those of many may then be read at once.
        """

    def handoff(self, handoff_id: str) -> Handoff | None:
        """The handoff as stored."""

    def workflow(self, edition: str) -> Workflow:
        """The text of a workflow as a handoff began with it."""

    def last_stage(self, ref: RecordRef) -> str | None:
        """The stage a record was last seen in."""

    def search(self, name: str | None, limit: int, offset: int = 0, *, everything: bool = False) -> Sequence[Handoff]:
        """Open handoffs, those that wait longest first; with a name, those with words that begin as it does.

        With `everything`, those that are over as well, the newest first.
        """

    def of(self, slack_id: str, limit: int, offset: int = 0) -> Sequence[Handoff]:
        """Open handoffs that a member answers for or owns, those that wait longest first."""

    def resting(self, now: datetime, limit: int, offset: int = 0) -> Sequence[Handoff]:
        """Handoffs that are snoozed or paused at a moment, those that go on soonest first."""

    def log(self, handoff_id: str) -> Sequence[tuple[AnyEvent, str]]:
        """Everything that happened to a handoff, oldest first, each with its remarks."""

    def count(self) -> Mapping[str, int]:
        """How many open handoffs stand in each status, up to `MOST_COUNTED`."""

    def problems(self, late: datetime, limit: int, *, only_late: bool = False) -> Sequence[Problem]:
        """Rows given up, unless `only_late`, and rows due before `late` that have no live lease; oldest first."""

    def skipped(self, since: datetime, limit: int) -> Sequence[Skipped]:
        """Reminders that whoever was meant did not get, the newest first."""

    def revive(self, problem_id: str, now: datetime) -> bool:
        """Make a dead row due again. False if there is no such dead row."""

    def queues(self, now: datetime) -> Mapping[str, QueueState]:
        """How inbox and outbox stand."""


class Speaker(Protocol):
    """Slack, as far as notices go. All but `note` may raise Unreachable, Refused, OutcomeUnknown.

    What says something raises TooLate instead, if that would not be over by `until` (`handoff.leases.in_time`).
    """

    def speak(self, notice: Notice, handoff: Handoff, workflow: Workflow, until: datetime) -> Post | None:
        """Post or update. Where the message stands, or None for an update."""

    def find(self, notice: Notice, handoff: Handoff, workflow: Workflow, since: datetime) -> Post | None:
        """The message an earlier attempt left behind, if history has it. Raises Refused if history cannot be read."""

    def digest(self, about: Sequence[Waiting], until: datetime, instead_of: Post | None = None) -> Post | None:
        """Post one message with several reminders; or bring such a message up to date."""

    def note(self, notice: WriteNote, handoff: Handoff, workflow: Workflow) -> str:
        """The words of a note for the CRM."""


class People(Protocol):
    """Who is who in Slack."""

    def find(self, who: str) -> Person | None:
        """A member by e-mail, @handle or id; None if Slack does not know them. Raises Unreachable."""

    def presence(self, person: Person, now: datetime) -> Presence:
        """Whether somebody can be reminded now, as far as Slack tells. Never fails."""


class Crm(Protocol):
    """A CRM. Raises Unreachable, Refused (RecordGone if it has no such record), OutcomeUnknown.

    What writes raises TooLate instead, if that would not be over by `until` (`handoff.leases.in_time`).
    """

    def read(self, ref: RecordRef, fields: Collection[str]) -> Record:
        """The record as it stands now, with these fields."""

    def values(self, ref: RecordRef, fields: Collection[str]) -> Mapping[str, str | None]:
        """The present values of these fields; None for an empty one."""

    def put(self, ref: RecordRef, fields: Mapping[str, str], until: datetime) -> None:
        """Write fields; the same again changes nothing."""

    def note(self, ref: RecordRef, text: str, marker: str, until: datetime, *, may_be_there: bool) -> None:
        """Put a note on the record, unless one with this marker `may_be_there` and is."""

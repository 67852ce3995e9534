"""The words of the README as data: where a handoff stands, and everything that is known of it.

Everything is frozen. A change is a new object made by `decide`; nothing here reads a clock or an outside system.
"""

from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime

from handoff.parts import (
    Answer,
    Difference,
    Draft,
    Email,
    Ending,
    Flag,
    Model,
    News,
    Offer,
    PassOn,
    Person,
    Post,
    Question,
    Quiet,
    Record,
    RecordRef,
    Reminded,
    Reminder,
    SendBack,
    Source,
    Tick,
    Told,
    Verdict,
    VerdictKind,
)

__all__ = [
    "OVER",
    "WITH_DELIVERY",
    "Answer",
    "Difference",
    "Draft",
    "Email",
    "Ending",
    "Flag",
    "Handoff",
    "Model",
    "News",
    "Offer",
    "PassOn",
    "Person",
    "Post",
    "Question",
    "Quiet",
    "Record",
    "RecordRef",
    "Reminded",
    "Reminder",
    "SendBack",
    "Source",
    "Status",
    "Tick",
    "Told",
    "Verdict",
    "VerdictKind",
]


class Status(StrEnum):
    """The states of README's picture; change both together."""

    COLLECTING = "collecting"
    IN_REVIEW = "in_review"
    UNCLAIMED = "unclaimed"
    OWNED = "owned"
    KICKOFF_SCHEDULED = "kickoff_scheduled"
    DONE = "done"
    CANCELLED = "cancelled"


WITH_DELIVERY = (Status.UNCLAIMED, Status.OWNED, Status.KICKOFF_SCHEDULED)
OVER = (Status.DONE, Status.CANCELLED)


class Handoff(Model):
    """One record passing once through one workflow.

    `edition` names the text of the workflow it began with and keeps. `asked` is who answers for sales: the rep, or
    whoever had to be asked instead, with the reason in `asked_because`; None means that only a channel could be asked.
    `wanted` are the fields that were sent back and not yet answered again. `round` counts how often its reminders began
    anew, `step` is the rung that comes next, `late_at` is when the last rung falls due, once it is written. The first
    task was created at `task_at`. `heard` are the moments of the last replies in a thread: Slack may deliver one again,
    and to another replica.
    """

    id: str
    workspace: str
    workflow: str
    edition: str
    record: Record
    status: Status
    opened_at: AwareDatetime
    asked: Person | None = None
    asked_because: str | None = None
    passed_on: PassOn | None = None
    answers: tuple[Answer, ...] = ()
    drafts: tuple[Draft, ...] = ()
    wanted: tuple[str, ...] = ()
    completed_at: AwareDatetime | None = None
    briefed_at: AwareDatetime | None = None
    owner: Person | None = None
    owned_at: AwareDatetime | None = None
    offer: Offer | None = None
    kickoff_at: AwareDatetime | None = None
    finished_at: AwareDatetime | None = None
    forgotten_at: AwareDatetime | None = None
    ending: Ending | None = None
    send_backs: tuple[SendBack, ...] = ()
    flags: tuple[Flag, ...] = ()
    questions: tuple[Question, ...] = ()
    differences: tuple[Difference, ...] = ()
    ticks: tuple[Tick, ...] = ()
    task_at: AwareDatetime | None = None
    task_due: AwareDatetime | None = None
    email: Email | None = None
    quiet: Quiet | None = None
    heard: tuple[AwareDatetime, ...] = ()
    snoozes: int = 0
    ask_post: Post | None = None
    brief_post: Post | None = None
    task_post: Post | None = None
    reminders: tuple[Reminder, ...] = ()
    round: int = 0
    step: int = 0
    late_at: AwareDatetime | None = None
    version: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it is under way. While one is open, its record starts no second one in the same workflow."""
        return self.status not in OVER

    @property
    def ready_at(self) -> datetime:
        """Since when delivery could take it."""
        return self.briefed_at or self.completed_at or self.opened_at

    @property
    def was_briefed(self) -> bool:
        """Whether its brief has gone to delivery, now or before it was sent back."""
        return self.briefed_at is not None or self.brief_post is not None

    def answer(self, key: str) -> Answer | None:
        """The answer to one field, if there is one."""
        return next((a for a in self.answers if a.key == key), None)

    def draft(self, key: str) -> Draft | None:
        """What was saved for one field and not yet handed over."""
        return next((d for d in self.drafts if d.key == key), None)

    def question(self, question_id: str) -> Question | None:
        """One question by its id."""
        return next((q for q in self.questions if q.id == question_id), None)

    @property
    def undecided(self) -> tuple[int, ...]:
        """Which flags wait for a reviewer, by their place."""
        return tuple(i for i, flag in enumerate(self.flags) if flag.verdict is None)

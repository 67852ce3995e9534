"""What happened, as one line of an export: who, what, when, from where, about what. Pure."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from handoff.acts import Act, Answered, Drafted, QuestionAnswered, QuestionAsked, Replied, SentBack
from handoff.events import AnyEvent, RecordChanged, Reentered, Said, StageEntered, Unsaid
from handoff.model import Handoff
from handoff.notices import WriteBack
from handoff.ports import Happened
from handoff.private import Cover
from handoff.workflow import Workflow

LEFT_OUT = "(left out)"
_ALREADY = {"kind", "at", "via", "trace", "handoff_id", "by"}
_QUIET = Cover(words=lambda text: LEFT_OUT if text else text)


class Story(Protocol):
    """The append-only log."""

    def story(
        self, *, handoff: str | None = None, record: str | None = None, since: datetime | None = None
    ) -> Iterator[Happened]:
        """All of it, or that of one handoff or record, handoff by handoff. Raises StorageError."""

    def workflow(self, edition: str) -> Workflow:
        """The text of a workflow as a handoff began with it. Raises StorageError."""


def line(happened: Happened, workflow: Workflow, *, answers: bool) -> dict[str, Any]:
    """One event. Without `answers`, what people said and what the CRM says of the record is left out.

    `restricted` names the fields it speaks of that only some may read; a reply in a thread may speak of each of them.
    """
    event, handoff = happened.event, happened.handoff
    facts = (event if answers else _QUIET.over(event)).model_dump(mode="json", exclude=_ALREADY, exclude_none=True)
    by = event.by if isinstance(event, Act | StageEntered) else None
    return {
        "at": event.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "handoff": handoff.id,
        "number": happened.number,
        "record": handoff.record.ref.key,
        "workflow": handoff.workflow,
        "kind": event.kind,
        "by": by and by.model_dump(mode="json", include={"name", "email", "slack_id"}),
        "via": event.via,
        "trace": event.trace,
        "remarks": happened.remarks.splitlines(),
        "restricted": sorted(_restricted(event, handoff, workflow)),
        "facts": facts,
    }


def _restricted(event: AnyEvent, handoff: Handoff, workflow: Workflow) -> Iterator[str]:
    keys, names = set(_keys(event, handoff)), set(_crm_names(event))
    for field in workflow.checklist:
        if field.visible_to and (field.key in keys or field.crm in names or isinstance(event, Replied)):
            yield field.key


def _keys(event: AnyEvent, handoff: Handoff) -> Iterator[str]:
    """The fields of the checklist that an event speaks of."""
    match event:
        case Answered() | Drafted():
            yield from (*event.answers, *event.waived)
        case QuestionAsked(about=str(key)):
            yield key
        case QuestionAnswered():
            question = handoff.question(event.question_id)
            yield (question and question.about) or ""
        case SentBack():
            yield from event.fields


def _crm_names(event: AnyEvent) -> Iterator[str]:
    """The fields of the CRM that it holds."""
    match event:
        case StageEntered() | RecordChanged() | Reentered():
            yield from event.record.fields
        case Said() | Unsaid():
            known: Mapping[str, object] = event.notice.fields if isinstance(event.notice, WriteBack) else {}
            yield from known

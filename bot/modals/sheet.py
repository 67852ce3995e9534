"""Which questions the form *Complete handoff* asks, in which step, and what has been typed so far. Pure.

The steps are cut from every field that may come to be asked, so that a field that appears while somebody types pushes
no other one off its step.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from bot.messages import buttons
from bot.modals import fields, forms
from handoff import checklist, conditions
from handoff.model import Answer, Draft, Handoff, Person, Source
from handoff.rights import may_read
from handoff.workflow import ChecklistField, FieldType, Workflow

PER_STEP = 12  # more questions at once are not answered well
FLAGS = "flags"
FLAG_NOTE = "flag_note"

_MOST_METADATA = 2900  # Slack takes 3,000 characters
_WAIVE = "waive:"


@dataclass(frozen=True)
class Place:
    """Where somebody is in the form: what comes back with it. Flags are remembered by their place in the workflow."""

    handoff_id: str
    opened_at: datetime | None = None
    step: int = 0
    is_correcting: bool = False
    flags: tuple[int, ...] = ()
    flag_note: str = ""

    def packed(self) -> str:
        """The text that the form carries; a note that is too long for it is cut."""
        facts = {"step": self.step, "correcting": self.is_correcting, "flags": self.flags}
        facts |= {"opened_at": self.opened_at.isoformat()} if self.opened_at else {}
        whole = self._line({**facts, "note": self.flag_note})
        over = len(whole) - _MOST_METADATA
        return whole if over <= 0 else self._line({**facts, "note": self.flag_note[: len(self.flag_note) // 8]})

    def _line(self, facts: Mapping[str, object]) -> str:
        return f"{self.handoff_id}|{json.dumps(facts, ensure_ascii=False)}"


def place(metadata: str) -> Place:
    """Reads what `packed` wrote. Whatever else it is given, it makes the best of it."""
    handoff_id, rest = buttons.parts(metadata)
    try:
        facts = json.loads(rest) if rest else {}
        said = facts.get("opened_at")
        return Place(
            handoff_id,
            datetime.fromisoformat(said).astimezone(UTC) if said else None,
            min(max(int(facts.get("step", 0)), 0), 99),
            bool(facts.get("correcting")),
            tuple(int(i) for i in facts.get("flags", ())),
            str(facts.get("note") or ""),
        )
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return Place(handoff_id)


@dataclass(frozen=True)
class Typed:
    """What stands in the form: key → text, empty where nothing does. `waived` are the reasons, `waiving` the fields
    for which there is to be one.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    waived: Mapping[str, str] = field(default_factory=dict)
    waiving: frozenset[str] | None = None


@dataclass(frozen=True)
class Sheet:
    """The form as one person sees it at one moment. Fields that only others may read are not asked."""

    handoff: Handoff
    workflow: Workflow
    reader: Person
    roles: tuple[str, ...]
    place: Place
    typed: Typed = Typed()

    def at(self, step: int) -> "Sheet":
        """Another step; what is typed in this one must have been saved."""
        moved = replace(self.place, step=min(max(step, 0), len(self._steps) - 1))
        return replace(self, place=moved, typed=Typed())

    @cached_property
    def step(self) -> int:
        """Which step this is; the last one, if others have answered so much meanwhile that it is not there any more."""
        return min(self.place.step, len(self._steps) - 1)

    @cached_property
    def hidden(self) -> tuple[ChecklistField, ...]:
        """What is to be answered by others only."""
        known = checklist.values(self._supposed.record, self._supposed.answers)
        return tuple(f for f in self._to_ask if not self._may_read(f) and checklist.applies(f, known))

    @cached_property
    def shown(self) -> tuple[ChecklistField, ...]:
        """The questions of this step."""
        return self._applying(self._steps[self.step])

    @cached_property
    def everything(self) -> tuple[ChecklistField, ...]:
        """The questions of all steps."""
        return tuple(f for step in self._steps for f in self._applying(step))

    @cached_property
    def before(self) -> int | None:
        """The step before this one that asks anything."""
        return next((i for i in reversed(range(self.step)) if self._applying(self._steps[i])), None)

    @cached_property
    def after(self) -> int | None:
        """The step after this one that asks anything; None on the last."""
        later = range(self.step + 1, len(self._steps))
        return next((i for i in later if self._applying(self._steps[i])), None)

    @cached_property
    def count(self) -> tuple[int, int]:
        """Which step this is, and how many there are."""
        asking = [i for i, step in enumerate(self._steps) if self._applying(step)]
        return sum(i < self.step for i in asking) + 1, max(len(asking), 1)

    @cached_property
    def watched(self) -> frozenset[str]:
        """The fields on which it depends whether another one is asked."""
        texts = [f.required for f in self.workflow.checklist if isinstance(f.required, str)]
        return frozenset[str]().union(*(conditions.names(text) for text in texts))

    @cached_property
    def waiving(self) -> frozenset[str]:
        """The questions of this step that do not apply, as whoever fills it in says."""
        can = {f.key for f in self.waivable}
        if self.typed.waiving is not None:
            return self.typed.waiving & can
        drafted = {d.key: d.waived for d in self.handoff.drafts}
        before = {a.key for a in self.handoff.answers if a.source is Source.WAIVED} - set(self.handoff.wanted)
        return frozenset(key for key in can if drafted.get(key, key in before))

    @property
    def waivable(self) -> tuple[ChecklistField, ...]:
        """The questions of this step of which one can say that they do not apply."""
        return tuple(f for f in self.shown if self.is_required(f))

    @property
    def waive_id(self) -> str:
        """The id of the block in which one says so; each step has its own, because Slack keeps what was picked."""
        return f"{_WAIVE}{self.step}"

    def is_required(self, one: ChecklistField) -> bool:
        """Whether the handoff waits for this."""
        known = checklist.values(self._supposed.record, self._supposed.answers)
        return one.key in self.handoff.wanted or checklist.is_required(one, known)

    def step_of(self, key: str) -> int:
        """The step in which a field is asked; this one if it is asked nowhere."""
        return next((i for i, step in enumerate(self._steps) if key in {f.key for f in step}), self.step)

    def is_new(self, one: ChecklistField, text: str, *, waived: bool = False) -> bool:
        """Whether this is not what was said before. That somebody looked at an answer does not make it theirs."""
        before = self.answer(one.key)
        if before is None or one.key in self.handoff.wanted:
            return True
        if waived or before.source is Source.WAIVED:
            return (before.source is Source.WAIVED) is not waived or text.strip() != before.value
        return not fields.is_unchanged(one, text, before.value)

    def draft(self, key: str) -> Draft | None:
        """What was saved for a field."""
        return self.handoff.draft(key)

    def answer(self, key: str) -> Answer | None:
        """What was said before."""
        return self.handoff.answer(key)

    def _may_read(self, one: ChecklistField) -> bool:
        return may_read(one, self.roles, self.reader)

    @cached_property
    def _to_ask(self) -> tuple[ChecklistField, ...]:
        """Every field that is asked, or would be if its condition held."""
        return tuple(f for f in self.workflow.checklist if self._is_open(f))

    def _is_open(self, one: ChecklistField) -> bool:
        if self.place.is_correcting or one.key in self.handoff.wanted:
            return True
        unanswered = self.handoff.answer(one.key) is None
        return unanswered and (not self.handoff.wanted or one.required is not False)

    @cached_property
    def _steps(self) -> tuple[tuple[ChecklistField, ...], ...]:
        asked = tuple(f for f in self._to_ask if self._may_read(f))
        return tuple(asked[i : i + PER_STEP] for i in range(0, len(asked), PER_STEP)) or ((),)

    def _applying(self, step: tuple[ChecklistField, ...]) -> tuple[ChecklistField, ...]:
        known = checklist.values(self._supposed.record, self._supposed.answers)
        return tuple(f for f in step if checklist.applies(f, known))

    @cached_property
    def _supposed(self) -> Handoff:
        said = {d.key: "" if d.waived else d.text for d in self.handoff.drafts}
        said |= {**self.typed.answers, **dict.fromkeys(self.typed.waived, "")}
        return checklist.supposing(self.handoff, said, self.reader, self.handoff.opened_at)


def typed(view: Mapping[str, Any]) -> tuple[Place, Typed]:
    """What a form that came back says, whoever wrote it."""
    where = place(str(view.get("private_metadata") or ""))
    shown = [name for name in _blocks_of(view) if name.startswith((_WAIVE, FLAGS))]
    waive = next((name for name in shown if name.startswith(_WAIVE)), None)
    waiving = frozenset(forms.chosen(view, waive)) if waive else None
    if FLAGS in shown:
        raised = tuple(int(value) for value in forms.chosen(view, FLAGS) if value.isascii() and value.isdigit())
        where = replace(where, flags=raised, flag_note=forms.read(view).get(FLAG_NOTE, ""))
    return where, Typed(fields.read(view), fields.reasons(view), waiving)


def _blocks_of(view: Mapping[str, Any]) -> Iterator[str]:
    blocks = view.get("blocks")
    if isinstance(blocks, list):
        yield from (str(block.get("block_id")) for block in blocks if isinstance(block, Mapping))


def people_in(workflow: Workflow, answers: Mapping[str, str]) -> tuple[str, ...]:
    """The Slack ids that were picked as answers."""
    return tuple(answers[f.key] for f in workflow.checklist if f.type is FieldType.PERSON and answers.get(f.key))

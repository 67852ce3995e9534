"""The one flow: what arrived becomes an event, is decided on and stored in one transaction, and only then spoken.

Each method does one piece of work and returns, so that a process may die between any two of them. Nothing is kept in
memory between calls. No transaction is open while anything outside is asked.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from handoff import decide as rules
from handoff.decision import Reply, ReplyKind
from handoff.errors import HandoffUnknown, OutcomeUnknown, RecordGone, Refused, Unreachable
from handoff.events import AnyEvent, Hint, RecordChanged, RecordVanished, Reentered, StageEntered
from handoff.forgetting import covered_late
from handoff.leases import LEASE
from handoff.model import Person, Record
from handoff.outbox import Outbox, is_too_old, wait
from handoff.outside import Outside
from handoff.ports import Crm, Leased, People, Speaker, Store, Unit
from handoff.reminding import Reminding
from handoff.workflow import Defaults, Workflow
from handoff.worktime import Holidays, no_holidays


@dataclass(frozen=True)
class Flow:
    """The door for everything that happens, and the two hands that work off what is due.

    `wake_readers` is called after a commit that left hints to read, `wake_speakers` after one that left something to
    say, and each by whoever has begun with one, because there may be more; `watch` with what became of each piece of
    work, for logs and measures. All must return at once.
    """

    workspace: str
    workflows: Mapping[str, Workflow]
    store: Store
    speaker: Speaker
    people: People
    crms: Mapping[str, Crm]
    new_id: Callable[[], str]
    wake_readers: Callable[[], None]
    wake_speakers: Callable[[], None]
    watch: Callable[[str, Mapping[str, object]], None]
    defaults: Defaults = field(default_factory=Defaults)
    holidays: Holidays = no_holidays

    def take(self, hints: Sequence[Hint], now: datetime) -> int:
        """Put a CRM's hints on disk; the number that were new. Raises StorageError if they are not stored."""
        return sum(self.taking(hints, now).result())

    def taking(self, hints: Sequence[Hint], now: datetime) -> Future[Sequence[bool]]:
        """The same without waiting: whether each was new, once all are on disk; or StorageError, if they are not."""
        taken = self.store.taking(hints, now)
        taken.add_done_callback(self._wake_if_new)
        return taken

    def record(self, event: AnyEvent, now: datetime) -> Reply:
        """Decide on an event and store what follows; the private answer to whoever acted.

        Raises:
            HandoffUnknown: the event speaks of a handoff that this workspace does not have.
            StorageError: nothing was stored.
        """
        reply = self.store.write(lambda unit: self._apply(unit, event, now), about=event.handoff_id)
        self.wake_speakers()
        self.watch(event.kind, {"handoff": event.handoff_id, "reply": reply.kind.value, "trace": event.trace})
        return reply

    def start(self, event: StageEntered, workflow: str, now: datetime) -> Reply:
        """Begin a handoff that no CRM started. The same event again begins nothing new.

        Raises:
            HandoffUnknown: there is no such workflow.
            StorageError: nothing was stored.
        """
        if workflow not in self.workflows:
            raise HandoffUnknown(f"There is no workflow {workflow}.")

        def work(unit: Unit) -> Reply:
            known = unit.newest(workflow, event.record.ref)
            if unit.handoff(event.handoff_id) is not None or (known is not None and known.is_open):
                return Reply(kind=ReplyKind.ALREADY_SO)
            decision = rules.decide(None, event, self.workflows[workflow], now, self.holidays)
            unit.save(event, decision, now)
            return decision.reply

        reply = self.store.write(work)
        self.wake_speakers()
        self.watch(event.kind, {"handoff": event.handoff_id, "reply": reply.kind.value, "trace": event.trace})
        return reply

    def read_due(self, now: datetime) -> bool:
        """Work off one hint: read its record and start what its stage starts. False if none is due."""
        leased = self.store.lease_hint(now, now + LEASE)
        if leased is None:
            return False
        self.wake_readers()
        hint = leased.item
        facts = {"record": hint.ref.key, "trace": hint.trace}
        try:
            self._read(leased, now)
        except RecordGone as e:
            self._vanished(leased, e, now)
            self.watch("record_gone", {**facts, "reason": e.reason})
        except Refused as e:
            self._bury(leased, str(e), now)
            self.watch("hint_refused", {**facts, "why": str(e)})
        except (Unreachable, OutcomeUnknown) as e:
            if is_too_old(leased, self.defaults, now):
                self._bury(leased, f"Given up. {e}", now)
            else:
                self.store.retry(leased, now + wait(e, hint.key, leased.attempt), str(e), clean=True)
            self.watch("hint_waits", {**facts, "why": str(e)})
        return True

    def deliver_due(self, now: datetime) -> bool:
        """Work off one notice, or all reminders to one recipient. False if none is due."""
        return self._outbox.deliver_due(now)

    def _wake_if_new(self, taken: Future[Sequence[bool]]) -> None:
        if taken.exception() is None and any(taken.result()):
            self.wake_readers()

    def _bury(self, leased: Leased[Hint], why: str, now: datetime) -> None:
        self.store.write(lambda unit: unit.finish(leased, why, now, state="dead"))

    def _read(self, leased: Leased[Hint], now: datetime) -> None:
        hint = leased.item
        ours = [w for w in self.workflows.values() if w.trigger.crm == hint.ref.system]
        fields = {name for w in ours for name in w.crm_fields}
        record = self._outside.crm(hint.ref.system).read(hint.ref, sorted(fields))
        before = self.store.last_stage(record.ref)
        begun = [self._begin(w, record, hint, now) for w in ours if rules.starts(w.trigger, record, before)]
        facts = {"at": now, "via": record.ref.system, "trace": hint.trace}

        def work(unit: Unit) -> None:
            if not unit.finish(leased, f"read in stage {record.stage}", now):
                return
            seen = unit.last_stage(record.ref)  # somebody else may have seen it first and begun what there was to begin
            for workflow in ours:
                known = unit.newest(workflow.name, record.ref)
                kind = rules.on_reading(workflow, known, record, seen)
                if kind is StageEntered and (event := next((e for w, e in begun if w is workflow), None)):
                    unit.save(event, rules.decide(None, event, workflow, now, self.holidays), now)
                elif known is not None and kind in (RecordChanged, Reentered):
                    self._apply(unit, kind(handoff_id=known.id, record=record, **facts), now)
            unit.saw(record, now)

        self.store.write(work)
        self.wake_speakers()
        waited = round((now - leased.created_at).total_seconds(), 3)
        seen_as = {"record": record.ref.key, "stage": record.stage, "begun": len(begun), "trace": hint.trace}
        self.watch("record_read", {**seen_as, "seconds": waited})

    def _vanished(self, leased: Leased[Hint], gone: RecordGone, now: datetime) -> None:
        """The CRM has no such record any more: its open handoffs are cancelled."""
        hint = leased.item
        because = "merged" if gone.reason == "merged" else "deleted"
        facts = {"at": now, "via": hint.ref.system, "trace": hint.trace, "because": because, "reason": str(gone)}

        def work(unit: Unit) -> None:
            if unit.finish(leased, str(gone), now):
                for name in self.workflows:
                    if (known := unit.newest(name, hint.ref)) is not None and known.is_open:
                        self._apply(unit, RecordVanished(handoff_id=known.id, **facts), now)
                        unit.saw(known.record.model_copy(update={"stage": ""}), now)  # restored, it enters its stage

        self.store.write(work)
        self.wake_speakers()

    def _begin(self, workflow: Workflow, record: Record, hint: Hint, now: datetime) -> tuple[Workflow, StageEntered]:
        event = StageEntered(
            handoff_id=self.new_id(),
            at=now,
            via=record.ref.system,
            trace=hint.trace,
            workspace=self.workspace,
            record=record,
            rep=self._member(workflow, record.owner),
            backup=self.people.find(workflow.defaults.backup_rep) if workflow.defaults.backup_rep else None,
        )
        return workflow, event

    def _member(self, workflow: Workflow, person: Person | None) -> Person | None:
        """The Slack member a CRM's person is; config may name another address for them."""
        if person is None or not person.email:
            return None
        note = workflow.note_of(person.email)
        found = self.people.find(note.slack if note and note.slack else person.email)
        return found and found.model_copy(update={"email": person.email})

    def _apply(self, unit: Unit, event: AnyEvent, now: datetime) -> Reply:
        handoff = unit.handoff(event.handoff_id)
        event = covered_late(event, handoff)
        workflow = unit.workflow(handoff.edition) if handoff else next(iter(self.workflows.values()))
        decision = rules.decide(handoff, event, workflow, now, self.holidays)
        if decision.counts:
            unit.save(event, decision, now)
        return decision.reply

    @cached_property
    def _outbox(self) -> Outbox:
        reminding = Reminding(self.store, self.speaker, self.people, self.holidays)
        return Outbox(self.store, self._outside, reminding, self.defaults, self.watch, self._apply, self.wake_speakers)

    @cached_property
    def _outside(self) -> Outside:
        return Outside(self.store, self.speaker, self.crms, self.defaults, self.watch)

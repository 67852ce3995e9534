"""The one flow: what arrived becomes an event, is decided on and stored in one transaction, and only then spoken.

Each method does one piece of work and returns, so that a process may die between any two of them. Nothing is kept in
memory between calls. No transaction is open while anything outside is asked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from handoff import decide as rules
from handoff.decision import Reply, ReplyKind
from handoff.errors import HandoffUnknown, OutcomeUnknown, RecordGone, Refused, TooEarly, Unreachable
from handoff.events import AnyEvent, Hint, RecordChanged, RecordVanished, Reentered, Said, StageEntered, Unsaid
from handoff.model import Person, Record
from handoff.notices import Notice
from handoff.outside import Held, NotInHistory, Outside, facts_of, named
from handoff.ports import Crm, Leased, People, Speaker, Store, Unit
from handoff.terms import length
from handoff.workflow import Defaults, Workflow

LEASE = timedelta(seconds=60)  # longer than all the outside calls of one piece of work may take together
LONGEST_PAUSE = timedelta(minutes=5)
FEWEST_TRIES = 5  # before anything is given up: that it is late may be our own doing


def pause(key: str, attempt: int) -> timedelta:
    """How long to wait before the next try: doubling up to five minutes, spread by the key so that tries part."""
    spread = int(sha256(f"{key}:{attempt}".encode()).hexdigest()[:4], 16) / 0xFFFF
    return min(timedelta(seconds=2 ** min(attempt, 12)), LONGEST_PAUSE) * (0.75 + spread / 2)


@dataclass(frozen=True)
class Flow:
    """The door for everything that happens, and the two hands that work off what is due.

    `wake` is called after a commit that left something to do, `watch` with what became of each piece of work, for logs
    and measures. Both must return at once.
    """

    workspace: str
    workflows: Mapping[str, Workflow]
    store: Store
    speaker: Speaker
    people: People
    crms: Mapping[str, Crm]
    new_id: Callable[[], str]
    wake: Callable[[], None]
    watch: Callable[[str, Mapping[str, object]], None]
    defaults: Defaults = field(default_factory=Defaults)

    def take(self, hints: Sequence[Hint], now: datetime) -> int:
        """Put a CRM's hints on disk; the number that were new. Raises StorageError if they are not stored."""
        new = self.store.take(hints, now)
        if new:
            self.wake()
        return new

    def record(self, event: AnyEvent, now: datetime) -> Reply:
        """Decide on an event and store what follows; the private answer to whoever acted.

        Raises:
            HandoffUnknown: the event speaks of a handoff that this workspace does not have.
            StorageError: nothing was stored.
        """
        reply = self.store.write(lambda unit: self._apply(unit, event, now))
        self.wake()
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
            decision = rules.decide(None, event, self.workflows[workflow], now)
            unit.save(event, decision, now)
            return decision.reply

        reply = self.store.write(work)
        self.wake()
        self.watch(event.kind, {"handoff": event.handoff_id, "reply": reply.kind.value, "trace": event.trace})
        return reply

    def read_due(self, now: datetime) -> bool:
        """Work off one hint: read its record and start what its stage starts. False if none is due."""
        leased = self.store.lease_hint(now, now + LEASE)
        if leased is None:
            return False
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
            if self._is_too_old(leased, now):
                self._bury(leased, f"Given up. {e}", now)
            else:
                self.store.retry(leased, now + _wait(e, hint.key, leased.attempt), str(e), clean=True)
            self.watch("hint_waits", {**facts, "why": str(e)})
        return True

    def deliver_due(self, now: datetime) -> bool:
        """Work off one notice: say it, unless it is not true any more. False if none is due."""
        leased = self.store.lease_notice(now, now + LEASE)
        if leased is None:
            return False
        notice = leased.item
        handoff = self.store.handoff(notice.handoff_id)
        try:
            if handoff is not None and rules.still_wanted(notice, handoff):
                said: Said | None = self._outside.say(leased, handoff, now)
            else:
                said = self._outside.left_behind(leased, handoff, now)
        except Refused as e:
            self._give_up(leased, str(e), e.reason, now)
        except (Unreachable, OutcomeUnknown) as e:
            self._try_again(leased, e, now)
        else:
            self._said(leased, said, now)
        return True

    def _said(self, leased: Leased[Notice], said: Said | None, now: datetime) -> None:
        notice = leased.item
        if said is None:
            self.store.write(lambda unit: unit.finish(leased, "not wanted any more", now))
            self._watched("notice_unwanted", notice)
            return
        self._finish(leased, said, "said", now)
        self._watched("notice_said", notice, seconds=(now - leased.due_at).total_seconds())

    def _try_again(self, leased: Leased[Notice], error: Unreachable | OutcomeUnknown, now: datetime) -> None:
        notice, clean = leased.item, isinstance(error, Unreachable)
        if self._is_too_old(leased, now) and not isinstance(error, TooEarly):
            self._give_up(leased, f"Given up. {error}", rules.HELD if isinstance(error, Held) else "given_up", now)
            return
        at = now + _wait(error, notice.key, leased.attempt)
        self.store.retry(leased, at, str(error), clean=clean, looked=isinstance(error, NotInHistory))
        if isinstance(error, TooEarly):
            self._watched("notice_paced", notice)
        else:
            self._watched("notice_waits" if clean else "notice_doubtful", notice, str(error))

    def _give_up(self, leased: Leased[Notice], why: str, reason: str, now: datetime) -> None:
        notice = leased.item
        self._finish(leased, Unsaid(notice=notice, reason=reason, **facts_of(notice, now)), why, now)
        self._watched("notice_refused", notice, why)

    def _bury(self, leased: Leased[Hint], why: str, now: datetime) -> None:
        self.store.write(lambda unit: unit.finish(leased, why, now, dead=True))

    def _is_too_old(self, leased: Leased[Hint] | Leased[Notice], now: datetime) -> bool:
        return leased.attempt >= FEWEST_TRIES and now - leased.due_at > length(self.defaults.give_up_after)

    def _watched(self, what: str, notice: Notice, why: str = "", seconds: float | None = None) -> None:
        facts = {"why": why} if why else {}
        self.watch(what, {**named(notice), **facts, **({} if seconds is None else {"seconds": round(seconds, 3)})})

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
                    unit.save(event, rules.decide(None, event, workflow, now), now)
                elif known is not None and kind in (RecordChanged, Reentered):
                    self._apply(unit, kind(handoff_id=known.id, record=record, **facts), now)
            unit.saw(record, now)

        self.store.write(work)
        self.wake()
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

        self.store.write(work)
        self.wake()

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
        note = workflow.people.get(person.email)
        found = self.people.find(note.slack if note and note.slack else person.email)
        return found and found.model_copy(update={"email": person.email})

    def _apply(self, unit: Unit, event: AnyEvent, now: datetime) -> Reply:
        handoff = unit.handoff(event.handoff_id)
        workflow = unit.workflow(handoff.edition) if handoff else next(iter(self.workflows.values()))
        decision = rules.decide(handoff, event, workflow, now)
        if decision.counts:
            unit.save(event, decision, now)
        return decision.reply

    def _finish(self, leased: Leased[Notice], event: Said | Unsaid, outcome: str, now: datetime) -> None:
        dead = isinstance(event, Unsaid)

        def work(unit: Unit) -> None:
            if unit.finish(leased, outcome, now, dead=dead):
                self._apply(unit, event, now)

        self.store.write(work)
        self.wake()

    @property
    def _outside(self) -> Outside:
        return Outside(self.store, self.speaker, self.crms, self.defaults, self.watch)


def _wait(error: Unreachable | OutcomeUnknown, key: str, attempt: int) -> timedelta:
    asked = error.wait if isinstance(error, Unreachable) else None
    return asked or pause(key, attempt)

"""The one flow: what arrived becomes an event, is decided on and stored in one transaction, and only then spoken.

Each method does one piece of work and returns, so that a process may die between any two of them. Nothing is kept in
memory between calls. No transaction is open while anything outside is asked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from handoff import decide as rules
from handoff.decide import Reply
from handoff.errors import OutcomeUnknown, Refused, TooEarly, Unreachable
from handoff.events import AnyEvent, Hint, Said, StageEntered, Unsaid
from handoff.model import Handoff, Person, Post, Record
from handoff.notices import AskRep, Nag, Notice, PostBrief, TellRep, WriteBack
from handoff.ports import Crm, Leased, People, Speaker, Store, Unit
from handoff.terms import length
from handoff.workflow import Defaults, Workflow

LEASE = timedelta(seconds=60)  # longer than all the outside calls of one piece of work may take together
LONGEST_PAUSE = timedelta(minutes=5)
LOOKS = 2  # how often history is read before something that may have been posted is posted again
FEWEST_TRIES = 5  # before anything is given up: that it is late may be our own doing
SECOND_LOOK = timedelta(seconds=3)
CLOCKS_DIFFER = timedelta(minutes=1)


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

    def read_due(self, now: datetime) -> bool:
        """Work off one hint: read its record and start what its stage starts. False if none is due."""
        leased = self.store.lease_hint(now, now + LEASE)
        if leased is None:
            return False
        hint = leased.item
        facts = {"record": hint.ref.key, "trace": hint.trace}
        try:
            self._read(leased, now)
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
        if handoff is None or not rules.still_wanted(notice, handoff):
            self.store.write(lambda unit: unit.finish(leased, "not wanted any more", now))
            self._watched("notice_unwanted", notice)
            return True
        try:
            post = self._speak(leased, handoff)
        except Refused as e:
            self._give_up(leased, str(e), e.reason, now)
        except (Unreachable, OutcomeUnknown) as e:
            self._try_again(leased, e, now)
        else:
            self._finish(leased, Said(notice=notice, post=post, **_facts(notice, now)), "said", now)
            self._watched("notice_said", notice, seconds=(now - leased.due_at).total_seconds())
        return True

    def _try_again(self, leased: Leased[Notice], error: Unreachable | OutcomeUnknown, now: datetime) -> None:
        notice, clean = leased.item, isinstance(error, Unreachable)
        if self._is_too_old(leased, now) and not isinstance(error, TooEarly):
            self._give_up(leased, f"Given up. {error}", "given_up", now)
            return
        at = now + _wait(error, notice.key, leased.attempt)
        self.store.retry(leased, at, str(error), clean=clean, looked=isinstance(error, NotInHistory))
        if isinstance(error, TooEarly):
            self._watched("notice_paced", notice)
        else:
            self._watched("notice_waits" if clean else "notice_doubtful", notice, str(error))

    def _give_up(self, leased: Leased[Notice], why: str, reason: str, now: datetime) -> None:
        notice = leased.item
        self._finish(leased, Unsaid(notice=notice, reason=reason, **_facts(notice, now)), why, now)
        self._watched("notice_refused", notice, why)

    def _bury(self, leased: Leased[Hint], why: str, now: datetime) -> None:
        self.store.write(lambda unit: unit.finish(leased, why, now, dead=True))

    def _is_too_old(self, leased: Leased[Hint] | Leased[Notice], now: datetime) -> bool:
        return leased.attempt >= FEWEST_TRIES and now - leased.due_at > length(self.defaults.give_up_after)

    def _watched(self, what: str, notice: Notice, why: str = "", seconds: float | None = None) -> None:
        facts: dict[str, object] = {"notice": notice.kind, "handoff": notice.handoff_id, "trace": notice.trace}
        facts |= {"why": why} if why else {}
        self.watch(what, facts if seconds is None else {**facts, "seconds": round(seconds, 3)})

    def _read(self, leased: Leased[Hint], now: datetime) -> None:
        hint = leased.item
        ours = [w for w in self.workflows.values() if w.trigger.crm == hint.ref.system]
        fields = {name for w in ours for name in w.crm_fields}
        record = self._crm(hint.ref.system).read(hint.ref, sorted(fields))
        before = self.store.last_stage(record.ref)
        begun = [self._begin(w, record, hint, now) for w in ours if rules.starts(w.trigger, record, before)]

        def work(unit: Unit) -> None:
            if not unit.finish(leased, f"read in stage {record.stage}", now):
                return
            seen = unit.last_stage(record.ref)  # somebody else may have seen it first and begun what there was to begin
            for workflow, event in begun:
                if rules.starts(workflow.trigger, record, seen) and not unit.open_handoff(workflow.name, record.ref):
                    unit.save(event, rules.decide(None, event, workflow, now), now)
            unit.saw(record, now)

        self.store.write(work)
        self.wake()
        waited = round((now - leased.created_at).total_seconds(), 3)
        facts = {"record": record.ref.key, "stage": record.stage, "begun": len(begun), "trace": hint.trace}
        self.watch("record_read", {**facts, "seconds": waited})

    def _crm(self, system: str) -> Crm:
        if system not in self.crms:
            raise Unreachable(f"{system} is not connected: set its variables, see README.")
        return self.crms[system]

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

    def _speak(self, leased: Leased[Notice], handoff: Handoff) -> Post | None:
        notice = leased.item
        workflow = self.store.workflow(handoff.edition)
        if isinstance(notice, WriteBack):
            self._crm(handoff.record.ref.system).write(handoff.record.ref, notice)
            return None
        if leased.doubtful and isinstance(notice, AskRep | TellRep | PostBrief | Nag):
            return self._look_first(leased, handoff, workflow)
        return self.speaker.speak(notice, handoff, workflow)

    def _look_first(self, leased: Leased[Notice], handoff: Handoff, workflow: Workflow) -> Post | None:
        """An earlier attempt may have posted it: adopt that post, or post again once history surely has none."""
        notice = leased.item
        try:
            post = self.speaker.find(notice, handoff, workflow, leased.created_at - CLOCKS_DIFFER)
        except Refused as e:
            self._watched("notice_unsure", notice, str(e))
            if self.defaults.when_unsure == "hold":
                raise Refused(f"It may have been posted already, and history cannot be read: {e}", "held") from e
            post = None
        else:
            self._watched("notice_found" if post else "notice_not_found", notice)
            if post is None and leased.looks + 1 < LOOKS:
                raise NotInHistory("History does not show it yet; looking once more before posting again.", SECOND_LOOK)
        return post or self.speaker.speak(notice, handoff, workflow)


class NotInHistory(TooEarly):
    """A message that may have been posted is not to be seen; history can lag."""


def _wait(error: Unreachable | OutcomeUnknown, key: str, attempt: int) -> timedelta:
    asked = error.wait if isinstance(error, Unreachable) else None
    return asked or pause(key, attempt)


def _facts(notice: Notice, now: datetime) -> dict[str, object]:
    return {"handoff_id": notice.handoff_id, "at": now, "via": "outbox", "trace": notice.trace}

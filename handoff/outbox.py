"""One notice after the other: is it still wanted, say it, store what became of it.

A process may die between any two steps. What may have been said is looked for before it is said again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from handoff import decide as rules
from handoff.decision import Reply
from handoff.errors import OutcomeUnknown, Refused, TooEarly, Unreachable
from handoff.events import AnyEvent, Hint, PutOff, Said, Unsaid
from handoff.leases import LEASE
from handoff.model import Handoff
from handoff.notices import Nag, Notice, SettleNag, SilenceEnds, UpdateNag, thread_of
from handoff.outside import Held, Outside, facts_of, looks_in_vain, named
from handoff.ports import Finished, Leased, Store, Unit
from handoff.reminding import MOST_TOGETHER, Reminding
from handoff.terms import length
from handoff.workflow import Defaults

LONGEST_PAUSE = timedelta(minutes=5)
FEWEST_TRIES = 5  # before anything is given up: that it is late may be our own doing

Outcome = Said | PutOff | None


def pause(key: str, attempt: int) -> timedelta:
    """How long to wait before the next try: doubling up to five minutes, spread by the key so that tries part."""
    spread = int(sha256(f"{key}:{attempt}".encode()).hexdigest()[:4], 16) / 0xFFFF
    return min(timedelta(seconds=2 ** min(attempt, 12)), LONGEST_PAUSE) * (0.75 + spread / 2)


def wait(error: Unreachable | OutcomeUnknown, key: str, attempt: int) -> timedelta:
    """How long to wait after an error: as long as the other side asked, or a pause."""
    asked = error.wait if isinstance(error, Unreachable) else None
    return pause(key, attempt) if asked is None else asked


def is_too_old(leased: Leased[Hint] | Leased[Notice], defaults: Defaults, now: datetime) -> bool:
    """Whether something that cannot be done is given up."""
    return leased.attempt >= FEWEST_TRIES and now - leased.due_at > length(defaults.give_up_after)


@dataclass(frozen=True)
class Outbox:
    """What is due to be said. `apply` decides on an event in a transaction, `wake` says that there may be more."""

    store: Store
    outside: Outside
    reminding: Reminding
    defaults: Defaults
    watch: Callable[[str, Mapping[str, object]], None]
    apply: Callable[[Unit, AnyEvent, datetime], Reply]
    wake: Callable[[], None]

    def deliver_due(self, now: datetime) -> bool:
        """Work off one notice, or all reminders to one recipient. False if none is due."""
        leased = self.store.lease_notice(now, now + LEASE)
        if leased is None:
            return False
        self.wake()
        group = [leased, *self._alike(leased, now)]
        try:
            outcomes = self._say(group, now)
        except Refused as e:
            for one in group:
                self._refused(one, e, now)
        except (Unreachable, OutcomeUnknown) as e:
            for one in group:
                self._try_again(one, e, now)
        else:
            for one, outcome in zip(group, outcomes, strict=True):
                self._done(one, outcome, now)
        return True

    def _alike(self, leased: Leased[Notice], now: datetime) -> Sequence[Leased[Notice]]:
        """Other reminders for the same message. A group is reminded channel by channel, each where its briefs stand.

        Who reads one channel has not always to do with another, and what may have been said is looked for in its own.
        """
        nag = leased.item
        if not isinstance(nag, Nag) or leased.doubtful:
            return ()
        more = self.store.lease_alike(nag, now, now + LEASE, MOST_TOGETHER - 1)
        if nag.to.person is not None:
            return more
        here = self._channel(nag)
        alike = [one for one in more if self._channel(one.item) == here]
        for other in more:
            if other not in alike:
                self.store.retry(other, now, "It is said in another channel.", clean=True)
        return alike

    def _channel(self, notice: Notice) -> str | None:
        """Where the thread is that a notice belongs to."""
        handoff = self.store.handoff(notice.handoff_id)
        thread = thread_of(notice, handoff) if handoff is not None else None
        return thread.channel if thread is not None else None

    def _say(self, group: Sequence[Leased[Notice]], now: datetime) -> list[Outcome]:
        """What became of each, in their order."""
        outcomes: dict[int, Outcome] = {}
        nags: list[tuple[Leased[Notice], Nag, Handoff]] = []
        for leased in group:
            notice, handoff = leased.item, self.store.handoff(leased.item.handoff_id)
            if handoff is None or not rules.still_wanted(notice, handoff):
                outcomes[leased.id] = self.outside.left_behind(leased, handoff, now)
            elif isinstance(notice, UpdateNag) or (isinstance(notice, SettleNag) and len(notice.among) > 1):
                self.reminding.redraw(notice, leased.until)
                outcomes[leased.id] = Said(notice=notice, **facts_of(notice, now))
            elif isinstance(notice, SilenceEnds):
                outcomes[leased.id] = self.reminding.looked_up(Said(notice=notice, **facts_of(notice, now)), handoff)
            elif not isinstance(notice, Nag):
                outcomes[leased.id] = self.outside.say(leased, handoff, now)
            elif not_now := self._already(leased, handoff, now) or self.reminding.waits(notice, handoff, now):
                outcomes[leased.id] = not_now
            else:  # an earlier attempt surely did not say it
                nags.append((replace(leased, doubts=0), notice, handoff))
        if len(nags) == 1:
            leased, _, handoff = nags[0]
            outcomes[leased.id] = self.reminding.looked_up(self.outside.say(leased, handoff, now), handoff)
        elif nags:
            said = zip(nags, self.reminding.together(nags, now), strict=True)
            outcomes |= {leased.id: self.reminding.looked_up(one, handoff) for (leased, _, handoff), one in said}
        return [outcomes[leased.id] for leased in group]

    def _already(self, leased: Leased[Notice], handoff: Handoff, now: datetime) -> Said | None:
        """A reminder that an earlier attempt said without our knowing."""
        if not leased.doubtful:
            return None
        post = self.outside.look(leased, handoff, self.store.workflow(handoff.edition))
        return Said(notice=leased.item, post=post, **facts_of(leased.item, now)) if post else None

    def _done(self, leased: Leased[Notice], outcome: Outcome, now: datetime) -> None:
        notice = leased.item
        if outcome is None:
            self.store.write(lambda unit: unit.finish(leased, "not wanted any more", now))
            self._watched("notice_unwanted", notice)
        elif isinstance(outcome, PutOff):
            state: Finished = "done" if outcome.to is None else "skipped"
            self._finish(leased, outcome, f"put off: {outcome.reason}", now, state=state)
            self._watched("nag_put_off", notice, outcome.reason)
        else:
            self._finish(leased, outcome, _as_said(leased, outcome), now)
            self._watched("notice_said", notice, seconds=(now - leased.due_at).total_seconds())

    def _try_again(self, leased: Leased[Notice], error: Unreachable | OutcomeUnknown, now: datetime) -> None:
        notice, clean = leased.item, isinstance(error, Unreachable)
        if is_too_old(leased, self.defaults, now) and not isinstance(error, TooEarly):
            self._give_up(leased, f"Given up. {error}", rules.HELD if isinstance(error, Held) else "given_up", now)
            return
        over = error.at if isinstance(error, OutcomeUnknown) else None  # it may still be done: its pause begins then
        at = max(now, over or now) + wait(error, notice.key, leased.attempt)
        self.store.retry(leased, at, str(error), clean=clean, looks=looks_in_vain(error))
        if isinstance(error, TooEarly):
            self._watched("notice_paced", notice)
        else:
            self._watched("notice_waits" if clean else "notice_doubtful", notice, str(error))

    def _refused(self, leased: Leased[Notice], error: Refused, now: datetime) -> None:
        notice = leased.item
        if not rules.is_gone(notice, error.reason):
            self._give_up(leased, str(error), error.reason, now)
            return
        event = Unsaid(notice=notice, reason=error.reason, **facts_of(notice, now))
        self._finish(leased, event, "its message is gone", now, state="done")
        self._watched("message_gone", notice)

    def _give_up(self, leased: Leased[Notice], why: str, reason: str, now: datetime) -> None:
        notice = leased.item
        event = Unsaid(notice=notice, reason=reason, **facts_of(notice, now))
        self._finish(leased, event, why, now, state="dead")
        self._watched("notice_refused", notice, why)

    def _finish(
        self,
        leased: Leased[Notice],
        event: Said | Unsaid | PutOff,
        outcome: str,
        now: datetime,
        *,
        state: Finished = "done",
    ) -> None:
        def work(unit: Unit) -> None:
            if unit.finish(leased, outcome, now, state=state):
                self.apply(unit, event, now)

        self.store.write(work)

    def _watched(self, what: str, notice: Notice, why: str = "", seconds: float | None = None) -> None:
        facts = {"why": why} if why else {}
        self.watch(what, {**named(notice), **facts, **({} if seconds is None else {"seconds": round(seconds, 3)})})


def _as_said(leased: Leased[Notice], said: Said) -> str:
    """That it was said. Reminders that one message said are found one by one if its answer was lost: it is named."""
    if leased.doubtful and isinstance(leased.item, Nag) and said.post is not None:
        return f"said as {said.post.channel}:{said.post.ts}"
    return "said"

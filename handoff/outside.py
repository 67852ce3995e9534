"""One notice, said: to Slack or to the CRM, and never twice if that can be known. Stores nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from handoff import decide as rules
from handoff.errors import OutcomeUnknown, OutsideError, Refused, TooEarly, Unreachable
from handoff.events import Said
from handoff.model import Handoff, Post
from handoff.notices import Notice, WriteBack, WriteNote
from handoff.ports import Crm, Leased, Speaker, Store
from handoff.workflow import Defaults, Workflow

LOOKS = 2  # how often history is read, for each attempt that may have posted it, before it is posted again
SECOND_LOOK = timedelta(seconds=3)
CLOCKS_DIFFER = timedelta(minutes=1)


class NotInHistory(TooEarly):
    """A message that may have been posted is not to be seen; history can lag."""


class Held(OutcomeUnknown):
    """A message that may have been posted, and history cannot be read: config says to wait for somebody."""


def looks_in_vain(error: OutsideError) -> int:
    """How many looks an attempt was good for. One that was held said nothing: it asks for none in addition."""
    return LOOKS if isinstance(error, Held) else int(isinstance(error, NotInHistory))


@dataclass(frozen=True)
class Outside:
    """Slack and the CRMs, as far as notices go. Raises what they raise."""

    store: Store
    speaker: Speaker
    crms: Mapping[str, Crm]
    defaults: Defaults
    watch: Callable[[str, Mapping[str, object]], None]

    def crm(self, system: str) -> Crm:
        """The client of a CRM. Raises Unreachable if it is not connected."""
        if system not in self.crms:
            raise Unreachable(f"{system} is not connected: set its variables, see README.")
        return self.crms[system]

    def say(self, leased: Leased[Notice], handoff: Handoff, now: datetime) -> Said:
        """Say it, unless an earlier attempt did."""
        notice, facts = leased.item, facts_of(leased.item, now)
        ref, workflow = handoff.record.ref, self.store.workflow(handoff.edition)
        if isinstance(notice, WriteBack):
            return Said(notice=notice, differs=self._write(notice, handoff, leased.until), **facts)
        if isinstance(notice, WriteNote):
            words = self.speaker.note(notice, handoff, workflow)
            marker = sha256(notice.key.encode()).hexdigest()[:12]
            self.crm(ref.system).note(ref, words, marker, leased.until, may_be_there=leased.doubtful)
            return Said(notice=notice, **facts)
        post = self.look(leased, handoff, workflow) if leased.doubtful and not rules.is_update(notice) else None
        post = post or self.speaker.speak(notice, handoff, workflow, leased.until)
        return Said(notice=notice, post=post, **facts)

    def left_behind(self, leased: Leased[Notice], handoff: Handoff | None, now: datetime) -> Said | None:
        """A message that is not wanted any more, if an earlier attempt posted it: then it stands there."""
        notice = leased.item
        is_post = not rules.is_update(notice) and not isinstance(notice, WriteBack | WriteNote)
        if handoff is None or not leased.doubtful or not is_post:
            return None
        try:
            post = self.look(leased, handoff, self.store.workflow(handoff.edition))
        except Held:
            return None
        return Said(notice=notice, post=post, **facts_of(notice, now)) if post else None

    def _write(self, notice: WriteBack, handoff: Handoff, until: datetime) -> Mapping[str, str | None]:
        """Write what nobody changed meanwhile; the fields that somebody did, with their values."""
        ref, crm = handoff.record.ref, self.crm(handoff.record.ref.system)
        base, ours = notice.base, notice.fields
        theirs = crm.values(ref, sorted(base)) if base else {}
        differs = {name: value for name, value in theirs.items() if value and value not in (base[name], ours[name])}
        fields = {name: value for name, value in notice.fields.items() if name not in differs}
        if fields:
            crm.put(ref, fields, until)
        return differs

    def look(self, leased: Leased[Notice], handoff: Handoff, workflow: Workflow) -> Post | None:
        """The post that an earlier attempt left behind; None once history surely has none.

        Says so only at the next attempt, which has a whole lease to say it: reading history may take longer than one.

        Raises:
            NotInHistory: it is not to be seen, and is looked for once more, or said at the next attempt.
            Held: history cannot be read, and config says to wait for somebody.
        """
        notice, looks = leased.item, LOOKS * leased.doubts
        if leased.looks >= looks:
            return None
        try:
            post = self.speaker.find(notice, handoff, workflow, leased.created_at - CLOCKS_DIFFER)
        except Refused as e:
            self.watch("notice_unsure", {**named(notice), "why": str(e)})
            if self.defaults.when_unsure == "hold":
                raise Held(f"It may have been posted already, and history cannot be read: {e}") from e
            return None
        self.watch("notice_found" if post else "notice_not_found", named(notice))
        if post is None and leased.looks + 1 < looks:
            raise NotInHistory("History does not show it yet; looking once more before posting again.", SECOND_LOOK)
        if post is None:
            raise NotInHistory("History does not show it; posting again.", timedelta())
        return post


def facts_of(notice: Notice, now: datetime) -> dict[str, Any]:
    """What every event of the outbox says."""
    return {"handoff_id": notice.handoff_id, "at": now, "via": "outbox", "trace": notice.trace}


def named(notice: Notice) -> dict[str, object]:
    """Which notice it is, for logs and measures."""
    return {"notice": notice.kind, "handoff": notice.handoff_id, "trace": notice.trace}

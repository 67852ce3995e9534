"""What holds of every handoff at every moment, whatever happened before."""

from handoff import checklist
from handoff.decide import decide, is_update, still_wanted
from handoff.events import AnyEvent, StageEntered
from handoff.ladder import LADDERS, rungs_of
from handoff.model import WITH_DELIVERY, Handoff, Status
from handoff.notices import Ladder, Nag, Notice, PostBrief, TellOps
from handoff.terms import Rung
from handoff.workflow import Workflow
from tests.fakes import Seen

SALES = (Status.COLLECTING, Status.IN_REVIEW)


class Story:
    """One handoff as its log tells it; what was read once is not read again."""

    def __init__(self, workflow: Workflow) -> None:
        self.state: Handoff | None = None
        self._workflow = workflow
        self._told = 0
        self._keys: dict[str, str] = {}
        self._posts: set[str] = set()

    def goes_on(self, log: list[AnyEvent]) -> None:
        for event in log[self._told :]:
            before = self.state
            assert isinstance(event, StageEntered) == (before is None)
            decision = decide(before, event, self._workflow, event.at)
            self.state = decision.handoff.model_copy(update={"version": decision.handoff.version + 1})
            nothing_reaches_delivery_too_early(before, self.state, self._workflow)
            self._nothing_is_dropped(decision.notices)
        self._told = len(log)

    def _nothing_is_dropped(self, notices: tuple[Notice, ...]) -> None:
        """A key that was there before drops what it names: as good is another update, or what ops was told that day."""
        for notice in notices:
            known = self._keys.setdefault(notice.key, notice.kind)
            assert known == notice.kind
        posts = [n.key for n in notices if not is_update(n) and not isinstance(n, TellOps)]
        assert len(posts) == len(set(posts))
        assert not self._posts & set(posts)
        self._posts |= set(posts)


def nothing_reaches_delivery_too_early(before: Handoff | None, after: Handoff, workflow: Workflow) -> None:
    came = after.status in WITH_DELIVERY and (before is None or before.status not in WITH_DELIVERY)
    taken = after.owner is not None and before is not None and before.owner is None
    if came or taken:
        assert not checklist.missing(workflow, after)
        assert not after.undecided


def a_status_means_what_it_says(handoff: Handoff, workflow: Workflow) -> None:
    missing, undecided = checklist.missing(workflow, handoff), handoff.undecided
    match handoff.status:
        case Status.COLLECTING:
            assert missing
        case Status.IN_REVIEW:
            assert not missing
            assert undecided
        case Status.UNCLAIMED:
            assert not missing
            assert not undecided
            assert handoff.owner is None
        case Status.OWNED | Status.KICKOFF_SCHEDULED:
            assert handoff.owner is not None
            assert (handoff.kickoff_at is not None) == (handoff.status is Status.KICKOFF_SCHEDULED)
        case Status.CANCELLED:
            assert handoff.ending is not None
    assert handoff.is_open or handoff.offer is None
    assert handoff.ending is None or handoff.status is Status.CANCELLED


def one_reminder_waits_for_each_deed(handoff: Handoff, workflow: Workflow, waiting: list[Notice]) -> None:
    """Until its ladder ends; none while it is paused without an end, and none of what is over."""
    nags = [n for n in waiting if isinstance(n, Nag) and n.handoff_id == handoff.id]
    wanted = [n.scope for n in nags if still_wanted(n, handoff)]

    assert sorted(wanted) == sorted(_awaited(handoff, workflow))


def _awaited(handoff: Handoff, workflow: Workflow) -> list[str]:
    if not handoff.is_open or (handoff.quiet is not None and handoff.quiet.until is None):
        return []
    name = LADDERS.get(handoff.status)
    of_state = [name] if name and handoff.step < _length(workflow, name) else []
    length = _length(workflow, "reviewer")
    return [*of_state, *(f"reviewer:{i}" for i in handoff.undecided if handoff.flags[i].step < length)]


def _length(workflow: Workflow, name: Ladder) -> int:
    rungs: tuple[Rung, ...] = rungs_of(workflow, name)
    return sum(rung.at_most or 1 for rung in rungs)


def what_was_said_was_true(seen: Seen, workflow: Workflow) -> None:
    """Of a post, and the handoff as it was stored when it was made."""
    notice, handoff = seen.notice, seen.handoff
    if isinstance(notice, Nag) and notice.flag is None:
        assert LADDERS.get(handoff.status) == notice.ladder
    elif isinstance(notice, Nag):
        assert notice.flag in handoff.undecided
        assert handoff.is_open
    elif isinstance(notice, PostBrief):
        assert handoff.status in (*WITH_DELIVERY, Status.DONE)
        if handoff.owner is None:
            assert not checklist.missing(workflow, handoff)
            assert not handoff.undecided

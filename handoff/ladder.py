"""Nag ladders → notices: who is reminded next, and when. Pure: the clock is an argument.

Durations count the working time of whoever is waited for; a reminder falls into the working hours of whoever gets it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from handoff.calendars import Calendars
from handoff.model import Handoff, Person, Status
from handoff.notices import Ladder, Lane, Nag, Notice, To
from handoff.rights import deciders
from handoff.terms import Rung
from handoff.workflow import Exceptions, Workflow
from handoff.worktime import AROUND_THE_CLOCK, Calendar

LADDERS: dict[Status, Ladder] = {
    Status.COLLECTING: "rep",
    Status.UNCLAIMED: "channel",
    Status.OWNED: "owner",
}
_NO_OWNER = "there is no owner yet"
LANES: dict[str, Lane] = {"rep": "rep", "channel": "delivery", "owner": "owner", "reviewer": "review"}


def rungs_of(workflow: Workflow, name: Ladder) -> tuple[Rung, ...]:
    """The rungs of one ladder."""
    rungs: tuple[Rung, ...] = getattr(workflow.nags, name)
    return rungs


def rung_at(rungs: tuple[Rung, ...], step: int, calendar: Calendar = AROUND_THE_CLOCK) -> tuple[Rung, timedelta] | None:
    """The rung of a step and how much working time it waits after the step before it; None where the ladder ends.

    Counted from the step before rather than from the start, so that a ladder that was held up (Baton or Slack was down)
    goes on with its own pauses instead of saying everything at once.
    """
    for index, rung in enumerate(rungs):
        if rung.every is not None:
            return (rung, calendar.span(rung.every)) if step - index < (rung.at_most or 0) else None
        if index == step and rung.after is not None:
            before = rungs[index - 1].after if index else None
            return rung, calendar.span(rung.after) - (calendar.span(before) if before else timedelta())
    return None


def due(
    rungs: tuple[Rung, ...], step: int, since: datetime, calendar: Calendar = AROUND_THE_CLOCK
) -> tuple[Rung, datetime] | None:
    """The rung of a step and when it is due, if the step before it (or the start) was at `since`.

    `calendar` is that of whoever is waited for.
    """
    found = rung_at(rungs, step, calendar)
    return (found[0], calendar.after(since, found[1])) if found else None


def last_due(rungs: tuple[Rung, ...], since: datetime, calendar: Calendar) -> datetime:
    """When the last rung of a ladder is due that begins at `since` and is never held up; `since` without rungs."""
    step = 0
    while found := due(rungs, step, since, calendar):
        since, step = found[1], step + 1
    return since


def next_to(handoff: Handoff, workflow: Workflow, name: Ladder, step: int, flag: int | None = None) -> To | None:
    """Whom the first rung from `step` on means that has an address; None where the ladder ends."""
    rungs = rungs_of(workflow, name)
    while found := rung_at(rungs, step):
        to = address(found[0].to, handoff, workflow, flag)
        if isinstance(to, To):
            return to
        step += 1
    return None


def goes_on(handoff: Handoff, workflow: Workflow, name: Ladder, step: int) -> bool:
    """Whether any rung from `step` on has an address."""
    return next_to(handoff, workflow, name, step) is not None


def sales(handoff: Handoff, workflow: Workflow) -> To:
    """Whoever answers for sales; a channel if nobody could be found."""
    if handoff.asked is not None:
        return To(person=handoff.asked)
    return To(name=workflow.defaults.ops_channel or workflow.defaults.fallback_channel or workflow.delivery.channel)


def next_nag(
    handoff: Handoff,
    calendars: Calendars,
    name: Ladder,
    step: int,
    since: datetime,
    trace: str,
    flag: int | None = None,
) -> tuple[tuple[Notice, ...], tuple[str, ...]]:
    """The first rung from `step` on that has an address; rungs without one are passed over with a remark.

    While a handoff is quiet it is due when that ends; paused without an end there is none.
    """
    quiet, remarks = handoff.quiet, list[str]()
    if quiet is not None and quiet.until is None:
        return (), ("no reminders while it is paused",)
    at = quiet.until if quiet is not None and quiet.until is not None and quiet.until > since else None
    workflow = calendars.workflow
    awaited = calendars.of(waited_for(name, handoff, workflow, flag))
    while found := due(rungs_of(workflow, name), step, since, awaited):
        rung, due_at = found
        to = address(rung.to, handoff, workflow, flag)
        if isinstance(to, To):
            nag = Nag(
                key=_key(handoff, name, step, flag),
                handoff_id=handoff.id,
                due_at=calendars.of(to).opening(at or due_at),
                lane=LANES[name],
                trace=trace,
                ladder=name,
                step=step,
                to=to,
                round=handoff.round,
                flag=flag,
            )
            return (nag,), tuple(remarks)
        remarks.append(f"{name} ladder, step {step + 1} passed over: {to}")
        since, step = due_at, step + 1
    return (), tuple(remarks)


def waited_for(name: Ladder, handoff: Handoff, workflow: Workflow, flag: int | None = None) -> To | None:
    """Whose deed a ladder waits for; nobody's in particular where a whole channel could do it."""
    if name == "rep":
        return sales(handoff, workflow)
    if name == "owner" and handoff.owner is not None:
        return To(person=handoff.owner)
    if name == "reviewer" and workflow.exceptions and workflow.exceptions.reviewers:
        return To(name=reviewers(workflow.exceptions, handoff, flag)[0])
    return None


def _key(handoff: Handoff, name: Ladder, step: int, flag: int | None) -> str:
    parts = [handoff.id, "nag", name]
    parts += [f"f{flag}"] if flag is not None else []
    parts += [f"r{handoff.round}"] if handoff.round else []
    return ":".join([*parts, str(step)])


def address(to: str, handoff: Handoff, workflow: Workflow, flag: int | None = None) -> To | str:
    """Whom a rung means on this handoff, or why nobody. `flag` is the one that waits for its reviewer."""
    words: dict[str, Callable[[], To | str]] = {
        "rep": lambda: sales(handoff, workflow),
        "channel": lambda: To(name=workflow.delivery.channel),
        "ops_channel": lambda: _ops(workflow),
        "owner": lambda: To(person=handoff.owner) if handoff.owner else _NO_OWNER,
        "reviewer": lambda: _reviewer(handoff, workflow, flag),
        "manager of rep": lambda: _manager(handoff.asked, "the rep", workflow),
        "manager of owner": lambda: _manager(handoff.owner, "the owner", workflow) if handoff.owner else _NO_OWNER,
    }
    return words[to]() if to in words else To(name=to)


def _ops(workflow: Workflow) -> To | str:
    channel = workflow.defaults.ops_channel
    return To(name=channel) if channel else "defaults.ops_channel is not set"


def _reviewer(handoff: Handoff, workflow: Workflow, flag: int | None) -> To | str:
    if workflow.exceptions is None:
        return "there are no exceptions in this workflow"
    return To(name=reviewers(workflow.exceptions, handoff, flag)[0])


def reviewers(exceptions: Exceptions, handoff: Handoff, flag: int | None) -> tuple[str, ...]:
    """Who decides on a flag; everybody in the channel if nobody is named."""
    names = exceptions.reviewers if flag is None else deciders(exceptions, handoff.flags[flag])
    return names or (exceptions.channel,)


def _manager(person: Person | None, who: str, workflow: Workflow) -> To | str:
    email = person.email if person else None
    note = workflow.note_of(email)
    return To(name=note.manager) if note and note.manager else f"no manager is known for {email or who}"

"""Nag ladders → notices: who is reminded next, and when. Pure: the clock is an argument.

Durations count around the clock; working calendars are not applied here.
"""

from datetime import datetime, timedelta

from handoff.model import Handoff
from handoff.notices import Ladder, Nag, Notice, To
from handoff.terms import Rung, length
from handoff.workflow import Workflow


def rung_at(rungs: tuple[Rung, ...], step: int) -> tuple[Rung, timedelta] | None:
    """The rung of a step and how long it waits after the step before it; None where the ladder ends.

    Counted from the step before rather than from the start, so that a ladder that was held up (Baton or Slack was down)
    goes on with its own pauses instead of saying everything at once.
    """
    for index, rung in enumerate(rungs):
        if rung.every is not None:
            return (rung, length(rung.every)) if step - index < (rung.at_most or 0) else None
        if index == step and rung.after is not None:
            before = rungs[index - 1].after if index else None
            return rung, length(rung.after) - (length(before) if before else timedelta())
    return None


def due(rungs: tuple[Rung, ...], step: int, since: datetime) -> tuple[Rung, datetime] | None:
    """The rung of a step and when it is due, if the step before it (or the start) was at `since`."""
    found = rung_at(rungs, step)
    return (found[0], since + found[1]) if found else None


def sales(handoff: Handoff, workflow: Workflow) -> To:
    """Whoever answers for sales; a channel if nobody could be found."""
    if handoff.asked is not None:
        return To(person=handoff.asked)
    return To(name=workflow.defaults.ops_channel or workflow.defaults.fallback_channel or workflow.delivery.channel)


def next_nag(
    handoff: Handoff, workflow: Workflow, name: Ladder, step: int, since: datetime, trace: str
) -> tuple[tuple[Notice, ...], tuple[str, ...]]:
    """The first rung from `step` on that has an address; rungs without one are passed over with a remark."""
    rungs = workflow.nags.rep if name == "rep" else workflow.nags.channel
    remarks: list[str] = []
    while found := due(rungs, step, since):
        rung, due_at = found
        address = _address(rung.to, handoff, workflow)
        if isinstance(address, To):
            nag = Nag(
                key=f"{handoff.id}:nag:{name}:{step}",
                handoff_id=handoff.id,
                due_at=due_at,
                lane="rep" if name == "rep" else "delivery",
                trace=trace,
                ladder=name,
                step=step,
                to=address,
            )
            return (nag,), tuple(remarks)
        remarks.append(f"{name} ladder, step {step + 1} passed over: {address}")
        since, step = due_at, step + 1
    return (), tuple(remarks)


def _address(to: str, handoff: Handoff, workflow: Workflow) -> To | str:
    """Whom a rung means on this handoff, or why nobody."""
    if to == "rep":
        return sales(handoff, workflow)
    if to == "channel":
        return To(name=workflow.delivery.channel)
    if to == "ops_channel":
        channel = workflow.defaults.ops_channel
        return To(name=channel) if channel else "defaults.ops_channel is not set"
    if to == "manager of rep":
        email = handoff.asked.email if handoff.asked else None
        note = workflow.people.get(email) if email else None
        return To(name=note.manager) if note and note.manager else f"no manager is known for {email or 'the rep'}"
    if to in ("owner", "reviewer", "manager of owner"):
        return f"there is no {to.removeprefix('manager of ')} yet"
    return To(name=to)

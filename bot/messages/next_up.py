"""What comes after a reminder: whom the next one goes to and when, or that it was put off and by whom. Pure."""

from datetime import datetime

from bot.messages import blocks
from bot.messages.wording import Part
from bot.public_holidays import is_holiday
from handoff import ladder
from handoff.calendars import Calendars
from handoff.model import Handoff, Person, Quiet
from handoff.notices import Nag
from handoff.ports import Waiting
from handoff.rights import deciders
from handoff.workflow import Workflow

Parts = tuple[Part, ...]

_SHORT = 60  # characters of a reason


def foreseen(notice: Nag, handoff: Handoff, workflow: Workflow, now: datetime) -> Parts:
    """What follows a reminder that is being sent now, exactly as the ladder will have it."""
    calendars = Calendars(workflow, is_holiday)
    found, _ = ladder.next_nag(handoff, calendars, notice.ladder, notice.step + 1, now, "", notice.flag)
    coming = next((n for n in found if isinstance(n, Nag)), None)
    return _next(notice, handoff, workflow, coming)


def known(one: Waiting, now: datetime) -> Parts:
    """What follows a reminder that stands: the one that waits, and why it waits longer than the ladder says."""
    quiet = resting(one.handoff, now)
    if quiet is None:
        return _next(one.nag, one.handoff, one.workflow, one.coming)
    coming = _next(one.nag, one.handoff, one.workflow, one.coming) if one.coming else ()
    return (*_rests(quiet), *((" ", *coming) if coming else ()))


def as_it_is(handoff: Handoff, coming: Nag | None, now: datetime) -> Parts:
    """What holds already where somebody paused or resumed once more. `coming` is the next reminder, if one waits."""
    name = blocks.words(handoff.record.name, bold=True, limit=150)
    if (quiet := resting(handoff, now)) is not None:
        return "Nothing was changed. ", name, ": ", *_rests(quiet)
    whom = coming.to.person.name if coming and coming.to.person else coming.to.name if coming else ""
    due = coming.due_at if coming else now
    goes: Parts = (f" Next reminder: to {blocks.cut(whom or 'the channel', 100)}, ", blocks.moment(due), ".")
    return "Nothing was changed. ", name, " is not paused.", *(goes if coming else (" No reminder waits.",))


def resting(handoff: Handoff, now: datetime) -> Quiet | None:
    """The snooze or pause that is not over yet."""
    quiet = handoff.quiet
    return quiet if quiet is not None and (quiet.until is None or quiet.until > now) else None


def in_small(parts: Parts) -> Parts:
    """The same in italics."""
    return tuple(blocks.words(p, italic=True) if isinstance(p, str) else p for p in parts)


def _rests(quiet: Quiet) -> Parts:
    until: Parts = (" until ", blocks.moment(quiet.until)) if quiet.until else (" until somebody resumes it",)
    why = f": “{blocks.cut(quiet.reason, _SHORT)}”." if quiet.reason else "."
    return f"{'Paused' if quiet.is_pause else 'Snoozed'} by {blocks.cut(quiet.by.name, _SHORT)}", *until, why


def _next(notice: Nag, handoff: Handoff, workflow: Workflow, coming: Nag | None) -> Parts:
    rung = ladder.rung_at(ladder.rungs_of(workflow, notice.ladder), coming.step) if coming else None
    if coming is None or rung is None:
        return ("This is the last reminder.",)
    return f"Next reminder: to {_whom(rung[0].to, notice, handoff, workflow)}, ", blocks.moment(coming.due_at), "."


def _whom(to: str, notice: Nag, handoff: Handoff, workflow: Workflow) -> str:
    """Whom a rung means, as whoever reads this reminder would say."""
    reader = notice.to.person
    match to:
        case "rep":
            return _called(handoff.asked, reader, "sales")
        case "owner":
            return _called(handoff.owner, reader, "the owner")
        case "manager of rep":
            return _manager(handoff.asked, reader, "the rep")
        case "manager of owner":
            return _manager(handoff.owner, reader, "the owner")
        case "channel":
            return workflow.delivery.channel
        case "ops_channel":
            return workflow.defaults.ops_channel or "the people who run Baton"
        case "reviewer":
            return _reviewer(notice, handoff, workflow)
        case _:
            return to


def _reviewer(notice: Nag, handoff: Handoff, workflow: Workflow) -> str:
    if workflow.exceptions is None or notice.flag is None:
        return "the reviewers"
    return next(iter(deciders(workflow.exceptions, handoff.flags[notice.flag])), "the reviewers")


def _called(person: Person | None, reader: Person | None, otherwise: str) -> str:
    if person is None:
        return otherwise
    return "you" if person.is_same(reader) else blocks.cut(person.name, 100)


def _manager(person: Person | None, reader: Person | None, otherwise: str) -> str:
    called = _called(person, reader, otherwise)
    return "your manager" if called == "you" else f"{called}’s manager"

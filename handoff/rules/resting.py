"""Snoozed, paused, resumed: when the next reminder comes. What is waited for stays the same."""

from datetime import timedelta

from handoff.decision import Decision, ReplyKind
from handoff.events import Paused, Snoozed, Unpaused
from handoff.ladder import LADDERS, next_nag
from handoff.model import Handoff, Quiet
from handoff.rights import may
from handoff.rules.case import Case, Notices, all_ladders
from handoff.rules.owning import not_allowed
from handoff.terms import length

_TWICE = timedelta(minutes=1)  # two of one person until the same moment are one that came twice


def snoozed(case: Case, event: Snoozed) -> Decision:
    """The next reminder comes later. Only so often, and only so far."""
    handoff, defaults = case.handoff, case.workflow.defaults
    if not handoff.is_open:
        return case.unchanged(ReplyKind.OVER)
    if (quiet := _quiet_now(case)) and quiet.is_pause:
        return case.unchanged(ReplyKind.ALREADY_SO, quiet.by, quiet.at)
    if handoff.snoozes >= defaults.most_snoozes:
        return case.unchanged(ReplyKind.TOO_OFTEN)
    if event.until <= case.now:
        return case.wrong({"until": "That is in the past. Choose a later moment."})
    until = min(event.until, case.now + length(defaults.longest_snooze))
    if quiet and quiet.until and quiet.by.is_same(event.by) and abs(quiet.until - until) < _TWICE:
        return case.unchanged(ReplyKind.ALREADY_SO, quiet.by, quiet.at)
    quiet = Quiet(by=event.by, at=event.at, until=until)
    return _later(case, handoff.model_copy(update={"quiet": quiet, "snoozes": handoff.snoozes + 1}))


def paused(case: Case, event: Paused) -> Decision:
    """No reminders for a reason, until a moment or until somebody resumes them."""
    handoff = case.handoff
    if not handoff.is_open:
        return case.unchanged(ReplyKind.OVER)
    if not may(case.workflow.delivery.may_pause, event, case.workflow.delivery.channel):
        return not_allowed(case, case.workflow.delivery.may_pause)
    if event.until is not None and event.until <= case.now:
        return case.wrong({"until": "That is in the past. Choose a later moment."})
    quiet = Quiet(by=event.by, at=event.at, until=event.until, reason=event.reason.strip(), is_pause=True)
    if (known := _quiet_now(case)) and _is_the_same(known, quiet):
        return case.unchanged(ReplyKind.ALREADY_SO, known.by, known.at)
    return _later(case, handoff.model_copy(update={"quiet": quiet}))


def unpaused(case: Case, event: Unpaused) -> Decision:
    """Reminders go on from where they were. Whoever put them off may always take that back."""
    if not case.handoff.is_open:
        return case.unchanged(ReplyKind.OVER)
    if (quiet := _quiet_now(case)) is None:
        return case.unchanged(ReplyKind.ALREADY_SO)
    is_own, delivery = quiet.by.is_same(event.by), case.workflow.delivery
    if not is_own and not may(delivery.may_pause, event, delivery.channel):
        return not_allowed(case, delivery.may_pause)
    return _later(case, case.handoff.model_copy(update={"quiet": None}))


def _quiet_now(case: Case) -> Quiet | None:
    """The snooze or pause that is not over yet."""
    quiet = case.handoff.quiet
    return quiet if quiet is not None and (quiet.until is None or quiet.until > case.now) else None


def _is_the_same(known: Quiet, quiet: Quiet) -> bool:
    """Whether one person's pause came twice."""
    if not (known.is_pause and known.by.is_same(quiet.by) and known.reason == quiet.reason):
        return False
    if known.until is None or quiet.until is None:
        return known.until is quiet.until
    return abs(known.until - quiet.until) < _TWICE


def _later(case: Case, handoff: Handoff) -> Decision:
    """Void the reminders that wait, and put the same rungs where they belong now."""
    handoff = handoff.model_copy(update={"round": handoff.round + 1})
    notices: Notices = ()
    remarks: tuple[str, ...] = ()
    if name := LADDERS.get(handoff.status):
        nags, remarks = next_nag(handoff, case.calendars, name, handoff.step, case.now, case.event.trace)
        notices += nags
    told = (*case.update_ask(), *case.update_brief(), *case.update_reminders())
    return Decision(handoff=handoff, notices=(*told, *notices), cancel=all_ladders(handoff), remarks=remarks)

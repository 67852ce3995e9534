"""The form *Snooze*: until when there are no reminders, in the person's own time. Pure."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.messages import blocks, buttons
from bot.messages.answers import ago
from bot.messages.blocks import Block, Element
from bot.modals import forms
from bot.public_holidays import is_holiday
from handoff.calendars import Calendars
from handoff.courtesy import next_morning
from handoff.decision import Reply, ReplyKind
from handoff.model import Handoff, Person
from handoff.terms import length
from handoff.workflow import Workflow, WorkingHours
from handoff.worktime import Calendar

CALLBACK = "snooze"

_WHEN, _DATE = "when", "date"
_LATER, _MORNING, _DAY = "later", "morning", "date"
_HOURS_LATER = timedelta(hours=3)
_OFFICE = WorkingHours.model_validate({"days": ("mon", "tue", "wed", "thu", "fri"), "from": "09:00", "to": "17:00"})


@dataclass(frozen=True)
class Submitted:
    """What somebody submitted: which of the three, and the day if it is a day."""

    handoff_id: str
    when: str
    day: str


def build(handoff: Handoff, workflow: Workflow, by: Person, zone: str, now: datetime) -> dict[str, Any]:
    """The view, or why there is nothing to snooze."""
    name = blocks.cut(handoff.record.name, 200)
    if not handoff.is_open:
        return forms.note("Nothing to snooze", f"The handoff of {name} is over; nobody is reminded any more.")
    left = workflow.defaults.most_snoozes - handoff.snoozes
    if left <= 0:
        enough = forms.note("Snoozed often enough", f"{name} was snoozed {handoff.snoozes} times. Please do it now.")
        return {**enough, "blocks": [*enough["blocks"], _pause(handoff)]}
    morning = _morning(workflow, by, _zone(zone), now)
    choices = {
        _LATER: f"In three hours, at {(now + _HOURS_LATER).astimezone(_zone(zone)):%H:%M}",
        _MORNING: f"Next working morning, {morning:%a} {morning.day} {morning:%b} at {morning:%H:%M}",
        _DAY: "On a day of my choice",
    }
    options = forms.options(choices)
    radio: Element = {"type": "radio_buttons", "options": options, "initial_option": options[1]}
    times = "once more" if left == 1 else f"{left} more times"
    says = f"No reminders until then; nothing else changes. This one can be snoozed {times}."
    longest = f"At most {_longest(workflow)} ahead. Reminders begin again at {morning:%H:%M} on that day."
    body = [
        *forms.about(handoff, says),
        forms.input_block(_WHEN, "When shall Baton ask again?", radio),
        forms.input_block(_DATE, "The day, if you choose one", {"type": "datepicker"}, longest, optional=True),
        _pause(handoff),
    ]
    return forms.form(CALLBACK, "Snooze", "Snooze", handoff.id, body)


def parse(view: dict[str, Any]) -> Submitted:
    """What was submitted in this view."""
    said = forms.read(view)
    return Submitted(str(view.get("private_metadata") or ""), said.get(_WHEN, ""), said.get(_DATE, ""))


def until(said: Submitted, workflow: Workflow, by: Person, zone: str, now: datetime) -> datetime | None:
    """The moment that was meant; None if a day was meant and none chosen, or one that is too far off."""
    there = _zone(zone)
    if said.when == _LATER:
        return now + _HOURS_LATER
    if said.when == _MORNING:
        return _morning(workflow, by, there, now).astimezone(UTC)
    hours = _working(workflow, by, there).hours or _OFFICE
    try:
        moment = datetime.combine(date.fromisoformat(said.day), time.fromisoformat(hours.from_), there).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment <= now + length(workflow.defaults.longest_snooze) + timedelta(days=1) else None


def no_day(workflow: Workflow) -> dict[str, Any]:
    """The form again, where a day was to be chosen."""
    text = f"Please choose a day, at most {_longest(workflow)} ahead."
    return answer(Reply(kind=ReplyKind.WRONG_ANSWERS, complaints={"until": text}))


def answer(reply: Reply | None) -> dict[str, Any]:
    """What Slack does with the form."""
    return forms.answer(reply, {"until": _DATE})


def _pause(handoff: Handoff) -> Block:
    """The way to what a snooze cannot be: longer, for a reason, or without an end."""
    return blocks.actions(blocks.button("Pause instead …", buttons.PAUSE, handoff.id))


def _longest(workflow: Workflow) -> str:
    return ago(length(workflow.defaults.longest_snooze))


def _morning(workflow: Workflow, by: Person, zone: ZoneInfo, now: datetime) -> datetime:
    """When the person's next working day begins, in their time zone."""
    return next_morning(_working(workflow, by, zone), now).astimezone(zone)


def _working(workflow: Workflow, by: Person, zone: ZoneInfo) -> Calendar:
    """When somebody works in a zone; from nine on weekdays if it is not said."""
    calendar = Calendars(workflow, is_holiday).of_person(by)
    return replace(calendar, zone=zone, hours=calendar.hours or _OFFICE)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # Slack may know a zone that this machine does not
        return ZoneInfo("UTC")

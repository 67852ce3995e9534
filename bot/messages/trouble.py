"""What whoever runs Baton reads when a channel or a person cannot be reached: why, what was done, what to do. Pure."""

from bot.messages import blocks, wording
from bot.messages.answers import system_name
from bot.messages.blocks import Block, Element
from bot.messages.wording import Part
from handoff.model import Handoff
from handoff.notices import TellOps, To
from handoff.terms import is_channel
from handoff.workflow import Workflow

Parts = tuple[Part, ...]

_WHAT = {
    "ask_rep": "The question to sales",
    "post_brief": "The brief",
    "post_review": "The review",
    "nag": "The reminder",
    "ask_question": "A question",
    "ask_take_over": "The question who takes it over",
    "post_task": "The first task",
}
_CHANNELS = {  # why, and what to do; `{}` is the channel
    "is_archived": (
        "it is archived",
        "Unarchive {0}, or name another channel in its place in handoffs.yml and start Baton again.",
    ),
    "not_in_channel": ("Baton is not in it", "Write /invite @Baton in {0}."),
    "channel_not_found": (
        "Slack shows Baton no such channel",
        "Is it private? Write /invite @Baton in it. Was it renamed? Write its new name for {0} in handoffs.yml.",
    ),
}
_RESTRICTED = ("only some may post there", "Let Baton post in {0}: the channel’s settings say who may.")
_OWNER = "In handoffs.yml, write who this is under `people`, or give the record another owner in {0}."
_GONE = (
    "Give what they have to somebody else: Assign to … in the menu of its brief, or Not mine on its question. "
    "If handoffs.yml names them, name somebody else there."
)
_UNKNOWN = "Look whether the address is right in handoffs.yml, and whether they are in this workspace."


def unreachable(notice: TellOps, handoff: Handoff, workflow: Workflow) -> tuple[str, list[Block]]:
    """A message's fallback text and blocks."""
    is_place = notice.about.person is None and is_channel(notice.about.name or "")
    first, why, mend = _channel(notice) if is_place else _person(notice, handoff)
    said: Parts = (*first, f": {why}. ", *_done(notice, handoff))
    listener = workflow.defaults.ops_channel or "another channel"
    misplaced = f"This belongs in {listener}, which refused it ({notice.instead})." if notice.instead else ""
    body = [
        *([wording.paragraph(blocks.words(misplaced, italic=True, limit=300))] if misplaced else []),
        wording.paragraph(*said),
        wording.paragraph(blocks.words("What to do: ", bold=True), mend),
        wording.paragraph(blocks.words("Baton says this once a day, for as long as it is so.", italic=True)),
    ]
    return wording.fallback(*said, here="the channel"), body


def _channel(notice: TellOps) -> tuple[Parts, str, str]:
    why, mend = _CHANNELS.get(notice.reason, _RESTRICTED)
    return ("Baton cannot post in ", _named(notice.about)), why, mend.format(notice.about.name)


def _person(notice: TellOps, handoff: Handoff) -> tuple[Parts, str, str]:
    first: Parts = ("Baton cannot reach ", _named(notice.about))
    person = notice.about.person
    if notice.reason == "not_in_slack":
        system = system_name(handoff.record.ref.system)
        lacks = "knows nobody by this address" if person and person.email else "cannot tell who this is"
        return first, f"they own a record in {system}, and Slack {lacks}", _OWNER.format(system)
    if person is not None:
        return first, "their Slack account is deactivated, or Slack does not let Baton write to them", _GONE
    return first, "Slack knows nobody by this name", _UNKNOWN


def _named(to: To) -> Element:
    """A channel or a person by name, who is not notified by it."""
    if to.person is not None:
        email = f" ({to.person.email})" if to.person.email else ""
        return blocks.words(f"{blocks.cut(to.person.name, 100)}{blocks.cut(email, 200)}", bold=True)
    name = to.name or ""
    if is_channel(name) and not name.startswith("#"):
        return {"type": "channel", "channel_id": name}
    return blocks.words(name, bold=True, limit=100)


def _done(notice: TellOps, handoff: Handoff) -> Parts:
    what, name = _WHAT.get(notice.what, "A message"), wording.name(handoff)
    if notice.in_its_place is None:
        return f"{what} about ", name, " was not sent, and nothing in its place; /handoff problems lists it."
    place = _named(notice.in_its_place)
    if notice.what == "nag":
        return f"{what} about ", name, " goes to ", place, " in their place."
    return f"{what} about ", name, " went to ", place, " in its place, and so does what follows until this is mended."

"""What can be pressed: the name of every action, and the buttons that stand in more than one message. Pure.

A button's value is the handoff's id; where it means one thing among several, its place or id follows after a bar.
"""

from bot import blocks
from bot.blocks import Element
from handoff.model import Handoff

# sales
COMPLETE = "complete_handoff"
NOT_MINE = "not_mine"
SNOOZE = "snooze"
NOT_NEEDED = "not_needed"
ANSWER = "answer_question"
# delivery
TAKE = "take_ownership"
ASK_SALES = "ask_sales"
SEND_BACK = "send_back"
KICKOFF = "schedule_kickoff"
HAND_OVER = "hand_over"
RELEASE = "release"
DONE = "done"
MORE = "more"
STEPS = "task_steps"
ACCEPT = "accept_hand_over"
DECLINE = "decline_hand_over"
EMAIL = "welcome_email"
# reviewers
REVIEW = "review"
# the record differs
KEEP_THEIRS = "keep_theirs"
KEEP_OURS = "keep_ours"


def value(handoff: Handoff, part: str | int) -> str:
    """What a button says that means one thing among several of a handoff."""
    return f"{handoff.id}|{part}"


def parts(value_: str) -> tuple[str, str]:
    """The handoff's id and what follows it; the second is empty if nothing does."""
    handoff_id, _, part = value_.partition("|")
    return handoff_id, part


def complete(handoff: Handoff, label: str = "Complete handoff") -> Element:
    """The button that opens the form."""
    return blocks.button(label, COMPLETE, handoff.id, style="primary")


def take(handoff: Handoff) -> Element:
    """The button that makes whoever presses it the owner."""
    return blocks.button("Take ownership", TAKE, handoff.id, style="primary")


def snooze(handoff: Handoff) -> Element:
    """The button that puts the next reminder off."""
    return blocks.button("Snooze", SNOOZE, handoff.id)

"""What can be pressed: the name of every action, and the buttons that stand in more than one message. Pure.

A button's value is the handoff's id; where it means one thing among several, its place or id follows after a bar.
"""

from bot.messages import blocks
from bot.messages.blocks import Element
from handoff.model import Handoff

# sales
COMPLETE = "complete_handoff"
NOT_MINE = "not_mine"
SNOOZE = "snooze"
PAUSE = "pause"
NOT_NEEDED = "not_needed"
ANSWER = "answer_question"
REP_MORE = "sales_more"
CORRECT = "correct_something"
SAVE_DRAFT = "save_draft"
BACK = "step_back"
SKIP = "step_skip"
WAIVE = "does_not_apply"
ASK_COLLEAGUE = "ask_colleague"
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
PAGE_BACK = "everything_back"
PAGE_NEXT = "everything_next"
# reviewers
REVIEW = "review"
APPROVE = "review_approve"
CONDITIONS = "review_conditions"
RETURN = "review_return"
FLAG = "flag"
# the record differs
KEEP_THEIRS = "keep_theirs"
KEEP_OURS = "keep_ours"
SEE_BOTH = "see_both_values"
# commands and the Home tab: several in one row are told apart by what follows the colon
ASKED = "handoff_asked"
HOME_PAGE = "home_page"
START = "start_handoff"


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


def decide(handoff: Handoff, flag: int) -> Element:
    """The button that opens the form in which a reviewer decides; the flag is named by its place."""
    return blocks.button("Decide", REVIEW, value(handoff, flag), style="primary")


def kickoff(handoff: Handoff) -> Element:
    """The button with which the owner says when the kickoff is."""
    return blocks.button("Schedule kickoff", KICKOFF, handoff.id, style="primary")


def pause(handoff: Handoff) -> Element:
    """The button that stops the reminders for a reason, or lets them go on."""
    is_paused = handoff.quiet is not None and handoff.quiet.is_pause
    return blocks.button("Resume" if is_paused else "Pause", PAUSE, handoff.id)


def rest(handoff: Handoff) -> list[Element]:
    """The buttons with which the next reminder is put off, or all of them."""
    is_paused = handoff.quiet is not None and handoff.quiet.is_pause
    return [pause(handoff)] if is_paused else [snooze(handoff), pause(handoff)]


def rest_menu(handoff: Handoff) -> Element:
    """The same as a menu, where there is little room."""
    words = {"snooze": "Snooze …", "pause": "Pause …"}
    if handoff.quiet is not None and handoff.quiet.is_pause:
        words = {"pause": "Resume …"}
    options = [{"text": blocks.plain(text, 75), "value": value(handoff, key)} for key, text in words.items()]
    return {"type": "overflow", "action_id": MORE, "options": options}

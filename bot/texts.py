"""What people are told privately. All of it stands here, to be read as writing."""

from bot.blocks import cut, escape
from bot.briefs import ago
from handoff.decision import Reply, ReplyKind
from handoff.model import Status

NOT_SAVED = "That was not saved: Baton's memory did not answer. Nothing is lost; please press once more."
GONE = "Baton does not know this handoff any more. Ask whoever runs Baton, or look it up with /handoff status."
STRANGER = "Only people of the workspace that Baton is installed in can do this. Nothing was changed; ask one of them."
NO_FORM = "Slack did not open the form in time. Please press the button again."
HELP = (
    "*/handoff status* shows what waits for whom.\n"
    "*/handoff status &lt;name&gt;* shows where one customer stands, such as `/handoff status fjord`.\n"
    "*/handoff problems* shows what Baton could not do, for whoever runs it."
)


def unknown_word(word: str) -> str:
    """The answer to a word that /handoff does not know."""
    return f"/handoff does not know “{escape(word, 60)}”. It knows:\n{HELP}"


def reply(given: Reply) -> str | None:
    """What a person reads whose act changed nothing, and why; nothing if the message itself shows what they did."""
    who = escape(given.person.name, 100) if given.person else "Somebody"
    match given.kind:
        case ReplyKind.DONE | ReplyKind.STILL_MISSING:
            return None
        case ReplyKind.ALREADY_OWNED:
            return f"{who} took this {_ago(given)} before you. It stays with them."
        case ReplyKind.ALREADY_YOURS:
            return f"This is yours already; you took it {_ago(given)} ago."
        case ReplyKind.ALREADY_COMPLETE:
            return f"{who} completed this {_ago(given)} ago; nothing was changed."
        case ReplyKind.WRONG_ANSWERS:
            return escape(" ".join(given.complaints.values()))
        case ReplyKind.NOT_READY:
            return NOT_READY[given.status is Status.IN_REVIEW]
        case ReplyKind.NOT_ALLOWED:
            return f"This can be done by {escape(', '.join(given.names), 500)}. Nothing was changed; ask one of them."
        case ReplyKind.NOT_YOURS:
            return f"This is {who}'s to do. Nothing was changed; ask them."
        case _:
            return _too_late(given, who)


NOT_READY = (
    "This is back with sales: answers are missing. Its brief will ask again when they are there.",
    "This waits for a review. Its brief will ask again when that is decided.",
)


def _too_late(given: Reply, who: str) -> str:
    match given.kind:
        case ReplyKind.ALREADY_DECIDED:
            return f"{who} decided this {_ago(given)} ago. That stands; nothing was changed."
        case ReplyKind.ALREADY_SO:
            return "That is so already; nothing was changed."
        case ReplyKind.TOO_OFTEN:
            return "This was snoozed as often as it can be. Please do it now, or pause it with /handoff pause."
        case ReplyKind.OVER:
            over = "done" if given.status is Status.DONE else "cancelled"
            return f"This handoff is {over}; nothing was changed."
        case _:
            return "This cannot be done where the handoff stands now; nothing was changed."


def already_complete(given: Reply) -> str:
    """What somebody reads whose answers came after another's."""
    who = cut(given.person.name, 100) if given.person else "Somebody"
    return f"{who} completed this {_ago(given)} ago, so your answers were not needed and were not stored."


def _ago(given: Reply) -> str:
    return ago(given.ago) if given.ago is not None else "a moment"

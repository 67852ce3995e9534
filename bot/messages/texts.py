"""What people are told privately. All of it stands here, to be read as writing."""

from collections.abc import Mapping
from datetime import datetime

from bot.messages.blocks import cut, escape
from bot.messages.briefs import ago
from handoff.decision import Reply, ReplyKind
from handoff.model import Handoff, Question, Status
from handoff.workflow import ChecklistField

NOT_SAVED = "That was not saved: Baton's memory did not answer. Nothing is lost; please press once more."
GONE = "Baton does not know this handoff any more. Ask whoever runs Baton, or look it up with /handoff status."
STRANGER = "Only people of the workspace that Baton is installed in can do this. Nothing was changed; ask one of them."
NO_FORM = "Slack did not open the form in time. Please try again."
HELP = (
    "*/handoff status* shows what waits for whom.\n"
    "*/handoff status &lt;name&gt;* shows where one customer stands, such as `/handoff status fjord`.\n"
    "*/handoff mine* shows what waits for you.\n"
    "*/handoff new &lt;name&gt;* starts a handoff by hand; with a record's id or link, from the CRM.\n"
    "*/handoff history &lt;name&gt;* shows everything that happened.\n"
    "*/handoff flag &lt;name&gt;* asks a reviewer to look at it.\n"
    "*/handoff pause &lt;name&gt; [until]* stops its reminders: until a date, tomorrow, friday, 2h.\n"
    "*/handoff pause* shows what is paused or snoozed.\n"
    "*/handoff resume &lt;name&gt;* lets them go on.\n"
    "*/handoff problems* shows what Baton could not do, for whoever runs it.\n"
    "Answers are for you alone. Put *share* at the end and the channel sees them too."
)


def unknown_word(word: str, near: str | None = None) -> str:
    """The answer to a word that /handoff does not know. `near` is the one that was probably meant."""
    meant = f" Did you mean */handoff {near}*?" if near else ""
    return f"/handoff does not know “{escape(word, 60)}”.{meant} It knows:\n{HELP}"


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
            return _not_allowed(given, who)
        case ReplyKind.OWN_FLAG:
            return f"You raised this flag, so somebody else decides on it: {_those(given)}. Nothing was changed."
        case ReplyKind.NOT_YOURS:
            return f"This is {who}'s to do. Nothing was changed; ask them."
        case _:
            return _too_late(given, who)


def _not_allowed(given: Reply, who: str) -> str:
    if given.person is not None:
        return f"{who} is a guest, and guests cannot have this. Nothing was changed; choose somebody else."
    return f"This can be done by {_those(given)}. Nothing was changed; ask one of them."


def _those(given: Reply) -> str:
    """Who may."""
    names = (f"the members of {name}" if name.startswith("#") else name for name in given.names)
    return escape(", ".join(names), 500)


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


FLAG_NEEDS_NOTE = "Please say in a few words what is unusual: a reviewer decides by it."


def ask_again(field: ChecklistField, names: Mapping[str, str]) -> str:
    """What is said where an answer that only others may read will not do. `names`: what those are called."""
    who = cut(", ".join(names.get(one, one) for one in field.visible_to), 200)
    return f"The answer saved for “{cut(field.ask, 200)}” will not do. Please ask {who} to answer it again."


GUEST = "Guests cannot use this. Ask a member of this workspace to do it for you."
NEW_STARTED = "{} is with {} now: Baton has asked in a direct message for what the next team needs to know."
NEW_TWICE = "This handoff is under way already; nothing was started twice."
NEW_UNKNOWN = "Slack does not know this person any more, or they cannot answer. Pick a member of this workspace."


def read_again(system: str, id_: str) -> str:
    """What somebody reads who named a record of the CRM instead of a customer."""
    return (
        f"Baton reads {escape(id_, 30)} in {escape(system, 40)} now. If it has newly reached a stage that starts a "
        "handoff, its rep is asked within seconds. Otherwise nothing begins; to start one all the same, write "
        "*/handoff new* with the customer's name."
    )


def needs_name(word: str) -> str:
    """What somebody reads who did not say which customer they mean."""
    return f"Which customer? Write it behind the word, such as `/handoff {word} fjord`."


def paused(name: str, until: datetime | None) -> str:
    """What somebody reads who paused the reminders."""
    who = escape(name, 300)
    if until is None:
        return f"No more reminders about {who} until somebody writes `/handoff resume {escape(name, 60)}`."
    return f"No reminders about {who} until {slack_date(until)}. Then they go on."


def resumed(name: str) -> str:
    """What somebody reads who let the reminders go on."""
    return f"The reminders about {escape(name, 300)} go on."


def slack_date(at: datetime) -> str:
    """A moment for mrkdwn, which Slack shows in the reader's own time.

    https://docs.slack.dev/messaging/formatting-message-text#date-formatting
    """
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}}, {{time}}|{at:%d %b %Y %H:%M} {at.tzname()}>"


CHOOSE_A_PERSON = "Please choose a person."
NOT_A_GUEST = "Guests and people of other companies cannot do this. Please choose somebody else."
NOT_YOURSELF = "That is you. Choose a colleague, or write the answer into the form."


def reply_taken(asked: Question) -> str:
    """What somebody reads whose reply in a thread answered a question."""
    return f"Thank you. {escape(asked.by.name, 100)} has your answer."


def reply_elsewhere(handoff: Handoff) -> str:
    """What somebody reads who replied where no reply is awaited."""
    name, passed = escape(handoff.record.name, 200), handoff.passed_on
    if passed is not None and handoff.status is Status.COLLECTING and handoff.asked is not None:
        return f"{escape(handoff.asked.name, 100)} is asked about {name} now. Nothing was changed; write to them."
    return f"Baton reads replies under its questions only, so this changed nothing for {name}. Press a button instead."


def answered_by_others(field: ChecklistField, names: Mapping[str, str]) -> str:
    """What somebody reads who answered a question that only others may answer. `names`: what those are called."""
    who = escape(", ".join(names.get(one, one) for one in field.visible_to), 200)
    return f"“{escape(field.ask, 200)}” is answered by {who} only. Nothing was changed; ask them, or open the form."

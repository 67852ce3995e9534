"""What people are told privately. All of it stands here, to be read as writing."""

from bot.blocks import cut, escape
from bot.briefs import ago
from handoff.decide import Reply, ReplyKind

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


def reply_to_claim(reply: Reply) -> str | None:
    """What the person who pressed *Take ownership* reads; nothing if the brief itself says it."""
    match reply.kind:
        case ReplyKind.ALREADY_OWNED:
            who = escape(reply.person.name, 100) if reply.person else "Somebody"
            return f"{who} took this {_ago(reply)} before you. It stays with them."
        case ReplyKind.ALREADY_YOURS:
            return f"This is yours already; you took it {_ago(reply)} ago."
        case ReplyKind.NOT_READY:
            return "This is back with sales: answers are missing. Its brief will ask again when they are there."
        case _:
            return None


def already_complete(reply: Reply) -> str:
    """What somebody reads whose answers came after another's."""
    who = cut(reply.person.name, 100) if reply.person else "Somebody"
    return f"{who} completed this {_ago(reply)} ago, so your answers were not needed and were not stored."


def _ago(reply: Reply) -> str:
    return ago(reply.ago) if reply.ago is not None else "a moment"

"""Sentences that several messages share: a paragraph with its fallback text, and where a handoff stands. Pure."""

from bot.messages import blocks
from bot.messages.blocks import Block, Element
from bot.messages.first_task import brief_link
from handoff import checklist
from handoff.model import Flag, Handoff, Person, Status, VerdictKind
from handoff.workflow import Workflow

Part = str | Element

LONG = 400  # characters of a text from outside within a sentence

_DECIDED = {
    VerdictKind.APPROVED: " approved {}: ",
    VerdictKind.CONDITIONS: " approved {} with conditions: ",
    VerdictKind.RETURNED: " returned it to sales because of {}: ",
}


def paragraph(*parts: Part) -> Block:
    """One paragraph; plain strings are words."""
    return blocks.rich(blocks.line(*(blocks.words(p) if isinstance(p, str) else p for p in parts)))


def quote(text: str, limit: int = 1500) -> Block:
    """What somebody wrote, as theirs."""
    return blocks.rich({"type": "rich_text_quote", "elements": [blocks.words(text, limit=limit)]})


def fallback(*parts: Part, here: str = "the channel") -> str:
    """The same paragraph for notifications and screen readers. `here` is the name of a channel that it links to."""
    return blocks.escape("".join(_plain(part, here) for part in parts), 1000)


def plain(*parts: Part, here: str = "the channel") -> str:
    """The same paragraph as literal text, for a place that parses nothing."""
    return "".join(_plain(part, here) for part in parts)


def name(handoff: Handoff) -> Element:
    """The customer."""
    return blocks.words(handoff.record.name, bold=True, limit=150)


def who(person: Person | None, otherwise: str = "Somebody") -> Element:
    """A person by name, who is not notified by it."""
    return blocks.words(person.name if person else otherwise, bold=True, limit=100)


def brief(handoff: Handoff) -> tuple[Part, ...]:
    """`the brief in #delivery`, with a link to the channel it is in."""
    where = brief_link(handoff)
    return ("the brief in ", where) if where else ("the brief",)


def questions(workflow: Workflow, keys: tuple[str, ...], limit: int = LONG) -> str:
    """The questions of some fields, in the checklist's order: `“When do we start?” and “What was promised?”`."""
    asked = [f"“{blocks.cut(f.ask, 200)}”" for f in workflow.checklist if f.key in keys]
    return blocks.cut(listed(asked), limit) if asked else "some answers"


def listed(items: list[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def waiting_flags(handoff: Handoff) -> str:
    """The flags that nobody has decided on."""
    return blocks.cut(listed(list(dict.fromkeys(handoff.flags[i].name for i in handoff.undecided))), LONG)


def decision(flag: Flag) -> tuple[Part, ...]:
    """Who decided what on a flag, and why."""
    if flag.verdict is None:
        return (f"{blocks.cut(flag.name, 80)} waits for a decision.",)
    verdict = flag.verdict
    did = _DECIDED[verdict.kind].format(blocks.cut(flag.name, 80))
    return who(verdict.by), did, blocks.words(f"“{blocks.cut(verdict.reason, LONG)}”")


def standing(handoff: Handoff, workflow: Workflow) -> tuple[Part, ...]:
    """Where a handoff stands and whose turn it is, in one sentence."""
    match handoff.status:
        case Status.COLLECTING:
            missing = len(checklist.missing(workflow, handoff))
            lacks = "1 answer is missing." if missing == 1 else f"{missing} answers are missing."
            return "It is with ", who(handoff.asked, "sales"), f" now: {lacks}"
        case Status.IN_REVIEW:
            return (f"It waits for a decision on {waiting_flags(handoff) or 'its flags'}.",)
        case Status.UNCLAIMED:
            return ("Nobody owns it yet.",)
        case Status.OWNED:
            return who(handoff.owner), " owns it."
        case Status.KICKOFF_SCHEDULED:
            return who(handoff.owner), " owns it", *kickoff(handoff)
        case Status.DONE:
            return ("It is done.",)
        case Status.CANCELLED:
            return ("It is cancelled.",)


def kickoff(handoff: Handoff) -> tuple[Part, ...]:
    """`, and the kickoff is on 3 Mar, 09:00.`, in the reader's time."""
    return (", and the kickoff is ", blocks.moment(handoff.kickoff_at), ".") if handoff.kickoff_at else (".",)


def _plain(part: Part, here: str) -> str:
    if isinstance(part, str):
        return part
    if part["type"] == "channel":
        return here
    return str(part.get("text") or part.get("fallback") or "")

"""Where a handoff stands, as its brief says it: who owns the next step, in every state. Pure."""

from bot.messages import blocks
from bot.messages.answers import ago, label, mention, system_name, who
from bot.messages.blocks import Element
from handoff import checklist
from handoff.model import Handoff, Status
from handoff.workflow import Workflow


def owner(handoff: Handoff, workflow: Workflow, limit: int) -> list[Element]:
    """The answer to `Who owns the next step?`."""
    match handoff.status:
        case Status.COLLECTING:
            return [blocks.words(_sales(handoff, workflow, limit)), *_meanwhile(handoff, limit)]
        case Status.IN_REVIEW:
            return [blocks.words(_reviewers(handoff, workflow, limit)), *_meanwhile(handoff, limit)]
        case Status.CANCELLED:
            return [blocks.words(f"Nobody. {_ending(handoff, limit)} ("), *_ended(handoff), blocks.words(").")]
        case Status.UNCLAIMED:
            return [blocks.words("Nobody yet. Whoever presses Take ownership has it.")]
        case _:
            return _owned(handoff, limit)


def in_short(handoff: Handoff) -> str:
    """The same in half a sentence, for notifications and lists."""
    name = who(handoff.owner)
    match handoff.status:
        case Status.COLLECTING:
            return f"waiting for answers from {who(handoff.asked, 'sales')}."
        case Status.IN_REVIEW:
            return "waiting for a review."
        case Status.UNCLAIMED:
            return "the brief is ready, nobody owns the next step yet."
        case Status.OWNED:
            return f"{name} owns the next step."
        case Status.KICKOFF_SCHEDULED:
            return f"{name} owns the next step, the kickoff is scheduled."
        case Status.DONE:
            return f"done, says {name}."
        case Status.CANCELLED:
            return "cancelled."


def _sales(handoff: Handoff, workflow: Workflow, limit: int) -> str:
    seller = f"{blocks.cut(handoff.asked.name, limit)} in sales" if handoff.asked else "Sales"
    missing = len(checklist.missing(workflow, handoff))
    if not handoff.wanted:
        return f"{seller}: {missing} answer{'s are' if missing != 1 else ' is'} missing."
    again = blocks.cut(", ".join(label(key) for key in handoff.wanted), max(limit, 100))
    return f"{seller}, who was asked again about {again}."


def _reviewers(handoff: Handoff, workflow: Workflow, limit: int) -> str:
    names = blocks.cut(" and ".join(handoff.flags[i].name for i in handoff.undecided), max(limit, 100))
    where = f" in {workflow.exceptions.channel}" if workflow.exceptions else ""
    return f"The reviewers{where}, who decide on {names or 'a flag'}."


def _meanwhile(handoff: Handoff, limit: int) -> list[Element]:
    if handoff.owner is None:
        return []
    return [blocks.words(" "), mention(handoff.owner, limit), blocks.words(" keeps it meanwhile.")]


def _owned(handoff: Handoff, limit: int) -> list[Element]:
    if handoff.owner is None:
        return [blocks.words("Nobody.")]
    name = mention(handoff.owner, limit)
    if handoff.status is Status.DONE:
        when = [blocks.moment(handoff.finished_at)] if handoff.finished_at else [blocks.words("now")]
        return [name, blocks.words(" did, and called it done "), *when, blocks.words(".")]
    said = [name, blocks.words(f" took it {_took(handoff)}.")]
    if handoff.kickoff_at is not None:
        said += [blocks.words(" The kickoff is "), blocks.moment(handoff.kickoff_at), blocks.words(".")]
    return [*said, *_offer(handoff, limit)]


def _took(handoff: Handoff) -> str:
    """How long it was ready before its owner took it. Answers that came back later do not count."""
    owned_at = handoff.owned_at or handoff.ready_at
    ready = handoff.ready_at if handoff.ready_at <= owned_at else handoff.completed_at or handoff.opened_at
    return f"{ago(owned_at - ready)} after the brief was ready"


def _offer(handoff: Handoff, limit: int) -> list[Element]:
    """The question to another person, while it waits."""
    if handoff.offer is None:
        return []
    other = blocks.cut(handoff.offer.to.name, min(limit, 100))
    asked = f" {other} was asked to take over and has not answered yet ("
    return [blocks.words(asked), blocks.moment(handoff.offer.at), blocks.words(").")]


def _ending(handoff: Handoff, limit: int) -> str:
    system = system_name(handoff.record.ref.system)
    ending = handoff.ending
    because = ending.because if ending else ""
    reason = blocks.cut(ending.reason, limit) if ending else ""
    match because:
        case "not_needed":
            by = blocks.cut(who(ending.by if ending else None), min(limit, 100))
            return f"{by} said that no handoff is needed: {reason}"
        case "stage_left":
            return f"It left its stage in {system}" + (f" and is in {reason} now." if reason else ".")
        case "deleted":
            return f"It was deleted in {system}."
        case "forgotten":
            return "It was forgotten on request."
        case "merged":
            return f"It was merged into another one in {system}."
        case _:
            return "It was cancelled."


def _ended(handoff: Handoff) -> list[Element]:
    return [blocks.moment(handoff.ending.at)] if handoff.ending else [blocks.words("cancelled")]

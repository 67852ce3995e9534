"""An exception as its reviewers see it: who flags what and why, what is known so far, and what was decided. Pure."""

from collections.abc import Mapping

from bot.messages import blocks, buttons, wording
from bot.messages.blocks import Block, Element
from bot.messages.briefs import four_questions
from bot.messages.wording import Part
from handoff.model import Flag, Handoff, SendBack, Status, Verdict, VerdictKind
from handoff.rights import deciders
from handoff.workflow import Exceptions, Workflow

_SHORT = 300  # characters of each answer
_DECIDED = {
    VerdictKind.APPROVED: "Approved",
    VerdictKind.CONDITIONS: "Approved with conditions",
    VerdictKind.RETURNED: "Returned to sales",
}


def review(
    place: int,
    handoff: Handoff,
    workflow: Workflow,
    instead: str | None = None,
    mention: Element | None = None,
    names: Mapping[str, str] = {},
) -> tuple[str, list[Block]]:
    """The review item of one flag, open, decided or over.

    `instead` says why it is not in its own channel, `mention` calls whoever is to decide. `names` maps
    the reviewers of the config to what they are called.
    """
    flag = handoff.flags[place]
    text = wording.fallback(*_in_short(flag, handoff))
    called = [wording.paragraph(mention, ", please decide on this.")] if mention else []

    def body(limit: int) -> list[Block]:
        head, *rest = _body(place, handoff, workflow, instead, limit, names)
        return [head, *called, *rest]

    return text, blocks.fitted(body)


def _reviewers(exceptions: Exceptions, flag: Flag, names: Mapping[str, str]) -> str:
    """Who may decide."""
    but = f" but {blocks.cut(flag.by.name, 80)}" if exceptions.four_eyes else ""
    named = wording.listed([names.get(one, one) for one in deciders(exceptions, flag)])
    return named or f"anybody in {exceptions.channel}{but}"


def _body(
    place: int, handoff: Handoff, workflow: Workflow, instead: str | None, limit: int, names: Mapping[str, str]
) -> list[Block]:
    flag = handoff.flags[place]
    body = [blocks.header(handoff.record.name)]
    if instead and workflow.exceptions:
        body.append(_misplaced(workflow.exceptions.channel, instead))
    raised = (blocks.words(flag.name, bold=True, limit=80), " · raised by ", wording.who(flag.by), ", ")
    body.append(wording.paragraph(*raised, blocks.moment(flag.at)))
    if flag.note:
        body.append(wording.quote(flag.note, limit))
    if flag.verdict is not None:
        return [*body, *_decided(flag.verdict, handoff, workflow, limit)]
    if not handoff.is_open:
        why = "is done" if handoff.status is Status.DONE else "was cancelled"
        return [*body, wording.paragraph(f"No decision is needed any more: the handoff {why}.")]
    body += _returned_before(flag, handoff, limit)
    body += four_questions(handoff, workflow, min(limit, _SHORT))
    body.append(wording.paragraph(*_who_decides(flag, workflow, names)))
    return [*body, blocks.actions(*_press(place, handoff))]


def _press(place: int, handoff: Handoff) -> tuple[Element, ...]:
    value = buttons.value(handoff, place)
    return (
        blocks.button("Approve", buttons.APPROVE, value, style="primary"),
        blocks.button("Approve with conditions", buttons.CONDITIONS, value),
        blocks.button("Return to sales", buttons.RETURN, value, style="danger"),
    )


def _decided(verdict: Verdict, handoff: Handoff, workflow: Workflow, limit: int) -> list[Block]:
    """Who decided what, when and why; for what went back to sales, what it is asked again."""
    kind = blocks.words(_DECIDED[verdict.kind], bold=True)
    body = [wording.paragraph(kind, " by ", wording.who(verdict.by), ", ", blocks.moment(verdict.at))]
    body.append(wording.quote(verdict.reason, limit))
    if verdict.kind is not VerdictKind.RETURNED:
        return body
    again = _send_back_of(verdict, handoff)
    asked = f" It was asked for {wording.questions(workflow, again.fields)}." if again else ""
    return [
        *body,
        wording.paragraph(f"Sales answers first; then this is decided anew, in a message of its own.{asked}"),
    ]


def _returned_before(flag: Flag, handoff: Handoff, limit: int) -> list[Block]:
    """What a reviewer wanted when this flag was there before, and sales has answered since."""
    before = [s for s in handoff.send_backs if s.at > flag.at]
    if not before:
        return []
    last = before[-1]
    said = (wording.who(last.by), " sent it back to sales before this, ", blocks.moment(last.at), ":")
    return [wording.paragraph(*said), wording.quote(last.reason, limit)]


def _who_decides(flag: Flag, workflow: Workflow, names: Mapping[str, str]) -> tuple[Part, ...]:
    if workflow.exceptions is None:
        return ("The first decision stands.",)
    who = blocks.words(_reviewers(workflow.exceptions, flag, names), limit=300)
    return "To be decided by ", who, ". The first decision stands, and its reason goes onto the brief."


def _send_back_of(verdict: Verdict, handoff: Handoff) -> SendBack | None:
    return next((s for s in handoff.send_backs if s.at == verdict.at and s.by.is_same(verdict.by)), None)


def _in_short(flag: Flag, handoff: Handoff) -> tuple[Part, ...]:
    name = wording.name(handoff)
    if flag.verdict is not None:
        return name, ": ", *wording.decision(flag)
    said = f" flagged this “{blocks.cut(flag.name, 80)}”"
    note = f": {blocks.cut(flag.note, 300)}" if flag.note else "."
    return name, ": ", wording.who(flag.by), f"{said}{note}"


def _misplaced(channel: str, reason: str) -> Block:
    said = f"This belongs in {channel}, which refused it ({reason}). Invite Baton there or mend handoffs.yml."
    return blocks.rich(blocks.line(blocks.words(said, italic=True, limit=500)))

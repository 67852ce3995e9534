"""What the rep reads in the direct message: what is there, what is missing, who took it. Pure."""

from bot import blocks
from bot.blocks import Block, Element
from bot.briefs import ago, shown, system_name
from bot.buttons import COMPLETE
from handoff import checklist
from handoff.model import Handoff, Source, Status
from handoff.workflow import Workflow


def ask(handoff: Handoff, workflow: Workflow, instead: str | None = None) -> tuple[str, list[Block]]:
    """The question to the rep, as the handoff stands. `instead` says why it is not in their direct message."""
    record = handoff.record
    stage = record.stage_label or record.stage
    lead = f"{blocks.cut(record.name, 300)} reached {blocks.cut(stage, 100)}. {_tally(handoff, workflow)}"
    return blocks.escape(lead, 1000), blocks.fitted(lambda limit: _body(handoff, workflow, instead, limit))


def _body(handoff: Handoff, workflow: Workflow, instead: str | None, limit: int) -> list[Block]:
    body = [blocks.header(handoff.record.name)]
    if why := _why_you(handoff, instead):
        body.append(blocks.rich(blocks.line(blocks.words(why, italic=True, limit=500))))
    body.append(blocks.rich(blocks.line(blocks.words(_sentence(handoff, workflow)))))
    if handoff.status is Status.COLLECTING:
        body.append(blocks.rich(*_list(handoff, workflow, limit)))
        label = "Complete handoff" if checklist.missing(workflow, handoff) else "Add what is optional"
        body.append(blocks.actions(blocks.button(label, COMPLETE, handoff.id, style="primary")))
    return body


def next_question(complaint: str | None, handoff: Handoff, workflow: Workflow) -> tuple[str, list[Block]]:
    """The answer to a reply in the thread: what was wrong with it, and what is asked next."""
    missing = checklist.missing(workflow, handoff) if handoff.status is Status.COLLECTING else ()
    said = complaint or "Noted."
    said += f" {missing[0].ask}" if missing else " That was the last question; the brief is on its way."
    return blocks.escape(said, 1000), [blocks.rich(blocks.line(blocks.words(said, limit=2500)))]


def owned(handoff: Handoff) -> tuple[str, list[Block]]:
    """Who took it, told to whoever handed it over."""
    owner, name = handoff.owner, handoff.record.name
    waited = (handoff.owned_at or handoff.opened_at) - (handoff.completed_at or handoff.opened_at)
    told = f" took {name}, {ago(waited)} after the brief was ready. You are done here."
    who = blocks.words(owner.name if owner else "Somebody", bold=True, limit=100)
    if owner and owner.slack_id:
        who = blocks.user(owner.slack_id)
    body = [blocks.rich(blocks.line(who, blocks.words(told, limit=1500)))]
    return blocks.escape((owner.name if owner else "Somebody") + told, 1000), body


def _sentence(handoff: Handoff, workflow: Workflow) -> str:
    stage = blocks.cut(handoff.record.stage_label or handoff.record.stage, 100)
    if handoff.status is Status.COLLECTING:
        return f"It reached {stage}, and the next team starts from what you know. {_tally(handoff, workflow)}"
    return f"It reached {stage}. Everything the next team needs is there: the brief is in {workflow.delivery.channel}."


def _tally(handoff: Handoff, workflow: Workflow) -> str:
    """`5 of 8 already in HubSpot, 3 to add.`"""
    shown = checklist.applying(workflow, handoff)
    answers = [answer for f in shown if (answer := handoff.answer(f.key))]
    missing = len(checklist.missing(workflow, handoff))
    optional = len(shown) - len(answers) - missing
    from_crm = all(answer.source is Source.CRM for answer in answers)
    text = f"{len(answers)} of {len(shown)} "
    text += f"already in {system_name(handoff.record.ref.system)}" if from_crm else "known"
    text += f", {missing} to add" if missing else ", nothing to add"
    return f"{text}, {optional} optional." if optional else f"{text}."


def _list(handoff: Handoff, workflow: Workflow, limit: int) -> list[Element]:
    missing = {f.key for f in checklist.missing(workflow, handoff)}
    lacking, there = [], []
    for field in checklist.applying(workflow, handoff):
        answer, asked = handoff.answer(field.key), blocks.cut(field.ask, limit)
        if answer is not None:
            there.append(blocks.line(blocks.words(f"{asked} "), shown(field, answer, min(limit, 120), inline=True)))
        else:
            kind = "" if field.key in missing else " (optional)"
            lacking.append(blocks.line(blocks.words(f"{asked}{kind}", bold=not kind)))
    parts: list[Element] = []
    for title, lines in (("To add", lacking), ("Already there", there)):
        if lines:
            parts += [blocks.line(blocks.words(f"{title}\n", bold=True)), blocks.bullets(lines)]
    return parts


def _why_you(handoff: Handoff, instead: str | None) -> str | None:
    """Why somebody other than the rep is asked, if so."""
    owner = handoff.record.owner
    system = system_name(handoff.record.ref.system)
    if instead:
        return f"The rep could not be reached in a direct message ({instead}), so this is asked here."
    if handoff.asked_because == "not_in_slack" and owner:
        who = f"{owner.name} ({owner.email})" if owner.email else owner.name
        return f"{who} closed this, and Slack does not know them. You are asked as the backup."
    if handoff.asked_because == "no_owner":
        return f"This has no owner in {system}. You are asked as the backup."
    return None

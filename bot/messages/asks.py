"""What the rep reads in the direct message: what is there, what is missing, where it stands. Pure."""

from bot.messages import blocks, buttons, wording
from bot.messages.answers import ago, shown, system_name, who
from bot.messages.blocks import Block, Element
from bot.messages.wording import Part
from bot.modals.complete import sent_back
from handoff import checklist
from handoff.model import Flag, Handoff, Post, Question, Source, Status
from handoff.workflow import Workflow

Message = tuple[str, list[Block]]


def ask(
    handoff: Handoff,
    workflow: Workflow,
    instead: str | None = None,
    again: str | None = None,
    post: Post | None = None,
) -> Message:
    """The question to the rep, as the handoff stands. `instead` says why it is not in their direct message.

    `again` says why it is asked once more. `post` is the message that is brought up to date, if it is one that another
    message has taken the place of.
    """
    if post is not None and post != handoff.ask_post:
        return _gone(handoff)
    name = blocks.cut(handoff.record.name, 300)
    text = f"{name} {_lead(handoff, workflow, again)}"
    return blocks.escape(text, 1000), blocks.fitted(lambda limit: _body(handoff, workflow, instead, again, limit))


def _body(handoff: Handoff, workflow: Workflow, instead: str | None, again: str | None, limit: int) -> list[Block]:
    body = [blocks.header(handoff.record.name)]
    if why := _why_you(handoff, instead):
        body.append(_line(why, italic=True))
    body.append(_line(f"It {_lead(handoff, workflow, again)}"))
    if handoff.status is not Status.COLLECTING:
        return body
    body += _sent_back(handoff, workflow, limit) if handoff.wanted else []
    body.append(blocks.rich(*_list(handoff, workflow, limit)))
    if marks := _marks(handoff, workflow, limit):
        body.append(blocks.rich(blocks.bullets(marks)))
    body.append(_row(handoff, workflow))
    missing = checklist.missing(workflow, handoff)
    if missing and not missing[0].visible_to and instead is None and handoff.asked is not None:
        first = f"Or answer here in the thread, one question at a time. The first: {missing[0].ask}"
        body.append(_line(first, italic=True))
    return body


def next_question(complaint: str | None, handoff: Handoff, workflow: Workflow) -> Message:
    """The answer to a reply in the thread: what was wrong with it, and what is asked next."""
    missing = checklist.missing(workflow, handoff) if handoff.status is Status.COLLECTING else ()
    parts: list[Part]
    if complaint and missing:
        parts = [f"{complaint}\n", blocks.words(missing[0].ask, bold=True, limit=400)]
    elif missing:
        parts = [f"Noted, {len(missing)} to go. Next: ", blocks.words(missing[0].ask, bold=True, limit=400)]
    else:
        parts = [_thanks(handoff, workflow)]
    if missing and missing[0].visible_to:
        parts.append(f" Only {blocks.cut(', '.join(missing[0].visible_to), 200)} may answer this: ask them.")
    body = [wording.paragraph(*parts)]
    if missing and missing[0].options:
        body.append(_line(f"One of: {', '.join(missing[0].options)}"))
    return wording.fallback(*parts), body


def _thanks(handoff: Handoff, workflow: Workflow) -> str:
    if handoff.status is Status.IN_REVIEW:
        return "Noted. That was the last question; it goes to the reviewers first."
    if handoff.is_open:
        return f"Noted. That was the last question; the brief goes to {workflow.delivery.channel}."
    return f"Thank you. Nothing is asked about {blocks.cut(handoff.record.name, 200)} any more."


def owned(handoff: Handoff) -> Message:
    """Who took it, told to whoever handed it over."""
    owner, name = handoff.owner, handoff.record.name
    waited = (handoff.owned_at or handoff.opened_at) - handoff.ready_at
    told = f" took {name}, {ago(waited)} after the brief was ready. You are done here."
    one = blocks.words(who(owner, "Somebody"), bold=True, limit=100)
    if owner and owner.slack_id:
        one = blocks.user(owner.slack_id)
    body = [blocks.rich(blocks.line(one, blocks.words(told, limit=1500)))]
    return blocks.escape(who(owner, "Somebody") + told, 1000), body


def _gone(handoff: Handoff) -> Message:
    """An earlier question, once it was asked again in another message."""
    passed = handoff.passed_on
    said = "This is asked in a newer message now. Nothing is left to do here."
    if passed is not None:
        said = f"{blocks.cut(passed.by.name, 200)} passed this on to {blocks.cut(passed.to.name, 200)}."
        said += " Nothing is left to do here."
    name = blocks.cut(handoff.record.name, 300)
    return blocks.escape(f"{name}: {said}", 1000), [blocks.header(handoff.record.name), _line(said)]


def _lead(handoff: Handoff, workflow: Workflow, again: str | None) -> str:
    """Where it stands and what is to be done, after the customer's name or `It`."""
    stage = blocks.cut(handoff.record.stage_label or handoff.record.stage, 100)
    brief = f"the brief is in {workflow.delivery.channel}"
    match handoff.status:
        case Status.COLLECTING if handoff.wanted:
            return f"was sent back to you. {_count(len(checklist.missing(workflow, handoff)))} to look at again."
        case Status.COLLECTING:
            came = f"is back in {stage}, and its handoff goes on" if again == "resumed" else f"reached {stage}"
            return f"{came}. {_tally(handoff, workflow)}"
        case Status.IN_REVIEW:
            waits = f"a decision on {wording.waiting_flags(handoff) or 'its flags'}"
            return f"reached {stage}. Every answer is there; it waits for {waits}, then goes to delivery."
        case Status.UNCLAIMED:
            return f"reached {stage}. Everything the next team needs is there: {brief}. You read here who takes it."
        case Status.CANCELLED:
            return f"needs no answers any more: {_ending(handoff)}"
        case Status.DONE:
            return "is done. Thank you for handing it over."
        case _:
            return f"is with {who(handoff.owner)} now; {brief}. You are done here."


def _ending(handoff: Handoff) -> str:
    ending = handoff.ending
    if ending is None:
        return "its handoff was cancelled."
    why = f" “{blocks.cut(ending.reason, 500)}”" if ending.reason else ""
    said = {
        "not_needed": f"{who(ending.by, 'Somebody')} said that no handoff is needed.{why}",
        "stage_left": "it left its stage, so its handoff was cancelled.",
        "deleted": "its record was deleted, so its handoff was cancelled.",
        "forgotten": "its record was forgotten on request, so its handoff is over.",
        "merged": "its record was merged into another one, so its handoff was cancelled.",
    }
    return said.get(ending.because, f"its handoff was cancelled.{why}")


def _tally(handoff: Handoff, workflow: Workflow) -> str:
    """`5 of 8 already in HubSpot, 3 to add.`"""
    applying = checklist.applying(workflow, handoff)
    answers = [answer for f in applying if (answer := handoff.answer(f.key))]
    missing = len(checklist.missing(workflow, handoff))
    optional = len(applying) - len(answers) - missing
    from_crm = all(answer.source is Source.CRM for answer in answers)
    text = f"{len(answers)} of {len(applying)} "
    text += f"already in {system_name(handoff.record.ref.system)}" if from_crm else "known"
    text += f", {missing} to add" if missing else ", nothing to add"
    return f"{text}, {optional} optional." if optional else f"{text}."


def _sent_back(handoff: Handoff, workflow: Workflow, limit: int) -> list[Block]:
    """Who sent what back, and why: each reason once."""
    body = []
    reasons = dict.fromkeys(back for key in handoff.wanted if (back := sent_back(handoff, key)))
    for back in reasons:
        about = wording.questions(workflow, tuple(k for k in back.fields if k in handoff.wanted), max(limit, 100))
        body += [
            wording.paragraph(wording.who(back.by), f" asks again about {about}:"),
            wording.quote(back.reason, limit),
        ]
    return body


def _list(handoff: Handoff, workflow: Workflow, limit: int) -> list[Element]:
    missing = {f.key for f in checklist.missing(workflow, handoff)}
    lacking, there = [], []
    for field in checklist.applying(workflow, handoff):
        answer, asked = handoff.answer(field.key), blocks.cut(field.ask, limit)
        if handoff.wanted and answer is None and field.key not in missing:
            continue  # what nobody sent back, and nobody has to say, is not asked again
        if field.key in missing or answer is None:
            kind = "" if field.key in missing else " (optional)"
            by = f" (only {', '.join(field.visible_to)})" if field.visible_to else kind
            lacking.append(blocks.line(blocks.words(f"{asked}{blocks.cut(by, limit)}", bold=field.key in missing)))
        else:
            there.append(blocks.line(blocks.words(f"{asked} "), shown(field, answer, min(limit, 120), inline=True)))
    parts: list[Element] = []
    again = "To answer again" if handoff.wanted else "To add"
    for title, lines in ((again, lacking), ("Already there", there)):
        if lines:
            parts += [blocks.line(blocks.words(f"{title}\n", bold=True)), blocks.bullets(lines)]
    return parts


def _marks(handoff: Handoff, workflow: Workflow, limit: int) -> list[Element]:
    """What else is to be known: drafts, questions to colleagues, flags, that reminders rest."""
    marks = []
    saved = _saved(handoff, workflow)
    if saved:
        marks.append(blocks.line(blocks.words(f"{_count(saved)} saved, not handed over yet.", bold=True)))
    marks += [_asked(q, limit) for q in handoff.questions if not q.is_to_sales and q.answer is None][:5]
    marks += [_flag(handoff.flags[i], limit) for i in handoff.undecided][:10]
    quiet = handoff.quiet
    if quiet is not None:
        what = "paused" if quiet.is_pause else "put off"
        until = [blocks.words(" until "), blocks.moment(quiet.until)] if quiet.until else []
        why = f" “{blocks.cut(quiet.reason, limit)}”" if quiet.reason else ""
        said = f" by {blocks.cut(quiet.by.name, min(limit, 100))}.{why}"
        marks.append(blocks.line(blocks.words(f"Reminders were {what}"), *until, blocks.words(said)))
    return marks


def _saved(handoff: Handoff, workflow: Workflow) -> int:
    """How many drafts are to be handed over: those of questions that are still asked."""
    drafted = {d.key for d in handoff.drafts}
    open_ = {f.key for f in checklist.applying(workflow, handoff)}
    return len(drafted & open_)


def _asked(question: Question, limit: int) -> Element:
    said = f"{blocks.cut(question.by.name, 60)} asked {blocks.cut(who(question.to), 60)}: "
    return blocks.line(blocks.words(said), blocks.words(f"“{blocks.cut(question.text, min(limit, 200))}”", italic=True))


def _flag(flag: Flag, limit: int) -> Element:
    said = f"Flag {blocks.cut(flag.name, 80)}, raised by {blocks.cut(flag.by.name, 60)}."
    note = f" “{blocks.cut(flag.note, min(limit, 200))}”" if flag.note else ""
    return blocks.line(blocks.words(f"{said}{note}"))


def _row(handoff: Handoff, workflow: Workflow) -> Block:
    label = "Complete handoff" if checklist.missing(workflow, handoff) else "Add what is optional"
    more = {buttons.ASK_COLLEAGUE: "Ask a colleague"}
    more |= {buttons.FLAG: "Flag something"} if workflow.exceptions and workflow.exceptions.flags else {}
    options = [
        {"text": blocks.plain(text, 75), "value": buttons.value(handoff, action)} for action, text in more.items()
    ]
    return blocks.actions(
        buttons.complete(handoff, label),
        blocks.button("Not mine", buttons.NOT_MINE, handoff.id),
        buttons.snooze(handoff),
        blocks.button("No handoff needed", buttons.NOT_NEEDED, handoff.id),
        {"type": "overflow", "action_id": buttons.REP_MORE, "options": options},
    )


def _why_you(handoff: Handoff, instead: str | None) -> str | None:
    """Why somebody other than the rep is asked, if so."""
    owner, passed = handoff.record.owner, handoff.passed_on
    if instead:
        return f"The rep could not be reached in a direct message ({instead}), so this is asked here."
    if handoff.asked_because == "passed_on" and passed is not None:
        note = f": “{blocks.cut(passed.note, 300)}”" if passed.note else "."
        return f"{blocks.cut(passed.by.name, 100)} passed this on to you{note}"
    if handoff.asked_because == "not_in_slack" and owner:
        one = f"{owner.name} ({owner.email})" if owner.email else owner.name
        return f"{one} closed this, and Slack does not know them. You are asked as the backup."
    if handoff.asked_because == "no_owner":
        return f"This has no owner in {system_name(handoff.record.ref.system)}. You are asked as the backup."
    return None


def _line(text: str, *, italic: bool = False) -> Block:
    return blocks.rich(blocks.line(blocks.words(text, italic=italic, limit=1500)))


def _count(number: int) -> str:
    return "1 answer" if number == 1 else f"{number} answers"

"""The brief: handoff in, blocks out. Pure. The four questions come first, in their order, and nothing is hidden."""

import math

from bot.messages import blocks, brief_notes, buttons, first_task, standing
from bot.messages.answers import UNKNOWN, ago, provenance, shown, system_name
from bot.messages.blocks import Block, Element
from handoff import checklist
from handoff.model import WITH_DELIVERY, Handoff, Status
from handoff.workflow import ChecklistField, Workflow

__all__ = ["ago", "brief", "four_questions", "menu", "question", "shown", "spoken", "system_name"]

_MOST_BLOCKS = 28  # of answers; Slack takes 50 blocks in a message


def brief(handoff: Handoff, workflow: Workflow, instead: str | None = None) -> tuple[str, list[Block]]:
    """The brief's fallback text and blocks as the handoff stands. `instead` says why it is not in its own channel."""
    body = blocks.fitted(lambda limit: _body(handoff, workflow, instead, limit))
    return blocks.escape(f"{handoff.record.name}: {standing.in_short(handoff)}", 1000), body


def four_questions(handoff: Handoff, workflow: Workflow, limit: int) -> list[Block]:
    """Who owns the next step, what was promised, what the client expects, what starts the work; a block each."""
    known = {f.key: f for f in workflow.checklist}
    promised, expected = known[workflow.brief.promised], known[workflow.brief.expects_next]
    questions = (
        question("Who owns the next step?", *standing.owner(handoff, workflow, limit)),
        question("What was promised?", *_value(promised, handoff, limit)),
        question("What does the client expect next?", *_value(expected, handoff, limit)),
        question("What task starts the work?", *_task(handoff, workflow, limit)),
    )
    return [blocks.rich(one) for one in questions]


def question(text: str, *answer: Element) -> Element:
    """A question in bold with its answer below."""
    return blocks.line(blocks.words(f"{text}\n", bold=True), *answer)


def menu(handoff: Handoff, workflow: Workflow) -> Element:
    """What can be done besides the buttons. Up to five, which is Slack's limit; each value ends with its word."""
    words = {"everything": "Show everything", "history": "History"}
    if handoff.status in WITH_DELIVERY:
        words = {"assign": "Assign to …", **words}
    if handoff.is_open and workflow.exceptions and workflow.exceptions.flags:
        words["flag"] = "Flag something …"
    if handoff.is_open:
        is_paused = handoff.quiet is not None and handoff.quiet.is_pause
        words |= {"pause": "Resume reminders …"} if is_paused else {"snooze": "Snooze or pause …"}
    options = [{"text": blocks.plain(text, 75), "value": buttons.value(handoff, key)} for key, text in words.items()]
    return {"type": "overflow", "action_id": buttons.MORE, "options": options}


def _body(handoff: Handoff, workflow: Workflow, instead: str | None, limit: int) -> list[Block]:
    asked_first = {workflow.brief.promised, workflow.brief.expects_next}
    rest = [f for f in checklist.applying(workflow, handoff) if f.key not in asked_first]
    return [
        blocks.header(handoff.record.name),
        *([_misplaced(workflow.delivery.channel, instead)] if instead else []),
        *four_questions(handoff, workflow, limit),
        {"type": "divider"},
        *_spread([question(blocks.cut(f.ask, limit), *_value(f, handoff, limit)) for f in rest]),
        *brief_notes.notes(handoff, workflow, limit),
        blocks.rich(blocks.line(*_origin(handoff, workflow))),
        *_buttons(handoff, workflow),
    ]


def _buttons(handoff: Handoff, workflow: Workflow) -> list[Block]:
    """What can be done where it stands: first the work itself, then what is said to sales, then the rest."""
    ask = blocks.button("Ask sales", buttons.ASK_SALES, handoff.id)
    back = blocks.button("Send back", buttons.SEND_BACK, handoff.id)
    more = menu(handoff, workflow)
    match handoff.status:
        case Status.UNCLAIMED:
            return [blocks.actions(buttons.take(handoff), ask, back, more)]
        case Status.OWNED | Status.KICKOFF_SCHEDULED:
            return [blocks.actions(*_owners(handoff, workflow)), blocks.actions(ask, back, more)]
        case _:
            return [blocks.actions(more)]


def _owners(handoff: Handoff, workflow: Workflow) -> list[Element]:
    """What the owner can do; nobody else's press counts."""
    is_scheduled = handoff.status is Status.KICKOFF_SCHEDULED
    kickoff = blocks.button(
        "Move kickoff" if is_scheduled else "Schedule kickoff",
        buttons.KICKOFF,
        handoff.id,
        style=None if is_scheduled else "primary",
    )
    done = blocks.button("Done", buttons.DONE, handoff.id, style="primary" if is_scheduled else None)
    done["confirm"] = _sure(handoff, workflow)
    hand_over = blocks.button("Hand over to …", buttons.HAND_OVER, handoff.id)
    release = blocks.button("Release", buttons.RELEASE, handoff.id)
    first, last = (done, kickoff) if is_scheduled else (kickoff, done)
    return [first, hand_over, release, last]


def _sure(handoff: Handoff, workflow: Workflow) -> Element:
    """The question before *Done*, which says what is still open."""
    steps = len(workflow.first_task.checklist) if workflow.first_task else 0
    left = steps - len(handoff.ticks)
    open_ = [f"{left} of {steps} steps of the first task are not ticked. "] if left > 0 else []
    open_ += ["No kickoff is scheduled. "] if handoff.kickoff_at is None else []
    text = f"{''.join(open_)}Done closes this handoff: reminders stop, and sales is told."
    return {
        "title": blocks.plain(f"{blocks.cut(handoff.record.name, 80)} is done?", 100),
        "text": blocks.plain(text, 300),
        "confirm": blocks.plain("It is done", 30),
        "deny": blocks.plain("Not yet", 30),
    }


def _spread(answers: list[Element]) -> list[Block]:
    """A block for each answer, for the air between them; several in one where there would be too many blocks."""
    together = math.ceil(len(answers) / _MOST_BLOCKS) or 1
    return [blocks.rich(*answers[i : i + together]) for i in range(0, len(answers), together)]


def _task(handoff: Handoff, workflow: Workflow, limit: int) -> list[Element]:
    title = first_task.title(handoff, workflow)
    if title is None or workflow.first_task is None:
        return [blocks.words(UNKNOWN)]
    steps = ", then ".join(_lower(step) for step in workflow.first_task.checklist)
    due = f", due {spoken(workflow.first_task.due)} after somebody takes it"
    if (when := first_task.due(handoff, workflow)) is not None:
        due = f", due {when:%a} {when.day} {when:%b}"
    return [blocks.words(title + due + (f": {steps}." if steps else "."), limit=max(300, limit))]


def spoken(duration: str) -> str:
    """A duration of handoffs.yml in words: `2 days`."""
    duration = duration.strip()
    number, unit = int(duration[:-1]), {"s": "second", "m": "minute", "h": "hour", "d": "day"}[duration[-1]]
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _lower(step: str) -> str:
    return step[:1].lower() + step[1:]


def _value(field: ChecklistField, handoff: Handoff, limit: int) -> list[Element]:
    """An answer with where it comes from, and whether sales was asked for it again."""
    answer = handoff.answer(field.key)
    again = [blocks.words("  — asked again", italic=True)] if field.key in handoff.wanted else []
    if answer is None:
        return [blocks.words(UNKNOWN, italic=True), *again]
    said = [] if field.visible_to else provenance(answer, handoff, limit)
    return [shown(field, answer, limit), *said, *again]


def _origin(handoff: Handoff, workflow: Workflow) -> list[Element]:
    seller = handoff.asked.name if handoff.asked else "sales"
    parts = [blocks.words(f"{workflow.title} · from {seller}", italic=True, limit=300)]
    if handoff.record.url:
        system = system_name(handoff.record.ref.system)
        parts += [blocks.words(" · "), blocks.link(handoff.record.url, f"open in {system}")]
    return parts


def _misplaced(channel: str, reason: str) -> Block:
    text = f"This belongs in {channel}, which refused it ({reason}). Invite Baton there or mend handoffs.yml."
    return blocks.rich(blocks.line(blocks.words(text, italic=True, limit=500)))

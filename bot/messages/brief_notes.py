"""What happened to a brief besides its answers: sent back, asked, flagged, put to rest. Pure."""

from collections.abc import Sequence

from bot.messages import blocks
from bot.messages.answers import label, said_by, who
from bot.messages.blocks import Block, Element
from handoff.model import Flag, Handoff, Question, SendBack, VerdictKind
from handoff.workflow import Workflow

_FEW, _FEWEST = 3, 1  # of each kind on a brief, and where there is little room; "Show everything" has them all

_VERDICTS = {
    VerdictKind.APPROVED: "Approved: ",
    VerdictKind.CONDITIONS: "Approved with conditions: ",
    VerdictKind.RETURNED: "Returned to sales: ",
}


def notes(handoff: Handoff, workflow: Workflow, limit: int) -> list[Block]:
    """One block for each kind of note that there is, with the newest few."""
    most = _FEW if limit > 60 else _FEWEST
    found = [_kind(title, lines, most) for title, lines in entries(handoff, workflow, limit) if lines]
    return [*found, *quiet(handoff, limit)]


def entries(
    handoff: Handoff, workflow: Workflow, limit: int, *, hides: bool = True
) -> tuple[tuple[str, list[Element]], ...]:
    """Every note by its kind: flags, send-backs, questions to sales. `hides` answers that only some may read."""
    hidden = {f.key for f in workflow.checklist if f.visible_to and hides}
    flags = [_flag(flag, handoff, workflow, limit) for flag in handoff.flags]
    backs = [_sent_back(back, limit) for back in handoff.send_backs]
    asked = [q for q in handoff.questions if q.is_to_sales]
    questions = [_question(q, handoff, limit, is_hidden=q.about in hidden) for q in asked]
    counted = (("Flagged", flags), ("Sent back", backs), ("Asked sales", questions))
    return tuple((_times(what, len(lines)), lines) for what, lines in counted)


def _times(what: str, count: int) -> str:
    return f"{what} {'once' if count == 1 else 'twice' if count == 2 else f'{count} times'}"


def _kind(title: str, lines: Sequence[Element], most: int) -> Block:
    left_out = [blocks.words(f" (the last {most}; Show everything has the rest)")] if len(lines) > most else []
    return blocks.rich(blocks.line(blocks.words(title, bold=True), *left_out), blocks.bullets(lines[-most:]))


def _flag(flag: Flag, handoff: Handoff, workflow: Workflow, limit: int) -> Element:
    said = [blocks.words(flag.name, bold=True, limit=max(limit, 40))]
    said += [blocks.words(f": {blocks.cut(flag.note, limit)}")] if flag.note.strip() else []
    said += [blocks.words("  — ", italic=True), *said_by(flag.by, limit), blocks.moment(flag.at), blocks.words("\n")]
    if flag.verdict is None:
        where = workflow.exceptions.channel if workflow.exceptions else "the review channel"
        waits = f"Waits for a decision in {where}." if handoff.is_open else "Nobody had decided when it ended."
        return blocks.line(*said, blocks.words(waits, italic=True))
    verdict = flag.verdict
    said += [blocks.words(_VERDICTS[verdict.kind], bold=verdict.kind is VerdictKind.CONDITIONS)]
    said += [blocks.words(verdict.reason, limit=limit), blocks.words("  — ", italic=True)]
    return blocks.line(*said, *said_by(verdict.by, limit), blocks.moment(verdict.at))


def _sent_back(back: SendBack, limit: int) -> Element:
    fields = blocks.cut(", ".join(label(key) for key in back.fields), max(limit, 60))
    said = blocks.words(f"{fields}, because: {blocks.cut(back.reason, limit)}")
    return blocks.line(said, blocks.words("  — ", italic=True), *said_by(back.by, limit), blocks.moment(back.at))


def _question(question: Question, handoff: Handoff, limit: int, *, is_hidden: bool) -> Element:
    about = f"About {label(question.about)}: " if question.about else ""
    said = [blocks.words(f"{about}{blocks.cut(question.text, limit)}"), blocks.words("  — ", italic=True)]
    said += [*said_by(question.by, limit), blocks.moment(question.at), blocks.words("\n")]
    if question.answer is None or question.answered_at is None:
        asked = blocks.cut(who(question.to, "sales"), min(limit, 100))
        waits = f"No answer from {asked} yet." if handoff.is_open else "It was not answered."
        return blocks.line(*said, blocks.words(waits, italic=True))
    answer = "Answered; only some may read it." if is_hidden else question.answer
    said += [blocks.words(answer, limit=limit), blocks.words("  — ", italic=True)]
    return blocks.line(*said, *said_by(question.answered_by, limit), blocks.moment(question.answered_at))


def quiet(handoff: Handoff, limit: int) -> list[Block]:
    """Since when there are no reminders, until when, and why."""
    rest = handoff.quiet
    if rest is None or not handoff.is_open:
        return []
    said = [blocks.words("No reminders ", bold=True)]
    until = [blocks.words("until "), blocks.moment(rest.until)] if rest.until else [blocks.words("until resumed")]
    word = "paused" if rest.is_pause else "snoozed"
    by = blocks.cut(rest.by.name, min(limit, 100))
    reason = f": {blocks.cut(rest.reason, limit)}" if rest.reason else "."
    return [blocks.rich(blocks.line(*said, *until, blocks.words(f", {word} by {by}{reason}")))]

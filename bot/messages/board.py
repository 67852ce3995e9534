"""What `/handoff` shows. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.commands import Wish
from bot.messages import blocks
from bot.messages.blocks import Block, Element
from bot.messages.briefs import ago, system_name
from bot.messages.buttons import ASKED
from handoff import checklist
from handoff.model import Handoff, Quiet, Status
from handoff.ports import MOST_COUNTED, Problem, Skipped
from handoff.workflow import Workflow

MOST = 15  # handoffs shown at once, a line each
FEW = 5  # with all their details, or with a button each

_WORDS = {
    Status.COLLECTING: "waiting on sales",
    Status.IN_REVIEW: "in review",
    Status.UNCLAIMED: "waiting for an owner",
    Status.OWNED: "owned",
    Status.KICKOFF_SCHEDULED: "with a kickoff booked",
    Status.DONE: "done",
    Status.CANCELLED: "cancelled",
}


def overview(
    handoffs: Sequence[tuple[Handoff, Workflow]], count: Mapping[str, int], now: datetime, passed: int = 0
) -> tuple[str, list[Block]]:
    """What waits for whom, longest first, with the number in each status; `passed` stand on the pages before."""
    if not handoffs and not passed:
        text = "Nothing is under way. A handoff starts when a deal reaches its stage in the CRM."
        return text, [blocks.rich(blocks.line(blocks.words(text)))]
    sums = tally(count)
    rows = [_row(handoff, workflow, now) for handoff, workflow in handoffs[:MOST]]
    parts = [blocks.line(blocks.words(f"{sums or 'Nothing is under way'}.\n", bold=True))]
    body = [blocks.rich(*parts, *([blocks.bullets(rows)] if rows else []))]
    hidden = sum(count.values()) - len(rows) - passed
    if hidden > 0:
        unsure = at_least(max(count.values())).capitalize()
        body.append(blocks.context(f"{unsure}{hidden} more. Write `/handoff status &lt;name&gt;` to see one of them."))
    return f"{sums}.", body


def tally(count: Mapping[str, int]) -> str:
    """How many stand where: `3 waiting on sales, 2 owned`; empty if there are none."""
    return ", ".join(f"{at_least(count[s])}{count[s]} {_WORDS[s]}" for s in Status if count.get(s))


def at_least(number: int) -> str:
    """What stands before a number that was not counted to its end."""
    return "at least " if number >= MOST_COUNTED else ""


def one(
    name: str, handoffs: Sequence[tuple[Handoff, Workflow]], now: datetime, near: Sequence[str] = (), among: str = ""
) -> tuple[str, list[Block]]:
    """Where the customers whose name contains `name` stand. `among` says which handoffs were looked through."""
    if not handoffs:
        text = f"No handoff{among} has “{blocks.cut(name, 100)}” in its name."
        text += f" Did you mean {', '.join(near)}?" if near else " Write /handoff status to see all."
        return blocks.escape(text), [blocks.rich(blocks.line(blocks.words(text)))]
    first = handoffs[0][0]
    text = f"{blocks.cut(first.record.name, 300)}: {_WORDS[first.status]}."
    return blocks.escape(text), blocks.fitted(lambda limit: _all_details(handoffs[:FEW], now, limit))


def troubles(
    found: Sequence[Problem], now: datetime, skipped: Sequence[Skipped] = (), names: Mapping[str, str] | None = None
) -> tuple[str, list[Block]]:
    """What needs whoever runs Baton, how to try it again, and who was not reminded lately.

    `names` are those of the customers, by the handoff's id.
    """
    known = names or {}
    if not found:
        text = "No problems: nothing failed for good, and nothing is stuck."
        return text, [blocks.rich(blocks.line(blocks.words(text))), *_passed_over(skipped, now, known, 300)]
    text = f"{len(found)} problem{'' if len(found) == 1 else 's'} for whoever runs Baton."
    again = "Mend the cause, then on Baton's machine: `baton problems --retry &lt;id&gt;`."
    top = blocks.line(blocks.words(text, bold=True))

    def body(limit: int) -> list[Block]:
        rows = blocks.bullets([_trouble(problem, now, known, limit) for problem in found])
        return [blocks.rich(top, rows), blocks.context(again), *_passed_over(skipped, now, known, limit)]

    return text, blocks.fitted(body)


def _trouble(problem: Problem, now: datetime, names: Mapping[str, str], limit: int) -> Element:
    what = "reminder" if problem.what == "nag" else problem.what.replace("_", " ")
    about = f" for {blocks.cut(names[problem.subject], 100)}" if problem.subject in names else ""
    state = "given up" if problem.is_dead else "waiting with nobody at work on it"
    said = f" {what}{about}: {state}, due {ago(now - problem.since)} ago. {problem.why}"
    return blocks.line(blocks.words(problem.id, bold=True), blocks.words(said, limit=min(limit, 500)))


def _passed_over(skipped: Sequence[Skipped], now: datetime, names: Mapping[str, str], limit: int) -> list[Block]:
    """Reminders that went to somebody else because whoever was meant was not there."""
    rows = []
    for one in skipped:
        name = blocks.words(names.get(one.handoff_id, "A handoff"), bold=True, limit=100)
        why = f": not {blocks.cut(one.whom, 100)} but somebody else, {ago(now - one.at)} ago: {one.why}"
        rows.append(blocks.line(name, blocks.words(why, limit=min(limit, 300))))
    title = blocks.words("Reminders that somebody else got\n", bold=True)
    return [blocks.rich(blocks.line(title), blocks.bullets(rows))] if rows else []


def resting(found: Sequence[tuple[Handoff, Workflow]]) -> tuple[str, list[Block]]:
    """What is snoozed or paused: by whom, until when and why."""
    if not found:
        text = "Nothing is paused or snoozed. Write /handoff pause <name> [until] to stop the reminders of one."
        return blocks.escape(text), [blocks.rich(blocks.line(blocks.words(text)))]
    text = "Paused and snoozed, what goes on soonest first."
    rows = [_rest(handoff, handoff.quiet) for handoff, _ in found if handoff.quiet is not None]
    body = [blocks.rich(blocks.line(blocks.words(f"{text}\n", bold=True)), blocks.bullets(rows))]
    return text, [*body, blocks.context("`/handoff resume &lt;name&gt;` lets the reminders of one go on.")]


def _rest(handoff: Handoff, quiet: Quiet) -> Element:
    name = blocks.words(handoff.record.name, bold=True, limit=150)
    return blocks.line(name, blocks.words(": "), *_quiet(quiet, 200))


def _quiet(quiet: Quiet, limit: int) -> list[Element]:
    until = [blocks.words(" until "), blocks.moment(quiet.until)] if quiet.until else []
    why = f": “{blocks.cut(quiet.reason, limit)}”" if quiet.reason else ""
    said = f"{'paused' if quiet.is_pause else 'snoozed'} by {blocks.cut(quiet.by.name, 100)}"
    return [blocks.words(said), *until, blocks.words(f"{why}.")]


def _row(handoff: Handoff, workflow: Workflow, now: datetime) -> Element:
    name = blocks.words(handoff.record.name, bold=True, limit=150)
    return blocks.line(name, blocks.words(f": {where(handoff, workflow, now)}"))


def where(handoff: Handoff, workflow: Workflow, now: datetime) -> str:
    """Where a handoff stands, who is waited for, and for how long."""
    match handoff.status:
        case Status.COLLECTING:
            who = blocks.cut(handoff.asked.name, 100) if handoff.asked else "sales"
            lacking = len(checklist.missing(workflow, handoff))
            answers = "1 answer" if lacking == 1 else f"{lacking} answers"
            return f"waiting on {who} for {answers}, for {ago(now - handoff.opened_at)}"
        case Status.UNCLAIMED:
            waited = ago(now - (handoff.completed_at or handoff.opened_at))
            return f"waiting for an owner in {workflow.delivery.channel}, for {waited}"
        case Status.IN_REVIEW:
            flags = ", ".join(handoff.flags[i].name for i in handoff.undecided)
            return f"waiting for a review ({flags}), for {ago(now - (handoff.completed_at or handoff.opened_at))}"
        case Status.OWNED:
            return f"owned by {_owner(handoff)}, for {ago(now - (handoff.owned_at or handoff.opened_at))}"
        case Status.KICKOFF_SCHEDULED:
            booked = f"kickoff on {handoff.kickoff_at:%d %b %Y}" if handoff.kickoff_at else "kickoff booked"
            return f"owned by {_owner(handoff)}, {booked}"
        case Status.DONE:
            return f"done, by {_owner(handoff)}"
        case Status.CANCELLED:
            return f"cancelled{f': {handoff.ending.reason}' if handoff.ending and handoff.ending.reason else ''}"


def _owner(handoff: Handoff) -> str:
    return blocks.cut(handoff.owner.name, 100) if handoff.owner else "somebody"


def _all_details(handoffs: Sequence[tuple[Handoff, Workflow]], now: datetime, limit: int) -> list[Block]:
    body: list[Block] = []
    for handoff, workflow in handoffs:
        body += [blocks.header(handoff.record.name), blocks.rich(*_details(handoff, workflow, now, limit))]
    return body


def _details(handoff: Handoff, workflow: Workflow, now: datetime, limit: int) -> list[Element]:
    lines = [blocks.line(blocks.words(f"{workflow.title}: {where(handoff, workflow, now)}.\n", limit=500))]
    rest = handoff.quiet
    if handoff.is_open and rest is not None and (rest.until is None or rest.until > now):
        lines.append(blocks.line(blocks.words("Reminders are "), *_quiet(rest, min(limit, 200)), blocks.words("\n")))
    if lacking := checklist.missing(workflow, handoff):
        few = max(1, limit // 15)  # fewer where many customers are shown at once
        asks = [blocks.line(blocks.words(f.ask, limit=limit)) for f in lacking[:few]]
        more = [blocks.line(blocks.words(f"and {len(lacking) - few} more"))] if len(lacking) > few else []
        lines += [blocks.line(blocks.words("Still to add\n", bold=True)), blocks.bullets([*asks, *more])]
    if handoff.record.url:
        lines.append(blocks.line(blocks.link(handoff.record.url, f"Open in {system_name(handoff.record.ref.system)}")))
    return lines


def mine(handoffs: Sequence[tuple[Handoff, Workflow]], now: datetime) -> tuple[str, list[Block]]:
    """What is somebody's own to do."""
    if not handoffs:
        text = "Nothing waits for you. The Home tab of Baton shows what waits for others."
        return text, [blocks.rich(blocks.line(blocks.words(text)))]
    text = "What waits for you, longest first. The Home tab of Baton has a button for each."
    rows = [_row(handoff, workflow, now) for handoff, workflow in handoffs[:MOST]]
    return text, [blocks.rich(blocks.line(blocks.words(f"{text}\n", bold=True)), blocks.bullets(rows))]


def choices(
    handoffs: Sequence[tuple[Handoff, Workflow]], wish: Wish, label: str, now: datetime
) -> tuple[str, list[Block]]:
    """Several customers were meant: a button for each. `wish` is what happens to the one that is chosen."""
    text = f"More than one handoff has “{wish.name}” in its name. Which one?"
    body = [blocks.rich(blocks.line(blocks.words(text, bold=True, limit=500)))]
    for handoff, workflow in handoffs[:FEW]:
        said = f"*{blocks.escape(handoff.record.name, 150)}*\n{blocks.escape(workflow.title, 100)}: "
        chosen = wish.value(handoff_id=handoff.id, offset=0)
        entry = blocks.mrkdwn_section(f"{said}{blocks.escape(where(handoff, workflow, now), 600)}")
        body.append({**entry, "accessory": blocks.button(label, ASKED, chosen)})
    return blocks.escape(text, 1000), body


def turns(wish: Wish, earlier: int | None, later: int | None) -> list[Block]:
    """The buttons to the pages before and after this one, each with how much it passes over."""
    pages = (("Back", earlier), ("Next", later))
    buttons = [
        blocks.button(label, f"{ASKED}:{label.lower()}", wish.value(offset=to)) for label, to in pages if to is not None
    ]
    return [blocks.actions(*buttons)] if buttons else []

"""A hand-over that waits for the other person. Pure."""

from bot.messages import blocks, briefs, buttons
from bot.messages.answers import who
from bot.messages.blocks import Block
from handoff.model import Handoff, Offer, Post, Status
from handoff.workflow import Workflow


def offer(handoff: Handoff, workflow: Workflow, post: Post | None = None) -> tuple[str, list[Block]]:
    """The question to the other person; closed if it is not the one that waits now (`post` is where it stands)."""
    open_ = handoff.offer
    if open_ is not None and (post is None or post == open_.post):
        said = f"{blocks.cut(open_.by.name, 100)} asks you to take over {blocks.cut(handoff.record.name, 300)}."
        return blocks.escape(said, 1000), blocks.fitted(lambda limit: _open(open_, said, handoff, workflow, limit))
    said = f"{blocks.cut(handoff.record.name, 300)}: {_settled(handoff)}"
    return blocks.escape(said, 1000), [blocks.rich(blocks.line(blocks.words(said, italic=True)))]


def ended(handoff: Handoff, workflow: Workflow) -> tuple[str, list[Block]]:
    """Told to the owner: the other person did not accept in time."""
    other = handoff.offer.to.name if handoff.offer else "The other person"
    within = briefs.spoken(workflow.delivery.hand_over_within)
    said = f"{blocks.cut(other, 100)} has not accepted {blocks.cut(handoff.record.name, 300)} within {within}. "
    said += "It stays with you; you can ask somebody else."
    body = [blocks.rich(blocks.line(blocks.words(said)))]
    if handoff.status in (Status.OWNED, Status.KICKOFF_SCHEDULED):
        body.append(blocks.actions(blocks.button("Hand over to …", buttons.HAND_OVER, handoff.id)))
    return blocks.escape(said, 1000), body


def _open(open_: Offer, said: str, handoff: Handoff, workflow: Workflow, limit: int) -> list[Block]:
    within = briefs.spoken(workflow.delivery.hand_over_within)
    body = [blocks.header(handoff.record.name), blocks.rich(blocks.line(blocks.words(said)))]
    if open_.note:
        quote = {"type": "rich_text_quote", "elements": [blocks.words(open_.note, limit=max(limit, 400))]}
        body.append(blocks.rich(quote))
    stays = f"It stays with them until you accept. If you have not within {within}, they are told, and it stays theirs."
    return [
        *body,
        *briefs.four_questions(handoff, workflow, limit)[1:],
        blocks.rich(blocks.line(blocks.words(stays, italic=True))),
        blocks.actions(
            blocks.button("Accept", buttons.ACCEPT, handoff.id, style="primary"),
            blocks.button("Decline …", buttons.DECLINE, handoff.id),
        ),
    ]


def _settled(handoff: Handoff) -> str:
    """Where it stands, for somebody who is not asked any more."""
    match handoff.status:
        case Status.DONE | Status.CANCELLED:
            return f"this handoff is {handoff.status.value}, so no answer is needed any more."
        case _ if handoff.owner is not None:
            return f"{blocks.cut(who(handoff.owner), 100)} owns it. No answer is needed any more."
        case _:
            return "it was given back to the channel, so no answer is needed any more."

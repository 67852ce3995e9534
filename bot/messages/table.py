"""Which module words which notice: the table of contents of everything Baton says by itself. Pure."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.messages import (
    asks,
    briefs,
    differences,
    first_task,
    forgotten,
    nags,
    offers,
    questions,
    reviews,
    tells,
    trouble,
)
from bot.messages.blocks import Block, Element
from handoff import notices
from handoff.model import Handoff, Post, Question
from handoff.notices import Notice
from handoff.workflow import Workflow

Message = tuple[str, list[Block]]


def message(
    notice: Notice,
    handoff: Handoff,
    workflow: Workflow,
    mention: Element | None,
    now: datetime,
    names: Mapping[str, str] = {},
) -> Message:
    """The fallback text and the blocks of a message. `mention` is who is meant where several may read it.

    `names` maps names of the config to what people are called.
    """
    if isinstance(notice, notices.Nag):
        return nags.nag(notice, handoff, workflow, mention, now)
    if isinstance(notice, notices.PostReview):
        return reviews.review(notice.flag, handoff, workflow, notice.instead, mention, names)
    if isinstance(notice, notices.UpdateReview):
        instead = _instead(handoff.flags[notice.flag].post)
        return reviews.review(notice.flag, handoff, workflow, instead, names=names)
    return _WORDS[type(notice)](notice, handoff, workflow)


def _question(question_id: str, handoff: Handoff) -> Question:
    found = handoff.question(question_id)
    if found is None:
        raise AssertionError(question_id)  # questions are never forgotten
    return found


def _instead(post: Post | None) -> str | None:
    """Why a message does not stand where it belongs, for as long as it stands."""
    return post.instead if post else None


_WORDS: dict[type, Callable[[Any, Handoff, Workflow], Message]] = {
    notices.AskRep: lambda n, h, w: asks.ask(h, w, n.instead, n.again),
    notices.UpdateAsk: lambda n, h, w: asks.ask(h, w, _instead(h.ask_post), post=n.post),
    notices.AskNext: lambda n, h, w: asks.next_question(n.complaint, h, w),
    notices.TellRep: lambda _, h, __: asks.owned(h),
    notices.PostBrief: lambda n, h, w: briefs.brief(h, w, n.instead),
    notices.UpdateBrief: lambda _, h, w: briefs.brief(h, w, _instead(h.brief_post)),
    notices.PostTask: lambda _, h, w: first_task.task(h, w),
    notices.UpdateTask: lambda _, h, w: first_task.task(h, w),
    notices.AskQuestion: lambda n, h, w: questions.question(_question(n.question_id, h), h, w),
    notices.UpdateQuestion: lambda n, h, w: questions.question(_question(n.question_id, h), h, w),
    notices.TellAnswer: lambda n, h, w: questions.answer(_question(n.question_id, h), h, w),
    notices.AskTakeOver: lambda _, h, w: offers.offer(h, w),
    notices.UpdateOffer: lambda n, h, w: offers.offer(h, w, n.post),
    notices.OfferEnds: lambda _, h, w: offers.ended(h, w),
    notices.AskDifference: lambda n, h, w: differences.difference(n.difference, h, w),
    notices.UpdateDifference: lambda n, h, w: differences.difference(n.difference, h, w),
    notices.Tell: tells.tell,
    notices.TellOps: trouble.unreachable,
    notices.SettleNag: lambda n, h, w: tells.settled(n, n.news, h, w) if n.news else nags.settled(n, h),
    notices.UpdateForgotten: lambda _, __, ___: forgotten.covered(),
}

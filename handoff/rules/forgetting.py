"""What follows when a record or a person is forgotten. What is stored is covered by `handoff/forgetting.py`."""

from handoff.decision import Decision
from handoff.events import Forgotten
from handoff.model import Handoff
from handoff.notices import (
    SettleNag,
    UpdateAsk,
    UpdateBrief,
    UpdateDifference,
    UpdateForgotten,
    UpdateOffer,
    UpdateQuestion,
    UpdateReview,
    UpdateTask,
)
from handoff.rules.case import Case, Notices
from handoff.rules.ending import cancelled
from handoff.rules.sending import is_update


def forgotten(case: Case, event: Forgotten) -> Decision:
    """A record's handoff ends, if it was open, and its messages are covered; a person's messages are written anew."""
    covered = _covered(case, event)
    if event.what == "person":
        return Decision(handoff=case.handoff, notices=(*_written_anew(case), *covered))
    ended = cancelled(case, "forgotten", "", None) if case.handoff.is_open else Decision(handoff=case.handoff)
    told = tuple(notice for notice in ended.notices if not is_update(notice))
    update = {"handoff": _over(ended.handoff, event), "notices": (*covered, *told)}
    return ended.model_copy(update=update)


def _over(handoff: Handoff, event: Forgotten) -> Handoff:
    """It knows that it is forgotten, so that its record begins a new one if it ever comes back."""
    ending = handoff.ending and handoff.ending.model_copy(update={"because": "forgotten", "reason": ""})
    return handoff.model_copy(update={"forgotten_at": event.at, "ending": ending})


def _covered(case: Case, event: Forgotten) -> Notices:
    posts = tuple(UpdateForgotten(post=p, **case.common(f"forgotten-{i}")) for i, p in enumerate(event.posts))
    return (*posts, *(_drawn_anew(case, i, event) for i in range(len(event.digests))))


def _drawn_anew(case: Case, place: int, event: Forgotten) -> SettleNag:
    """A message with several reminders says what is still true, in the words of now."""
    key = case.common(f"forgotten-digest-{place}")["key"]
    return case.settle(event.digests[place]).model_copy(update={"key": key})


def _written_anew(case: Case) -> Notices:
    """Every message that can be made again from the handoff, over or not."""
    handoff, common = case.handoff, case.common
    ask = (UpdateAsk(**common("ask-anew")),) if handoff.ask_post else ()
    brief = (UpdateBrief(**common("brief-anew")),) if handoff.brief_post else ()
    task = (UpdateTask(**common("task-anew")),) if handoff.task_post else ()
    offer = handoff.offer
    offers = (UpdateOffer(post=offer.post, **common("offer-anew")),) if offer and offer.post else ()
    reviews = tuple(UpdateReview(flag=i, **common(f"review-{i}-anew")) for i, f in enumerate(handoff.flags) if f.post)
    questions = tuple(
        UpdateQuestion(question_id=q.id, **common(f"question-{i}-anew"))
        for i, q in enumerate(handoff.questions)
        if q.post
    )
    differences = tuple(
        UpdateDifference(lane="rep" if d.is_for_sales else "delivery", difference=i, **common(f"differ-{i}-anew"))
        for i, d in enumerate(handoff.differences)
        if d.post
    )
    return (*ask, *brief, *task, *offers, *reviews, *questions, *differences)


def can_be_written_anew(handoff: Handoff) -> frozenset[str]:
    """Where those messages stand, as `channel:ts`."""
    offer = (handoff.offer.post,) if handoff.offer else ()
    flags, questions = (f.post for f in handoff.flags), (q.post for q in handoff.questions)
    several = (*flags, *questions, *(d.post for d in handoff.differences))
    posts = (handoff.ask_post, handoff.brief_post, handoff.task_post, *offer, *several)
    return frozenset(f"{post.channel}:{post.ts}" for post in posts if post)

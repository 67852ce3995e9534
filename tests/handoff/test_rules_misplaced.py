"""A message that had to go to another channel says so for as long as it stands there."""

from typing import Any

import pytest

from bot.messages import table
from handoff.decide import decide
from handoff.model import Handoff, Post, Status
from handoff.notices import AskRep, Notice, PostBrief, PostReview, To, UpdateAsk, UpdateBrief, UpdateReview
from tests.bot.reading import seen
from tests.factories import NOW, SAM, said
from tests.handoff.deciding import LATER, WHOLE, flag, whole

BASE: dict[str, Any] = {"key": "h1:x", "handoff_id": "h1", "due_at": NOW}
HERE = Post(channel="C0NEW00001", ts="1772460000.000100")


def placed(case: Handoff, notice: Notice) -> Handoff:
    return decide(case, said(notice, HERE, at=LATER), WHOLE, LATER).handoff


def read(notice: Notice, case: Handoff) -> str:
    return seen(table.message(notice, case, WHOLE, None, LATER)[1])


@pytest.mark.parametrize(
    ("notice", "update", "why"),
    [
        (
            PostBrief(channel="#fallback", instead="is_archived", **BASE),
            UpdateBrief(**BASE),
            "refused it (is_archived)",
        ),
        (AskRep(to=To(name="#fallback"), instead="user_disabled", **BASE), UpdateAsk(**BASE), "(user_disabled)"),
        (
            PostReview(channel="#fallback", flag=0, instead="not_in_channel", **BASE),
            UpdateReview(flag=0, **BASE),
            "refused it (not_in_channel)",
        ),
    ],
    ids=["brief", "question", "review"],
)
def test_what_had_to_go_elsewhere_says_so_for_as_long_as_it_stands(notice: Notice, update: Notice, why: str) -> None:
    is_question = isinstance(notice, AskRep)
    case = whole(Status.COLLECTING if is_question else Status.UNCLAIMED, brief_post=None, ask_post=None)
    case = case.model_copy(update={"asked": None if is_question else SAM, "flags": (flag(post=None),)})

    assert why in read(update, placed(case, notice))


def test_what_stands_where_it_belongs_does_not_say_otherwise() -> None:
    case = placed(whole(Status.UNCLAIMED, brief_post=None), PostBrief(channel="#delivery", **BASE))

    assert case.brief_post == HERE
    assert "This belongs in" not in read(UpdateBrief(**BASE), case)

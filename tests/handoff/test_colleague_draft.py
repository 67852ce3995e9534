"""A colleague's answer and a draft that stands already: nothing that was saved is lost."""

from handoff.decide import decide
from handoff.events import QuestionAnswered
from handoff.model import Draft, Handoff, Question
from tests.factories import NOW, RUI, SAM, handoff, workflow

ASKED = Question(id="q1", about="goals", text="Which?", by=SAM, to=RUI, at=NOW, is_to_sales=False)


def test_answer_of_a_colleague_becomes_a_draft() -> None:
    drafts = _answered(handoff(questions=(ASKED,))).drafts

    assert [(d.key, d.text, d.by) for d in drafts] == [("goals", "Both halls", RUI)]


def test_answer_of_a_colleague_leaves_a_saved_draft_alone() -> None:
    own = Draft(key="goals", text="One hall", at=NOW, by=SAM)

    after = _answered(handoff(questions=(ASKED,), drafts=(own,)))

    assert after.drafts == (own,)
    assert after.questions[0].answer == "Both halls"


def _answered(one: Handoff) -> Handoff:
    event = QuestionAnswered(handoff_id="h1", at=NOW, via="modal", by=RUI, question_id="q1", text="Both halls")
    return decide(one, event, workflow(), NOW).handoff

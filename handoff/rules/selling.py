"""What sales can do besides answering: pass it on, say that none is needed, ask and answer single questions."""

from handoff import checklist, quality
from handoff.decision import Decision, ReplyKind
from handoff.events import NotNeeded, PassedOn, QuestionAnswered, QuestionAsked
from handoff.ladder import sales
from handoff.model import WITH_DELIVERY, Answer, Draft, Handoff, PassOn, Question, Source, Status
from handoff.notices import AskQuestion, AskRep, TellAnswer, To, UpdateAsk, UpdateQuestion
from handoff.rights import may_read
from handoff.rules.answering import NOT_ASKED, too_late
from handoff.rules.case import Case, collecting, standing
from handoff.rules.ending import cancelled
from handoff.rules.owning import not_allowed
from handoff.workflow import ChecklistField


def passed_on(case: Case, event: PassedOn) -> Decision:
    """Somebody else answers for sales from now on, and is asked."""
    handoff = case.handoff
    if handoff.status is not Status.COLLECTING:
        return too_late(case)
    if event.to.is_same(handoff.asked):
        return case.unchanged(ReplyKind.ALREADY_SO, event.to)
    if event.to.is_guest:
        return case.unchanged(ReplyKind.NOT_ALLOWED, event.to)
    closed = (UpdateAsk(post=handoff.ask_post, **case.common("passed")),) if handoff.ask_post else ()
    passed = handoff.model_copy(
        update={
            "asked": event.to,
            "asked_because": "passed_on",
            "passed_on": PassOn(by=event.by, to=event.to, note=event.note.strip(), at=event.at),
            "ask_post": None,
            "reminders": standing(handoff),
            "round": handoff.round + 1,
        }
    )
    passed, nags, remarks = case.ladder_begins(passed)
    is_complete = not checklist.missing(case.workflow, passed)
    ask = AskRep(to=To(person=event.to), again="passed_on", is_complete=is_complete, **case.common("ask"))
    return Decision(handoff=passed, notices=(*closed, *case.settled(), ask, *nags), cancel=("rep",), remarks=remarks)


def not_needed(case: Case, event: NotNeeded) -> Decision:
    """Sales says that this needs no handoff: it is cancelled, with the reason."""
    if not collecting(case.handoff.status):
        return too_late(case)
    if complaint := quality.reason_complaint(event.reason):
        return case.wrong({"reason": complaint})
    return cancelled(case, "not_needed", event.reason.strip(), event.by)


def question_asked(case: Case, event: QuestionAsked) -> Decision:
    """One question to one person. It stops nothing."""
    handoff = case.handoff
    is_to_sales = handoff.status in WITH_DELIVERY
    if not handoff.is_open:
        return case.unchanged(ReplyKind.OVER)
    if not is_to_sales and event.to is None:
        return case.unchanged(ReplyKind.NOT_NOW)
    if event.to is not None and event.to.is_guest:  # they could not answer it
        return case.unchanged(ReplyKind.NOT_ALLOWED, event.to)
    if handoff.question(event.question_id) is not None:  # the form was sent twice
        return case.unchanged(ReplyKind.ALREADY_SO, event.to)
    if event.about is not None and event.about not in {f.key for f in case.workflow.checklist}:
        return case.wrong({"about": NOT_ASKED})
    if not event.text.strip():
        return case.wrong({"question": "Please write the question."})
    question = Question(
        id=event.question_id,
        about=event.about,
        text=event.text.strip(),
        by=event.by,
        to=event.to or handoff.asked,
        at=event.at,
        is_to_sales=is_to_sales,
    )
    to = To(person=question.to) if question.to else sales(handoff, case.workflow)
    ask = AskQuestion(question_id=question.id, to=to, **case.common(f"question-{len(handoff.questions)}"))
    asked = handoff.model_copy(update={"questions": (*handoff.questions, question)})
    also = case.update_brief() if is_to_sales else case.update_ask()
    return Decision(handoff=asked, notices=(ask, *also))


def question_answered(case: Case, event: QuestionAnswered) -> Decision:
    """The answer goes to whoever asked. A colleague's becomes a draft; one to delivery stands on the brief."""
    handoff = case.handoff
    question = handoff.question(event.question_id)
    if case.was_heard:
        return case.unchanged(ReplyKind.ALREADY_SO)
    if question is None:
        return case.unchanged(ReplyKind.NOT_NOW)
    if question.answer is not None:
        return case.unchanged(ReplyKind.ALREADY_DECIDED, question.answered_by, question.answered_at)
    if not handoff.is_open:
        return case.unchanged(ReplyKind.OVER)
    if question.to is not None and not question.to.is_same(event.by):
        return case.unchanged(ReplyKind.NOT_YOURS, question.to)
    barred = _of_others(case, event, question)
    if barred is not None and not question.is_to_sales:
        return not_allowed(case, barred.visible_to)
    if not event.text.strip():
        return case.wrong({"answer": "Please write the answer."})
    done = question.model_copy(update={"answer": event.text.strip(), "answered_by": event.by, "answered_at": event.at})
    questions = tuple(done if q.id == done.id else q for q in handoff.questions)
    told = case.hearing(handoff.model_copy(update={"questions": questions}))
    update = UpdateQuestion(question_id=done.id, **case.common("question-update"))
    if done.is_to_sales:
        answer = TellAnswer(lane="delivery", question_id=done.id, **case.common("answer"))
        shown = told if barred else _on_the_brief(told, done, case)
        return Decision(handoff=shown, notices=(update, answer, *case.update_brief()))
    answer = TellAnswer(lane="rep", question_id=done.id, to=To(person=done.by), **case.common("answer"))
    return Decision(handoff=_as_draft(told, done, case), notices=(update, answer, *case.update_ask()))


def _of_others(case: Case, event: QuestionAnswered, question: Question) -> ChecklistField | None:
    """The field that a question is about, if only others may answer it."""
    field = next((f for f in case.workflow.checklist if f.key == question.about), None)
    is_free = field is None or not field.visible_to or may_read(field, event.roles, event.by)
    return None if is_free else field


def _as_draft(handoff: Handoff, question: Question, case: Case) -> Handoff:
    if question.about is None or question.answered_by is None or handoff.status is not Status.COLLECTING:
        return handoff
    if handoff.draft(question.about) is not None:
        return handoff  # what somebody else typed and saved stays; the form shows both
    text = question.answer or ""
    draft = Draft(key=question.about, text=text, at=case.event.at, by=question.answered_by)
    return handoff.model_copy(update={"drafts": (*handoff.drafts, draft)})


def _on_the_brief(handoff: Handoff, question: Question, case: Case) -> Handoff:
    """An answer about a free text field is added to what the brief says; others stand in the thread only."""
    field = next((f for f in case.workflow.checklist if f.key == question.about), None)
    if field is None or field.type not in ("text", "long_text"):
        return handoff
    before = handoff.answer(field.key)
    text = question.answer or ""
    if before is not None and before.source is not Source.WAIVED:
        text = f"{before.value}\n{text}"
    answer = Answer(key=field.key, value=text, source=Source.PERSON, at=case.event.at, by=question.answered_by)
    kept = tuple(a for a in handoff.answers if a.key != field.key)
    return handoff.model_copy(update={"answers": (*kept, answer)})

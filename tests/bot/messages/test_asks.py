"""What the rep reads in the direct message."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.messages import asks, buttons, questions
from handoff.model import Answer, Draft, Flag, Handoff, PassOn, Person, Post, Question, Quiet, SendBack, Source, Status
from tests.bot.busy import busy
from tests.bot.hostile import SECRET, TEXTS, Case, cases, emptiest, fullest, handoffs, thoroughly
from tests.bot.reading import everything, links, parts, pings, refused, seen
from tests.factories import ANSWERS, NOW, PRIYA, RUI, SAM, answer, field, handoff, record, workflow

EXCEPTIONS = {"flags": ["Custom Scope"], "channel": "#deal-review", "reviewers": ["rui@example.com"]}


@thoroughly
@example(fullest(), None)
@example(emptiest(), "is_archived")
@given(cases(), st.none() | TEXTS)
def test_a_question_is_taken_whatever_is_in_it(case: Case, instead: str | None) -> None:
    text, blocks = asks.ask(case.handoff, case.workflow, instead)

    assert refused(text, blocks) == []


@thoroughly
@given(cases(), st.none() | TEXTS)
def test_a_question_pings_nobody_but_who_was_picked(case: Case, instead: str | None) -> None:
    text, blocks = asks.ask(case.handoff, case.workflow, instead)

    assert pings(text, blocks) <= {"U0PICKED01"}


@thoroughly
@given(cases())
def test_a_question_links_only_to_addresses_that_show_themselves(case: Case) -> None:
    _, blocks = asks.ask(case.handoff, case.workflow)

    assert [url for url, words in links(blocks).items() if not url.startswith(words.removesuffix("…"))] == []


@thoroughly
@given(cases())
def test_an_answer_for_some_eyes_only_is_never_in_a_question(case: Case) -> None:
    text, blocks = asks.ask(case.handoff, case.workflow)

    assert SECRET not in everything(text, blocks)


@thoroughly
@given(busy(), st.sampled_from((None, "sent_back", "passed_on", "resumed")), st.booleans())
def test_a_question_with_everything_on_it_is_taken(case: Case, again: str | None, is_old: bool) -> None:
    text, blocks = asks.ask(case.handoff, case.workflow, None, again, Post(channel="D1", ts="1.0") if is_old else None)

    assert refused(text, blocks) == []
    assert pings(text, blocks) <= {"U0PICKED01"}
    assert SECRET not in everything(text, blocks)


@thoroughly
@given(busy(), st.none() | TEXTS)
def test_questions_and_answers_are_taken_whatever_is_in_them(case: Case, complaint: str | None) -> None:
    one, told = case.handoff, case.workflow
    answered = [q for q in one.questions if q.answer is not None]

    messages = [asks.next_question(complaint, one, told), *(questions.question(q, one, told) for q in one.questions)]
    messages += [questions.answer(q, one, told) for q in answered]

    for text, blocks in messages:
        assert refused(text, blocks) == []
        assert pings(text, blocks) == set()
        assert SECRET not in everything(text, blocks)


@thoroughly
@given(handoffs())
def test_the_news_of_an_owner_is_taken_and_pings_only_the_owner(one: Handoff) -> None:
    text, blocks = asks.owned(one)

    assert refused(text, blocks) == []
    assert pings(text, blocks) <= {one.owner.slack_id if one.owner else None}
    assert links(blocks) == {}


def test_a_question_counts_what_is_there_and_what_is_not() -> None:
    from_crm = Answer(key="contact", value="ines@client.example", source=Source.CRM, at=NOW)

    text, blocks = asks.ask(handoff(answers=(from_crm,)), workflow())

    assert text == "Deal 1 reached Closed Won. 1 of 6 already in HubSpot, 4 to add, 1 optional."
    assert "1 of 6 already in HubSpot, 4 to add, 1 optional." in seen(blocks)


def test_what_is_missing_comes_before_what_is_there() -> None:
    _, blocks = asks.ask(handoff(answers=(answer("contact"), answer("promised"))), workflow())

    lacking, there = (seen(bullets) for bullets in parts(blocks, "rich_text_list"))
    assert lacking == "What do they care about?When do we start?What does the client expect next?How? (optional)"
    assert there == f"Who is the main contact? {ANSWERS['contact']}What was promised? {ANSWERS['promised']}"


def test_only_what_was_sent_back_is_listed_as_to_be_answered_again() -> None:
    given = tuple(answer(key) for key in ANSWERS)
    back = SendBack(fields=("promised",), reason="Which ten people?", by=PRIYA, at=NOW)

    _, blocks = asks.ask(handoff(answers=given, wanted=("promised",), send_backs=(back,)), workflow())

    again = next(seen(bullets) for bullets in parts(blocks, "rich_text_list"))
    assert again == "What was promised?"  # and nothing that is optional and was never answered


def test_every_field_is_in_the_list_however_many_there_are() -> None:
    checklist = [field(key=f"f{n}", ask=f"Question {n}?").model_dump() for n in range(80)]

    _, blocks = asks.ask(handoff(), workflow(checklist=checklist, brief={"promised": "f0", "expects_next": "f1"}))

    lines = [seen(line) for bullets in parts(blocks, "rich_text_list") for line in bullets["elements"]]
    assert lines == [f"Question {n}?" for n in range(80)]


def test_a_long_answer_is_shown_on_one_line_and_cut() -> None:
    _, blocks = asks.ask(handoff(answers=(answer("promised", "First\nthen " + "z" * 500),)), workflow())

    assert f"What was promised? First then {'z' * 108}…" in seen(blocks)


def test_the_buttons_of_a_question() -> None:
    _, blocks = asks.ask(handoff(), workflow())

    assert [(b["text"]["text"], b["action_id"], b["value"]) for b in parts(blocks, "button")] == [
        ("Complete handoff", buttons.COMPLETE, "h1"),
        ("Not mine", buttons.NOT_MINE, "h1"),
        ("Snooze", buttons.SNOOZE, "h1"),
        ("No handoff needed", buttons.NOT_NEEDED, "h1"),
    ]


def test_what_was_sent_back_stands_with_its_reason_and_whose_it_is() -> None:
    back = SendBack(fields=("promised",), reason="Which two?", by=PRIYA, at=NOW)
    answers = tuple(answer(key) for key in ANSWERS)

    text, blocks = asks.ask(handoff(answers=answers, wanted=("promised",), send_backs=(back,)), workflow())

    assert text == "Deal 1 was sent back to you. 1 answer to look at again."
    assert "Priya Nair asks again about “What was promised?”:Which two?" in seen(blocks)
    assert "To answer again\nWhat was promised?" in seen(blocks)


def test_drafts_questions_flags_and_a_rest_are_shown() -> None:
    draft = Draft(key="goals", text="Two halls", at=NOW, by=RUI)
    asked = Question(id="q1", about=None, text="Which hall?", by=SAM, to=RUI, at=NOW, is_to_sales=False)
    flag = Flag(name="Custom Scope", note="Two yards", by=SAM, at=NOW)
    quiet = Quiet(by=SAM, at=NOW, until=NOW)

    _, blocks = asks.ask(
        handoff(drafts=(draft,), questions=(asked,), flags=(flag,), quiet=quiet), workflow(exceptions=EXCEPTIONS)
    )

    assert "1 answer saved, not handed over yet." in seen(blocks)
    assert "Sam Rivers asked Rui Lemos: “Which hall?”" in seen(blocks)
    assert "Flag Custom Scope, raised by Sam Rivers. “Two yards”" in seen(blocks)
    assert "Reminders were put off until " in seen(blocks)


def test_whoever_it_was_passed_on_to_reads_by_whom_and_the_former_message_has_no_buttons() -> None:
    passed = PassOn(by=SAM, to=RUI, note="Yours since June", at=NOW)
    one = handoff(asked=RUI, asked_because="passed_on", passed_on=passed, ask_post=Post(channel="D0RUI", ts="2.0"))

    _, new = asks.ask(one, workflow(), again="passed_on")
    _, old = asks.ask(one, workflow(), post=Post(channel="D0SAM", ts="1.0"))

    assert "Sam Rivers passed this on to you: “Yours since June”" in seen(new)
    assert seen(old) == "Deal 1Sam Rivers passed this on to Rui Lemos. Nothing is left to do here."
    assert list(parts(old, "button")) == []


def test_a_question_asked_in_a_channel_offers_no_thread() -> None:
    _, blocks = asks.ask(handoff(), workflow(), "user_disabled")

    assert "in the thread" not in seen(blocks)


def test_nothing_is_asked_any_more_once_the_brief_is_out() -> None:
    _, blocks = asks.ask(handoff(Status.UNCLAIMED), workflow())

    assert list(parts(blocks, "button")) == []
    assert "Everything the next team needs is there: the brief is in #delivery." in seen(blocks)


@pytest.mark.parametrize(
    ("because", "owner", "why"),
    [
        ("not_in_slack", record().owner, "Sam Rivers (sam@example.com) closed this, and Slack does not know them."),
        ("not_in_slack", Person(name="Sam Rivers"), "Sam Rivers closed this, and Slack does not know them."),
        ("no_owner", None, "This has no owner in HubSpot. You are asked as the backup."),
    ],
)
def test_a_backup_reads_why_they_are_asked(because: str, owner: Person | None, why: str) -> None:
    asked = handoff(asked_because=because, record=record(owner=owner))

    _, blocks = asks.ask(asked, workflow())

    assert why in seen(blocks)


def test_whoever_is_asked_in_a_channel_reads_why() -> None:
    _, blocks = asks.ask(handoff(), workflow(), "user_disabled")

    assert "The rep could not be reached in a direct message (user_disabled), so this is asked here." in seen(blocks)


def test_the_rep_is_not_told_why_they_are_asked() -> None:
    _, blocks = asks.ask(handoff(), workflow())

    assert "You are asked" not in seen(blocks)
    assert SAM.name not in seen(blocks)


def test_the_rep_reads_who_has_it_now() -> None:
    text, blocks = asks.owned(handoff(Status.OWNED))

    assert text == "Priya Nair took Deal 1, 1 s after the brief was ready. You are done here."
    assert pings(text, blocks) == {"U0PRIYA001"}

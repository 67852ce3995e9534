"""Whether an answer is of the right kind, and the form in which it is kept."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handoff import checklist
from handoff.workflow import ChecklistField, FieldType
from tests.factories import field, workflow

OPTIONS = ("Call", "On site", "Straße")
_CHOOSES = (FieldType.CHOICE, FieldType.CHOICES)


def of_type(kind: str) -> ChecklistField:
    return field(type=kind, options=OPTIONS if kind in _CHOOSES else ())


LIKELY = {
    FieldType.DATE: st.one_of(st.dates().map(str), st.datetimes().map(str), st.integers(0, 10**14).map(str)),
    FieldType.NUMBER: st.text("0123456789+-.,'  k€$%", max_size=12),
    FieldType.MONEY: st.text("0123456789+-.,'  kmEUR€$%", max_size=12),
    FieldType.EMAIL: st.emails(),
    FieldType.LINK: st.text("htps:/.@[]#?%a é\n<>|", max_size=20).map("http://".__add__),
    FieldType.CHOICE: st.sampled_from([*OPTIONS, "call", "STRASSE", "No"]),
    FieldType.CHOICES: st.lists(st.sampled_from([*OPTIONS, "call", "", " ", ";"]), max_size=4).map(";".join),
    FieldType.YES_NO: st.sampled_from(["yes", "TRUE", "1", "No", "false", "0", "maybe"]),
}
kinds_and_texts = st.sampled_from(list(FieldType)).flatmap(
    lambda kind: st.tuples(st.just(kind), st.one_of(st.text(), LIKELY.get(kind, st.text())))
)


@pytest.mark.parametrize(
    ("kind", "text", "kept"),
    [
        ("text", "  Two integrations \n", "Two integrations"),
        ("long_text", "one\n\ntwo", "one\n\ntwo"),
        ("person", "U0ANA00001", "U0ANA00001"),
        ("date", "2026-03-20", "2026-03-20"),
        ("date", "2026-03-20T23:30:00+02:00", "2026-03-20"),
        ("date", "1773964800000", "2026-03-20"),
        ("date", "946684800000", "2000-01-01"),
        ("number", "1200", "1200"),
        ("number", "-3.5", "-3.5"),
        ("number", "+.25", "+.25"),
        ("number", "15 %", "15"),
        ("money", "1,200.50", "1200.50"),
        ("money", "1'200'000", "1200000"),
        ("money", "12 345", "12345"),
        ("money", "€ 48\u202f000", "48000"),
        ("money", "USD 5", "5"),
        ("money", "5 EUR", "5"),
        ("email", " ines@client.example ", "ines@client.example"),
        ("link", "https://docs.example/a?b=c#d", "https://docs.example/a?b=c#d"),
        ("link", "http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("choice", "on SITE", "On site"),
        ("choice", "STRASSE", "Straße"),
        ("choices", "call; on site", "Call;On site"),
        ("choices", ";Call;", "Call"),
        ("yes_no", "True", "yes"),
        ("yes_no", "1", "yes"),
        ("yes_no", "NO", "no"),
        ("yes_no", "false", "no"),
    ],
)
def test_a_good_answer_is_kept_in_one_form(kind: str, text: str, kept: str) -> None:
    assert checklist.tidy(of_type(kind), text) == kept


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("text", " \n", "Please write an answer."),
        ("date", "soon", "That is not a date."),
        ("date", "2026-02-30", "That is not a date."),
        ("date", "20260", "That is not a date."),
        ("number", "a few", "That is not a number."),
        ("number", "1e5", "That is not a number."),
        ("number", "1.2.3", "That is not a number."),
        ("number", "٣", "That is not a number."),
        ("money", "1.200,50", "That is not a number."),
        ("money", "50k", "write the number in full"),
        ("money", "€1.5 M", "write the number in full"),
        ("money", "2 mio", "write the number in full"),
        ("email", "ines", "That is not an e-mail address."),
        ("email", "ines@client", "That is not an e-mail address."),
        ("link", "docs.example", "That is not a link."),
        ("link", "javascript:alert(1)", "That is not a link."),
        ("link", "https://", "That is not a link."),
        ("link", "https://[::1", "That is not a link."),
        ("link", "https://a.example/x y", "That is not a link."),
        ("link", "https://a.example|safe", "That is not a link."),
        ("choice", "By mail", "“By mail” is not one of the choices: Call, On site, Straße."),
        ("choices", "Call;By mail", "“By mail” is not one of the choices"),
        ("choices", " ; ;", "Please choose at least one."),
        ("yes_no", "maybe", "Please answer yes or no."),
    ],
)
def test_a_bad_answer_is_refused_in_words_for_whoever_typed_it(kind: str, text: str, said: str) -> None:
    complaint = checklist.complaint(of_type(kind), text, {})

    assert complaint is not None
    assert said in complaint


@given(kinds_and_texts)
@example((FieldType.CHOICES, ";"))
@example((FieldType.LINK, "https://\u2100.example"))
@example((FieldType.DATE, "99999999999999"))
@example((FieldType.DATE, "2026-01-01\ud80000:00"))
def test_any_answer_is_refused_in_words_or_kept_and_keeping_it_again_changes_nothing(
    given: tuple[FieldType, str],
) -> None:
    kind, text = given
    complaint = checklist.complaint(of_type(kind), text, {})
    if complaint is not None:
        with pytest.raises(ValueError, match=re.escape(complaint)):
            checklist.tidy(of_type(kind), text)
        return

    kept = checklist.tidy(of_type(kind), text)

    assert kept.strip()
    assert checklist.tidy(of_type(kind), kept) == kept


@pytest.mark.parametrize(
    ("close_date", "start", "is_fine"),
    [
        ("2026-03-01", "2026-03-01", True),
        ("2026-03-01", "2026-03-02", True),
        ("2026-03-01", "2026-02-28", False),
        ("2026-03-01T15:00:00.000Z", "2026-03-01", True),
        ("not set", "2026-01-01", True),
        ("", "2026-01-01", True),
        (None, "2026-01-01", True),
    ],
)
def test_a_date_may_not_be_before_the_one_it_follows(close_date: str | None, start: str, is_fine: bool) -> None:
    complaint = checklist.complaint(field(type="date", not_before="closedate"), start, {"closedate": close_date})

    assert (complaint is None) is is_fine


def test_a_date_that_is_too_early_is_told_the_earliest() -> None:
    complaint = checklist.complaint(
        field(type="date", not_before="closedate"), "2026-01-01", {"closedate": "2026-03-01"}
    )

    assert complaint == "That is before 2026-03-01, the date in “close date”. Pick that day or a later one."


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("closedate", "close date"),
        ("hs_closed_won_date", "closed won date"),
        ("lastupdate", "lastupdate"),
        ("date", "date"),
        ("CloseDate", "close date"),
        ("Start_Date__c", "start date"),
        ("company.founded", "company founded"),
        ("_", "_"),
        ("start", "When do we start?"),
        ("start_date", "When do we start?"),
    ],
)
def test_a_field_is_called_by_its_question_or_in_words(name: str, words: str) -> None:
    assert checklist.called(name, workflow()) == words

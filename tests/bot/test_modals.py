"""The modal *Complete handoff*: only what is missing, and what was typed comes out as it went in."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.modals import complete, fields, sheet
from bot.modals.forms import note
from handoff import checklist
from handoff.workflow import ChecklistField, Workflow
from sandbox.seed import fresh_workspace
from sandbox.slack import forms
from sandbox.slack.values import Entry
from tests.bot.busy import busy, fullest_sheet, seen_by
from tests.bot.hostile import SECRET, TEXTS, Case, cases, emptiest, fullest, thoroughly
from tests.bot.reading import everything, links, parts, pings, refused_view, seen
from tests.factories import ANSWERS, NOW, answer, field, handoff, record, workflow

TEN = [f"Choice {n}" for n in range(10)]
MANY = [f"Choice {n}" for n in range(100)]


@thoroughly
@example(fullest(), 6, False)
@example(emptiest(), 6, True)
@given(busy(), st.integers(0, 8), st.booleans())
def test_the_form_is_taken_whatever_is_in_it(case: Case, step: int, is_correcting: bool) -> None:
    shown = seen_by(case.handoff, case.workflow, step=step, is_correcting=is_correcting, flags=(0, 99), flag_note="x")
    wrong = {f.key: f.ask for f in case.workflow.checklist}

    for view in (complete.build(shown), complete.build(shown.at(0), complete.Say(wrong, trouble="x" * 4000))):
        assert refused_view(view) == []
        assert pings("", view) <= {"U0PICKED01"}
        assert [url for url, words in links(view).items() if not url.startswith(words.removesuffix("…"))] == []


@pytest.mark.parametrize("step", range(7))
def test_every_step_of_the_longest_form_is_taken(step: int) -> None:
    assert refused_view(complete.build(fullest_sheet().at(step))) == []


@thoroughly
@given(cases())
def test_the_steps_together_ask_exactly_for_what_has_no_answer(case: Case) -> None:
    first = seen_by(case.handoff, case.workflow)

    views = [complete.build(first.at(step)) for step in range(7)]

    asked = {part["block_id"]: not part["optional"] for part in parts(views, "input")}
    lacking = {f.key for f in checklist.missing(case.workflow, case.handoff)}
    applying = [f for f in checklist.applying(case.workflow, case.handoff) if not f.visible_to]
    is_first_time = not case.handoff.wanted
    open_ = [f for f in applying if f.key in lacking or (is_first_time and case.handoff.answer(f.key) is None)]
    expected = {fields.block_id(f.key): f.key in lacking for f in open_}
    assert {key: must for key, must in asked.items() if key.startswith("field:")} == expected


@thoroughly
@given(busy(), st.booleans())
def test_an_answer_for_some_eyes_only_is_never_in_the_form(case: Case, is_correcting: bool) -> None:
    secret = {f.crm or "": SECRET for f in case.workflow.checklist if f.visible_to}
    one = case.handoff.model_copy(update={"record": case.handoff.record.model_copy(update={"fields": secret})})
    first = seen_by(one, case.workflow, is_correcting=is_correcting)

    assert SECRET not in everything(*(complete.build(first.at(step)) for step in range(7)))


def test_whoever_may_read_an_answer_may_also_give_it() -> None:
    told = field(visible_to=["finance@example.com"])

    for_all = complete.build(seen_by(handoff(), _asking(told)))
    for_finance = complete.build(seen_by(handoff(), _asking(told), "finance@example.com"))

    assert "“What is the scope?” is answered by finance@example.com only." in seen(for_all)
    assert "field:scope" not in everything(for_all)
    assert "field:scope" in everything(for_finance)


@thoroughly
@given(TEXTS)
def test_whatever_comes_back_as_the_place_is_read(text: str) -> None:
    for metadata in (text, f"h1|{text}", f"h1|{{{text}}}", 'h1|{"step": 1e999}', 'h1|{"flags": 7}', "h1|[]"):
        assert sheet.place(metadata).handoff_id == metadata.partition("|")[0]


@thoroughly
@given(TEXTS, st.integers(0, 99), st.lists(st.integers(0, 9), unique=True).map(tuple))
def test_the_place_comes_back_as_it_was(note_: str, step: int, flags: tuple[int, ...]) -> None:
    there = sheet.Place("h1", NOW, step, is_correcting=True, flags=flags, flag_note=note_[:400])

    assert len(there.packed()) < 3000
    assert sheet.place(there.packed()) in (there, replace(there, flag_note=there.flag_note[: len(note_[:400]) // 8]))


@thoroughly
@given(TEXTS, TEXTS)
def test_a_note_is_taken_whatever_is_in_it(title: str, text: str) -> None:
    assert refused_view(note(title, text)) == []


def test_the_form_remembers_its_handoff() -> None:
    place, typed = sheet.typed(_typed(complete.build(seen_by(handoff(), workflow(), step=3)), {}))

    assert (place.handoff_id, place.opened_at, place.step) == ("h1", NOW, 3)
    assert set(typed.answers.values()) <= {""}


def test_what_is_known_stands_on_top() -> None:
    view = complete.build(seen_by(handoff(answers=(answer("promised"), answer("contact"))), workflow()))

    known = [seen(line) for line in next(parts(view, "rich_text_list"))["elements"]]
    assert known == [
        f"Who is the main contact? {ANSWERS['contact']}",
        f"What was promised? {ANSWERS['promised']}",
    ]
    assert [block["type"] for block in view["blocks"]].index("input") == 5  # headline, what for, what is known, a rule


@pytest.mark.parametrize(
    ("told", "given_", "stored"),
    [
        (field(type="text"), "Two integrations", "Two integrations"),
        (field(type="long_text"), "First\nthen", "First\nthen"),
        (field(type="date"), "2026-03-20", "2026-03-20"),
        (field(type="number"), "-12.5", "-12.5"),
        (field(type="money"), "48000", "48000"),
        (field(type="email"), "ines@client.example", "ines@client.example"),
        (field(type="link"), "https://client.example/scope?a=b&c", "https://client.example/scope?a=b&c"),
        (field(type="person"), "dana@example.com", "U0DANA"),
        (field(type="choice", options=["Call", "On site"]), "On site", "On site"),
        (field(type="choice", options=TEN), "Choice 9", "Choice 9"),
        (field(type="choice", options=MANY), "Choice 99", "Choice 99"),
        (field(type="choices", options=["A & B", "C, D", "<E>"]), ["A & B", "<E>"], "A & B;<E>"),
        (field(type="choices", options=TEN), TEN, ";".join(TEN)),
        (field(type="choices", options=MANY), MANY, ";".join(MANY)),
        (field(type="yes_no"), "Yes", "yes"),
        (field(type="yes_no"), "No", "no"),
    ],
    ids=lambda value: value.type.value if isinstance(value, ChecklistField) else "",
)
def test_what_is_typed_comes_out_as_the_answer(told: ChecklistField, given_: Any, stored: str) -> None:
    view = complete.build(seen_by(handoff(), _asking(told)))

    _, said = sheet.typed(_typed(view, {told.key: given_}))

    assert refused_view(view) == []
    assert {key: checklist.tidy(told, text) for key, text in said.answers.items()} == {told.key: stored}


@thoroughly
@given(st.sampled_from(("text", "long_text")), TEXTS.map(lambda text: text[:3000]))
def test_any_text_comes_out_as_it_was_typed(kind: str, text: str) -> None:
    told = field(type=kind)

    _, said = sheet.typed(_typed(complete.build(seen_by(handoff(), _asking(told))), {told.key: text}))

    assert said.answers == {told.key: text}


def test_fields_left_empty_are_not_answers() -> None:
    view = complete.build(seen_by(handoff(), workflow()))

    _, said = sheet.typed(_typed(view, {"promised": "Training", "goals": "  ", "kickoff": None}))

    filled = {key: text for key, text in said.answers.items() if text}
    assert filled == {"promised": "Training", "goals": "  "}  # spaces are complained about, not passed over


def test_a_form_without_any_value_is_read_as_empty() -> None:
    _, said = sheet.typed({"private_metadata": "h1", "state": {"values": []}})

    assert said.answers == {}


def test_blocks_that_are_no_fields_are_not_read() -> None:
    values = {
        "flags": {"value": {"type": "plain_text_input", "value": "sly"}},
        "field:scope": {"other": {"value": "x"}},
    }

    assert fields.read({"state": {"values": values}}) == {"scope": "x"}


@pytest.mark.parametrize(
    ("told", "crm", "hint"),
    [
        (
            field(type="date", crm="start"),
            {"start": "tbd"},
            "HubSpot says “tbd”. That is not a date. Write it like 2026-01-31.",
        ),
        (
            field(type="date", crm="start", not_before="closedate"),
            {"start": "2026-01-31", "closedate": "2026-03-01"},
            (
                "HubSpot says “2026-01-31”. That is before 2026-03-01, the date in “close date”. "
                "Pick that day or a later one."
            ),
        ),
        (
            field(type="choice", crm="how", options=["Call", "On site"]),
            {"how": "Phone"},
            "HubSpot says “Phone”. “Phone” is not one of the choices: Call, On site.",
        ),
    ],
    ids=["of another kind", "too early", "no choice"],
)
def test_a_value_of_the_crm_that_will_not_do_is_explained(told: ChecklistField, crm: dict[str, str], hint: str) -> None:
    view = complete.build(seen_by(handoff(record=record(fields=crm)), _asking(told)))

    assert [part["hint"]["text"] for part in questions(view)] == [hint]


@pytest.mark.parametrize("crm", [{}, {"note": None}, {"note": "  "}])
def test_nothing_is_explained_where_the_crm_says_nothing(crm: dict[str, str | None]) -> None:
    view = complete.build(seen_by(handoff(record=record(fields=crm)), _asking(field(crm="note"))))

    assert ["hint" in part for part in questions(view)] == [False]


def test_an_example_of_a_good_answer_stands_below_the_field() -> None:
    view = complete.build(seen_by(handoff(), _asking(field(good_answer="Two integrations and a report"))))

    assert [part["hint"]["text"] for part in questions(view)] == ["For example: Two integrations and a report"]


def test_options_that_differ_only_in_case_are_refused_by_config() -> None:
    with pytest.raises(ValueError, match="two options are the same"):
        field(type="choice", options=["On site", "on Site"])


def questions(view: dict[str, Any]) -> list[dict[str, Any]]:
    return [part for part in parts(view, "input") if part["block_id"].startswith("field:")]


def _asking(told: ChecklistField) -> Workflow:
    """A workflow that asks for this alone."""
    return workflow(checklist=[told.model_dump()], brief=dict.fromkeys(("promised", "expects_next"), told.key))


def _typed(payload: dict[str, Any], typed: dict[str, Any]) -> dict[str, Any]:
    """The view as Slack sends it after somebody typed into it and pressed the button."""
    view = forms.new_view("U0SAM", payload)
    for spot in forms.fields(view.payload["blocks"]):
        key = spot.block_id.removeprefix("field:")
        if key in typed:
            view.state[spot.block_id][spot.action_id] = Entry(fresh_workspace(), spot.element).value(typed[key])
    return {
        "private_metadata": view.payload["private_metadata"],
        "blocks": view.payload["blocks"],
        "state": {"values": view.state},
    }

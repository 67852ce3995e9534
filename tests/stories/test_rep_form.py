"""Sales fills in the form, in its own time and from several sides. Nothing typed and saved is lost."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.messages import buttons
from handoff.events import Answered
from handoff.model import Handoff, Person, Source, Status
from tests.running import Running, running_baton, wait_for
from tests.stories.filling_in import act, inputs, reached, typed
from tests.stories.talking import config, form, now, press, seen, submit, won

QUARRY, FJORD = "Quarrystone Estates", "Fjordlight Robotics"
GOALS = "Keys handed over in one day instead of three, before the season"
PROMISED = "A plan for 40 flats and training for two caretakers"
NEXT = "A call on Thursday with whoever leads it"
RISK = "Their caretaker leaves in May"
FULL = {
    "field:buyer_goals": GOALS,
    "field:signed_scope": "https://docs.example.com/scopes/quarry",
    "field:start_date": "2027-03-20",
    "field:promised_deliverables": PROMISED,
    "field:client_expects_next": NEXT,
    "field:risk_notes": RISK,
}
ON_SITE = """\
      - key: address
        ask: Where do we come to?
        type: text
        required: "kickoff_preference == 'On site'"

"""
PRICING = 'required: "discount > 0"    # asked only when there is a discount'


@pytest.fixture
def baton(tmp_path: Path) -> Iterator[Running]:
    with running_baton(tmp_path, with_address()) as running:
        yield running


def with_address() -> str:
    """The shipped file with a question that depends on another answer."""
    head, _, tail = config().partition("    contradictions:")
    return f"{head}{ON_SITE}    contradictions:{tail}"


def test_draft_is_kept_and_another_person_sees_whose_it_is(baton: Running) -> None:
    handoff = asked(baton, QUARRY)
    view = opened(baton, "sam", handoff)
    fill(baton, "sam", {"field:buyer_goals": GOALS, "field:start_date": "2027-03-20"})

    act(baton, "sam", buttons.SAVE_DRAFT)

    wait_for(lambda: "Nothing is handed over yet" in form(baton, "sam")["plain"])
    assert now(baton, handoff).answer("buyer_goals") is None
    seen(baton, "sam", "baton", "2 answers saved, not handed over yet.")
    baton.post("close", user="sam", view_id=view["id"])
    again = opened(baton, "sam", handoff)
    assert typed(again)["field:buyer_goals"] == GOALS
    assert "From" not in again["plain"]
    baton.post("close", user="sam", view_id=again["id"])
    assert len(now(baton, handoff).drafts) == 2

    pass_to(baton, handoff, "sam", "ana")

    theirs = opened(baton, "ana", handoff)
    assert typed(theirs)["field:start_date"] == "2027-03-20"
    assert "From Sam Okafor." in theirs["plain"]
    assert submit(baton, "ana", **(FULL | {"field:buyer_goals": GOALS}))["outcome"] == "closed"
    done = reached(baton, handoff, Status.UNCLAIMED)
    assert [(a.by.name if a.by else "") for a in done.answers if a.key in ("buyer_goals", "risk_notes")] == [
        "Sam Okafor",
        "Ana Lima",
    ]


def test_field_that_depends_on_an_answer_comes_and_goes_with_what_was_typed(baton: Running) -> None:
    handoff = asked(baton, QUARRY)
    opened(baton, "sam", handoff)
    fill(baton, "sam", {"field:buyer_goals": GOALS})

    pick(baton, "sam", "field:kickoff_preference", "On site")

    wait_for(lambda: "field:address" in inputs(form(baton, "sam")))
    assert typed(form(baton, "sam"))["field:buyer_goals"] == GOALS
    fill(baton, "sam", {"field:address": "Harbour Street 4, second yard"})
    pick(baton, "sam", "field:kickoff_preference", "Call")
    wait_for(lambda: "field:address" not in inputs(form(baton, "sam")))
    pick(baton, "sam", "field:kickoff_preference", "On site")
    wait_for(lambda: "field:address" in inputs(form(baton, "sam")))
    assert typed(form(baton, "sam"))["field:address"] == "Harbour Street 4, second yard"
    pick(baton, "sam", "field:kickoff_preference", "Call")
    wait_for(lambda: "field:address" not in inputs(form(baton, "sam")))

    assert submit(baton, "sam", **FULL)["outcome"] == "closed"

    done = reached(baton, handoff, Status.UNCLAIMED)
    assert done.answer("address") is None
    assert done.answer("kickoff_preference") is not None


def test_what_does_not_apply_is_said_with_a_reason_and_taken_back(baton: Running) -> None:
    handoff = asked(baton, QUARRY)
    opened(baton, "sam", handoff)
    fill(baton, "sam", {"field:risk_notes": RISK, "field:buyer_goals": GOALS})

    pick(baton, "sam", "waive:0", ["risk_notes", "signed_scope"], buttons.WAIVE)
    wait_for(lambda: "reason:risk_notes" in inputs(form(baton, "sam")))
    pick(baton, "sam", "waive:0", ["signed_scope"], buttons.WAIVE)
    wait_for(lambda: "field:risk_notes" in inputs(form(baton, "sam")))
    assert typed(form(baton, "sam"))["field:risk_notes"] == RISK

    rest = {key: text for key, text in FULL.items() if key not in ("field:signed_scope", "field:risk_notes")}
    refused = submit(baton, "sam", **rest, **{"reason:signed_scope": "n/a"})
    assert refused["errors"].keys() == {"reason:signed_scope"}
    taken = submit(baton, "sam", **{"reason:signed_scope": "They signed the frame contract of last year"})

    assert taken["outcome"] == "closed"
    done = reached(baton, handoff, Status.UNCLAIMED)
    scope, risk = done.answer("signed_scope"), done.answer("risk_notes")
    assert scope is not None
    assert (scope.source, scope.value) == (Source.WAIVED, "They signed the frame contract of last year")
    assert risk is not None
    assert risk.value == RISK


def test_value_of_the_crm_is_corrected(baton: Running) -> None:
    handoff = asked(baton, FJORD)
    view = opened(baton, "sam", handoff)
    assert "field:main_contact" not in inputs(view)
    fill(baton, "sam", {"field:buyer_goals": GOALS})

    act(baton, "sam", buttons.CORRECT)

    wait_for(lambda: "field:main_contact" in inputs(form(baton, "sam")))
    assert typed(form(baton, "sam"))["field:main_contact"] == "ingrid@fjordlight.example"
    assert typed(form(baton, "sam"))["field:buyer_goals"] == GOALS
    rest = {"field:promised_deliverables": PROMISED, "field:risk_notes": RISK}
    assert submit(baton, "sam", **rest, **{"field:main_contact": "lars@fjordlight.example"})["outcome"] == "closed"

    done = reached(baton, handoff, Status.UNCLAIMED)
    sources = {a.key: a.source for a in done.answers}
    assert sources["main_contact"] is Source.PERSON
    assert sources["signed_scope"] is Source.CRM
    assert sources["kickoff_preference"] is Source.CRM
    wait_for(lambda: "lars@fjordlight.example" in str(baton.deal(FJORD)["contacts"]))


def test_only_what_was_sent_back_is_asked_again_with_the_reason_and_the_old_answer(baton: Running) -> None:
    handoff = asked(baton, QUARRY)
    opened(baton, "sam", handoff)
    submit(baton, "sam", **FULL)
    brief = seen(baton, "priya", "#delivery", QUARRY)
    press(baton, "priya", "#delivery", brief, buttons.SEND_BACK)
    submit(baton, "priya", **{"fields:0": ["promised_deliverables"], "reason": "Which 40 flats? Two yards are meant."})
    seen(baton, "sam", "baton", "Which 40 flats?")

    view = opened(baton, "sam", handoff)

    assert inputs(view) >= {"field:promised_deliverables"}
    assert not inputs(view) & {"field:buyer_goals", "field:risk_notes"}
    assert typed(view)["field:promised_deliverables"] == PROMISED
    assert "Priya Nair sent this back: “Which 40 flats? Two yards are meant.”" in view["plain"]
    better = "A plan for the 40 flats of the east yard, and training for two caretakers"
    assert submit(baton, "sam", **{"field:promised_deliverables": better})["outcome"] == "closed"
    wait_for(lambda: now(baton, handoff).status is Status.UNCLAIMED)


def test_whoever_is_second_reads_who_completed_it(baton: Running) -> None:
    handoff = asked(baton, QUARRY)
    opened(baton, "sam", handoff)
    on_another_device(baton, handoff)

    late = submit(baton, "sam", **FULL)

    assert late["outcome"] == "updated"
    assert "Ana Lima completed this" in form(baton, "sam")["plain"]
    answer = now(baton, handoff).answer("promised_deliverables")
    assert answer is not None
    assert answer.value == "Something that Ana said before"
    done = seen(baton, "sam", "baton", "You read here who takes it")
    assert [b["type"] for b in done["blocks"] if b["type"] == "actions"] == []


def test_flag_needs_a_word_and_goes_to_the_reviewers(baton: Running) -> None:
    handoff = asked(baton, QUARRY)
    opened(baton, "sam", handoff)

    refused = submit(baton, "sam", **FULL, flags=["0"])
    assert refused["errors"].keys() == {"flag_note"}
    assert submit(baton, "sam", flag_note="They want the yard lights, too")["outcome"] == "closed"

    waiting = reached(baton, handoff, Status.IN_REVIEW)
    assert [(f.name, f.note) for f in waiting.flags] == [("Custom Scope", "They want the yard lights, too")]
    seen(baton, "sam", "baton", "it waits for a decision on Custom Scope")


def asked(baton: Running, name: str) -> Handoff:
    """A deal was won, and Sam is asked."""
    handoff = won(baton, name)
    seen(baton, "sam", "baton", name)
    return handoff


def opened(baton: Running, user: str, handoff: Handoff) -> Any:
    """The form, opened from the direct message."""
    press(baton, user, "baton", seen(baton, user, "baton", handoff.record.name), buttons.COMPLETE)
    return form(baton, user)


def on_another_device(baton: Running, handoff: Handoff) -> None:
    """Ana hands everything over while Sam's form is open."""
    ana = Person(name="Ana Lima", slack_id="U0ANA")
    answers = {key.removeprefix("field:"): text for key, text in FULL.items()}
    answers["promised_deliverables"] = "Something that Ana said before"
    baton.baton.flow.record(
        Answered(handoff_id=handoff.id, at=datetime.now(UTC), via="modal", by=ana, answers=answers), datetime.now(UTC)
    )


def fill(baton: Running, user: str, values: dict[str, object]) -> None:
    baton.post("fill", user=user, view_id=form(baton, user)["id"], values=values)


def pick(baton: Running, user: str, block_id: str, value: object, action_id: str = "watched") -> None:
    view_id = form(baton, user)["id"]
    answer = baton.post("click", user=user, view_id=view_id, action_id=action_id, block_id=block_id, value=value)
    assert answer["outcome"] == "ok", answer


def pass_to(baton: Running, handoff: Handoff, giver: str, taker: str) -> None:
    press(baton, giver, "baton", seen(baton, giver, "baton", handoff.record.name), buttons.NOT_MINE)
    assert submit(baton, giver, person=taker)["outcome"] == "closed"
    seen(baton, taker, "baton", "passed this on to you")

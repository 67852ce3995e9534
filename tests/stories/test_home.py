"""The Home tab, the shortcuts and starting a handoff by hand, over the network."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.modals import new, pause
from tests.running import Running, wait_for
from tests.security.presses import press as payload_of_press
from tests.security.presses import send
from tests.stories.people_rig import form, handoff_of, newest, office, owner_of, say, tab, won

FJORD, MERIDIAN = "Fjordlight Robotics", "Meridian Clinics"
ACME: dict[str, Any] = {new.WORKFLOW: "by-hand", new.NAME: "Acme & Sons", new.LINK: "https://acme.example/deal/7"}


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Running]:
    with office(tmp_path) as running:
        yield running


def opened(baton: Running, who: str) -> str:
    """What stands on somebody's Home tab when they open it."""
    baton.post("home", user=who)
    return wait_for(lambda: tab(baton, who))


def started(baton: Running) -> list[Any]:
    return [h for h in baton.baton.flow.store.search(None, 50) if h.record.ref.system == "manual"]


def test_everybody_sees_what_is_theirs(there: Running) -> None:
    won(there, FJORD, MERIDIAN)

    sam, priya = opened(there, "sam"), opened(there, "priya")
    assert "Yours (1)" in sam
    assert "Fjordlight Robotics Add 3 answers" in sam
    assert "Nothing waits for you." in priya
    assert "Waiting for an owner (1)" in priya
    assert "Your team’s (1)" in opened(there, "rui")  # config: Sam's manager


def test_a_press_on_the_tab_counts_and_the_tab_follows(there: Running) -> None:
    won(there, MERIDIAN)
    opened(there, "priya")

    there.post("click", user="priya", home=True, action_id="take_ownership")

    assert owner_of(there, MERIDIAN) == "Priya Nair"
    wait_for(lambda: "Yours (1)" in tab(there, "priya"))
    assert "Schedule the kickoff." in tab(there, "priya")


def test_a_late_press_on_the_tab_is_answered_in_a_form(there: Running) -> None:
    won(there, MERIDIAN)
    opened(there, "dana")
    opened(there, "priya")
    there.post("click", user="priya", home=True, action_id="take_ownership")

    there.post("click", user="dana", home=True, action_id="take_ownership")

    assert "Priya Nair took this" in form(there, "dana")["plain"]
    assert owner_of(there, MERIDIAN) == "Priya Nair"


def test_the_form_opens_from_the_tab(there: Running) -> None:
    won(there, FJORD)
    opened(there, "sam")

    there.post("click", user="sam", home=True, action_id="complete_handoff")

    assert FJORD in form(there, "sam")["plain"]


def test_a_guest_sees_no_customers(there: Running) -> None:
    won(there, MERIDIAN)
    there.post("users", name="gil", email="gil@client.example", is_restricted=True)

    assert MERIDIAN not in opened(there, "gil")
    assert MERIDIAN in opened(there, "dana")


def test_a_handoff_starts_without_a_crm(there: Running) -> None:
    assert not say(there, "ana", "new Acme & Sons", "#sales")
    view = form(there, "ana")

    answer = there.post("submit", user="ana", values={**ACME, new.REP: "sam"})

    assert answer["outcome"] == "updated"
    assert "Acme & Sons is with Sam Okafor now" in form(there, "ana")["plain"]
    (handoff,) = started(there)
    assert (handoff.record.name, handoff.workflow) == ("Acme & Sons", "by-hand")
    assert handoff.record.url == ACME[new.LINK]
    assert "Acme & Sons" in view["plain"]
    wait_for(lambda: "Acme & Sons" in " ".join(m["plain"] for m in there.messages("sam", "baton")))
    assert "Ana Lima started this handoff" in say(there, "ana", "history acme", "#sales")


def test_a_form_submitted_twice_starts_one(there: Running) -> None:
    say(there, "ana", "new Acme", "#sales")
    view = form(there, "ana")
    state = {
        new.WORKFLOW: {"value": {"type": "static_select", "selected_option": {"value": "by-hand"}}},
        new.NAME: {"value": {"type": "plain_text_input", "value": "Acme"}},
        new.REP: {"value": {"type": "users_select", "selected_user": "U0SAM"}},
    }
    twice = {
        **payload_of_press(there, "", user={"id": "U0ANA", "name": "ana"}),
        "type": "view_submission",
        "view": {"id": view["id"], "type": "modal", "callback_id": new.CALLBACK, "state": {"values": state}},
    }
    del twice["actions"], twice["response_url"]

    first, second = send(there, twice), send(there, twice)

    assert "you" not in first.text
    assert "Acme is with Sam Okafor now" in first.text
    assert "under way already" in second.text
    assert len(started(there)) == 1


def test_what_is_wrong_stands_under_its_field(there: Running) -> None:
    there.post("users", name="gil", email="gil@client.example", is_restricted=True)
    say(there, "ana", "new", "#sales")

    answer = there.post("submit", user="ana", values={**ACME, new.REP: "gil"})

    assert answer["outcome"] == "errors"
    assert list(answer["errors"]) == [new.REP]
    assert started(there) == []


def test_both_shortcuts_open_the_form(there: Running) -> None:
    there.post("shortcut", user="ana", callback_id="start_handoff")
    assert "Which customer?" in form(there, "ana")["plain"]
    there.post("close", user="ana", all=True)

    there.post("say", user="sam", channel="#sales", text="Closed: <https://crm.example/d/9|Northwind Foods> :tada:")
    message = newest(there, "sam", "#sales")
    there.post("shortcut", user="ana", callback_id="start_handoff_from_message", channel="#sales", ts=message["ts"])

    assert "Northwind Foods" in form(there, "ana")["plain"]
    assert "https://crm.example/d/9" in form(there, "ana")["plain"]


def test_a_message_without_a_link_gives_its_own(there: Running) -> None:
    there.post("say", user="sam", channel="#sales", text="Northwind Foods signed today")
    message = newest(there, "sam", "#sales")

    there.post("shortcut", user="ana", callback_id="start_handoff_from_message", channel="#sales", ts=message["ts"])

    assert "Northwind Foods signed today" in form(there, "ana")["plain"]
    assert "/archives/C0SALES/p" in form(there, "ana")["plain"]


def test_reminders_are_paused_by_their_form(there: Running) -> None:
    won(there, FJORD)
    handoff = handoff_of(there, FJORD)
    values = {pause.REASON: {"value": {"value": "They are on holiday"}}, pause.UNTIL: {"value": {}}}
    view = {"id": "V1", "type": "modal", "callback_id": pause.PAUSE, "private_metadata": handoff.id}
    submitted = {
        **payload_of_press(there, ""),
        "type": "view_submission",
        "view": {**view, "state": {"values": values}},
    }
    resumed = {**submitted, "view": {**view, "callback_id": pause.RESUME, "state": {"values": {}}}}

    assert send(there, submitted).text in ("", "{}")
    quiet = handoff_of(there, FJORD).quiet
    assert quiet is not None
    assert (quiet.reason, quiet.until, quiet.by.name) == ("They are on holiday", None, "Priya Nair")
    assert send(there, resumed).text in ("", "{}")
    assert handoff_of(there, FJORD).quiet is None
    assert "is not paused." in send(there, resumed).text
    assert "Next reminder: to " in send(there, resumed).text

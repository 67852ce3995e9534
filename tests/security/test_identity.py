"""Who acts, and in which workspace, is what the signed payload says, and nothing else."""

import json
from pathlib import Path

import pytest

from bot.messages import texts
from handoff.decide import decide
from handoff.model import Handoff, Status
from handoff.ports import Unit
from storage.engine import open_database
from storage.store import SqlStore
from tests import factories
from tests.factories import NOW
from tests.running import Running, running_baton, wait_for
from tests.security.presses import ELSEWHERE, form, press, send, stranger, told, waiting_brief

NOT_OURS = "Only people of the workspace that Baton is installed in can do this."


def state(baton: Running) -> tuple[Status, str | None]:
    """How the only handoff stands, and who owns it."""
    (handoff,) = baton.baton.flow.store.search(None, 5)
    return handoff.status, handoff.owner.slack_id if handoff.owner else None


def test_stranger_in_a_shared_channel_cannot_take_ownership(running: Running) -> None:
    waiting_brief(running)
    sly = stranger(running)
    brief = running.messages("sly", "#delivery")[0]

    answer = running.post("click", user="sly", channel="#delivery", ts=brief["ts"], action_id="take_ownership")

    assert answer["outcome"] == "ok"
    assert told(running, sly.name, NOT_OURS)
    assert state(running) == (Status.UNCLAIMED, None)


def test_stranger_sees_no_form_and_no_answers(running: Running) -> None:
    handoff = waiting_brief(running)
    sly = stranger(running)
    user = {"id": sly.id, "name": sly.name, "team_id": sly.team_id}
    button = {"action_id": "complete_handoff", "block_id": "b", "type": "button", "value": handoff.id}

    send(running, press(running, "", user=user, actions=[button]))

    assert told(running, "priya", NOT_OURS)
    assert "views.open" not in {entry["what"] for entry in running.sandbox.traffic.since(0)}


def test_stranger_over_socket_mode_cannot_take_ownership(tmp_path: Path) -> None:
    with running_baton(tmp_path, SLACK_APP_TOKEN="xapp-local") as baton:
        waiting_brief(baton)
        stranger(baton)
        brief = baton.messages("sly", "#delivery")[0]

        baton.post("click", user="sly", channel="#delivery", ts=brief["ts"], action_id="take_ownership")

        assert told(baton, "sly", NOT_OURS)
        assert state(baton) == (Status.UNCLAIMED, None)


@pytest.mark.parametrize("place", ["team", "user", "both"])
def test_press_in_another_workspace_changes_nothing(running: Running, place: str) -> None:
    handoff = waiting_brief(running)
    ours = running.baton.flow.workspace
    team = ours if place == "user" else ELSEWHERE
    user = {"id": "U0PRIYA", "team_id": ours if place == "team" else ELSEWHERE}

    answer = send(running, press(running, handoff.id, team={"id": team}, user=user))

    assert answer.status_code == 200
    assert told(running, "priya", NOT_OURS)
    assert state(running) == (Status.UNCLAIMED, None)


def test_form_of_another_workspace_says_that_nothing_was_saved(running: Running) -> None:
    running.post(f"crm/deals/{running.deal('Fjordlight Robotics')['id']}/move", stage="Closed won")
    wait_for(lambda: running.messages("sam", "baton"))
    (handoff,) = running.baton.flow.store.search(None, 5)
    answers = {"buyer_goals": "Ours now", "promised_deliverables": "The moon", "risk_notes": "None at all"}

    answer = send(running, form(running, handoff.id, answers, team={"id": ELSEWHERE}))

    assert answer.json()["response_action"] == "update"
    assert texts.STRANGER in json.dumps(answer.json())
    assert running.baton.flow.store.search(None, 5)[0].answers == handoff.answers


def neighbour(tmp_path: Path) -> tuple[SqlStore, Handoff]:
    """Another workspace in the same database, with a brief that waits for an owner."""
    database = open_database(f"sqlite:///{tmp_path}/baton.db", beside=True)
    store, workflow = SqlStore(database, ELSEWHERE), factories.workflow()
    store.remember([workflow], NOW)
    begun = factories.stage_entered(
        handoff_id="theirs", workspace=ELSEWHERE, record=factories.record(fields=factories.FILLED)
    )

    def work(unit: Unit) -> None:
        unit.save(begun, decide(None, begun, workflow, NOW), NOW)
        answered = factories.answered(handoff_id="theirs")
        unit.save(answered, decide(unit.handoff("theirs"), answered, workflow, NOW), NOW)

    store.write(work)
    handoff = store.handoff("theirs")
    assert handoff is not None
    return store, handoff


def test_button_that_names_a_handoff_of_another_workspace_changes_nothing(running: Running, tmp_path: Path) -> None:
    store, theirs = neighbour(tmp_path)

    answer = send(running, press(running, theirs.id))

    assert answer.status_code == 200
    assert told(running, "priya", "Baton does not know this handoff any more.")
    assert store.handoff("theirs") == theirs


def test_form_that_names_a_handoff_of_another_workspace_changes_nothing(running: Running, tmp_path: Path) -> None:
    store, theirs = neighbour(tmp_path)

    answer = send(running, form(running, theirs.id, {"promised": "The moon"}))

    assert "Not saved" in answer.text
    assert store.handoff("theirs") == theirs


@pytest.mark.parametrize("wish", ["everything", "history", "send_back", "ask_sales"])
def test_guest_in_the_channel_is_told_before_anything_opens(running: Running, wish: str) -> None:
    handoff = waiting_brief(running)
    running.post("users", name="gil", email="gil@client.example", is_restricted=True)
    running.post("channels/member", channel="#delivery", user="gil", **{"in": True})
    brief = running.messages("gil", "#delivery")[0]
    menu = {"action_id": "more", "value": f"{handoff.id}|{wish}"}
    pressed = menu if wish in ("everything", "history") else {"action_id": wish}

    running.post("click", user="gil", channel="#delivery", ts=brief["ts"], **pressed)

    assert told(running, "gil", "Guests cannot use this. Ask a member of this workspace")
    assert running.get("views", user="gil")["views"] == []


def test_person_named_in_the_button_is_not_believed(running: Running) -> None:
    handoff = waiting_brief(running)
    forged = json.dumps({"handoff": handoff.id, "user": {"id": "U0RUI"}})

    send(running, press(running, forged))

    assert told(running, "priya", "Baton does not know this handoff any more.")
    assert state(running) == (Status.UNCLAIMED, None)


def test_owner_is_who_the_payload_says_pressed_whatever_else_it_names(running: Running) -> None:
    handoff = waiting_brief(running)
    button = {"action_id": "take_ownership", "block_id": "b", "type": "button", "value": handoff.id}
    forged = {"user_id": "U0RUI", "user_name": "rui", "selected_user": "U0RUI", "user": {"id": "U0RUI"}}

    send(running, press(running, "", user_id="U0RUI", user_name="rui", actions=[{**button, **forged}]))

    assert state(running) == (Status.OWNED, "U0PRIYA")

"""`/handoff` and who may what, over the network."""

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest

from bot.people import SlackPeople
from handoff.events import Drafted
from handoff.model import RecordRef, Status
from sandbox.crm.model import DEALS
from tests.running import Running, wait_for
from tests.stories.people_rig import SECRET, form, handoff_of, newest, office, owner_of, press, say, won

FJORD, MERIDIAN = "Fjordlight Robotics", "Meridian Clinics"


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Running]:
    with office(tmp_path) as running:
        yield running


def test_help_and_a_word_that_is_nearly_right(there: Running) -> None:
    assert "/handoff history <name>" in say(there, "priya", "help")
    assert "Did you mean /handoff status?" in say(there, "priya", "statsu")


def test_where_customers_stand(there: Running) -> None:
    won(there, FJORD, MERIDIAN)

    assert "Fjordlight Robotics: waiting on Sam Okafor for 3 answers" in say(there, "priya", "status")
    assert "Still to add" in say(there, "priya", "status fjord")
    assert "Did you mean Fjordlight Robotics?" in say(there, "priya", "status fjrdlight")
    assert "Fjordlight Robotics" in say(there, "sam", "mine", "#sales")
    assert "Nothing waits for you" in say(there, "priya", "mine")
    assert "No problems" in say(there, "priya", "problems share")


def test_what_is_over_is_not_offered_where_only_what_is_under_way_will_do(there: Running) -> None:
    won(there, FJORD)
    there.post(f"crm/deals/{there.deal(FJORD)['id']}/move", stage="Closed lost")
    wait_for(lambda: handoff_of(there, FJORD).status is Status.CANCELLED)

    told = say(there, "priya", "pause fjord")

    assert "No handoff under way has “fjord” in its name. Write /handoff status to see all." in told
    assert "Did you mean Fjordlight Robotics?" in say(there, "priya", "history fjrdlight")


def test_answers_are_private_unless_shared(there: Running) -> None:
    won(there, FJORD)
    say(there, "priya", "status")
    assert newest(there, "priya")["ephemeral"]

    say(there, "priya", "problems share")
    assert newest(there, "priya")["ephemeral"]

    say(there, "priya", "status fjord share")
    assert "Sam Okafor" in newest(there, "dana")["plain"]
    assert not newest(there, "dana")["ephemeral"]


def test_what_does_not_fit_is_turned_like_pages(there: Running) -> None:
    names = [f"Customer {n:02}" for n in range(17)]
    _new_deals(there, *names)

    first = say(there, "priya", "status")
    ts = newest(there, "priya")["ts"]
    press(there, "priya", "handoff_asked:next")
    wait_for(lambda: names[16] in newest(there, "priya")["plain"])
    second = newest(there, "priya")

    assert sum(name in first for name in names) == 15
    assert [name for name in names if name in second["plain"]] == names[15:]
    assert second["ts"] == ts  # the same private message
    press(there, "priya", "handoff_asked:back")
    wait_for(lambda: names[0] in newest(there, "priya")["plain"])


def test_several_of_a_name_are_chosen_from(there: Running) -> None:
    _new_deals(there, "Northwind Foods", "Northwind Ports")

    asked = say(there, "priya", "history northw")
    assert "Which one?" in asked
    press(there, "priya", "handoff_asked", value=None)
    wait_for(lambda: "reached Closed won" in newest(there, "priya")["plain"])

    assert newest(there, "priya")["plain"].startswith("Northwind ")


def test_the_history_hides_what_only_some_may_read(there: Running) -> None:
    won(there, FJORD)
    handoff = handoff_of(there, FJORD)
    answers = {"buyer_goals": "Orders packed the same day", "margin": SECRET}
    _answer(there, handoff.id, answers)

    assert SECRET not in say(there, "priya", "history fjord")
    assert "Orders packed the same day" in newest(there, "priya")["plain"]
    assert SECRET in say(there, "olu", "history fjord", "#handoff-ops")  # finance
    assert SECRET not in say(there, "olu", "history fjord share", "#handoff-ops")


def test_a_long_history_is_turned_in_its_form(there: Running) -> None:
    won(there, MERIDIAN)
    brief = wait_for(lambda: there.messages("dana", "#delivery"))[0]
    handoff = handoff_of(there, MERIDIAN)
    for _ in range(11):
        say(there, "priya", "pause meridian 2h", "#general")
        say(there, "priya", "resume meridian", "#general")

    where = {"user": "priya", "channel": "#delivery", "ts": brief["ts"]}
    there.post("click", **where, action_id="more", value=f"{handoff.id}|history")
    page = form(there, "priya")
    assert "Earlier" in page["plain"]
    assert "Later" not in page["plain"]
    there.post("click", user="priya", view_id=page["id"], action_id="history_page:earlier")
    wait_for(lambda: "Later" in form(there, "priya")["plain"])
    there.post("click", user="priya", view_id=page["id"], action_id="history_page:later")
    wait_for(lambda: "Later" not in form(there, "priya")["plain"])


def test_reminders_are_paused_and_resumed(there: Running) -> None:
    won(there, FJORD)

    assert "is no time that Baton knows" in say(there, "priya", "pause fjord until soonish")
    assert handoff_of(there, FJORD).quiet is None
    assert "No reminders about Fjordlight Robotics until" in say(there, "priya", "pause fjord friday")
    quiet = handoff_of(there, FJORD).quiet
    assert quiet is not None
    assert quiet.until is not None
    until = quiet.until.astimezone(UTC)
    assert (quiet.by.name, quiet.is_pause) == ("Priya Nair", True)
    assert (until.weekday(), until.hour, until.minute) == (4, 3, 30)  # nine in Kolkata
    assert "Fjordlight Robotics: paused by Priya Nair until " in say(there, "dana", "pause")
    assert "go on" in say(there, "priya", "resume fjord")
    assert "Nothing is paused or snoozed." in say(there, "dana", "pause")
    assert "No more reminders about" in say(there, "priya", "pause Fjordlight Robotics")
    before = handoff_of(there, FJORD).quiet
    said = say(there, "priya", "pause Fjordlight Robotics")
    assert said.startswith("Nothing was changed. Fjordlight Robotics: Paused by Priya Nair until somebody resumes it.")
    assert handoff_of(there, FJORD).quiet == before
    assert "go on" in say(there, "priya", "resume fjord")
    said = say(there, "priya", "resume fjord")
    assert said.startswith("Nothing was changed. Fjordlight Robotics is not paused. Next reminder: to Sam Okafor, ")


@pytest.mark.parametrize("typed", ["{id}", "<https://app.hubspot.com/contacts/7/record/0-3/{id}?tab=1>"])
def test_a_record_whose_webhook_never_came_is_read_when_somebody_names_it(there: Running, typed: str) -> None:
    deal = there.deal(FJORD)["id"]
    crm = there.sandbox.crm
    crm.change(crm.records[DEALS][deal], {"dealstage": "closedwon"}, "SILENT")

    said = say(there, "priya", f"new {typed.format(id=deal)}")

    assert said.startswith(f"Baton reads {deal} in HubSpot now.")
    assert wait_for(lambda: there.baton.flow.store.search(FJORD, 1))
    assert not there.get("views", user="priya")["views"]


def test_a_record_in_another_stage_begins_nothing_when_somebody_names_it(there: Running) -> None:
    read = there.baton.flow.store.last_stage
    deal = there.deal(FJORD)

    say(there, "priya", f"new {deal['id']}")

    wait_for(lambda: read(RecordRef(system="hubspot", object="deal", id=deal["id"])))
    assert not there.baton.flow.store.search(FJORD, 1, everything=True)


def test_a_flag_is_raised_from_the_command(there: Running) -> None:
    won(there, FJORD)

    assert not say(there, "dana", "flag fjord")

    assert FJORD in form(there, "dana")["plain"]


def test_a_guest_reads_nothing_and_changes_nothing(there: Running) -> None:
    won(there, FJORD)
    there.post("users", name="gil", email="gil@client.example", is_restricted=True)
    there.post("channels/member", channel="#delivery", user="gil", **{"in": True})

    for text in ("status", "history fjord", "pause fjord", "new Ours", "mine", "problems"):
        assert "Guests cannot use this" in say(there, "gil", text)
    assert handoff_of(there, FJORD).quiet is None
    assert not there.get("views", user="gil")["views"]


def test_only_the_named_group_may_take_it(tmp_path: Path) -> None:
    with office(tmp_path, may_claim=["@delivery-leads"]) as there:
        won(there, MERIDIAN)
        brief = wait_for(lambda: there.messages("dana", "#delivery"))[0]

        _take(there, "dana", brief)
        wait_for(lambda: "This can be done by @delivery-leads" in newest(there, "dana")["plain"])
        assert handoff_of(there, MERIDIAN).status is Status.UNCLAIMED

        _take(there, "rui", brief)  # one of the group
        assert owner_of(there, MERIDIAN) == "Rui Costa"


def test_whoever_joined_the_channel_just_now_is_not_refused(there: Running) -> None:
    won(there, MERIDIAN)
    brief = wait_for(lambda: there.messages("dana", "#delivery"))[0]
    people = there.baton._desk.people
    assert not people.is_member("#delivery", "U0OLU")  # remembered from before
    _age(people)
    there.post("channels/member", channel="#delivery", user="olu", **{"in": True})

    _take(there, "olu", brief)

    assert owner_of(there, MERIDIAN) == "Olu Adeyemi"


def test_a_forged_wish_is_answered(there: Running) -> None:
    _new_deals(there, "Northwind Foods", "Northwind Ports")
    say(there, "priya", "history northw")
    message = next(m for m in there.sandbox.workspace.messages["C0DELIVERY"] if m.ephemeral_to)
    message.blocks[1]["accessory"]["value"] = '{"word": "erase"}'

    press(there, "priya", "handoff_asked")

    wait_for(lambda: "Baton does not know this handoff any more" in newest(there, "priya")["plain"])


def _new_deals(baton: Running, *names: str) -> None:
    for name in names:
        deal = baton.post("crm/deals", properties={"dealname": name, "amount": "10"})
        baton.post(f"crm/deals/{deal['deal']['id']}/move", stage="Closed won")
    wait_for(lambda: len(baton.baton.flow.store.search(None, 50)) == len(names))


def _take(baton: Running, who: str, brief: dict[str, str]) -> None:
    baton.post("click", user=who, channel="#delivery", ts=brief["ts"], action_id="take_ownership")


def _answer(baton: Running, handoff_id: str, answers: dict[str, str]) -> None:
    from_sam = {"id": "U0SAM", "name": "sam"}
    desk = baton.baton._desk
    act = desk.act({"user": from_sam}, handoff_id, "modal")
    baton.baton.flow.record(Drafted(**act, answers=answers), act["at"])


def _age(people: SlackPeople) -> None:
    """As if what is known of groups and channels had been asked five seconds ago."""
    known = people._membership._known
    known.update({name: type(one)(one.at - 5, one.value) for name, one in known.items()})

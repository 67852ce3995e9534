"""Writing to HubSpot's deals, in the toy CRM."""

import contextlib
from datetime import timedelta

import pytest

from crm.hubspot_client import HubSpot
from handoff.errors import OutcomeUnknown, RecordGone, Refused, TooLate, Unreachable
from handoff.leases import LEASE
from sandbox.world import Sandbox
from tests.crm.hubspot_rig import UNTIL, break_down, call, deal, ref, utc_now


def test_write_of_fields_of_the_deal(sandbox: Sandbox, hubspot: HubSpot) -> None:
    hubspot.put(ref(sandbox, "Harbour & Vine"), {"buyer_goals": "Wine by Friday", "discount": "5"}, UNTIL)

    properties = deal(sandbox, "Harbour & Vine")["properties"]
    assert (properties["buyer_goals"], properties["discount"]) == ("Wine by Friday", "5")


def test_write_of_a_field_of_the_contact(sandbox: Sandbox, hubspot: HubSpot) -> None:
    hubspot.put(ref(sandbox, "Harbour & Vine"), {"contact.phone": "+31 20 555 0100"}, UNTIL)

    assert deal(sandbox, "Harbour & Vine")["contacts"][0]["phone"] == "+31 20 555 0100"


def test_write_for_which_it_is_too_late_is_not_made(sandbox: Sandbox, hubspot: HubSpot) -> None:
    with pytest.raises(TooLate):
        hubspot.put(ref(sandbox, "Harbour & Vine"), {"discount": "5"}, utc_now())

    assert deal(sandbox, "Harbour & Vine")["properties"].get("discount") != "5"


def test_write_for_which_it_becomes_too_late_is_not_made_to_its_end(sandbox: Sandbox) -> None:
    harbour, now = ref(sandbox, "Harbour & Vine"), utc_now()
    moments = iter([now, now + LEASE])
    client = HubSpot(sandbox.hubspot_token, sandbox.base_url, clock=lambda: next(moments))
    with contextlib.closing(client) as hubspot, pytest.raises(TooLate):
        hubspot.put(harbour, {"discount": "5", "contact.phone": "+31 20 555 0100"}, now + LEASE)

    harbours = deal(sandbox, "Harbour & Vine")
    assert harbours["properties"]["discount"] == "5"
    assert harbours["contacts"][0]["phone"] != "+31 20 555 0100"


def test_write_of_a_field_of_a_contact_that_is_not_there(sandbox: Sandbox, hubspot: HubSpot) -> None:
    hubspot.put(ref(sandbox, "Tidewater Schools"), {"contact.phone": "+31 20 555 0100", "discount": "7"}, UNTIL)

    tidewater = deal(sandbox, "Tidewater Schools")
    assert tidewater["contacts"] == []
    assert tidewater["properties"]["discount"] == "7"


def test_write_that_hubspot_does_not_take(sandbox: Sandbox, hubspot: HubSpot) -> None:
    with pytest.raises(Refused, match="kickoff_preference"):
        hubspot.put(ref(sandbox, "Harbour & Vine"), {"kickoff_preference": "By pigeon"}, UNTIL)


@pytest.mark.parametrize("kind", ["5xx", "429"])
def test_write_that_was_surely_not_done(sandbox: Sandbox, hubspot: HubSpot, kind: str) -> None:
    harbour = ref(sandbox, "Harbour & Vine")
    break_down(sandbox, kind)

    with pytest.raises(Unreachable):
        hubspot.put(harbour, {"discount": "5"}, UNTIL)


def test_write_without_an_answer_may_be_sent_again(sandbox: Sandbox, hubspot: HubSpot) -> None:
    harbour = ref(sandbox, "Harbour & Vine")
    break_down(sandbox, "drop")
    with pytest.raises(OutcomeUnknown):
        hubspot.put(harbour, {"discount": "5"}, UNTIL)
    done = deal(sandbox, "Harbour & Vine")
    call(sandbox, "DELETE", "faults")

    hubspot.put(harbour, {"discount": "5"}, UNTIL)

    assert done["properties"]["discount"] == "5"
    assert deal(sandbox, "Harbour & Vine")["properties"]["discount"] == "5"


def test_write_without_an_answer_says_when_it_was_given_up(sandbox: Sandbox) -> None:
    harbour, now = ref(sandbox, "Harbour & Vine"), utc_now()
    then = now + timedelta(seconds=10)
    break_down(sandbox, "drop")
    moments = iter([now, then])
    client = HubSpot(sandbox.hubspot_token, sandbox.base_url, clock=lambda: next(moments))
    with contextlib.closing(client) as hubspot, pytest.raises(OutcomeUnknown) as told:
        hubspot.put(harbour, {"discount": "5"}, UNTIL)

    assert told.value.at == then


def test_same_values_again_change_nothing(sandbox: Sandbox, hubspot: HubSpot) -> None:
    harbour, fields = ref(sandbox, "Harbour & Vine"), {"discount": "5", "company.industry": "Wine"}
    hubspot.put(harbour, fields, UNTIL)
    before = call(sandbox, "GET", "deliveries")["deliveries"]

    hubspot.put(harbour, fields, UNTIL)

    assert hubspot.values(harbour, list(fields)) == fields
    assert [one["events"] for one in call(sandbox, "GET", "deliveries")["deliveries"]][len(before) :] == []


def test_half_a_surrogate_pair_is_written_as_a_question_mark(sandbox: Sandbox, hubspot: HubSpot) -> None:
    hubspot.put(ref(sandbox, "Harbour & Vine"), {"risk_notes": "a \ud83d b"}, UNTIL)

    assert deal(sandbox, "Harbour & Vine")["properties"]["risk_notes"] == "a ? b"


@pytest.mark.parametrize("fields", [{"discount": "5"}, {"contact.phone": "1"}], ids=str)
def test_write_to_a_deal_that_was_deleted(sandbox: Sandbox, hubspot: HubSpot, fields: dict[str, str]) -> None:
    harbour = ref(sandbox, "Harbour & Vine")
    call(sandbox, "POST", f"deals/{harbour.id}/delete")

    with pytest.raises(RecordGone) as told:
        hubspot.put(harbour, fields, UNTIL)

    assert told.value.reason == "not_found"


@pytest.mark.parametrize("fields", [{"discount": "5"}, {"contact.phone": "1"}], ids=str)
def test_write_to_a_deal_that_was_merged(sandbox: Sandbox, hubspot: HubSpot, fields: dict[str, str]) -> None:
    loser, winner = ref(sandbox, "Tidewater Schools"), ref(sandbox, "Harbour & Vine")
    call(sandbox, "POST", f"deals/{loser.id}/merge", {"into": winner.id})

    with pytest.raises(RecordGone, match=f"merged into {winner.id}") as told:
        hubspot.put(loser, fields, UNTIL)

    assert told.value.reason == "merged"

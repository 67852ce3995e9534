"""Who may do and read what."""

import pytest

from handoff import rights
from handoff.events import Claimed
from handoff.model import Person
from handoff.rights import outsider_of
from tests.factories import PRIYA, claimed, field, workflow

GUEST = PRIYA.model_copy(update={"is_guest": True})
NOBODY = Person(name="Nobody in particular")

OUTSIDE = outsider_of("#delivery")


def act(by: Person = PRIYA, *roles: str) -> Claimed:
    return claimed(by, roles=roles)


@pytest.mark.parametrize("name", ["priya@example.com", "PRIYA@example.com", "U0PRIYA001", "@delivery-leads"])
def test_whoever_is_named_may(name: str) -> None:
    assert rights.may((name,), act(PRIYA, "@Delivery-Leads"), "#delivery")


@pytest.mark.parametrize("name", ["dana@example.com", "@finance", "U0DANA0001"])
def test_whoever_is_not_named_may_not(name: str) -> None:
    assert not rights.may((name,), act(PRIYA, "@delivery-leads"), "#delivery")


def test_guests_may_nothing_even_if_named() -> None:
    assert not rights.may(("priya@example.com",), act(GUEST), "#delivery")
    assert not rights.may("channel", act(GUEST), "#delivery")


def test_members_of_the_channel_may_and_outsiders_may_not() -> None:
    assert rights.may("channel", act(), "#delivery")
    assert not rights.may("channel", act(PRIYA, OUTSIDE), "#delivery")


def test_an_outsider_of_one_channel_may_act_in_another() -> None:
    assert rights.may("channel", act(PRIYA, OUTSIDE), "#review")
    assert not rights.may("channel", act(PRIYA, outsider_of("#review")), "#review")


def test_a_person_without_names_is_nobody() -> None:
    assert not rights.may(("priya@example.com",), act(NOBODY), "#delivery")


def test_an_answer_without_limits_is_for_everybody() -> None:
    assert rights.may_read(field(), ())
    assert rights.may_read(field(), (), PRIYA)


def test_a_restricted_answer_is_for_those_who_are_named() -> None:
    secret = field(visible_to=["@finance", "priya@example.com"])

    assert not rights.may_read(secret, ("@delivery-leads",))
    assert not rights.may_read(secret, (), NOBODY)
    assert rights.may_read(secret, ("@Finance",))
    assert rights.may_read(secret, (), PRIYA)


def test_guests_read_nothing() -> None:
    assert not rights.may_read(field(), ("@finance",), GUEST)
    assert not rights.may_read(field(visible_to=["priya@example.com"]), (), GUEST)


def test_membership_matters_only_where_a_channel_decides() -> None:
    named = {"channel": "#delivery", "may_claim": ["@leads"], "may_send_back": ["@leads"], "may_pause": ["@leads"]}
    review = {"channel": "#review", "flags": ["Risk"]}

    assert rights.channels_asked(workflow(delivery=named)) == set()
    assert rights.channels_asked(workflow()) == {"#delivery"}
    assert rights.channels_asked(workflow(delivery={**named, "may_pause": "channel"})) == {"#delivery"}
    assert rights.channels_asked(workflow(delivery=named, exceptions=review)) == {"#review"}
    assert rights.channels_asked(workflow(delivery=named, exceptions={**review, "reviewers": ["@founders"]})) == set()


def test_groups_matter_only_where_one_may_be_named() -> None:
    secret = field(key="promised", visible_to=["S0FINANCE1"]).model_dump()
    steps = field(key="next_step").model_dump()
    review = {"channel": "#review", "flags": ["Risk"], "reviewers": ["founder@example.com"]}

    assert not rights.names_groups(workflow(exceptions=review))
    assert rights.names_groups(workflow(checklist=[secret, steps]))
    assert rights.names_groups(workflow(delivery={"channel": "#delivery", "may_claim": ["@leads"]}))
    assert rights.named(workflow(exceptions=review)) == {"founder@example.com"}

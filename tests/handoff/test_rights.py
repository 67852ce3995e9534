"""Who may do and read what."""

import pytest

from handoff import rights
from handoff.events import Claimed
from handoff.model import Person
from handoff.rights import OUTSIDER, REVIEW_OUTSIDER
from tests.factories import PRIYA, claimed, field, workflow

GUEST = PRIYA.model_copy(update={"is_guest": True})
NOBODY = Person(name="Nobody in particular")


def act(by: Person = PRIYA, *roles: str) -> Claimed:
    return claimed(by, roles=roles)


@pytest.mark.parametrize("name", ["priya@example.com", "PRIYA@example.com", "U0PRIYA001", "@delivery-leads"])
def test_whoever_is_named_may(name: str) -> None:
    assert rights.may((name,), act(PRIYA, "@Delivery-Leads"))


@pytest.mark.parametrize("name", ["dana@example.com", "@finance", "U0DANA0001"])
def test_whoever_is_not_named_may_not(name: str) -> None:
    assert not rights.may((name,), act(PRIYA, "@delivery-leads"))


def test_guests_may_nothing_even_if_named() -> None:
    assert not rights.may(("priya@example.com",), act(GUEST))
    assert not rights.may("channel", act(GUEST))


def test_members_of_the_channel_may_and_outsiders_may_not() -> None:
    assert rights.may("channel", act())
    assert not rights.may("channel", act(PRIYA, OUTSIDER))


def test_an_outsider_of_one_channel_may_act_in_another() -> None:
    assert rights.may("channel", act(PRIYA, OUTSIDER), REVIEW_OUTSIDER)
    assert not rights.may("channel", act(PRIYA, REVIEW_OUTSIDER), REVIEW_OUTSIDER)


def test_a_person_without_names_is_nobody() -> None:
    assert not rights.may(("priya@example.com",), act(NOBODY))


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

    assert rights.channels_asked(workflow(delivery=named)) == {}
    assert rights.channels_asked(workflow()) == {OUTSIDER: "#delivery"}
    assert rights.channels_asked(workflow(delivery={**named, "may_pause": "channel"})) == {OUTSIDER: "#delivery"}
    assert rights.channels_asked(workflow(delivery=named, exceptions=review)) == {REVIEW_OUTSIDER: "#review"}
    assert rights.channels_asked(workflow(delivery=named, exceptions={**review, "reviewers": ["@founders"]})) == {}


def test_groups_matter_only_where_one_may_be_named() -> None:
    secret = field(key="promised", visible_to=["S0FINANCE1"]).model_dump()
    steps = field(key="next_step").model_dump()
    review = {"channel": "#review", "flags": ["Risk"], "reviewers": ["founder@example.com"]}

    assert not rights.names_groups(workflow(exceptions=review))
    assert rights.names_groups(workflow(checklist=[secret, steps]))
    assert rights.names_groups(workflow(delivery={"channel": "#delivery", "may_claim": ["@leads"]}))
    assert rights.named(workflow(exceptions=review)) == {"founder@example.com"}

"""What ops reads about a channel or person that cannot be reached: taken by Slack, pings nobody, says what to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.trouble import unreachable
from handoff.model import Person
from handoff.notices import TellOps, To
from tests.bot.hostile import PEOPLE, Case, thoroughly
from tests.bot.moving import moving
from tests.bot.reading import links, pings, refused, seen
from tests.bot.second_opinion import refused_elsewhere
from tests.factories import DANA, NOW, handoff, workflow

REASONS = ("is_archived", "not_in_channel", "channel_not_found", "restricted_action", "not_in_slack", "gone")
BY_NAME = To(name="left@example.com")
ADDRESSES = st.sampled_from((To(name="#delivery"), BY_NAME, To(person=DANA))) | PEOPLE.map(lambda p: To(person=p))


def told(about: To, reason: str, what: str = "post_brief", place: To | None = None, instead: str | None = None) -> str:
    _, blocks = unreachable(tell(about, reason, what, place, instead), handoff(), workflow())
    return seen(blocks)


def tell(about: To, reason: str, what: str = "nag", place: To | None = None, instead: str | None = None) -> TellOps:
    facts = {"about": about, "reason": reason, "what": what, "in_its_place": place, "instead": instead}
    return TellOps(key="k", handoff_id="h1", due_at=NOW, to=To(name="#ops"), **facts)


@thoroughly
@given(moving(), ADDRESSES, st.none() | ADDRESSES, st.sampled_from(REASONS), st.none() | st.sampled_from(REASONS))
def test_any_trouble_is_told_and_pings_nobody(
    case: Case, about: To, place: To | None, reason: str, instead: str | None
) -> None:
    text, blocks = unreachable(tell(about, reason, "nag", place, instead), case.handoff, case.workflow)

    assert refused(text, blocks) == []
    assert refused_elsewhere(text, blocks) == []
    assert pings(text, blocks) == set()
    assert links(blocks) == {}


@pytest.mark.parametrize(
    ("reason", "why", "what_to_do"),
    [
        ("is_archived", "it is archived", "Unarchive #delivery, or name another channel"),
        ("not_in_channel", "Baton is not in it", "Write /invite @Baton in #delivery."),
        ("channel_not_found", "Slack shows Baton no such channel", "write its new name for #delivery in handoffs.yml"),
        ("restricted_action_read_only_channel", "only some may post there", "Let Baton post in #delivery"),
    ],
)
def test_a_channel_is_named_with_what_to_do(reason: str, why: str, what_to_do: str) -> None:
    said = told(To(name="#delivery"), reason, place=To(name="#fallback"))

    assert f"Baton cannot post in #delivery: {why}." in said
    assert "The brief about Deal 1 went to #fallback in its place, and so does what follows" in said
    assert what_to_do.casefold() in said.casefold()


@pytest.mark.parametrize(
    ("about", "reason", "said"),
    [
        (
            To(person=DANA),
            "not_in_slack",
            "Dana Wolf (dana@example.com): they own a record in HubSpot, and Slack knows",
        ),
        (To(person=Person(name="Joris")), "not_in_slack", "Joris: they own a record in HubSpot, and Slack cannot tell"),
        (To(person=DANA), "gone", "Dana Wolf (dana@example.com): their Slack account is deactivated"),
        (BY_NAME, "gone", "left@example.com: Slack knows nobody by this name"),
    ],
)
def test_a_person_is_named_with_the_reason(about: To, reason: str, said: str) -> None:
    words = told(about, reason, "nag", To(name="rui@example.com"))

    assert f"Baton cannot reach {said}" in words
    assert "The reminder about Deal 1 goes to rui@example.com in their place." in words
    assert "What to do: " in words


def test_what_went_nowhere_is_not_said_to_have_gone_somewhere() -> None:
    assert "A message about Deal 1 was not sent, and nothing in its place" in told(To(person=DANA), "gone", "tell")


def test_what_ops_could_not_be_told_in_their_channel_says_so() -> None:
    said = told(To(name="C0FALLBACK"), "is_archived", instead="not_in_channel")

    assert said.startswith("This belongs in #ops, which refused it (not_in_channel).")

"""What was said together is found again where it was said: by the real speaker, in the local Slack."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from slack_sdk import WebClient

from bot.people import SlackPeople
from bot.speaker import SlackSpeaker
from handoff.leases import LEASE
from handoff.model import Status
from handoff.notices import To
from handoff.ports import Waiting
from sandbox import serve
from sandbox.slack.limits import Limits
from sandbox.world import Sandbox
from tests.factories import NOW, handoff, nag, post_brief, record, workflow


@pytest.fixture
def client() -> Iterator[WebClient]:
    """A client of the local Slack."""
    world = Sandbox(limits=Limits(enabled=False))
    with serve.running(world) as address:
        yield WebClient(world.settings.bot_token, base_url=f"{address}/api/", retry_handlers=[])


def waiting(speaker: SlackSpeaker, to: To, number: int) -> Waiting:
    """A brief without an owner, of which somebody is reminded."""
    facts = {"id": f"h{number}", "record": record(number)}
    notice = post_brief(key=f"h{number}:brief", handoff_id=f"h{number}", channel="#delivery")
    brief = speaker.speak(notice, handoff(Status.UNCLAIMED, brief_post=None, **facts), workflow(), NOW + LEASE)
    reminder = nag("channel", key=f"h{number}:nag:channel:0", handoff_id=f"h{number}", lane="delivery", to=to)
    return Waiting(reminder, handoff(Status.UNCLAIMED, brief_post=brief, **facts), workflow(), is_true=True)


@pytest.mark.parametrize("whom", ["a person", "a group"])
def test_every_reminder_of_a_message_is_found_where_it_was_said(client: WebClient, whom: str) -> None:
    people = SlackPeople(client, "T0BATON")
    speaker = SlackSpeaker(client, people, lambda: NOW)
    to = To(person=people.find("priya@example.com")) if whom == "a person" else To(name="@delivery-leads")
    about = [waiting(speaker, to, number) for number in (1, 2)]

    post = speaker.digest(about, NOW + LEASE)

    assert post is not None
    long_ago = NOW - timedelta(days=3650)
    assert [speaker.find(one.nag, one.handoff, workflow(), long_ago) for one in about] == [post, post]

"""Five hundred briefs for one channel, through the real flow to the local Slack; time is an argument."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot.pacing import PER_CHANNEL
from bot.people import SlackPeople
from bot.speaker import SlackSpeaker
from handoff.decision import Decision
from handoff.flow import Flow
from handoff.model import Status
from handoff.ports import Unit
from sandbox import serve
from sandbox.slack.limits import Limits
from sandbox.world import Sandbox
from storage.engine import open_database
from storage.migrate import migrate
from storage.store import SqlStore
from tests.factories import NOW, handoff, post_brief, record, stage_entered, workflow
from tests.fakes import Clock

pytestmark = pytest.mark.long

MANY = 500
WORKSPACE = "T0BATON"


@pytest.fixture
def sandbox() -> Iterator[tuple[Sandbox, str]]:
    """A Slack that leaves the counting to this test: its own limits go by the wall clock."""
    world = Sandbox(limits=Limits(enabled=False))
    with serve.running(world) as address:
        yield world, address


def briefs(unit: Unit) -> None:
    """Handoffs whose briefs are due now; the last one's is for another channel."""
    for number in range(MANY + 1):
        facts = {"id": f"h{number}", "workspace": WORKSPACE, "record": record(number), "brief_post": None, "version": 0}
        one = handoff(Status.UNCLAIMED, **facts)
        channel = "#sales" if number == MANY else "#delivery"
        notice = post_brief(key=f"h{number}:brief", handoff_id=one.id, channel=channel)
        event = stage_entered(handoff_id=one.id, record=one.record)
        unit.save(event, Decision(handoff=one, notices=(notice,)), NOW)


def speaking(world: Sandbox, address: str, store: SqlStore, clock: Clock, said: dict[str, datetime]) -> Flow:
    """The flow with a real speaker; `said` is when the brief of each handoff went out."""

    def watch(what: str, facts: Mapping[str, object]) -> None:
        if what == "notice_said":
            said.setdefault(str(facts["handoff"]), clock.now)

    client = WebClient(world.settings.bot_token, base_url=f"{address}/api/", retry_handlers=[])
    people = SlackPeople(client, WORKSPACE)
    return Flow(
        workspace=WORKSPACE,
        workflows={workflow().name: workflow()},
        store=store,
        speaker=SlackSpeaker(client, people, lambda: clock.now),
        people=people,
        crms={},
        new_id=lambda: "",
        wake_readers=lambda: None,
        wake_speakers=lambda: None,
        watch=watch,
    )


def test_none_is_lost_or_said_twice_and_another_channel_goes_first(
    sandbox: tuple[Sandbox, str], tmp_path: Path
) -> None:
    world, address = sandbox
    clock, said = Clock(NOW), dict[str, datetime]()
    database = open_database(f"sqlite:///{tmp_path}/baton.db")
    migrate(database)
    store = SqlStore(database, WORKSPACE)
    store.remember([workflow()], NOW)
    flow = speaking(world, address, store, clock, said)
    store.write(briefs)

    while len(said) <= MANY and clock.now < NOW + timedelta(seconds=2 * MANY):
        while flow.deliver_due(clock.now):
            pass
        clock.advance(timedelta(seconds=1))

    assert said[f"h{MANY}"] == NOW
    each_second = Counter(at for name, at in said.items() if name != f"h{MANY}")
    assert each_second.pop(NOW) == PER_CHANNEL.burst
    assert set(each_second.values()) == {1}
    assert len(each_second) == MANY - PER_CHANNEL.burst
    every = (m for messages in world.workspace.messages.values() for m in messages)
    posted = Counter(m.metadata["event_payload"]["key"] for m in every if m.metadata)
    assert posted == {f"h{n}:brief": 1 for n in range(MANY + 1)}
    database.close()

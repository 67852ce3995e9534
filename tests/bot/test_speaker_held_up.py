"""A real speaker that is held up for longer than its lease before it posts; another says it meanwhile."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot.people import SlackPeople
from bot.speaker import SlackSpeaker
from handoff.decision import Decision
from handoff.flow import Flow
from handoff.leases import LEASE
from handoff.model import Status
from handoff.ports import Unit
from sandbox import serve
from sandbox.slack.limits import Limits
from sandbox.world import Sandbox
from storage.engine import Database, open_database
from storage.store import SqlStore
from tests.factories import NOW, handoff, post_brief, stage_entered, workflow
from tests.fakes import Clock
from tests.migrated import migrated_file

WORKSPACE = "T0BATON"
LOOKS_LAST = timedelta(seconds=10)


@pytest.fixture
def world() -> Sandbox:
    return Sandbox(limits=Limits(enabled=False))


@pytest.fixture
def client(world: Sandbox) -> Iterator[WebClient]:
    """A client of the local Slack."""
    with serve.running(world) as address:
        yield WebClient(world.settings.bot_token, base_url=f"{address}/api/", retry_handlers=[])


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """With a brief that is due."""
    migrated_file(tmp_path / "baton.db")
    database = open_database(f"sqlite:///{tmp_path}/baton.db")
    store = SqlStore(database, WORKSPACE)
    store.remember([workflow()], NOW)
    store.write(_brief)
    yield database
    database.close()


def _brief(unit: Unit) -> None:
    case = handoff(Status.UNCLAIMED, workspace=WORKSPACE, brief_post=None, version=0)
    decision = Decision(handoff=case, notices=(post_brief(channel="#delivery"),))
    unit.save(stage_entered(handoff_id=case.id, record=case.record), decision, NOW)


def _worker(database: Database, client: WebClient, clock: Callable[[], datetime]) -> Flow:
    people, store = SlackPeople(client, WORKSPACE), SqlStore(database, WORKSPACE)
    return Flow(
        workspace=WORKSPACE,
        workflows={workflow().name: workflow()},
        store=store,
        speaker=SlackSpeaker(client, people, clock),
        people=people,
        crms={},
        new_id=lambda: "",
        wake_readers=lambda: None,
        wake_speakers=lambda: None,
        watch=lambda _what, _facts: None,
    )


@pytest.mark.parametrize("look", range(3))
def test_brief_is_posted_once(world: Sandbox, client: WebClient, database: Database, look: int) -> None:
    """`look`: before which look at the clock the first is held up. It is asked for the text, the pace and the lease."""
    clock, looks = Clock(NOW), 0
    second = _worker(database, client, lambda: clock.now)

    def held_up() -> datetime:
        nonlocal looks
        looks += 1
        if looks == look + 1:
            clock.advance(LEASE)
            for _ in range(2):
                while second.deliver_due(clock.now):
                    pass
                clock.advance(LOOKS_LAST)
        return clock.now

    _worker(database, client, held_up).deliver_due(NOW)

    keys = [m.metadata["event_payload"]["key"] for ms in world.workspace.messages.values() for m in ms if m.metadata]
    assert looks > look
    assert keys == ["h1:brief"]

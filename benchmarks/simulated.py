"""One process that lives a whole day in minutes: the bot's own parts, their clock an argument, real SQLite, real HTTP.

Prints its resident megabytes after every simulated hour, one number a line. `python -m benchmarks.simulated DEAL …`.
"""

import json
import os
import resource
import sys
import uuid
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

from slack_bolt import BoltRequest
from slack_sdk import WebClient

from benchmarks.clicks import NOWHERE
from benchmarks.filling import WORKSPACE
from benchmarks.load import click
from benchmarks.people import ANSWERS
from bot.app import make_app
from bot.config import load_handbook
from bot.desk import Desk
from bot.people import SlackPeople
from bot.speaker import SlackSpeaker
from crm.hubspot_client import HubSpot
from handoff.events import Answered, Hint
from handoff.flow import Flow
from handoff.model import Handoff, Person, RecordRef, Status
from storage.engine import open_database
from storage.migrate import migrate
from storage.store import SqlStore

STEP = timedelta(seconds=5)  # between two ticks
OPENS, CLOSES = timedelta(hours=8), timedelta(hours=18)  # when deals are won
THINKING = timedelta(minutes=10)  # until a rep answers, and until somebody takes the brief
PRIYA = "U0PRIYA"


class Day:
    """The bot and everybody it deals with, at `now`."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.now = datetime(2026, 3, 2, tzinfo=UTC)
        handbook = load_handbook(environment["BATON_CONFIG"])
        client = WebClient(environment["SLACK_BOT_TOKEN"], base_url=environment["SLACK_API_URL"], retry_handlers=[])
        people = SlackPeople(client, WORKSPACE)
        self._database = open_database(environment["BATON_DATABASE_URL"])
        migrate(self._database)
        self.store = SqlStore(self._database, WORKSPACE)
        self.store.remember(handbook.workflows.values(), self.now)
        address = environment["HUBSPOT_API_URL"]
        hubspot = HubSpot(environment["HUBSPOT_ACCESS_TOKEN"], address, clock=lambda: self.now)
        self.flow = Flow(
            workspace=WORKSPACE,
            workflows=handbook.workflows,
            store=self.store,
            speaker=SlackSpeaker(client, people, lambda: self.now),
            people=people,
            crms={"hubspot": hubspot},
            new_id=lambda: uuid.uuid4().hex,
            wake_readers=lambda: None,
            wake_speakers=lambda: None,
            watch=lambda _what, _facts: None,
            defaults=handbook.defaults,
        )
        self._desk = Desk(self.flow, people, client, lambda: self.now, environment["SLACK_API_URL"])
        self._app = make_app(self._desk, client, workspace=WORKSPACE, bot_user_id="U0BATON", bot_id="B0BATON")
        self._met: dict[str, datetime] = {}

    def win(self, deal: str) -> None:
        """A webhook says that a deal moved."""
        ref = RecordRef(system="hubspot", object="deal", id=deal)
        self.flow.take([Hint(key=f"{deal}:{self.now}", ref=ref, at=self.now, stage="closedwon")], self.now)

    def tick(self) -> None:
        """Work off what is due."""
        while self.flow.read_due(self.now) or self.flow.deliver_due(self.now):
            pass

    def people_act(self) -> None:
        """Whoever has thought for long enough answers, or takes a brief."""
        for handoff in self.store.search(None, 200):
            since = self._met.setdefault(f"{handoff.id}:{handoff.status}", self.now)
            if self.now - since < THINKING:
                continue
            if handoff.status is Status.COLLECTING:
                self._answer(handoff)
            elif handoff.status is Status.UNCLAIMED:
                self._press(handoff)

    def close(self) -> None:
        """The day is over."""
        self._desk.close()
        self._database.close()

    def _answer(self, handoff: Handoff) -> None:
        by = handoff.asked or Person(name="Somebody", slack_id=PRIYA)
        facts = {"handoff_id": handoff.id, "at": self.now, "via": "form", "opened_at": self.now}
        self.flow.record(Answered(by=by, answers=ANSWERS, **facts), self.now)

    def _press(self, handoff: Handoff) -> None:
        body = urlencode({"payload": json.dumps(click(PRIYA, handoff.id, NOWHERE))})
        headers: dict[str, str | Sequence[str]] = {"content-type": "application/x-www-form-urlencoded"}
        answer = self._app.dispatch(BoltRequest(body=body, headers=headers))
        assert answer.status == HTTPStatus.OK, answer.body


def memory() -> float:
    """Resident megabytes of this process now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def main(deals: Sequence[str]) -> None:
    """Live the day."""
    day = Day(os.environ)
    midnight, waiting = day.now, deque(deals)
    pause = (CLOSES - OPENS) / len(deals)
    for hour in range(1, 25):
        while day.now < midnight + timedelta(hours=hour):
            while waiting and day.now >= midnight + OPENS + pause * (len(deals) - len(waiting)):
                day.win(waiting.popleft())
            day.tick()
            if day.now.second == 0:
                day.people_act()
            day.now += STEP
        print(f"{memory():.1f}", flush=True)
    owned = sum(handoff.status is Status.OWNED for handoff in day.store.search(None, len(deals)))
    print(f"{owned} of {len(deals)} have an owner", file=sys.stderr)
    day.close()


if __name__ == "__main__":
    main(sys.argv[1:])

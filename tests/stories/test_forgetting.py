"""Somebody asks to be forgotten while Baton runs: what it posted gives way, or is written anew, within moments."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.forgetting import carry_out, task
from bot.wiring import utc_now
from storage.engine import open_database
from storage.store import SqlStore
from tests.running import Running, running_baton, wait_for
from tests.stories.talking import DELIVERY, config, press, seen, won

DEAL = "Meridian Clinics"


@pytest.fixture
def baton(tmp_path: Path) -> Iterator[Running]:
    with running_baton(tmp_path, config()) as running:
        yield running


def forget(baton: Running, record: str | None = None, person: str | None = None) -> str:
    """What `baton forget --yes` says beside the running Baton."""
    with closing(open_database(baton.settings.database_url.get_secret_value(), beside=True)) as database:
        store = SqlStore(database, baton.baton.flow.workspace)
        return carry_out(store, task(store, record, person, ()), utc_now())


def posted(baton: Running) -> str:
    """Everything that stands in Slack, as it was sent."""
    every = (m for messages in baton.sandbox.workspace.messages.values() for m in messages)
    return json.dumps([[m.text, m.blocks] for m in every])


def taken(baton: Running) -> str:
    """A brief that Priya has taken; the key of its record."""
    handoff = won(baton, DEAL)
    press(baton, "priya", DELIVERY, seen(baton, "dana", DELIVERY, "Who owns the next step?"), "take_ownership")
    seen(baton, "dana", DELIVERY, "Priya Nair took it")
    seen(baton, "priya", "baton", DEAL)
    return handoff.record.ref.key


def test_messages_about_a_forgotten_record_give_way(baton: Running) -> None:
    record = taken(baton)
    assert DEAL in posted(baton)

    said = forget(baton, record)

    assert "1 of them open and cancelled with it" in said
    wait_for(lambda: DEAL not in posted(baton))
    seen(baton, "dana", DELIVERY, "This was forgotten on request.")
    told = seen(baton, "priya", "baton", "A record of HubSpot was forgotten on request.")
    assert told["blocks"]


def test_a_brief_goes_on_without_the_name_of_a_forgotten_person(baton: Running) -> None:
    taken(baton)

    forget(baton, person="priya@example.com")

    wait_for(lambda: "Priya Nair" not in posted(baton))
    brief = seen(baton, "dana", DELIVERY, "Who owns the next step?")
    assert DEAL in brief["plain"]

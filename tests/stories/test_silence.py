"""An owner of whom nothing is heard: asked gently, then the customer is offered to the channel again, said aloud."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from handoff.model import Status
from tests.running import Running, running_baton, wait_for
from tests.stories.talking import DELIVERY, buttons, config, form, look, now, press, seen, submit, won

ASKED, AGAIN = "Are you on it?", "so it waits for an owner again"


def with_silence(after: str) -> str:
    """An owner is asked after half of this time and released after all of it; nobody is reminded otherwise."""
    data: dict[str, Any] = yaml.safe_load(config())
    data["defaults"]["working_hours"] = "always"
    for workflow in data["workflows"].values():
        workflow["delivery"]["release_after"] = after
        workflow["nags"] = {}
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


@pytest.fixture
def baton(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Running]:
    with running_baton(tmp_path, with_silence(request.param)) as running:
        yield running


def taken(baton: Running) -> Any:
    """A handoff that Priya takes."""
    handoff = won(baton, "Meridian Clinics")
    brief = seen(baton, "priya", DELIVERY, "Who owns the next step?")
    press(baton, "priya", DELIVERY, brief, "take_ownership")
    return handoff


@pytest.mark.parametrize("baton", ["12s"], indirect=True)
def test_an_owner_who_does_nothing_is_asked_and_then_released_aloud(baton: Running) -> None:
    handoff = taken(baton)

    check = seen(baton, "priya", "priya", ASKED)
    assert buttons(check) == ["Schedule kickoff", "Snooze", "Release"]
    assert now(baton, handoff).status is Status.OWNED
    aloud = seen(baton, "dana", DELIVERY, AGAIN)
    assert now(baton, handoff).status is Status.UNCLAIMED
    assert buttons(aloud) == ["Take ownership"]
    seen(baton, "priya", "priya", "so it was offered to the channel again")


@pytest.mark.parametrize("baton", ["20s"], indirect=True)
def test_an_owner_who_answers_the_check_with_a_release_is_not_asked_why_nothing_happened(baton: Running) -> None:
    handoff = taken(baton)

    press(baton, "priya", "priya", seen(baton, "priya", "priya", ASKED), "release")
    assert "Meridian Clinics" in form(baton, "priya")["plain"]
    assert submit(baton, "priya", reason="My calendar is full until April")["outcome"] == "closed"

    wait_for(lambda: now(baton, handoff).status is Status.UNCLAIMED)
    assert look(baton, "dana", DELIVERY, AGAIN) is None

"""Reminders that stand, news that was acted on, and what cannot be reached, as people see them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from handoff.model import Status
from tests.running import ROOT, Running, running_baton, wait_for
from tests.stories.filling_in import reached
from tests.stories.talking import Json, buttons, form, press, seen, submit, won

READY = "Meridian Clinics"  # the CRM knows all about it
OPS, DELIVERY = "#handoff-ops", "#delivery"


def config() -> str:
    """The shipped file around the clock, with its first reminders after a second."""
    data: dict[str, Any] = yaml.safe_load((ROOT / "handoffs.yml").read_text(encoding="utf-8"))
    data["defaults"]["working_hours"] = "always"
    soon, later = {"after": "1s"}, {"after": "1d"}
    for workflow in data["workflows"].values():
        workflow["nags"] = {
            "rep": [{**soon, "to": "rep"}, {**later, "to": "manager of rep"}],
            "channel": [{**soon, "to": "channel"}, {**later, "to": "@delivery-leads"}],
        }
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


@pytest.fixture
def baton(tmp_path: Path) -> Iterator[Running]:
    with running_baton(tmp_path, config()) as running:
        yield running


def archive(baton: Running, channel: str, *, archived: bool = True) -> None:
    baton.post("channels/archive", channel=channel, archived=archived)


def in_channel(baton: Running, channel: str, words: str) -> list[Json]:
    return [m for m in baton.messages("olu", channel) if words in m["plain"]]


def test_a_reminder_that_is_snoozed_says_by_whom_and_until_when(baton: Running) -> None:
    won(baton, "Fjordlight Robotics")
    reminder = seen(baton, "sam", "baton", "Fjordlight Robotics still lacks")
    assert buttons(reminder) == ["Complete handoff", "Snooze", "Pause"]
    assert "Next reminder: to your manager, " in reminder["plain"]

    press(baton, "sam", "baton", reminder, "snooze")
    assert submit(baton, "sam", when="morning")["outcome"] == "closed"

    drawn = seen(baton, "sam", "baton", "Snoozed by Sam Okafor until ")
    assert drawn["ts"] == reminder["ts"]
    assert "Next reminder: to your manager, " in drawn["plain"]


def test_news_that_nobody_owns_it_loses_its_button_with_the_claim(baton: Running) -> None:
    handoff = won(baton, READY)
    brief = seen(baton, "priya", DELIVERY, "Whoever presses Take ownership has it.")
    press(baton, "priya", DELIVERY, brief, "take_ownership")
    owned = seen(baton, "priya", DELIVERY, "Priya Nair took it")
    press(baton, "priya", DELIVERY, owned, "release")
    assert submit(baton, "priya", reason="I am away from Monday")["outcome"] == "closed"
    news = seen(baton, "dana", DELIVERY, "gave Meridian Clinics back")
    assert buttons(news) == ["Take ownership"]

    press(baton, "dana", DELIVERY, news, "take_ownership")

    drawn = seen(baton, "dana", DELIVERY, "gave Meridian Clinics back. Dana Weiss owns it.")
    assert (drawn["ts"], buttons(drawn)) == (news["ts"], [])
    assert "I am away from Monday" in drawn["plain"]
    reached(baton, handoff, Status.OWNED)


def test_ops_is_told_once_of_an_archived_channel_and_its_briefs_keep_saying_where_they_belong(baton: Running) -> None:
    archive(baton, DELIVERY)

    handoffs = [won(baton, name) for name in (READY, "Fjordlight Robotics")]
    seen(baton, "olu", OPS, "Baton cannot post in #delivery: it is archived.")
    brief = seen(baton, "olu", OPS, "This belongs in #delivery")
    press(baton, "rui", OPS, brief, "more", f"{handoffs[0].id}|snooze")
    snooze = form(baton, "rui")
    baton.post("click", user="rui", view_id=snooze["id"], action_id="pause")
    wait_for(lambda: form(baton, "rui")["id"] != snooze["id"])
    assert submit(baton, "rui", **{"pause:reason": "Until the channel is back"})["outcome"] == "cleared"

    drawn = seen(baton, "olu", OPS, "No reminders until resumed, paused by Rui")
    assert drawn["ts"] == brief["ts"]
    assert "This belongs in #delivery, which refused it (is_archived)." in drawn["plain"]
    assert len(in_channel(baton, OPS, "Baton cannot post in #delivery")) == 1


def test_ops_is_told_elsewhere_of_its_own_channel_and_no_brief_is_lost(baton: Running) -> None:
    for channel in (DELIVERY, OPS):
        archive(baton, channel)

    handoff = won(baton, READY)

    told = seen(baton, "olu", "baton", "Baton cannot post in #delivery: it is archived.")
    assert "This belongs in #handoff-ops, which refused it (is_archived)." in told["plain"]
    problems = baton.baton.flow.store.problems
    lost = wait_for(lambda: [p for p in problems(handoff.opened_at, 20) if p.what == "post_brief" and p.is_dead])
    archive(baton, OPS, archived=False)
    for problem in lost:
        assert baton.baton.flow.store.revive(problem.id, handoff.opened_at)
    assert len(wait_for(lambda: in_channel(baton, OPS, "This belongs in #delivery"))) == 1


def test_ops_is_told_once_of_an_owner_whom_slack_does_not_know(baton: Running) -> None:
    names = [d["name"] for d in baton.get("crm/deals")["deals"] if "Joris" in str(d.get("owner"))]
    assert names, [d.get("owner") for d in baton.get("crm/deals")["deals"]]
    won(baton, names[0])

    told = seen(baton, "olu", OPS, "Baton cannot reach Joris Veld")
    assert "Slack knows nobody by this address" in told["plain"]
    assert "write who this is under `people`" in told["plain"]


def test_whoever_is_away_is_not_reminded_and_history_and_problems_say_so(baton: Running) -> None:
    baton.post("users", name="sam", status_text="Out of office", status_emoji=":palm_tree:")
    won(baton, "Fjordlight Robotics")
    seen(baton, "rui", "baton", "Fjordlight Robotics waits for Sam Okafor")

    for text, said in (
        ("history fjord", "Baton did not remind Sam Okafor, but rui@example.com instead: away, by their status"),
        ("problems", "Fjordlight Robotics: not Sam Okafor but somebody else"),
    ):
        assert baton.post("command", user="rui", channel="#delivery", text=f"/handoff {text}")["outcome"] == "ok"
        assert seen(baton, "rui", DELIVERY, said)

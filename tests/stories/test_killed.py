"""The bot is killed with −9 at every step of the story and started again: the story goes on, nothing is doubled."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stories.rig import Json, Town, town, until

pytestmark = pytest.mark.long

DEAL = "Fjordlight Robotics"
ANSWERS = {
    "field:buyer_goals": "Orders packed the same day",
    "field:promised_deliverables": "Two integrations",
    "field:risk_notes": "Their IT lead leaves in May",
}


@pytest.mark.parametrize("delay", [0.0, 0.03, 0.3], ids=["at once", "a moment later", "when it is working"])
def test_story_goes_on_when_the_bot_is_killed_at_every_step(tmp_path: Path, delay: float) -> None:
    with town(tmp_path) as t:
        _kill_during(t, delay, lambda: t.act(f"crm/deals/{t.deal(DEAL)['id']}/move", stage="closedwon"))
        ask = until(lambda: t.first("sam", "sam", ":ask"), "Sam is asked")

        form = _open_form(t, ask)
        _kill_during(t, delay, lambda: t.act("submit", user="sam", view_id=form["id"], values=ANSWERS))
        _submit_until_taken(t)
        brief = until(lambda: t.first("priya", "#delivery", ":brief"), "the brief is posted")

        _kill_during(t, delay, lambda: _press(t, "priya", brief["ts"]))
        until(lambda: _press(t, "priya", brief["ts"]) or _shows_owner(t), "Priya has it")
        until(lambda: _shows_owner(t), "the brief shows the owner")
        until(lambda: t.first("sam", "sam", ":owned"), "Sam is told")
        until(lambda: t.deal(DEAL)["properties"]["delivery_owner"] == "Priya Nair", "HubSpot knows the owner")

        keys = t.posted()
        assert sorted(keys) == sorted(set(keys))
        assert sum(key.endswith(":ask") for key in keys) == 1
        assert sum(key.endswith(":brief") for key in keys) == 1
        assert t.deal(DEAL)["properties"]["buyer_goals"] == ANSWERS["field:buyer_goals"]


def test_reminder_is_neither_lost_nor_repeated_when_the_bot_is_down_while_it_is_due(tmp_path: Path) -> None:
    with town(tmp_path) as t:
        t.act(f"crm/deals/{t.deal(DEAL)['id']}/move", stage="closedwon")
        until(lambda: t.first("sam", "sam", ":ask"), "Sam is asked")

        t.bot.kill()
        time.sleep(3)  # the first rung falls due after two seconds
        t.bot.start()
        until(lambda: t.first("sam", "sam", ":nag:rep:0"), "Sam is reminded")
        t.bot.kill()
        t.bot.start()
        time.sleep(1.5)

        assert sum(key.endswith(":nag:rep:0") for key in t.posted()) == 1


def test_nothing_is_doubled_when_answers_of_slack_are_lost(tmp_path: Path) -> None:
    with town(tmp_path) as t:
        for method in ("chat.postMessage", "chat.update"):
            for kind in ("drop", "fatal", "5xx"):
                t.act("faults", method=method, kind=kind, rate=1.0, times=1, seed=7)
        t.act(f"crm/deals/{t.deal(DEAL)['id']}/move", stage="closedwon")
        ask = until(lambda: t.first("sam", "sam", ":ask"), "Sam is asked")
        _open_form(t, ask)
        for kind in ("drop", "fatal", "5xx"):
            t.act("faults", method="chat.postMessage", kind=kind, rate=1.0, times=1, seed=7)
        t.act("submit", user="sam", values=ANSWERS)
        brief = until(lambda: t.first("priya", "#delivery", ":brief"), "the brief is posted")
        until(lambda: _press(t, "priya", brief["ts"]) or _shows_owner(t), "Priya has it")
        until(lambda: t.first("sam", "sam", ":owned"), "Sam is told")

        keys = t.posted()

        assert sorted(keys) == sorted(set(keys))


def _kill_during(t: Town, delay: float, act: Callable[[], object]) -> None:
    """Kill the bot `delay` seconds into an act, and start it again."""
    acting = threading.Thread(target=act)
    acting.start()
    time.sleep(delay)
    t.bot.kill()
    acting.join()
    t.bot.start()


def _open_form(t: Town, ask: Json) -> Json:
    t.act("click", user="sam", channel="sam", ts=ask["ts"], action_id="complete_handoff")
    return until(lambda: (t.look("views", user="sam")["views"] or [None])[-1], "the form is open")


def _submit_until_taken(t: Town) -> None:
    """What a person does whose form says it had trouble: press again, and close it once it says it is complete."""
    while t.look("views", user="sam")["views"]:
        if t.act("submit", user="sam", values=ANSWERS)["outcome"] == "updated":
            t.act("close", user="sam", all=True)


def _press(t: Town, user: str, ts: str) -> bool:
    """Whether the press was answered: the button may be gone, or nobody may be there to hear it."""
    press = {"user": user, "channel": "#delivery", "ts": ts, "action_id": "take_ownership"}
    answer = t.http.post("/sandbox/click", json=press)
    return answer.is_success and answer.json()["outcome"] == "ok"


def _shows_owner(t: Town) -> bool:
    brief = t.first("priya", "#delivery", ":brief")
    return brief is not None and "@Priya Nair took it" in brief["plain"]

"""What Baton shows to whoever runs it, seen from the outside: commands, routes, signals."""

import os
import signal
import subprocess
import time
from pathlib import Path

import httpx

from tests.commands import command
from tests.stories.rig import Town, town, until

DEAL = "Fjordlight Robotics"


def _baton(t: Town, *words: str) -> subprocess.CompletedProcess[str]:
    """`baton …` on the machine where the bot runs, beside it."""
    return command(t.bot.environment, *words)


def _archive_delivery_and_fallback(t: Town) -> None:
    for channel in ("#delivery", "#handoff-ops"):
        t.act("channels/archive", channel=channel, archived=True)


def _win_a_complete_deal(t: Town) -> None:
    t.act(f"crm/deals/{t.deal('Meridian Clinics')['id']}/move", stage="closedwon")


def _briefs(t: Town) -> list[str]:
    return [m["plain"] for m in t.messages("olu", "#handoff-ops") if "What was promised?" in m["plain"]]


def test_brief_that_was_refused_everywhere_is_a_problem_and_can_be_tried_again(tmp_path: Path) -> None:
    with town(tmp_path) as t:
        _archive_delivery_and_fallback(t)
        _win_a_complete_deal(t)
        until(lambda: "is_archived" in _baton(t, "problems").stdout, "the problem is listed")
        t.act("command", user="rui", channel="#sales", text="/handoff problems")
        in_slack = t.messages("rui", "#sales")[-1]["plain"]
        listed = _baton(t, "problems").stdout

        t.act("channels/archive", channel="#handoff-ops", archived=False)
        problem = next(line.split()[0] for line in listed.splitlines() if "post_brief" in line and "out-" in line)
        retries = [line.split()[0] for line in listed.splitlines() if line.startswith("out-")]
        answers = [_baton(t, "problems", "--retry", each) for each in retries]
        in_ops = until(lambda: _briefs(t), "the brief is posted")

        assert problem in in_slack
        assert all(answer.returncode == 0 for answer in answers)
        assert "This belongs in #delivery" in in_ops[0]


def test_retry_of_something_unknown_says_so(tmp_path: Path) -> None:
    with town(tmp_path) as t:
        answer = _baton(t, "problems", "--retry", "out-999")

        assert answer.returncode == 1
        assert answer.stderr == "There is nothing given up with the id out-999. See: baton problems\n"
        assert _baton(t, "problems").stdout == "No problems.\n"


def test_sigterm_finishes_what_is_in_hand_and_ends_within_ten_seconds(tmp_path: Path) -> None:
    with town(tmp_path) as t:
        t.act("faults", method="chat.postMessage", kind="slow", rate=1.0, seconds=2)
        t.act(f"crm/deals/{t.deal(DEAL)['id']}/move", stage="closedwon")
        until(lambda: [c for c in t.look("faults")["faults"] if c["struck"]], "the question is on its way")

        began = time.monotonic()
        os.kill(t.bot.pid, signal.SIGTERM)
        code = t.bot.wait()
        took = time.monotonic() - began
        t.bot.start()
        time.sleep(1)

        assert code == 0
        assert took < 10
        assert sum(key.endswith(":ask") for key in t.posted()) == 1


def test_metrics_show_the_queues_and_ready_says_what_is_not(tmp_path: Path) -> None:
    with town(tmp_path) as t:
        t.act(f"crm/deals/{t.deal(DEAL)['id']}/move", stage="closedwon")
        until(t.posted, "Sam is asked")

        page = httpx.get(f"{t.bot.address}/metrics").text
        ready = httpx.get(f"{t.bot.address}/readyz")

        assert 'baton_queue_rows{queue="outbox",state="dead"} 0.0' in page
        assert 'baton_webhook_events_total{outcome="new",system="hubspot"}' in page
        assert ready.json() == {"ok": True, "not_ready": []}

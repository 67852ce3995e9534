"""Slack's pace: one message a second in each channel, and no channel waits for another."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.pacing import PER_CHANNEL, UNTIL_TOLD, Pacer
from handoff.errors import TooEarly
from sandbox.slack.limits import Limits
from tests.stories.rig import town, until

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def _when_through(pacer: Pacer, lane: str, key: str, now: datetime) -> datetime:
    """When a piece of work passes that comes again whenever it is told to."""
    while True:
        try:
            pacer.enter(lane, key, PER_CHANNEL, now)
        except TooEarly as e:
            now += e.wait or timedelta()
        else:
            return now


def test_five_hundred_briefs_for_one_channel_go_out_one_a_second_and_each_once() -> None:
    pacer = Pacer()
    told: dict[str, datetime] = {}
    for n in range(500):
        try:
            pacer.enter("#delivery", f"brief {n}", PER_CHANNEL, NOW)
            told[f"brief {n}"] = NOW
        except TooEarly as e:
            told[f"brief {n}"] = NOW + (e.wait or timedelta())

    moments = sorted(told.values())

    assert moments[: PER_CHANNEL.burst] == [NOW] * PER_CHANNEL.burst
    assert moments[-1] == NOW + timedelta(seconds=500 - PER_CHANNEL.burst)
    assert all(_when_through(pacer, "#delivery", key, at) == at for key, at in told.items() if at > NOW)


def test_other_channel_is_not_held_up() -> None:
    pacer = Pacer()
    for n in range(500):
        with pytest.raises(TooEarly) if n >= PER_CHANNEL.burst else nullcontext():
            pacer.enter("#delivery", f"brief {n}", PER_CHANNEL, NOW)

    assert _when_through(pacer, "#other", "brief", NOW) == NOW


def test_lane_is_quiet_for_as_long_as_slack_asked() -> None:
    pacer = Pacer()
    pacer.hold("chat.update", timedelta(seconds=30), NOW)

    with pytest.raises(TooEarly) as early:
        pacer.enter("chat.update", "a", UNTIL_TOLD, NOW)

    assert early.value.wait == timedelta(seconds=30)


def test_busy_channel_neither_loses_a_brief_nor_delays_a_question(tmp_path: Path) -> None:
    with town(tmp_path, speed=60) as t:
        t.sandbox.limits = Limits(enabled=True, factor=20)
        complete = dict(t.deal("Meridian Clinics")["properties"])
        for name in (
            "handoff_status",
            "delivery_owner",
            "hs_object_id",
            "createdate",
            "hs_lastmodifieddate",
            "hs_is_closed_won",
        ):
            complete.pop(name, None)
        deals = [
            t.act(
                "crm/deals",
                properties={**complete, "dealname": f"Deal {n}"},
                contacts=[{"email": f"c{n}@client.example"}],
            )
            for n in range(8)
        ]
        for deal in deals:
            t.act(f"crm/deals/{deal['deal']['id']}/move", stage="closedwon")
        t.act(f"crm/deals/{t.deal('Fjordlight Robotics')['id']}/move", stage="closedwon")
        until(lambda: t.first("sam", "sam", ":ask"), "Sam is asked")
        before = sum(key.endswith(":brief") for key in t.posted())
        until(lambda: sum(key.endswith(":brief") for key in t.posted()) == 8 or None, "all briefs are there")

        refused = [c for c in t.http.get("/sandbox/traffic", params={"since": "0"}).json() if c["status"] == 429]

        assert before < 8
        assert sorted(t.posted()) == sorted(set(t.posted()))
        assert refused == []

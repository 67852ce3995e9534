"""What people do enters by one door: decided, stored, logged, answered."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.decide import ReplyKind
from handoff.errors import HandoffUnknown
from handoff.model import Status
from handoff.outbox import LONGEST_PAUSE, pause
from tests.factories import (
    ANSWERS,
    DANA,
    NOW,
    PRIYA,
    REASON,
    SAM,
    answered,
    claimed,
    did,
    hint,
    record,
    stage_entered,
    workflow,
)
from tests.handoff.bench import Bench


@pytest.fixture
def collecting(bench: Bench) -> Bench:
    bench.crm.put_record(record())
    bench.flow.take([hint()], NOW)
    bench.work()
    return bench


def test_answers_and_claims_move_the_handoff_and_are_logged(collecting: Bench) -> None:
    collecting.flow.record(answered(), NOW)
    reply = collecting.flow.record(claimed(), NOW)

    assert reply.kind is ReplyKind.DONE
    assert (collecting.handoff().status, collecting.handoff().owner) == (Status.OWNED, PRIYA)
    assert [e.kind for e in collecting.log()] == ["stage_entered", "said", "said", "answered", "claimed"]


def test_what_changes_nothing_is_answered_and_not_logged(collecting: Bench) -> None:
    before = collecting.handoff()

    replies = [
        collecting.flow.record(answered({**ANSWERS, "start": "soon"}), NOW).kind,
        collecting.flow.record(claimed(), NOW).kind,
    ]

    assert replies == [ReplyKind.WRONG_ANSWERS, ReplyKind.NOT_READY]
    assert collecting.handoff() == before
    assert len(collecting.log()) == before.version


def test_of_two_claims_the_second_learns_of_the_first(collecting: Bench) -> None:
    collecting.flow.record(answered(), NOW)

    first = collecting.flow.record(claimed(PRIYA), NOW)
    second = collecting.flow.record(claimed(DANA), NOW + timedelta(seconds=4))

    assert (first.kind, second.kind) == (ReplyKind.DONE, ReplyKind.ALREADY_OWNED)
    assert (second.person, second.ago) == (PRIYA, timedelta(seconds=4))


def test_an_act_wakes_the_workers_and_is_told_to_the_watcher(collecting: Bench) -> None:
    wakes = collecting.wakes

    collecting.flow.record(answered(), NOW)

    assert collecting.wakes == wakes + 1
    assert collecting.seen[-1] == ("answered", {"handoff": "h1", "reply": "done", "trace": "t1"})


def test_an_act_on_a_handoff_that_is_not_known_is_told_so(bench: Bench) -> None:
    with pytest.raises(HandoffUnknown):
        bench.flow.record(claimed(handoff_id="h404"), NOW)


def test_a_handoff_that_somebody_begins_by_hand_enters_by_the_same_door(bench: Bench) -> None:
    reply = bench.flow.record(stage_entered(), NOW)

    assert reply.kind is ReplyKind.DONE
    assert (bench.handoff().status, bench.handoff().asked) == (Status.COLLECTING, SAM)


def test_a_handoff_that_no_crm_started_begins_once(bench: Bench) -> None:
    kinds = [
        bench.flow.start(stage_entered(), "sales-to-delivery", NOW).kind,
        bench.flow.start(stage_entered(), "sales-to-delivery", NOW).kind,
        bench.flow.start(stage_entered(handoff_id="h2"), "sales-to-delivery", NOW).kind,
    ]

    assert kinds == [ReplyKind.DONE, ReplyKind.ALREADY_SO, ReplyKind.ALREADY_SO]
    assert [h.id for h in bench.everything()] == ["h1"]


def test_a_record_whose_handoff_is_over_may_begin_another_by_hand(bench: Bench) -> None:
    bench.flow.start(stage_entered(), "sales-to-delivery", NOW)
    bench.flow.record(did("not_needed", SAM, reason=REASON), NOW)

    reply = bench.flow.start(stage_entered(handoff_id="h2"), "sales-to-delivery", NOW)

    assert reply.kind is ReplyKind.DONE
    assert [h.id for h in bench.handoffs()] == ["h2"]


def test_a_handoff_of_a_workflow_that_is_not_there_does_not_begin(bench: Bench) -> None:
    with pytest.raises(HandoffUnknown, match="There is no workflow renewals"):
        bench.flow.start(stage_entered(), "renewals", NOW)


def test_a_handoff_keeps_the_rules_it_began_with(collecting: Bench) -> None:
    collecting.stop()
    collecting.workflows = {"sales-to-delivery": workflow(delivery={"channel": "#elsewhere"})}
    collecting.start()

    collecting.flow.record(answered(), NOW)
    collecting.work()

    briefs = [seen.notice for seen in collecting.slack.posts if seen.notice.kind == "post_brief"]
    assert [brief.channel for brief in briefs] == ["#delivery"]


@given(st.text(), st.integers(1, 10**6))
def test_a_pause_doubles_up_to_five_minutes_give_or_take_a_quarter(key: str, attempt: int) -> None:
    plain = min(timedelta(seconds=2.0 ** min(attempt, 20)), LONGEST_PAUSE)

    assert plain * 0.75 <= pause(key, attempt) <= plain * 1.25


def test_pauses_of_different_notices_part() -> None:
    pauses = {pause(f"h{number}:ask", 8) for number in range(100)}

    assert len(pauses) > 90


def test_a_pause_is_the_same_when_it_is_computed_again() -> None:
    assert pause("h1:ask", 3) == pause("h1:ask", 3)

"""What is due is said once: whatever fails, dies or happens meanwhile."""

from datetime import timedelta

import pytest

from handoff.leases import LEASE
from handoff.model import Status
from handoff.notices import AskRep, Nag, PostBrief, TellOps
from handoff.outbox import FEWEST_TRIES, pause
from tests.factories import NOW, PRIYA, REP_STEPS, answered, claimed, hint, record, workflow
from tests.fakes import Died, Trouble
from tests.handoff.bench import Bench

ASK, BRIEF = "h1:ask", "h1:brief"
SOON, HOUR, DAY = pause(ASK, 1) + timedelta(milliseconds=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def won(bench: Bench) -> Bench:
    """A deal was won and read; nothing is said yet."""
    bench.crm.put_record(record())
    bench.flow.take([hint()], NOW)
    bench.flow.read_due(NOW)
    return bench


def keys(bench: Bench) -> list[str]:
    return [seen.notice.key for seen in bench.slack.posts]


def complete(bench: Bench) -> None:
    bench.work()
    bench.flow.record(answered(at=bench.clock.now), bench.clock.now)


def test_nothing_is_said_while_nothing_is_due(bench: Bench) -> None:
    assert not bench.flow.deliver_due(NOW)


def test_the_question_is_said_once_and_its_place_remembered(won: Bench) -> None:
    won.work()
    won.work()

    assert keys(won) == [ASK]
    assert won.handoff().ask_post == won.slack.posts[0].post
    assert won.outcomes()[ASK] == "said"


def test_the_status_is_written_to_the_crm(won: Bench) -> None:
    won.work()

    assert won.crm.written == [{"handoff_status": "waiting on sales"}]


def test_a_slack_that_is_down_is_tried_again_later(won: Bench) -> None:
    won.slack.weather.forecast.append(Trouble.UNREACHABLE)

    won.work()
    at_first = keys(won)
    won.work_after(SOON)

    assert (at_first, keys(won)) == ([], [ASK])
    assert ("notice_waits", "It is down.") in [(what, facts.get("why")) for what, facts in won.seen]


def test_a_slack_that_asks_to_wait_is_left_alone_as_long_as_it_says(won: Bench) -> None:
    won.slack.weather.forecast.append(Trouble.UNREACHABLE)
    won.slack.weather.wait = timedelta(minutes=10)

    won.work()
    won.work_after(timedelta(minutes=9))
    too_early = keys(won)
    won.work_after(timedelta(minutes=1))

    assert (too_early, keys(won)) == ([], [ASK])


def test_a_post_whose_answer_was_lost_is_found_and_not_said_again(won: Bench) -> None:
    won.slack.weather.forecast.append(Trouble.LOST_DONE)

    won.work()
    won.work_after(SOON)

    assert keys(won) == [ASK]
    assert won.handoff().ask_post == won.slack.posts[0].post


def test_a_post_that_history_shows_late_is_looked_for_again(won: Bench) -> None:
    won.slack.lag = SOON + timedelta(seconds=1)
    won.slack.weather.forecast.append(Trouble.LOST_DONE)

    won.work()
    won.work_after(SOON)
    won.work_after(timedelta(seconds=3))

    assert keys(won) == [ASK]
    assert won.outcomes()[ASK] == "said"


def test_a_post_that_never_arrived_is_said_after_a_second_look(won: Bench) -> None:
    won.slack.weather.forecast.append(Trouble.LOST_UNDONE)

    won.work()
    won.work_after(SOON)
    after_one_look = keys(won)
    won.work_after(timedelta(seconds=3))

    assert (after_one_look, keys(won)) == ([], [ASK])


@pytest.mark.parametrize("trouble", [Trouble.DIED_BEFORE, Trouble.DIED_AFTER])
def test_a_speaker_that_died_leaves_its_notice_to_the_next_one(won: Bench, trouble: Trouble) -> None:
    won.slack.weather.forecast.append(trouble)

    with pytest.raises(Died):
        won.work()
    won.crash()
    won.work_after(LEASE)
    won.work_after(timedelta(seconds=3))

    assert keys(won) == [ASK]


def test_a_speaker_that_was_overtaken_stores_nothing(won: Bench) -> None:
    won.slack.weather.forecast.append(lambda: won.work_after(LEASE))

    won.flow.deliver_due(NOW)

    assert keys(won) == [ASK]
    assert [event.kind for event in won.log()].count("said") == 2  # the question and the status in the CRM


def test_a_speaker_whose_lease_went_to_another_leaves_the_outcome_to_that_one(won: Bench) -> None:
    won.slack.lag = LEASE + timedelta(seconds=1)
    won.slack.weather.forecast.append(lambda: won.work_after(LEASE))  # it looks for the post in vain

    won.flow.deliver_due(NOW)
    outcome = won.outcomes()[ASK]
    won.work_after(HOUR)

    assert outcome != "said"
    assert (keys(won), won.outcomes()[ASK]) == ([ASK], "said")


def test_history_that_cannot_be_read_risks_a_second_post(won: Bench) -> None:
    won.slack.is_hidden = True
    won.slack.weather.forecast.append(Trouble.LOST_DONE)

    won.work()
    won.work_after(SOON)

    assert keys(won) == [ASK, ASK]
    assert "notice_unsure" in [what for what, _ in won.seen]


def test_history_that_cannot_be_read_holds_the_post_back_if_config_says_so(bench: Bench) -> None:
    bench.stop()
    bench.workflows = {"sales-to-delivery": workflow(defaults={"when_unsure": "hold"})}
    bench.start()
    bench.crm.put_record(record(owner=None))
    bench.slack.is_hidden = True
    bench.slack.weather.forecast.append(Trouble.LOST_DONE)
    bench.flow.take([hint()], NOW)

    bench.work()
    bench.work_after(SOON)

    assert keys(bench) == [ASK]
    assert bench.outcomes()[ASK].startswith("It may have been posted already")


def test_what_is_refused_goes_to_the_fallback_channel(won: Bench) -> None:
    won.slack.weather.forecast.append(Trouble.REFUSED)

    won.work()

    assert keys(won)[0] == "h1:ask:fallback"
    assert [type(s.notice) for s in won.slack.posts] == [AskRep, TellOps]
    assert won.outcomes()[ASK] == "It said no: is_archived."


def test_a_slack_that_is_down_for_days_is_given_up_and_the_fallback_tried(won: Bench) -> None:
    for _ in range(FEWEST_TRIES - 1):
        won.slack.weather.forecast.append(Trouble.UNREACHABLE)
        won.work_after(HOUR)
    won.slack.weather.forecast.append(Trouble.UNREACHABLE)
    won.work_after(3 * DAY)

    assert won.outcomes()[ASK] == "Given up. It is down."
    assert "h1:ask:fallback" in keys(won)


def test_a_hiccup_after_days_without_us_gives_nothing_up(won: Bench) -> None:
    won.slack.weather.forecast.append(Trouble.UNREACHABLE)

    won.work_after(4 * DAY)
    won.work_after(SOON)

    assert ASK in keys(won)


def test_what_waits_for_its_turn_is_never_given_up(won: Bench) -> None:
    for _ in range(FEWEST_TRIES + 1):
        won.slack.weather.forecast.append(Trouble.TOO_EARLY)
        won.work_after(DAY)

    won.work_after(HOUR)

    assert ASK in keys(won)
    assert "notice_paced" in [what for what, _ in won.seen]


def test_the_rep_is_reminded_until_the_ladder_ends(won: Bench) -> None:
    won.work()

    for _ in range(10):
        won.work_after(DAY)

    nags = [seen.notice for seen in won.slack.posts if isinstance(seen.notice, Nag)]
    assert [nag.step for nag in nags] == list(range(REP_STEPS))
    assert won.due_nags() == []


def test_a_reminder_is_not_said_before_its_time(won: Bench) -> None:
    won.work_after(2 * HOUR - timedelta(seconds=1))

    assert keys(won) == [ASK]


def test_a_reminder_overtaken_by_the_deed_is_never_said(won: Bench) -> None:
    won.work()
    complete(won)
    won.flow.record(claimed(at=won.clock.now), won.clock.now)

    won.work_after(10 * DAY)

    assert not any(isinstance(seen.notice, Nag) for seen in won.slack.posts)
    assert won.outcomes()["h1:nag:rep:0"] == "overtaken by the deed"


def test_a_reminder_overtaken_while_it_waited_for_slack_is_dropped(won: Bench) -> None:
    complete(won)
    won.work()
    won.slack.weather.forecast.append(Trouble.UNREACHABLE)
    won.work_after(HOUR)

    won.flow.record(claimed(at=won.clock.now), won.clock.now)
    won.work_after(DAY)

    assert "h1:nag:channel:0" not in keys(won)


def test_a_claim_while_a_reminder_is_sent_is_the_last_that_is_heard(won: Bench) -> None:
    complete(won)
    won.work()
    won.slack.weather.forecast.append(lambda: won.flow.record(claimed(at=won.clock.now), won.clock.now))

    won.work_after(HOUR)
    won.work_after(10 * DAY)

    assert [key for key in keys(won) if ":nag:" in key] == ["h1:nag:channel:0"]
    assert won.handoff().owner == PRIYA


def test_a_complete_handoff_is_briefed_once_to_delivery(won: Bench) -> None:
    complete(won)

    won.work()

    briefs = [seen for seen in won.slack.posts if isinstance(seen.notice, PostBrief)]
    assert [brief.notice.key for brief in briefs] == [BRIEF]
    assert won.handoff().brief_post == briefs[0].post
    assert won.handoff().status is Status.UNCLAIMED


def test_an_update_of_a_message_that_never_arrived_is_dropped(won: Bench) -> None:
    won.flow.record(answered({"promised": "Two integrations"}), NOW)
    won.slack.weather.forecast.extend([Trouble.REFUSED, Trouble.REFUSED])

    won.work()

    assert won.slack.updates == []
    assert "not wanted any more" in won.outcomes().values()


def test_a_message_is_made_from_the_handoff_as_it_stands_when_it_is_said(won: Bench) -> None:
    won.flow.record(answered({"promised": "Two integrations"}), NOW)
    won.work()

    assert won.slack.posts[0].handoff.answer("promised") is not None


def test_a_crm_that_refuses_a_value_holds_nothing_else_up(won: Bench) -> None:
    won.crm.weather.forecast.append(Trouble.REFUSED)

    won.work()

    assert keys(won) == [ASK]
    assert "unsaid" in [event.kind for event in won.log()]

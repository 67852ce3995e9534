"""What is gone: records of the CRM, and messages that nobody wants any more though they may have been posted."""

from datetime import timedelta

import pytest
from sqlalchemy import delete
from sqlmodel import col

from handoff.errors import RecordGone, Refused
from handoff.events import Unsaid
from handoff.leases import LEASE
from handoff.model import Status
from handoff.notices import SettleNag
from storage.tables import HandoffRow
from tests.factories import ANSWERS, NOW, PRIYA, SAM, answered, claimed, did, hint, record, workflow
from tests.fakes import Trouble
from tests.handoff.bench import Bench

HOUR = timedelta(hours=1)
SOON = timedelta(minutes=1)


@pytest.fixture
def briefed(bench: Bench) -> Bench:
    """A brief stands in the delivery channel, and its first reminder is due in an hour."""
    bench.crm.put_record(record())
    bench.flow.take([hint()], NOW)
    bench.work()
    bench.flow.record(answered(), NOW)
    bench.work()
    return bench


@pytest.mark.parametrize(("reason", "because"), [("not_found", "deleted"), ("merged", "merged")])
def test_a_deal_that_is_gone_cancels_its_handoff_and_resumes_it_when_it_is_restored(
    bench: Bench, reason: str, because: str
) -> None:
    bench.crm.put_record(record())
    bench.flow.take([hint()], NOW)
    bench.work()

    bench.crm.gone_because = reason
    deleted = bench.crm.records.pop(record().ref.key)
    bench.flow.take([hint(key="deleted"), hint(key="deleted, told twice")], NOW)
    bench.work()
    ending = bench.handoff().ending
    bench.crm.put_record(deleted)
    bench.flow.take([hint(key="restored")], NOW)
    bench.work()

    assert ending is not None
    assert ending.because == because
    assert [h.id for h in bench.handoffs()] == ["h1"]
    assert [e.kind for e in bench.log() if e.kind != "said"] == ["stage_entered", "record_vanished", "reentered"]


def test_a_reader_that_was_overtaken_cancels_nothing(bench: Bench) -> None:
    bench.crm.put_record(record())
    bench.flow.take([hint()], NOW)
    bench.work()
    deleted = bench.crm.records.pop(record().ref.key)

    def restored_meanwhile() -> None:
        bench.crm.put_record(deleted)
        bench.work_after(LEASE)
        raise RecordGone("There was no such deal.", "not_found")

    bench.crm.put_record(deleted)
    bench.crm.weather.forecast.append(restored_meanwhile)
    bench.flow.take([hint(key="deleted")], NOW)
    bench.flow.read_due(NOW)

    assert bench.handoff().is_open


def test_a_hint_that_the_crm_refuses_is_given_up_at_once_and_told(bench: Bench) -> None:
    bench.crm.put_record(record())
    bench.crm.weather.forecast.append(Trouble.REFUSED)
    bench.flow.take([hint()], NOW)

    bench.work()

    (problem,) = bench.store.problems(NOW, 10)
    assert (problem.is_dead, problem.why) == (True, "It said no: is_archived.")
    assert [what for what, _ in bench.seen] == ["hint_refused"]


def test_a_reminder_that_may_have_been_posted_before_the_deed_is_found_and_taken_back(briefed: Bench) -> None:
    briefed.slack.weather.forecast.append(Trouble.LOST_DONE)
    briefed.work_after(HOUR)
    briefed.flow.record(claimed(at=briefed.clock.now), briefed.clock.now)

    for _ in range(3):
        briefed.work_after(SOON)

    (posted,) = [s for s in briefed.slack.posts if s.notice.kind == "nag"]
    settled = [s.notice for s in briefed.slack.updates if isinstance(s.notice, SettleNag)]
    assert [n.post for n in settled] == [posted.post]
    assert briefed.handoff().owner == PRIYA


def test_a_reminder_that_was_never_posted_is_not_posted_after_the_deed(briefed: Bench) -> None:
    briefed.slack.weather.forecast.append(Trouble.LOST_UNDONE)
    briefed.work_after(HOUR)
    briefed.flow.record(claimed(at=briefed.clock.now), briefed.clock.now)

    for _ in range(3):
        briefed.work_after(SOON)

    assert [s for s in briefed.slack.posts if s.notice.kind == "nag"] == []
    assert briefed.outcomes()["h1:nag:channel:0"] == "not wanted any more"


def test_a_reminder_that_cannot_be_looked_for_and_is_not_wanted_any_more_is_let_go(bench: Bench) -> None:
    bench.stop()
    bench.workflows = {"sales-to-delivery": workflow(defaults={"when_unsure": "hold", "ops_channel": "#ops"})}
    bench.start()
    bench.crm.put_record(record(owner=None))
    bench.flow.take([hint()], NOW)
    bench.work()
    bench.slack.is_hidden = True
    bench.slack.weather.forecast.append(Trouble.LOST_DONE)
    bench.work_after(2 * HOUR)
    bench.flow.record(answered(at=bench.clock.now), bench.clock.now)

    bench.work_after(SOON)

    assert bench.outcomes()["h1:nag:rep:0"] == "not wanted any more"
    assert bench.handoff().status is Status.UNCLAIMED


def test_a_value_that_somebody_wrote_meanwhile_is_kept_and_asked_about(bench: Bench) -> None:
    bench.crm.put_record(record())
    bench.flow.take([hint()], NOW)
    bench.work()
    bench.crm.put_record(record(fields={"buyer_goals": "Theirs"}))

    bench.flow.record(answered({"goals": ANSWERS["goals"]}), NOW)
    bench.work()

    assert bench.crm.records[record().ref.key].fields["buyer_goals"] == "Theirs"
    assert [(d.theirs, d.ours) for d in bench.handoff().differences] == [("Theirs", ANSWERS["goals"])]
    assert [s.notice.kind for s in bench.slack.posts] == ["ask_rep", "ask_difference"]


def test_a_value_that_was_chosen_is_written_where_the_other_one_stood(bench: Bench) -> None:
    test_a_value_that_somebody_wrote_meanwhile_is_kept_and_asked_about(bench)

    bench.flow.record(did("chosen", difference=0, kept="ours"), NOW)
    bench.work()

    assert bench.crm.records[record().ref.key].fields["buyer_goals"] == ANSWERS["goals"]


def test_a_reminder_of_several_is_brought_up_to_date_though_one_of_them_was_erased(bench: Bench) -> None:
    for number in (1, 2):
        bench.crm.put_record(record(number))
        bench.flow.take([hint(number)], NOW)
    bench.work()
    bench.work_after(2 * HOUR)
    (posted,) = {s.post for s in bench.slack.posts if s.notice.kind == "nag"}

    bench.database.write(lambda c: c.execute(delete(HandoffRow).where(col(HandoffRow.id) == "h2")))
    bench.flow.record(answered(at=bench.clock.now), bench.clock.now)
    bench.work()

    assert [(s.handoff.id, s.post) for s in bench.slack.updates if s.post] == [("h1", posted)]


def message_is_gone() -> None:
    """Slack's answer about a message that somebody deleted."""
    raise Refused("Slack refused it: message_not_found.", "message_not_found")


def test_an_update_of_a_message_that_somebody_deleted_is_no_problem_but_in_the_log(bench: Bench) -> None:
    bench.crm.put_record(record())
    bench.flow.take([hint()], NOW)
    bench.work()
    bench.flow.record(did("drafted", SAM, answers={"goals": "Speed"}), NOW)
    bench.slack.weather.forecast.append(message_is_gone)

    bench.work()

    (key,) = [event.notice.key for event in bench.log() if isinstance(event, Unsaid)]
    assert bench.outcomes()[key] == "its message is gone"
    assert bench.store.problems(NOW, 9) == []
    assert [what for what, facts in bench.seen if facts.get("notice") == "update_ask"] == ["message_gone"]


def test_a_post_that_is_refused_stays_a_problem_whatever_the_reason(bench: Bench) -> None:
    bench.crm.put_record(record())
    bench.flow.take([hint()], NOW)
    bench.slack.weather.forecast.append(message_is_gone)

    bench.work()

    assert [p.what for p in bench.store.problems(NOW, 9)] == ["ask_rep"]

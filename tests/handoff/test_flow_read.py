"""From a CRM's hint to a handoff: taken in once, read when the CRM answers, begun once per stage entry."""

from datetime import timedelta

import pytest

from handoff.leases import LEASE
from handoff.model import Person, RecordRef
from handoff.outbox import FEWEST_TRIES, pause
from tests.factories import BEA, NOW, PRIYA, SAM, hint, record, workflow
from tests.fakes import Died, Trouble
from tests.handoff.bench import Bench

SECOND = timedelta(seconds=1)


def test_a_hint_of_a_won_deal_starts_a_handoff(bench: Bench) -> None:
    bench.crm.put_record(record())

    bench.flow.take([hint()], NOW)
    did_something = bench.flow.read_due(NOW)

    assert did_something
    assert [(h.record.name, h.asked, h.opened_at) for h in bench.handoffs()] == [("Deal 1", SAM, NOW)]


def test_nothing_is_read_while_no_hint_is_due(bench: Bench) -> None:
    assert not bench.flow.read_due(NOW)


def test_the_same_hint_ten_times_starts_one_handoff(bench: Bench) -> None:
    bench.crm.put_record(record())

    new = [bench.flow.take([hint()], NOW) for _ in range(10)]
    bench.work()

    assert new == [1] + [0] * 9
    assert len(bench.handoffs()) == 1
    assert len(bench.slack.posts) == 1


def test_work_is_woken_only_by_hints_that_are_new(bench: Bench) -> None:
    bench.flow.take([hint()], NOW)
    bench.flow.take([hint()], NOW)

    assert bench.wakes == 1


def test_two_hints_of_one_stage_entry_start_one_handoff(bench: Bench) -> None:
    bench.crm.put_record(record())

    bench.flow.take([hint(key="stage changed"), hint(key="owner changed")], NOW)
    bench.work()

    assert len(bench.handoffs()) == 1


def test_a_deal_that_leaves_the_stage_and_comes_back_keeps_its_open_handoff(bench: Bench) -> None:
    for number, stage in enumerate(["Closed Won", "Talks", "Closed Won"]):
        bench.crm.put_record(record(stage=stage.lower(), stage_label=stage))
        bench.flow.take([hint(key=f"{number}")], NOW)
        bench.work()

    assert [h.id for h in bench.handoffs()] == ["h1"]


def test_a_deal_in_another_stage_starts_nothing(bench: Bench) -> None:
    bench.crm.put_record(record(stage="talks", stage_label="Talks"))

    bench.flow.take([hint()], NOW)
    bench.work()

    assert bench.handoffs() == []
    assert bench.store.last_stage(record().ref) == "talks"


def test_the_crm_is_asked_for_the_fields_the_workflow_needs(bench: Bench) -> None:
    bench.crm.put_record(record())

    bench.flow.take([hint()], NOW)
    bench.flow.read_due(NOW)

    assert bench.crm.asked == [workflow().crm_fields]


@pytest.mark.parametrize("trouble", [Trouble.UNREACHABLE, Trouble.LOST_UNDONE])
def test_a_crm_that_does_not_answer_is_asked_again_later(bench: Bench, trouble: Trouble) -> None:
    bench.crm.put_record(record())
    bench.crm.weather.forecast.append(trouble)
    bench.flow.take([hint()], NOW)

    bench.work()
    at_first = bench.handoffs()
    bench.work_after(pause(hint().key, 1) + SECOND)

    assert at_first == []
    assert len(bench.handoffs()) == 1


def test_a_crm_that_asks_to_wait_is_left_alone_as_long_as_it_says(bench: Bench) -> None:
    bench.crm.put_record(record())
    bench.crm.weather.forecast.append(Trouble.UNREACHABLE)
    bench.crm.weather.wait = timedelta(minutes=10)
    bench.flow.take([hint()], NOW)

    bench.work()
    bench.work_after(timedelta(minutes=9))
    too_early = bench.handoffs()
    bench.work_after(timedelta(minutes=1))

    assert too_early == []
    assert len(bench.handoffs()) == 1


def test_a_crm_that_is_down_for_days_is_given_up_and_told(bench: Bench) -> None:
    bench.flow.take([hint()], NOW)

    for _ in range(FEWEST_TRIES):
        bench.crm.weather.forecast.append(Trouble.UNREACHABLE)
        bench.work_after(timedelta(days=1))

    (problem,) = bench.store.problems(NOW, 10)
    assert (problem.is_dead, problem.why) == (True, "Given up. It is down.")


def test_a_deal_that_is_gone_is_not_asked_for_again(bench: Bench) -> None:
    bench.flow.take([hint()], NOW)

    bench.work()
    bench.work_after(timedelta(days=1))

    assert len(bench.crm.asked) == 1
    assert bench.unread() == 0
    assert [what for what, _ in bench.seen] == ["record_gone"]


def test_a_slack_that_is_down_while_the_rep_is_looked_up_delays_the_handoff(bench: Bench) -> None:
    bench.crm.put_record(record())
    bench.people.is_down = True
    bench.flow.take([hint()], NOW)

    bench.work()
    bench.people.is_down = False
    bench.work_after(timedelta(minutes=1))

    assert [h.asked for h in bench.handoffs()] == [SAM]


def test_a_reader_that_died_leaves_its_hint_to_the_next_one(bench: Bench) -> None:
    bench.crm.put_record(record())
    bench.crm.weather.forecast.append(Trouble.DIED_AFTER)
    bench.flow.take([hint()], NOW)

    with pytest.raises(Died):
        bench.work()
    bench.crash()
    bench.work_after(LEASE)

    assert len(bench.handoffs()) == 1


def test_a_reader_that_was_overtaken_stores_nothing(bench: Bench) -> None:
    bench.crm.put_record(record())
    bench.crm.weather.forecast.append(lambda: bench.work_after(LEASE))
    bench.flow.take([hint()], NOW)

    bench.flow.read_due(NOW)

    assert [h.id for h in bench.handoffs()] == ["h1"]
    assert len(bench.slack.posts) == 1


def test_a_stage_entry_that_somebody_else_saw_meanwhile_is_not_begun_again(bench: Bench) -> None:
    deal = record()
    bench.crm.put_record(deal)
    bench.people.weather.forecast.append(lambda: bench.store.write(lambda unit: unit.saw(deal, NOW)))
    bench.flow.take([hint()], NOW)

    bench.flow.read_due(NOW)

    assert bench.handoffs() == []


def test_a_reader_that_was_overtaken_knows_no_better_where_the_deal_stands(bench: Bench) -> None:
    def move_on() -> None:
        bench.crm.put_record(record(stage="talks", stage_label="Talks"))
        bench.work_after(LEASE)

    bench.crm.put_record(record())
    bench.crm.weather.forecast.append(move_on)
    bench.flow.take([hint()], NOW)

    bench.flow.read_due(NOW)

    assert bench.store.last_stage(record().ref) == "talks"
    assert bench.handoffs() == []


@pytest.mark.parametrize(
    ("owner", "asked"),
    [
        (Person(name="Sam R.", email="sam@example.com"), SAM),
        (Person(name="Gone", email="gone@example.com"), BEA),
        (Person(name="No address"), BEA),
        (None, BEA),
    ],
)
def test_the_rep_is_found_in_slack_by_the_crms_address(bench: Bench, owner: Person | None, asked: Person) -> None:
    bench.crm.put_record(record(owner=owner))

    bench.flow.take([hint()], NOW)
    bench.work()

    assert bench.handoff().asked == asked


def test_config_may_name_another_address_and_the_crms_stays_the_name_of_the_rep(bench: Bench) -> None:
    bench.stop()
    note = {"priya@crm.example": {"slack": "priya@example.com", "manager": "rui@example.com"}}
    bench.workflows = {"sales-to-delivery": workflow(people=note)}
    bench.start()
    bench.crm.put_record(record(owner=Person(name="P. Nair", email="priya@crm.example")))

    bench.flow.take([hint()], NOW)
    bench.work()

    assert bench.handoff().asked == PRIYA.model_copy(update={"email": "priya@crm.example"})


def test_nobody_is_asked_in_person_if_there_is_neither_rep_nor_backup(bench: Bench) -> None:
    bench.stop()
    bench.workflows = {"sales-to-delivery": workflow(defaults={"ops_channel": "#ops"})}
    bench.start()
    bench.crm.put_record(record(owner=None))

    bench.flow.take([hint()], NOW)
    bench.work()

    assert bench.handoff().asked is None


def test_a_hint_of_a_crm_that_is_no_longer_connected_waits_and_says_so(bench: Bench) -> None:
    bench.flow.take([hint(1, ref=RecordRef(system="pipedrive", object="deal", id="1"))], bench.clock.now)

    bench.work()

    assert bench.unread() == 1
    assert "pipedrive is not connected" in str(bench.seen)

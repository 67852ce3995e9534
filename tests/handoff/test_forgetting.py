"""Forgetting a record or a person: what is covered, what goes on, and what the CRM is not told."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from handoff.events import Forgotten, Said
from handoff.forgetting import Wish, person_wish, persons_in, record_wish, without
from handoff.model import Person, Status
from handoff.notices import Nag, SettleNag, UpdateForgotten
from tests.factories import ANSWERS, DANA, PRIYA, SAM, answered, claimed, did, whole_workflow
from tests.handoff.bench import Bench, win

ADDRESS = PRIYA.email or ""
HOUR = timedelta(hours=1)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Baton with a workflow whose answers all have a place in the CRM."""
    made = Bench(tmp_path, whole_workflow())
    yield made
    made.stop()


def forget(bench: Bench, wish: Wish, handoffs: Sequence[str] = ("h1",)) -> int:
    """Grant a wish; how many messages are changed."""
    granted = [bench.store.forget(one, wish, bench.clock.now) for one in handoffs]
    return sum(one.messages for one in granted)


def forget_person(bench: Bench, email: str = ADDRESS, names: Sequence[str] = ()) -> int:
    known = bench.store.persons(bench.store.naming((email, *names)))
    wish = person_wish(email, known, names)
    return forget(bench, wish, bench.store.naming((*wish.texts, *wish.ids)))


def fields(bench: Bench) -> dict[str, str | None]:
    return dict(bench.crm.records["hubspot:deal:1"].fields)


def test_of_a_forgotten_record_every_message_is_covered_and_no_word_stays(bench: Bench) -> None:
    win(bench, 1)
    bench.flow.record(answered(), bench.clock.now)
    bench.flow.record(claimed(), bench.clock.now)
    bench.work()
    places = {event.post for event in bench.log() if isinstance(event, Said) and event.post}

    changed = forget(bench, record_wish())

    over = bench.handoff()
    assert (over.status, over.owner) == (Status.CANCELLED, PRIYA)
    assert {over.record.name, *(answer.value for answer in over.answers)} == {"forgotten"}
    covers = [notice.post for notice in bench.due() if isinstance(notice, UpdateForgotten)]
    assert (set(covers), changed) == (places, len(places))
    assert "Deal 1" not in str(bench.log())


def test_a_forgotten_person_is_named_nowhere_and_their_handoff_goes_on(bench: Bench) -> None:
    win(bench, 1)
    bench.flow.record(answered(ANSWERS | {"goals": f"As {PRIYA.name} told {ADDRESS.upper()}"}), bench.clock.now)
    bench.flow.record(claimed(), bench.clock.now)
    bench.work()
    said = {event.post.ts for event in bench.log() if isinstance(event, Said) and event.post}

    forget_person(bench)

    after = bench.handoff()
    goals = after.answer("goals")
    assert goals is not None
    assert goals.value == "As forgotten told forgotten"
    assert after.status is Status.OWNED
    assert after.owner == PRIYA.model_copy(update={"name": "forgotten", "email": None})
    assert bench.store.naming((ADDRESS, PRIYA.name)) == []
    assert isinstance(bench.log()[-1], Forgotten)
    anew = {post.ts for post in (after.ask_post, after.brief_post, after.task_post) if post}
    covered = {notice.post.ts for notice in bench.due() if isinstance(notice, UpdateForgotten)}
    assert covered == said - anew


def test_a_message_that_reminds_of_several_handoffs_is_drawn_anew(bench: Bench) -> None:
    win(bench, 1, 2)
    bench.work_after(2 * HOUR)
    (together,) = {e.post for e in bench.log() if isinstance(e, Said) and isinstance(e.notice, Nag)}

    forget(bench, record_wish())

    assert [len(n.among) for n in bench.due() if isinstance(n, SettleNag) and n.post == together] == [2]
    assert together not in [n.post for n in bench.due() if isinstance(n, UpdateForgotten)]


def test_the_crm_is_not_told_that_somebody_called_forgotten_owns_it(bench: Bench) -> None:
    win(bench, 1)
    bench.flow.record(answered(), bench.clock.now)
    bench.work()
    before = fields(bench)
    bench.flow.record(claimed(), bench.clock.now)

    forget_person(bench)
    bench.work()

    assert fields(bench) == before
    assert "not wanted any more" in {text for key, text in bench.outcomes().items() if ":crm-" in key}


def test_what_else_waits_to_be_written_beside_a_forgotten_name_is_written(bench: Bench) -> None:
    win(bench, 1)
    bench.flow.record(answered({"goals": f"Ask {PRIYA.name}", "promised": ANSWERS["promised"]}), bench.clock.now)

    forget_person(bench, names=[PRIYA.name])
    bench.work()

    written = fields(bench)
    assert (written.get("buyer_goals"), written.get("crm_promised")) == (None, ANSWERS["promised"])


def test_a_person_is_known_by_their_address_and_by_the_id_that_goes_with_it() -> None:
    by_id = PRIYA.model_copy(update={"name": "priya.n", "email": None})
    in_crm = Person(name=PRIYA.name)

    cover = person_wish(ADDRESS.upper(), [PRIYA, SAM]).cover

    assert {cover.person(one).name for one in (PRIYA, by_id, in_crm)} == {"forgotten"}
    assert cover.person(by_id).slack_id == PRIYA.slack_id
    assert cover.person(SAM) == SAM


def test_a_name_of_one_word_is_covered_only_if_it_is_asked_for() -> None:
    short = DANA.model_copy(update={"name": "Dana"})
    address = DANA.email or ""

    assert person_wish(address, [short]).plain("Dana asked") == "Dana asked"
    assert person_wish(address, [short], ["Dana"]).plain("Dana asked Danala") == "forgotten asked Danala"


def test_whole_words_give_way_however_they_are_spelled() -> None:
    assert without("ANA asks ana@x.io, not Anaïs or Banana", ["Ana"], "-") == "- asks -@x.io, not Anaïs or Banana"


def test_every_person_that_an_event_names_is_found_wherever_it_names_them() -> None:
    event = did("answered", SAM, answers={}, people={"U0PRIYA001": PRIYA})
    asked = Said(handoff_id="h1", at=event.at, via="outbox", notice=_nag_to(DANA), people=(PRIYA,))

    assert list(persons_in(event)) == [SAM, PRIYA]
    assert list(persons_in(asked)) == [DANA, PRIYA]


def _nag_to(person: Person) -> Nag:
    facts = {"key": "h1:nag", "handoff_id": "h1", "due_at": claimed().at, "lane": "rep", "to": {"person": person}}
    return Nag.model_validate({**facts, "ladder": "rep", "step": 0})

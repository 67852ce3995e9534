"""What was forgotten is in no row and, on SQLite, in no byte of the files; everything else is as it was."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from bot.forgetting import carry_out, outlook, task
from handoff.events import Forgotten, Said
from handoff.model import Handoff, Person, Status
from handoff.notices import Tell, WriteBack
from storage.engine import open_database
from storage.store import SqlStore
from tests.factories import ANSWERS, MAX, PRIYA, SAM, answered, claimed, did, hint, record, whole_workflow
from tests.handoff.bench import WORKSPACE, Bench

WORD = "Quillfeather"  # in everything that anybody said about the first record
ELSE = "Oakmoss"  # in everything that was said about the second
PERSON = PRIYA.email or ""


@pytest.fixture
def bench(tmp_path: Path, url: str) -> Iterator[Bench]:
    """Baton at work on two records, of which the first has been through everything."""
    made = Bench(tmp_path, whole_workflow(), url=url)
    yield made
    made.stop()


def lived_through(bench: Bench, number: int, word: str) -> Handoff:
    """A record and everything that people can say of it, each with the word in it."""
    fields = {"amount": "48000", "crm_goals": f"{word} grows", "closedate": "2026-03-01"}
    bench.crm.put_record(record(number, name=f"{word} Ltd", url=f"https://crm.example/{word}", fields=fields))
    bench.flow.take([hint(number, key=f"k{number}")], bench.clock.now)
    bench.work()
    at = f"h{number}"
    given = {key: f"{value} {word}" if key not in ("start", "contact") else value for key, value in ANSWERS.items()}
    for event in (
        did("drafted", SAM, handoff_id=at, answers={"promised": f"{word} gets two integrations"}),
        did("question_asked", SAM, handoff_id=at, question_id=f"q{number}", text=f"Is {word} new?", to=MAX),
        did("question_answered", MAX, handoff_id=at, question_id=f"q{number}", text=f"{word} is not"),
        answered(given | {"contact": f"ines@{word.lower()}.example"}, handoff_id=at, flags=("Delivery Risk",)),
        did("reviewed", MAX, handoff_id=at, flag=0, verdict="conditions", reason=f"{word} pays in advance"),
        claimed(handoff_id=at),
        did("email_saved", handoff_id=at, subject=f"Hello {word}", body=f"Dear {word}"),
        did("sent_back", handoff_id=at, fields=("promised",), reason=f"{word} wants three integrations"),
        answered({"promised": f"{word} gets three integrations and training"}, handoff_id=at),
        did("paused", handoff_id=at, reason=f"{word} is on holiday"),
    ):
        bench.clock.advance(timedelta(minutes=1))
        bench.flow.record(event.model_copy(update={"at": bench.clock.now}), bench.clock.now)
        bench.work()
    return bench.handoff(at)


def rows(bench: Bench, word: str) -> list[str]:
    """Every row of every table that has the word in it."""
    found = []
    for name, table in SQLModel.metadata.tables.items():
        every = bench.database.read(lambda c, table=table: c.execute(select(table)).all())  # type: ignore[misc]
        texts = [str(tuple(row)) for row in every]  # a row as text leaves out the middle of what is long
        found += [f"{name}: {text}" for text in texts if word.casefold() in text.casefold()]
    return found


def in_files(url: str, word: str) -> list[str]:
    """The files of an SQLite database that have the word in them; none of PostgreSQL's are looked at."""
    if not url.startswith("sqlite"):
        return []
    beside = Path(url.removeprefix("sqlite:///"))
    return [f.name for f in beside.parent.glob(f"{beside.name}*") if word.casefold().encode() in f.read_bytes().lower()]


@pytest.fixture
def operator(bench: Bench, url: str) -> Iterator[SqlStore]:
    """The memory beside a running Baton."""
    beside = open_database(url, beside=True)
    yield SqlStore(beside, bench.flow.workspace)
    beside.close()


def test_a_forgotten_record_is_in_no_row_and_no_file(bench: Bench, operator: SqlStore, url: str) -> None:
    before = lived_through(bench, 1, WORD)
    other = lived_through(bench, 2, ELSE)
    events = len(bench.log("h1"))
    assert rows(bench, WORD)
    assert before.is_open

    said = carry_out(operator, task(operator, "hubspot:deal:1", None, ()), bench.clock.now)

    assert said.startswith("Covered: 1 handoff(s), 1 of them open and cancelled with it; ")
    assert rows(bench, WORD) == []
    assert in_files(url, WORD) == []
    assert bench.handoff("h2") == other
    after = bench.handoff("h1")
    assert (after.status, after.record.name, after.record.ref) == (Status.CANCELLED, "forgotten", before.record.ref)
    assert [a.key for a in after.answers] == [a.key for a in before.answers]
    assert after.owner == PRIYA
    log = bench.log("h1")
    assert len(log) == events + 1
    assert isinstance(log[-1], Forgotten)
    assert [h.id for h in operator.search("Forgotten", 5, everything=True)] == ["h1"]


def test_after_that_the_messages_are_covered_and_nothing_comes_back(bench: Bench, operator: SqlStore) -> None:
    lived_through(bench, 1, WORD)
    posts = {(s.post.channel, s.post.ts) for s in bench.log() if isinstance(s, Said) and s.post}

    carry_out(operator, task(operator, "hubspot:deal:1", None, ()), bench.clock.now)
    covered = {(n.post.channel, n.post.ts) for n in bench.due() if n.kind == "update_forgotten"}
    bench.work()

    assert covered == posts
    assert rows(bench, WORD) == []
    assert bench.due_nags() == []


def test_a_dry_run_changes_nothing(bench: Bench, operator: SqlStore) -> None:
    before = lived_through(bench, 1, WORD)
    stored = rows(bench, "")

    said = outlook(operator, task(operator, "hubspot:deal:1", None, ()), bench.clock.now)

    assert said.startswith("Would be covered: 1 handoff(s), 1 of them open and cancelled with it; ")
    assert bench.handoff("h1") == before
    assert rows(bench, "") == stored


def test_what_was_on_its_way_brings_nothing_back(bench: Bench, operator: SqlStore) -> None:
    lived_through(bench, 1, WORD)
    leased = Tell(
        key="h1:late", handoff_id="h1", due_at=bench.clock.now, lane="owner", what="kept", note=f"{WORD} called"
    )
    bench.clock.advance(timedelta(seconds=1))
    carry_out(operator, task(operator, "hubspot:deal:1", None, ()), bench.clock.now)

    post = {"channel": "D0PRIYA001", "ts": "1772442099.000100"}
    facts = {"handoff_id": "h1", "at": bench.clock.now, "via": "outbox"}
    bench.flow.record(Said.model_validate({**facts, "notice": leased, "post": post}), bench.clock.now)

    assert rows(bench, WORD) == []
    late = [n for n in bench.due() if n.key.startswith("h1:late")]
    assert [(n.kind, n.post.ts) for n in late if n.kind == "update_forgotten"] == [
        ("update_forgotten", "1772442099.000100")
    ]


def test_nothing_is_written_to_the_crm_that_waited_while_its_record_was_forgotten(
    bench: Bench, operator: SqlStore
) -> None:
    lived_through(bench, 1, WORD)
    bench.clock.advance(timedelta(minutes=1))
    given = {"goals": f"{WORD} wants two weeks less"}
    bench.flow.record(did("sent_back", handoff_id="h1", fields=("goals",), reason=f"{WORD} said more"), bench.clock.now)
    bench.flow.record(answered(given, handoff_id="h1"), bench.clock.now)
    before = dict(bench.crm.records["hubspot:deal:1"].fields)
    assert {n.kind for n in bench.due()} >= {"write_back", "write_note"}

    carry_out(operator, task(operator, "hubspot:deal:1", None, ()), bench.clock.now)
    bench.work()

    assert bench.crm.records["hubspot:deal:1"].fields == before


def test_a_write_that_was_on_its_way_brings_nothing_back(bench: Bench, operator: SqlStore) -> None:
    lived_through(bench, 1, WORD)
    facts = {"handoff_id": "h1", "at": bench.clock.now, "via": "outbox"}
    written = WriteBack(
        key="h1:late", handoff_id="h1", due_at=bench.clock.now, fields={"crm_goals": WORD}, base={"crm_goals": None}
    )
    carry_out(operator, task(operator, "hubspot:deal:1", None, ()), bench.clock.now)

    bench.flow.record(Said(**facts, notice=written, differs={"amount": f"{WORD} 5"}), bench.clock.now)

    assert rows(bench, WORD) == []


def test_a_forgotten_record_that_comes_back_begins_anew(bench: Bench, operator: SqlStore) -> None:
    lived_through(bench, 1, WORD)
    carry_out(operator, task(operator, "hubspot:deal:1", None, ()), bench.clock.now)
    bench.work()
    for number, stage in enumerate(("open", "closedwon")):
        bench.crm.put_record(record(1, name="Another name", stage=stage))
        bench.flow.take([hint(1, key=f"back{number}")], bench.clock.now)
        bench.work()

    (anew,) = bench.handoffs()

    assert (anew.id, anew.record.name, anew.status) != ("h1", "forgotten", Status.CANCELLED)
    assert bench.handoff("h1").status is Status.CANCELLED


def test_a_forgotten_person_is_named_nowhere_and_their_handoffs_go_on(
    bench: Bench, operator: SqlStore, url: str
) -> None:
    before = lived_through(bench, 1, WORD)
    bench.flow.record(
        did(
            "assigned",
            MAX,
            to=Person(name="Dana Wolf", slack_id="U0DANA0001"),
            note=f"Not {PRIYA.name}, not PRIYA@example.com",
        ),
        bench.clock.now,
    )
    bench.work()
    assert rows(bench, PERSON)

    said = carry_out(operator, task(operator, None, PERSON.upper(), ()), bench.clock.now)

    assert said.startswith("Covered: 1 handoff(s); ")
    assert said.endswith("A running Baton changes the messages within a minute.")
    for word in (PERSON, PRIYA.name):
        assert rows(bench, word) == []
        assert in_files(url, word) == []
    after = bench.handoff("h1")
    assert after.status is before.status
    assert after.record == before.record
    assert "Not forgotten, not forgotten" in str(rows(bench, "not forgotten"))
    bench.work()
    assert rows(bench, PERSON) == []


def test_a_forgotten_person_whom_slack_did_not_know_is_in_no_key(bench: Bench, operator: SqlStore, url: str) -> None:
    gone = Person(name="Joris Veld", email="joris@example.com")
    bench.crm.put_record(record(1, owner=gone))
    bench.flow.take([hint(1)], bench.clock.now)
    bench.work()
    assert "tell_ops" in str(rows(bench, "joris@example.com"))

    said = carry_out(operator, task(operator, None, "joris@example.com", ()), bench.clock.now)

    assert said.endswith("A running Baton changes the messages within a minute.")
    assert rows(bench, "joris@example.com") == []
    assert in_files(url, "joris@example.com") == []


def test_nobody_of_that_address(bench: Bench, operator: SqlStore) -> None:
    lived_through(bench, 1, WORD)

    unknown = task(operator, None, "nobody@example.com", ())

    assert outlook(operator, unknown, bench.clock.now) == "Nothing is stored about nobody@example.com."


def test_an_address_in_the_text_of_a_workflow_is_covered(bench: Bench, operator: SqlStore, url: str) -> None:
    lived_through(bench, 1, WORD)
    reviewer = MAX.email or ""
    assert rows(bench, reviewer)

    carry_out(operator, task(operator, None, reviewer, ()), bench.clock.now)

    assert rows(bench, reviewer) == []
    assert in_files(url, reviewer) == []
    again = SqlStore(bench.database, WORKSPACE).workflow(bench.handoff("h1").edition)
    assert again.exceptions is not None
    assert again.exceptions.reviewers == ("forgotten@forgotten.invalid",)


def test_a_message_about_several_records_is_drawn_anew_for_the_others(bench: Bench, operator: SqlStore) -> None:
    for number, word in ((1, WORD), (2, ELSE)):
        bench.crm.put_record(record(number, name=f"{word} Ltd"))
        bench.flow.take([hint(number, key=f"k{number}")], bench.clock.now)
    bench.work()
    bench.work_after(timedelta(hours=3))
    (together,) = {s.post.ts for s in bench.log() if isinstance(s, Said) and s.post and len(s.among) == 2}

    carry_out(operator, task(operator, "hubspot:deal:1", None, ()), bench.clock.now)

    drawn = [n for n in bench.due() if n.kind == "settle_nag" and n.post.ts == together]
    assert [len(n.among) for n in drawn] == [2]
    assert together not in {n.post.ts for n in bench.due() if n.kind == "update_forgotten"}

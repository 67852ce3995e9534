"""What follows when somebody takes ownership."""

from datetime import timedelta

import pytest

from handoff.decide import Decision, ReplyKind, decide
from handoff.model import Handoff, Person, Status
from handoff.notices import Nag, PostTask, Tell, TellRep, To, UpdateBrief, WriteBack
from tests.factories import DANA, NOW, PRIYA, SAM, claimed, handoff, workflow

LATER = NOW + timedelta(seconds=4)


def claim(case: Handoff, by: Person = PRIYA) -> Decision:
    return decide(case, claimed(by, at=LATER), workflow(), LATER)


def test_the_first_to_claim_owns_it() -> None:
    decision = claim(handoff(Status.UNCLAIMED))

    assert (decision.reply.kind, decision.handoff.status) == (ReplyKind.DONE, Status.OWNED)
    assert (decision.handoff.owner, decision.handoff.owned_at) == (PRIYA, LATER)


def test_a_claim_stops_the_reminders_that_run() -> None:
    decision = claim(handoff(Status.UNCLAIMED))

    assert set(decision.cancel) == {"rep", "channel", "owner"}
    assert [n.kind for n in decision.notices] == ["update_brief", "tell_rep", "post_task", "tell", "write_back"]


def test_a_claim_starts_the_owners_ladder_where_there_is_one() -> None:
    flow = workflow(nags={"owner": [{"after": "2d", "to": "owner"}]})

    (nag,) = [n for n in decide(handoff(Status.UNCLAIMED), claimed(), flow, NOW).notices if isinstance(n, Nag)]

    assert (nag.ladder, nag.step, nag.to, nag.due_at) == ("owner", 0, To(person=PRIYA), NOW + timedelta(days=2))


def test_the_rep_the_brief_the_owner_and_the_crm_learn_who_owns_it() -> None:
    update, told, task, yours, written = claim(handoff(Status.UNCLAIMED)).notices

    assert isinstance(update, UpdateBrief)
    assert isinstance(told, TellRep)
    assert isinstance(task, PostTask)
    assert isinstance(yours, Tell)
    assert isinstance(written, WriteBack)
    assert (told.key, told.to) == ("h1:owned", To(person=SAM))
    assert (task.key, task.lane) == ("h1:task", "delivery")
    assert (yours.what, yours.to, yours.lane) == ("yours", To(person=PRIYA), "owner")
    assert written.fields == {"delivery_owner": "Priya Nair", "handoff_status": "owned by Priya Nair"}


@pytest.mark.parametrize(
    ("write_back", "fields"),
    [
        ({"owner": "delivery_owner"}, [{"delivery_owner": "Priya Nair"}]),
        ({"status": "handoff_status"}, [{"handoff_status": "owned by Priya Nair"}]),
        ({}, []),
    ],
)
def test_only_the_crm_fields_that_config_names_are_written(
    write_back: dict[str, str], fields: list[dict[str, str]]
) -> None:
    decision = decide(handoff(Status.UNCLAIMED), claimed(), workflow(write_back=write_back), NOW)

    assert [n.fields for n in decision.notices if isinstance(n, WriteBack)] == fields


def test_whoever_was_second_reads_who_was_first_and_by_how_much() -> None:
    owned = handoff(Status.OWNED)

    decision = claim(owned, DANA)

    assert (decision.reply.kind, decision.reply.person) == (ReplyKind.ALREADY_OWNED, PRIYA)
    assert decision.reply.ago == timedelta(seconds=4)
    assert (decision.handoff, decision.notices, decision.cancel, decision.counts) == (owned, (), (), False)


def test_the_owner_who_presses_again_is_told_that_it_is_theirs() -> None:
    renamed = PRIYA.model_copy(update={"name": "Priya N."})

    decision = claim(handoff(Status.OWNED), renamed)

    assert (decision.reply.kind, decision.handoff.owner) == (ReplyKind.ALREADY_YOURS, PRIYA)
    assert not decision.counts


def test_an_owner_of_old_without_a_moment_was_first_just_now() -> None:
    assert claim(handoff(Status.OWNED, owned_at=None), DANA).reply.ago == timedelta()


def test_nobody_can_own_what_is_not_complete() -> None:
    collecting = handoff()

    decision = claim(collecting)

    assert decision.reply.kind is ReplyKind.NOT_READY
    assert (decision.handoff, decision.notices, decision.counts) == (collecting, (), False)

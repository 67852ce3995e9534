"""Who owns the next step: claimed, assigned, offered and accepted or not, released; refused to everybody else."""

from datetime import timedelta
from typing import Any

import pytest

from handoff.decide import Decision, ReplyKind, decide, still_wanted
from handoff.model import Offer, Person, Reminder, Status
from handoff.notices import (
    AskRep,
    AskTakeOver,
    Nag,
    OfferEnds,
    PostTask,
    SettleNag,
    Tell,
    TellRep,
    To,
    UpdateBrief,
    UpdateOffer,
    UpdateTask,
    WriteBack,
)
from handoff.rights import outsider_of
from tests.factories import DANA, GUEST, MAX, NOW, PRIYA, REASON, RUI, record, said, unsaid, whole_workflow
from tests.handoff.deciding import LATER, POST, WHOLE, after, changes_nothing, flag, of_kind, whole

DAY = timedelta(days=1)
NAMED = whole_workflow(delivery={"channel": "#delivery", "may_claim": ["@leads", "dana@example.com"]})
WITH_OWNER = [Status.OWNED, Status.KICKOFF_SCHEDULED]
ONLY_THE_OWNER: list[tuple[str, dict[str, Any]]] = [
    ("offered", {"to": DANA}),
    ("released", {}),
    ("kickoff_scheduled", {"kickoff_at": LATER}),
    ("finished", {}),
    ("ticked", {"done": (0,)}),
    ("email_saved", {"subject": "Welcome", "body": "Hello"}),
]

OUTSIDE = outsider_of("#delivery")


def offer(**changes: Any) -> Offer:
    return Offer.model_validate({"to": DANA, "by": PRIYA, "note": "You know them", "at": NOW, "post": POST, **changes})


def told(decision: Decision) -> list[tuple[str, str | None]]:
    """What is told to whom."""
    return [(n.what, n.to.person.name if n.to and n.to.person else None) for n in of_kind(decision, Tell)]


@pytest.mark.parametrize(
    ("status", "kind"),
    [("in_review", "not_ready"), ("collecting", "not_ready"), ("done", "over"), ("cancelled", "over")],
)
def test_nothing_that_delivery_does_not_have_can_be_claimed(status: str, kind: str) -> None:
    assert after(whole(Status(status)), "claimed", DANA).reply.kind == kind


@pytest.mark.parametrize(
    ("by", "roles", "may_do"),
    [(DANA, (), True), (PRIYA, ("@Leads",), True), (PRIYA, (), False), (PRIYA, (OUTSIDE,), False)],
)
def test_those_whom_the_workflow_names_may_claim(by: Person, roles: tuple[str, ...], may_do: bool) -> None:
    before = whole(Status.UNCLAIMED)

    decision = after(before, "claimed", by, roles=roles, flow=NAMED)

    assert (decision.handoff.owner == by) is may_do
    if not may_do:
        assert (decision.reply.kind, decision.reply.names) == (ReplyKind.NOT_ALLOWED, ("@leads", "dana@example.com"))
        assert changes_nothing(decision, before)


def test_whoever_is_not_in_the_delivery_channel_may_not_claim_and_reads_where_to_ask() -> None:
    reply = after(whole(Status.UNCLAIMED), "claimed", DANA, roles=(OUTSIDE,)).reply

    assert (reply.kind, reply.names, reply.status) == (ReplyKind.NOT_ALLOWED, ("#delivery",), Status.UNCLAIMED)


@pytest.mark.parametrize("kind", ["claimed", "answered", "drafted", "snoozed", "reviewed"])
def test_a_guest_can_do_nothing(kind: str) -> None:
    facts: dict[str, dict[str, Any]] = {
        "answered": {"answers": {}},
        "drafted": {"answers": {}},
        "snoozed": {"until": LATER + DAY},
        "reviewed": {"flag": 0, "verdict": "approved", "reason": REASON},
    }
    before = whole(Status.UNCLAIMED, flags=(flag(),))

    decision = after(before, kind, GUEST, **facts.get(kind, {}))

    assert decision.reply.kind is ReplyKind.NOT_ALLOWED
    assert changes_nothing(decision, before)


def test_a_claim_begins_the_owners_ladder_and_settles_the_channels() -> None:
    stands = (Reminder(ladder="channel", post=POST), Reminder(ladder="reviewer:0", post=POST))

    decision = after(whole(Status.UNCLAIMED, reminders=stands), "claimed", PRIYA)

    assert [(n.ladder, n.to, n.due_at) for n in of_kind(decision, Nag)] == [
        ("owner", To(person=PRIYA), LATER + 2 * DAY)
    ]
    assert [(n.ladder, n.lane) for n in of_kind(decision, SettleNag)] == [("channel", "delivery")]
    assert decision.handoff.reminders == stands[1:]


def test_a_workflow_without_a_first_task_creates_none() -> None:
    decision = after(whole(Status.UNCLAIMED), "claimed", PRIYA, flow=whole_workflow(first_task=None))

    assert of_kind(decision, PostTask) == []
    assert decision.handoff.task_at is None


def test_somebody_is_made_the_owner_and_told_so() -> None:
    decision = after(whole(Status.UNCLAIMED), "assigned", PRIYA, to=DANA)

    assert (decision.handoff.status, decision.handoff.owner) == (Status.OWNED, DANA)
    assert told(decision) == [("yours", "Dana Wolf")]


@pytest.mark.parametrize("status", WITH_OWNER)
def test_a_new_owner_takes_the_place_of_the_old_one_who_is_told(status: Status) -> None:
    decision = after(whole(status, task_at=NOW, offer=offer(to=RUI)), "assigned", MAX, to=DANA)

    assert (decision.handoff.status, decision.handoff.owner, decision.handoff.offer) == (status, DANA, None)
    assert told(decision) == [("yours", "Dana Wolf"), ("taken_away", "Priya Nair")]
    assert [n.post for n in of_kind(decision, UpdateOffer)] == [POST]
    assert (len(of_kind(decision, UpdateTask)), of_kind(decision, PostTask)) == (1, [])
    assert [n.key for n in of_kind(decision, TellRep)] == ["h1:owned:v3"]  # the first owner had `h1:owned`
    assert decision.handoff.round == 1


def test_who_gives_it_away_themselves_is_not_told_that_it_was_taken() -> None:
    assert told(after(whole(Status.OWNED), "assigned", PRIYA, to=DANA)) == [("yours", "Dana Wolf")]


@pytest.mark.parametrize(
    ("status", "to", "roles", "kind"),
    [
        (Status.COLLECTING, DANA, (), ReplyKind.NOT_NOW),
        (Status.CANCELLED, DANA, (), ReplyKind.OVER),
        (Status.OWNED, PRIYA, (), ReplyKind.ALREADY_OWNED),
        (Status.UNCLAIMED, DANA, (OUTSIDE,), ReplyKind.NOT_ALLOWED),
        (Status.UNCLAIMED, GUEST, (), ReplyKind.NOT_ALLOWED),
    ],
    ids=["not complete", "over", "the owner", "not a member", "to a guest"],
)
def test_nobody_is_assigned(status: Status, to: Person, roles: tuple[str, ...], kind: ReplyKind) -> None:
    before = whole(status)

    decision = after(before, "assigned", MAX, to=to, roles=roles)

    assert decision.reply.kind is kind
    assert changes_nothing(decision, before)


def test_an_offer_asks_the_other_person_and_it_stays_with_the_owner() -> None:
    decision = after(whole(Status.OWNED), "offered", PRIYA, to=DANA, note=" You know them ")

    assert (decision.handoff.owner, decision.handoff.offer) == (PRIYA, offer(at=LATER, post=None))
    assert [n.to for n in of_kind(decision, AskTakeOver)] == [To(person=DANA)]
    assert [(n.to, n.due_at, n.offered_at) for n in of_kind(decision, OfferEnds)] == [
        (To(person=PRIYA), LATER + DAY, LATER)
    ]
    assert decision.handoff.status is Status.OWNED


def test_a_second_offer_withdraws_the_first() -> None:
    decision = after(whole(Status.OWNED, offer=offer()), "offered", PRIYA, to=RUI)

    assert [n.post for n in of_kind(decision, UpdateOffer)] == [POST]
    assert decision.handoff.offer == offer(to=RUI, note="", at=LATER, post=None)


@pytest.mark.parametrize(("to", "kind"), [(PRIYA, ReplyKind.ALREADY_YOURS), (GUEST, ReplyKind.NOT_ALLOWED)])
def test_it_is_offered_to_neither_the_owner_nor_a_guest(to: Person, kind: ReplyKind) -> None:
    decision = after(whole(Status.OWNED), "offered", PRIYA, to=to)

    assert decision.reply.kind is kind
    assert changes_nothing(decision, whole(Status.OWNED))


@pytest.mark.parametrize("status", WITH_OWNER)
def test_who_accepts_is_the_owner_and_the_former_one_is_told(status: Status) -> None:
    decision = after(whole(status, offer=offer()), "offer_answered", DANA, accepts=True)

    assert (decision.handoff.owner, decision.handoff.owned_at, decision.handoff.offer) == (DANA, LATER, None)
    assert decision.handoff.status is status
    assert told(decision) == [("yours", "Dana Wolf"), ("taken_over", "Priya Nair")]
    assert [n.post for n in of_kind(decision, UpdateOffer)] == [POST]


def test_who_does_not_accept_leaves_it_with_the_owner_who_is_told() -> None:
    decision = after(whole(Status.OWNED, offer=offer()), "offer_answered", DANA, accepts=False)

    assert (decision.handoff.owner, decision.handoff.offer) == (PRIYA, None)
    assert told(decision) == [("kept", "Priya Nair")]
    assert of_kind(decision, UpdateBrief)


@pytest.mark.parametrize(
    ("status", "known", "by", "kind"),
    [
        (Status.OWNED, None, DANA, ReplyKind.NOT_NOW),
        (Status.DONE, None, DANA, ReplyKind.OVER),
        (Status.OWNED, offer(), RUI, ReplyKind.NOT_YOURS),
    ],
    ids=["no offer", "over", "somebody else's"],
)
def test_an_answer_to_an_offer_changes_nothing(status: Status, known: Any, by: Person, kind: ReplyKind) -> None:
    before = whole(status, offer=known)

    decision = after(before, "offer_answered", by, accepts=True)

    assert decision.reply.kind is kind
    assert changes_nothing(decision, before)


def test_an_offer_that_nobody_answered_in_time_ends_and_one_that_was_answered_does_not() -> None:
    ends = OfferEnds(key="h1:x", handoff_id="h1", due_at=LATER, to=To(person=PRIYA), offered_at=NOW)
    offered, newer, taken = (whole(Status.OWNED, offer=o) for o in (offer(), offer(at=LATER), None))

    decision = decide(offered, said(ends, POST), WHOLE, LATER)

    assert decision.handoff.offer is None
    assert [n.kind for n in decision.notices] == ["update_offer", "update_brief"]
    assert [still_wanted(ends, case) for case in (offered, newer, taken)] == [True, False, False]
    assert decide(newer, said(ends, POST), WHOLE, LATER).handoff == newer
    assert decide(taken, said(ends, POST), WHOLE, LATER).handoff == taken


def test_an_offer_ends_in_time_though_the_owner_cannot_be_told() -> None:
    ends = OfferEnds(key="h1:x", handoff_id="h1", due_at=LATER, to=To(person=PRIYA), offered_at=NOW)

    decision = decide(whole(Status.OWNED, offer=offer(post=None)), unsaid(ends), WHOLE, LATER)

    assert decision.handoff.offer is None
    assert [n.kind for n in decision.notices] == ["update_brief", "tell_ops"]
    assert decision.remarks == ("offer_ends was refused: is_archived",)


@pytest.mark.parametrize("status", WITH_OWNER)
def test_what_is_released_is_offered_to_the_channel_again(status: Status) -> None:
    case = whole(status, offer=offer(), reminders=(Reminder(ladder="owner", post=POST),))

    decision = after(case, "released", PRIYA, reason="On leave")

    free = decision.handoff
    assert (free.status, free.owner, free.owned_at, free.offer, free.kickoff_at) == (Status.UNCLAIMED, *(None,) * 4)
    assert [(n.ladder, n.round, n.due_at) for n in of_kind(decision, Nag)] == [("channel", 1, LATER + DAY / 24)]
    assert [(n.what, n.is_for_all) for n in of_kind(decision, Tell)] == [("released", True)]
    assert [n.ladder for n in of_kind(decision, SettleNag)] == ["owner"]
    assert of_kind(decision, UpdateOffer)
    assert [n.fields for n in of_kind(decision, WriteBack)] == [
        {"delivery_owner": "", "handoff_status": "waiting for an owner"}
    ]


def test_what_is_released_while_a_flag_is_up_waits_for_the_reviewers_first() -> None:
    decision = after(whole(Status.OWNED, flags=(flag(),)), "released", PRIYA)

    assert decision.handoff.status is Status.IN_REVIEW
    assert [(n.scope, n.round) for n in of_kind(decision, Nag)] == [("reviewer:0", 1)]
    assert [n.fields["handoff_status"] for n in of_kind(decision, WriteBack)] == ["in review"]


def test_what_is_released_while_something_is_missing_goes_to_sales_first() -> None:
    case = whole(Status.OWNED, record=record(fields={"discount": "15"}))

    decision = after(case, "released", PRIYA, flow=whole_workflow(write_back={}))

    assert decision.handoff.status is Status.COLLECTING
    assert len(of_kind(decision, AskRep)) == 1
    assert [n.ladder for n in of_kind(decision, Nag)] == ["rep"]
    assert of_kind(decision, WriteBack) == []


@pytest.mark.parametrize(("kind", "facts"), ONLY_THE_OWNER)
@pytest.mark.parametrize(
    ("status", "by", "reply"),
    [
        (Status.OWNED, DANA, ReplyKind.NOT_YOURS),
        (Status.KICKOFF_SCHEDULED, DANA, ReplyKind.NOT_YOURS),
        (Status.UNCLAIMED, PRIYA, ReplyKind.NOT_NOW),
        (Status.COLLECTING, PRIYA, ReplyKind.NOT_NOW),
        (Status.DONE, PRIYA, ReplyKind.OVER),
    ],
)
def test_only_the_owner_can_do_it_and_only_while_it_is_theirs(
    kind: str, facts: dict[str, Any], status: Status, by: Person, reply: ReplyKind
) -> None:
    before = whole(status)

    decision = after(before, kind, by, **facts)

    assert decision.reply.kind is reply
    assert changes_nothing(decision, before)

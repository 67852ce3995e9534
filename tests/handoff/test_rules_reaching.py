"""What cannot be reached goes elsewhere, and ops is told: once a day for each cause, and in no circle."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from handoff.courtesy import Presence
from handoff.decide import Decision, decide
from handoff.model import Flag, Handoff, Offer, Person, Post, Status
from handoff.notices import AskQuestion, AskRep, Nag, Notice, OfferEnds, PostBrief, PostReview, Tell, TellOps, To
from handoff.workflow import Workflow
from tests.factories import (
    BEA,
    DANA,
    NOW,
    PRIYA,
    SAM,
    answered,
    ask_rep,
    hint,
    nag,
    post_brief,
    record,
    stage_entered,
    unsaid,
    workflow,
)
from tests.fakes import Trouble
from tests.handoff.bench import Bench
from tests.handoff.deciding import LATER, WHOLE, flag, of_kind, whole

BASE: dict[str, Any] = {"key": "h1:x", "handoff_id": "h1", "due_at": NOW}
READY = whole(Status.UNCLAIMED, brief_post=None)
TOLD = To(name="#ops")
MISPLACED = Post(channel="C0FALLBACK", ts="1.0", instead="is_archived")


def refuse(case: Handoff, notice: Notice, reason: str = "is_archived", flow: Workflow = WHOLE) -> Decision:
    return decide(case, unsaid(notice, reason, at=LATER), flow, LATER)


def with_defaults(**defaults: str) -> Workflow:
    return workflow(defaults=defaults)


def ops(decision: Decision) -> list[tuple[str | None, str | None, str]]:
    """Who is told about what, and why."""
    told = of_kind(decision, TellOps)
    return [(n.to.name, n.about.name or (n.about.person.name if n.about.person else None), n.reason) for n in told]


def test_ops_is_told_of_a_channel_that_refuses_and_where_the_brief_went() -> None:
    (told,) = of_kind(refuse(READY, post_brief()), TellOps)

    assert (told.to, told.about, told.reason, told.what) == (TOLD, To(name="#delivery"), "is_archived", "post_brief")
    assert told.in_its_place == To(name="#fallback")


def test_the_same_cause_has_the_same_key_that_day_whatever_the_handoff() -> None:
    keys = {
        of_kind(refuse(READY.model_copy(update={"id": id_, "version": n}), post_brief(handoff_id=id_)), TellOps)[0].key
        for n, id_ in enumerate(("h1", "h2", "h3"), 2)
    }
    tomorrow = decide(READY, unsaid(post_brief()), WHOLE, NOW + timedelta(days=1))

    assert len(keys) == 1
    assert of_kind(tomorrow, TellOps)[0].key not in keys
    assert of_kind(refuse(READY, post_brief(), "not_in_channel"), TellOps)[0].key not in keys


@pytest.mark.parametrize(
    ("case", "notice", "about"),
    [
        (whole(Status.OWNED), Tell(what="kickoff", lane="delivery", **BASE), "#delivery"),
        (whole(Status.OWNED, brief_post=MISPLACED), Tell(what="kickoff", lane="delivery", **BASE), "C0FALLBACK"),
        (whole(Status.UNCLAIMED), nag("channel", to=To(name="@delivery-leads")), "#delivery"),
        (READY, nag("channel"), "#delivery"),
        (whole(flags=(flag(),)), PostReview(channel="#reviews", flag=0, **BASE), "#reviews"),
        (whole(flags=(flag(),)), nag("reviewer", lane="review", flag=0, to=To(name="max@example.com")), "#reviews"),
        (whole(flags=(flag(post=None),)), nag("reviewer", lane="review", flag=0, to=To(name="#ours")), "#ours"),
        (whole(), nag("reviewer", lane="review", to=To(name="#theirs")), "#theirs"),
        (whole(), ask_rep(), "Sam Rivers"),
        (whole(), AskQuestion(question_id="q1", to=To(person=DANA), **BASE), "Dana Wolf"),
    ],
)
def test_what_is_named_is_the_channel_or_the_person_that_was_meant(case: Handoff, notice: Notice, about: str) -> None:
    assert ops(refuse(case, notice)) == [("#ops", about, "is_archived")]


@pytest.mark.parametrize("reason", ["given_up", "no_thread", "invalid_blocks"])
def test_ops_is_not_told_of_what_it_cannot_mend(reason: str) -> None:
    assert ops(refuse(READY, post_brief(), reason)) == []


def test_a_group_without_a_thread_is_not_called_unknown() -> None:
    assert ops(refuse(READY, nag("channel", to=To(name="@delivery-leads")), "user_not_found")) == []


def test_what_has_no_address_is_not_told_of() -> None:
    assert ops(refuse(whole(), Tell(what="done", lane="rep", **BASE))) == []


def test_a_reminder_that_was_refused_says_who_gets_the_next_one() -> None:
    (told,) = of_kind(refuse(whole(), nag(), "user_disabled"), TellOps)

    assert (told.what, told.in_its_place) == ("nag", TOLD)


def test_an_offer_whose_end_could_not_be_told_ends_and_ops_is_told() -> None:
    offer = Offer(to=DANA, by=PRIYA, note="", at=NOW, post=MISPLACED)
    ends = OfferEnds(to=To(person=PRIYA), offered_at=NOW, lane="owner", **BASE)

    decision = refuse(whole(Status.OWNED, offer=offer), ends, "user_disabled")

    assert decision.handoff.offer is None
    assert [n.in_its_place for n in of_kind(decision, TellOps)] == [None]


def test_if_ops_cannot_be_reached_the_next_place_is_told_and_in_the_end_nobody() -> None:
    (first,) = of_kind(refuse(READY, post_brief()), TellOps)

    (second,) = of_kind(refuse(READY, first, "not_in_channel"), TellOps)
    (third,) = of_kind(refuse(READY, second), TellOps)
    last = refuse(READY, third)

    assert [n.to.name for n in (first, second, third)] == ["#ops", "#fallback", "backup@example.com"]
    assert (second.about, second.reason, second.instead) == (first.about, "is_archived", "not_in_channel")
    assert len({first.key, second.key, third.key}) == 3
    assert last.notices == ()


def test_ops_is_not_told_in_the_channel_that_it_is_about() -> None:
    assert ops(refuse(whole(), nag(to=To(name="#ops")))) == [("#fallback", "#ops", "is_archived")]


def test_without_anybody_to_tell_nothing_goes_in_circles() -> None:
    alone = with_defaults()
    same = with_defaults(ops_channel="#delivery", fallback_channel="#delivery")

    for flow in (alone, same):
        decision = refuse(READY.model_copy(update={"edition": flow.edition}), post_brief(), flow=flow)
        assert decision.notices == ()
        assert decision.remarks == ("post_brief was refused: is_archived",)


@pytest.mark.parametrize(
    ("notice", "defaults", "places"),
    [
        (post_brief(), {"ops_channel": "#ops", "fallback_channel": "#fallback"}, ["#fallback", "#ops"]),
        (post_brief(), {"ops_channel": "#ops"}, ["#ops"]),
        (post_brief(), {"ops_channel": "#ops", "fallback_channel": "#ops"}, ["#ops"]),
        (ask_rep(), {"ops_channel": "#ops", "fallback_channel": "#fallback"}, ["#fallback", "#ops"]),
        (ask_rep(to=To(name="#ops")), {"ops_channel": "#ops", "fallback_channel": "#fallback"}, ["#fallback"]),
        (ask_rep(to=To(name="#ops")), {"ops_channel": "#ops"}, []),
    ],
)
def test_a_brief_or_question_tries_each_channel_once(
    notice: Notice, defaults: dict[str, str], places: list[str]
) -> None:
    flow = with_defaults(**defaults)
    case = (READY if isinstance(notice, PostBrief) else whole()).model_copy(update={"edition": flow.edition})
    if isinstance(notice, AskRep) and notice.to.person is None:
        case = case.model_copy(update={"asked": None})

    tried = []
    while again := [n for n in refuse(case, notice, flow=flow).notices if isinstance(n, PostBrief | AskRep)]:
        (notice,) = again
        tried.append(notice.channel if isinstance(notice, PostBrief) else notice.to.name)

    assert tried == places


def test_a_review_of_a_workflow_that_has_none_any_more_goes_elsewhere_too() -> None:
    flow = with_defaults(fallback_channel="#fallback")
    raised: tuple[Flag, ...] = (flag(post=None),)
    case = whole(edition=flow.edition, flags=raised)

    decision = refuse(case, PostReview(channel="#reviews", flag=0, **BASE), flow=flow)

    assert [n.channel for n in of_kind(decision, PostReview)] == ["#fallback"]


@pytest.mark.parametrize("fields", [{}, {"answers": "all"}], ids=["asked", "complete"])
def test_ops_is_told_of_an_owner_of_the_record_whom_slack_does_not_know(fields: dict[str, str]) -> None:
    filled = {f"crm_{key}": "Known by the CRM" for key in ("goals", "contact", "promised", "next_step")}
    won = stage_entered(rep=None, record=record(fields=filled if fields else {}))

    (told,) = of_kind(decide(None, won, WHOLE, NOW), TellOps)

    assert (told.about, told.reason) == (To(person=record().owner), "not_in_slack")
    assert told.in_its_place == To(person=BEA)


@pytest.mark.parametrize("changes", [{}, {"rep": None, "record": record(owner=None)}], ids=["known", "no owner"])
def test_ops_is_told_of_nobody_where_nobody_is_unknown(changes: dict[str, Any]) -> None:
    assert of_kind(decide(None, stage_entered(**changes), WHOLE, NOW), TellOps) == []


def test_owners_of_records_without_an_address_are_told_of_apart() -> None:
    named = ("Joris Veld", "Mina Okafor")
    won = [stage_entered(rep=None, record=record(owner=Person(name=name))) for name in named]

    keys = {of_kind(decide(None, event, WHOLE, NOW), TellOps)[0].key for event in won}

    assert len(keys) == 2
    assert not any(name in key for key in keys for name in named)


def test_ops_is_told_once_of_somebody_who_has_left_and_the_backup_is_reminded(bench: Bench) -> None:
    bench.people.presences["U0SAM00001"] = Presence(is_gone=True)
    for deal in (1, 2):
        bench.crm.put_record(record(deal))
        bench.flow.take([hint(deal)], bench.clock.now)
    bench.work()
    bench.work_after(timedelta(hours=2))

    said = [s.notice for s in bench.slack.posts]
    (told,) = [n for n in said if isinstance(n, TellOps)]
    assert (told.about, told.reason, told.in_its_place) == (To(person=SAM), "gone", To(name="rui@example.com"))
    assert [n.to.name for n in said if isinstance(n, Nag)] == ["rui@example.com"] * 2


def test_somebody_whom_slack_does_not_know_is_not_reminded_in_vain(tmp_path: Path) -> None:
    ladder = {"rep": [{"after": "2h", "to": "left@example.com"}]}
    bench = Bench(tmp_path, workflow(nags=ladder))
    bench.crm.put_record(record(1))
    bench.flow.take([hint(1)], bench.clock.now)
    bench.work()
    bench.work_after(timedelta(hours=2))

    said = [s.notice for s in bench.slack.posts]
    assert [n.to.name for n in said if isinstance(n, Nag)] == ["backup@example.com"]
    assert {(n.about.name, n.reason) for n in said if isinstance(n, TellOps)} >= {("left@example.com", "gone")}
    bench.stop()


def test_a_group_is_reminded_by_its_id_as_well(tmp_path: Path) -> None:
    ladder = {"channel": [{"after": "1h", "to": "S0LEADS01"}]}
    bench = Bench(tmp_path, workflow(nags=ladder))
    bench.crm.put_record(record(1))
    bench.flow.take([hint(1)], bench.clock.now)
    bench.work()
    bench.flow.record(answered(), bench.clock.now)
    bench.work()
    bench.work_after(timedelta(hours=1))

    said = [s.notice for s in bench.slack.posts]
    assert [n.to.name for n in said if isinstance(n, Nag)] == ["S0LEADS01"]
    assert not any(isinstance(n, TellOps) for n in said)
    bench.stop()


def test_several_questions_that_are_refused_are_told_of_once_and_none_is_lost(bench: Bench) -> None:
    for deal in range(1, 4):
        bench.slack.weather.forecast.append(Trouble.REFUSED)
        bench.flow.start(
            stage_entered(handoff_id=f"h{deal}", record=record(deal)), "sales-to-delivery", bench.clock.now
        )
        bench.work()

    questions = [s.notice for s in bench.slack.posts if isinstance(s.notice, AskRep)]
    assert [n.to.name for n in questions] == ["#fallback"] * 3
    assert len([s for s in bench.slack.posts if isinstance(s.notice, TellOps)]) == 1

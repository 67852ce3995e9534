"""Snoozed, paused, resumed: when the next reminder comes."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from handoff.decide import ReplyKind, decide
from handoff.model import Quiet, Status
from handoff.notices import Nag, SilenceEnds
from handoff.rights import outsider_of
from tests.factories import ANSWERS, DANA, NOW, PRIYA, SAM, said, whole_workflow
from tests.handoff.deciding import LATER, after, changes_nothing, flag, of_kind, whole

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

OUTSIDE = outsider_of("#delivery")


def quiet(until: datetime | None, **changes: Any) -> Quiet:
    return Quiet.model_validate({"by": DANA, "at": NOW, "until": until, **changes})


def test_a_snooze_puts_every_reminder_off_until_then() -> None:
    case = whole(Status.OWNED, step=1, flags=(flag(step=1),))

    decision = after(case, "snoozed", PRIYA, until=LATER + DAY)

    assert decision.handoff.quiet == Quiet(by=PRIYA, at=LATER, until=LATER + DAY)
    assert decision.handoff.snoozes == 1
    assert [(n.scope, n.step, n.round, n.due_at) for n in of_kind(decision, Nag)] == [
        ("owner", 1, 1, LATER + DAY),
        ("reviewer:0", 1, 1, LATER + DAY),
    ]
    assert set(decision.cancel) == {"rep", "channel", "owner", "reviewer:0"}


def test_a_snooze_reaches_only_so_far() -> None:
    decision = after(whole(), "snoozed", until=LATER + 40 * DAY)

    assert [n.due_at for n in of_kind(decision, Nag)] == [LATER + 7 * DAY]


@pytest.mark.parametrize(
    ("case", "until", "kind"),
    [
        (whole(Status.DONE), LATER + DAY, ReplyKind.OVER),
        (whole(snoozes=3), LATER + DAY, ReplyKind.TOO_OFTEN),
        (whole(), LATER, ReplyKind.WRONG_ANSWERS),
        (whole(quiet=quiet(None, is_pause=True)), LATER + DAY, ReplyKind.ALREADY_SO),
        (whole(quiet=quiet(LATER + HOUR, is_pause=True)), LATER + DAY, ReplyKind.ALREADY_SO),
    ],
    ids=["over", "too often", "in the past", "paused", "paused for a while"],
)
def test_nothing_is_snoozed(case: Any, until: datetime, kind: ReplyKind) -> None:
    decision = after(case, "snoozed", until=until)

    assert decision.reply.kind is kind
    assert changes_nothing(decision, case)


@pytest.mark.parametrize("known", [quiet(LATER + HOUR), quiet(LATER, is_pause=True)], ids=["snoozed", "pause is over"])
def test_a_snooze_takes_the_place_of_what_is_no_pause_any_more(known: Quiet) -> None:
    assert after(whole(quiet=known), "snoozed", until=LATER + DAY).reply.kind is ReplyKind.DONE


def test_a_pause_without_an_end_stops_every_reminder_until_it_is_ended() -> None:
    paused = after(whole(step=1, flags=(flag(),)), "paused", reason=" Holiday ")

    assert paused.handoff.quiet == Quiet(by=SAM, at=LATER, until=None, reason="Holiday", is_pause=True)
    assert of_kind(paused, Nag) == []
    assert "no reminders while it is paused" in paused.remarks

    resumed = after(paused.handoff, "unpaused", PRIYA, at=LATER + DAY)

    assert resumed.handoff.quiet is None
    assert [(n.scope, n.step, n.round, n.due_at) for n in of_kind(resumed, Nag)] == [
        ("rep", 1, 2, LATER + 2 * DAY),
        ("reviewer:0", 0, 2, LATER + DAY + 4 * HOUR),
    ]


def test_a_pause_lasts_through_what_people_do_and_a_snooze_does_not() -> None:
    paused = after(whole(), "paused", until=LATER + 40 * DAY).handoff
    snoozed = after(whole(), "snoozed", until=LATER + DAY).handoff

    moved_on = [after(case, "answered", answers=ANSWERS) for case in (paused, snoozed)]

    assert [n.due_at for d in moved_on for n in of_kind(d, Nag)] == [LATER + 40 * DAY, LATER + HOUR]
    assert [d.handoff.quiet for d in moved_on] == [paused.quiet, None]


def test_a_handoff_without_a_ladder_can_be_paused_too() -> None:
    assert after(whole(Status.KICKOFF_SCHEDULED), "paused").handoff.quiet is not None


def test_an_owner_is_not_silent_while_the_handoff_is_paused_without_an_end() -> None:
    flow = whole_workflow(delivery={"channel": "#delivery", "release_after": "2d"})
    case = whole(Status.OWNED, quiet=quiet(None, is_pause=True))
    ends = SilenceEnds(key="h1:x", handoff_id="h1", due_at=LATER, owned_at=NOW)

    decision = decide(case, said(ends, at=LATER), flow, LATER)

    assert decision.handoff == case
    # after half of it they are asked first
    assert [(n.owned_at, n.due_at) for n in of_kind(decision, SilenceEnds)] == [(NOW, LATER + DAY)]


@pytest.mark.parametrize(
    ("case", "facts", "kind"),
    [
        (whole(Status.CANCELLED), {}, ReplyKind.OVER),
        (whole(), {"roles": (OUTSIDE,)}, ReplyKind.NOT_ALLOWED),
        (whole(), {"until": LATER}, ReplyKind.WRONG_ANSWERS),
    ],
    ids=["over", "not a member", "in the past"],
)
def test_nothing_is_paused(case: Any, facts: dict[str, Any], kind: ReplyKind) -> None:
    decision = after(case, "paused", **facts)

    assert decision.reply.kind is kind
    assert changes_nothing(decision, case)


@pytest.mark.parametrize(
    ("known", "roles", "kind"),
    [
        (None, (), ReplyKind.ALREADY_SO),
        (quiet(LATER), (), ReplyKind.ALREADY_SO),
        (quiet(LATER + HOUR), (OUTSIDE,), ReplyKind.NOT_ALLOWED),
    ],
    ids=["not quiet", "over", "not a member"],
)
def test_nothing_is_resumed(known: Quiet | None, roles: tuple[str, ...], kind: ReplyKind) -> None:
    before = whole(quiet=known)

    decision = after(before, "unpaused", roles=roles)

    assert decision.reply.kind is kind
    assert changes_nothing(decision, before)


@pytest.mark.parametrize("status", [Status.DONE, Status.CANCELLED])
def test_nothing_is_resumed_after_the_end(status: Status) -> None:
    before = whole(status, quiet=quiet(None))

    decision = after(before, "unpaused", PRIYA)

    assert decision.reply.kind is ReplyKind.OVER
    assert changes_nothing(decision, before)


def test_whoever_put_them_off_may_take_that_back() -> None:
    snoozed = after(whole(), "snoozed", SAM, until=LATER + DAY, roles=(OUTSIDE,)).handoff

    assert after(snoozed, "unpaused", SAM, roles=(OUTSIDE,)).handoff.quiet is None


def test_those_whom_the_workflow_names_may_pause() -> None:
    flow = whole_workflow(delivery={"channel": "#delivery", "may_pause": ["@leads"]})

    replies = [after(whole(), "paused", roles=roles, flow=flow).reply for roles in ((), ("@leads",))]

    assert [(r.kind, r.names) for r in replies] == [(ReplyKind.NOT_ALLOWED, ("@leads",)), (ReplyKind.DONE, ())]

"""A channel or a person that cannot be reached: where a message goes instead, and who is told what to do about it.

Whoever runs Baton is told once a day for each channel or person and reason, whatever the handoff: the notice's key says
so. Told in a channel that cannot be reached either, it goes to the next place, and after the last one nowhere.
"""

from collections.abc import Iterator
from hashlib import sha256
from zoneinfo import ZoneInfo

from handoff.ladder import sales
from handoff.notices import AskRep, Nag, Notice, PostBrief, PostReview, TellOps, To
from handoff.rules.case import Case, Notices
from handoff.terms import is_channel, may_be_group
from handoff.workflow import Workflow

NOT_IN_SLACK, GONE = "not_in_slack", "gone"  # of a record's owner, and of whoever was to be reminded
_UNREACHABLE = {
    *("is_archived", "channel_not_found", "not_in_channel"),
    *("user_not_found", "users_not_found", "user_not_visible", "user_disabled"),
    *("messages_tab_disabled", NOT_IN_SLACK, GONE),
}


def elsewhere(case: Case, notice: Notice, reason: str) -> Notices:
    """A brief, a question or a review, for the next channel that has not refused it."""
    common = {**case.common(""), "key": f"{notice.key}:fallback", "instead": reason}
    match notice:
        case PostBrief():
            place = _next(case.workflow, notice.channel, notice.instead, case.workflow.delivery.channel)
            return (PostBrief(channel=place, **common),) if place else ()
        case AskRep():
            first = sales(case.handoff, case.workflow).name
            place = _next(case.workflow, notice.to.name, notice.instead, first)
            told = {**common, "again": notice.again, "is_complete": notice.is_complete}
            return (AskRep(to=To(name=place), **told),) if place else ()
        case PostReview():
            first = case.workflow.exceptions.channel if case.workflow.exceptions else None
            place = _next(case.workflow, notice.channel, notice.instead, first)
            return (PostReview(channel=place, flag=notice.flag, **common),) if place else ()
        case _:
            return ()


def told_of(case: Case, notice: Notice, reason: str, follows: Notices) -> Notices:
    """What is told of a message that was refused; `follows` is what is said in its place."""
    if isinstance(notice, TellOps):
        place = next(iter(_after(_listeners(case.workflow, notice.about), notice.to.name)), None)
        again = {
            "to": To(name=place),
            "instead": reason,
            "key": f"{notice.key}:{_in_key(str(place))}",
            "due_at": case.now,
        }
        return (notice.model_copy(update=again),) if place else ()
    if (about := _meant(case, notice)) is None:
        return ()
    in_its_place = next((to for one in follows if (to := _place(one)) is not None), None)
    return tell_ops(case, about, reason, notice.kind, in_its_place)


def tell_ops(case: Case, about: To, reason: str, what: str, in_its_place: To | None) -> Notices:
    """Tell whoever runs Baton; nothing if the reason is none that they can mend, or there is nobody to tell."""
    name = about.name or (about.person and (about.person.email or about.person.slack_id or about.person.name)) or ""
    listener = next(_listeners(case.workflow, about), None)
    is_group = about.person is None and may_be_group(name)  # a group is no member; its reminders go to threads
    if listener is None or is_group or not (reason in _UNREACHABLE or reason.startswith("restricted_action")):
        return ()
    today = case.now.astimezone(ZoneInfo(case.workflow.defaults.time_zone)).date()
    facts = {"about": about, "reason": reason, "what": what, "in_its_place": in_its_place}
    key = f"unreachable:{_in_key(name)}:{reason}:{today}"
    return (TellOps(to=To(name=listener), **facts, **{**case.common(""), "key": key}),)


def _in_key(name: str) -> str:
    """A channel as it is; anybody else so that nobody can be read from it: keys outlive a person who is forgotten."""
    return name if is_channel(name) else sha256(name.casefold().encode()).hexdigest()[:16]


def _next(workflow: Workflow, place: str | None, instead: str | None, first: str | None) -> str | None:
    """The channel to try after `place`; `first` is where it belongs, `instead` is set if that has refused it."""
    channels = [workflow.defaults.fallback_channel, workflow.defaults.ops_channel]
    left = _after(iter(c for c in channels if c), place if instead else None)
    return next((channel for channel in left if channel not in (place, first)), None)


def _listeners(workflow: Workflow, about: To) -> Iterator[str]:
    """Who is told, in this order: never in the place that it is about."""
    defaults = workflow.defaults
    places = dict.fromkeys((defaults.ops_channel, defaults.fallback_channel, defaults.backup_rep))
    return (place for place in places if place and place != about.name)


def _after(places: Iterator[str], place: str | None) -> list[str]:
    every = list(places)
    return every[every.index(place) + 1 :] if place in every else every


def _meant(case: Case, notice: Notice) -> To | None:
    """The channel or person that a message was to reach; its thread's channel, if it stands in one."""
    handoff, exceptions = case.handoff, case.workflow.exceptions
    channel, post = None, None
    if notice.lane == "delivery":
        channel, post = case.workflow.delivery.channel, handoff.brief_post
    elif notice.lane == "review" and exceptions is not None:
        place = getattr(notice, "flag", None)
        channel, post = exceptions.channel, handoff.flags[place].post if place is not None else None
    if isinstance(notice, PostBrief | PostReview):
        return To(name=notice.channel)
    if channel is not None and post is not None:
        return To(name=post.channel if post.instead else channel)
    to: To | None = getattr(notice, "to", None)
    return to


def _place(notice: Notice) -> To | None:
    match notice:
        case PostBrief() | PostReview():
            return To(name=notice.channel)
        case AskRep() | Nag():
            return notice.to
        case _:
            return None

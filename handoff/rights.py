"""Who may do and read what, by the workflow's own words. The names a person answers to come with their act."""

from collections.abc import Collection, Iterator

from handoff.events import Act
from handoff.model import Flag, Person
from handoff.terms import Who, may_be_group
from handoff.workflow import ChecklistField, Exceptions, May, Workflow


def outsider_of(channel: str) -> str:
    """The role of somebody who is known not to be in a channel."""
    return f"not in {channel}"


def may(names: May, act: Act, channel: str) -> bool:
    """Whether whoever acted is meant by `names`, where `channel` means the members of this one. Guests never are."""
    if act.by.is_guest:
        return False
    roles = _names(act.roles, act.by)
    if names == "channel":
        return outsider_of(channel).casefold() not in roles
    return any(name.casefold() in roles for name in names)


def may_read(field: ChecklistField, roles: Collection[str], person: Person | None = None) -> bool:
    """Whether somebody may see the answer to a field. `person` adds their own names to the roles; guests see none.

    A field without `visible_to` is for everybody.
    """
    if person is not None and person.is_guest:
        return False
    known = _names(roles, person)
    return not field.visible_to or any(name.casefold() in known for name in field.visible_to)


def deciders(exceptions: Exceptions, flag: Flag) -> tuple[Who, ...]:
    """Those whom the config names to decide on a flag: with four eyes not who raised it, under their own names."""
    own = _names((), flag.by) if exceptions.four_eyes else set()
    return tuple(name for name in exceptions.reviewers if name.casefold() not in own)


def decides(exceptions: Exceptions, flag: Flag, person: Person) -> bool:
    """Whether somebody whom the config names may decide on this flag: with four eyes not on their own."""
    return not (exceptions.four_eyes and person.is_same(flag.by))


def named(workflow: Workflow) -> frozenset[str]:
    """Every person and group that a workflow names to act or to read."""
    return frozenset(_all_names(workflow))


def names_groups(workflow: Workflow) -> bool:
    """Whether anything in a workflow may be the name of a user group: a person's groups matter only then."""
    return any(map(may_be_group, named(workflow)))


def channels_asked(workflow: Workflow) -> set[str]:
    """The channels whose membership decides who may act."""
    delivery, exceptions = workflow.delivery, workflow.exceptions
    asked = (
        {delivery.channel} if "channel" in (delivery.may_claim, delivery.may_send_back, delivery.may_pause) else set()
    )
    return asked | ({exceptions.channel} if exceptions is not None and not exceptions.reviewers else set())


def _all_names(workflow: Workflow) -> Iterator[str]:
    delivery = workflow.delivery
    for may_do in (delivery.may_claim, delivery.may_send_back, delivery.may_pause):
        yield from () if may_do == "channel" else may_do
    yield from workflow.exceptions.reviewers if workflow.exceptions else ()
    for field in workflow.checklist:
        yield from field.visible_to


def _names(roles: Collection[str], person: Person | None) -> set[str]:
    own = (person.email, person.slack_id) if person else ()
    return {name.casefold() for name in (*roles, *own) if name}

"""Who may do what, by the workflow's own words. The names a person answers to come with their act."""

from handoff.events import Act
from handoff.model import Person
from handoff.workflow import May

OUTSIDER = "outsider"  # the role of somebody who is known not to be in the delivery channel


def may(names: May, act: Act) -> bool:
    """Whether whoever acted is meant by `names`. Guests never are."""
    if act.by.is_guest:
        return False
    roles = {role.casefold() for role in (*act.roles, *_own_names(act.by))}
    if names == "channel":
        return OUTSIDER not in roles
    return any(name.casefold() in roles for name in names)


def _own_names(person: Person) -> tuple[str, ...]:
    return tuple(name for name in (person.email, person.slack_id) if name)

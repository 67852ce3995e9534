"""Texts of config that are filled in with a handoff's values: sandboxed, and never a reason to fail. Pure."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import ChainableUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from handoff import checklist
from handoff.model import Handoff
from handoff.workflow import Workflow


class _Gap(ChainableUndefined):
    """A value that is not known shows as `[its name?]`, so that somebody fills it in; in conditions it is false."""

    def __str__(self) -> str:
        return f"[{self._undefined_name}?]" if self._undefined_name else ""


# The sandbox bounds what a template may touch, not how long it may run: the file is the operator's own.
_ENVIRONMENT = ImmutableSandboxedEnvironment(undefined=_Gap)


def filled(template: str, values: Mapping[str, Any], most: int) -> str | None:
    """The template with its values in place, at most `most` characters; None if it cannot be filled in.

    Values are never read as templates.
    """
    try:
        return _compiled(template).render(**values)[:most]
    except Exception:  # noqa: BLE001 -- a template may divide by an empty field, or call what is no function
        return None


@lru_cache(256)  # compiling one takes longer than everything else about a message
def _compiled(template: str) -> Template:
    return _ENVIRONMENT.from_string(template)


def values(handoff: Handoff, workflow: Workflow) -> dict[str, Any]:
    """What a template may speak of: the record, the owner and the answers by their key.

    What only some may read is not among it, neither as an answer nor as the record's field.
    """
    hidden = checklist.restricted(workflow)
    record, owner = handoff.record, handoff.owner
    fields = {name: value for name, value in record.fields.items() if value is not None and name not in hidden}
    answers = {a.key: a.value for a in handoff.answers if a.key not in hidden}
    known: dict[str, Any] = {"record": {"name": record.name, "url": record.url, "fields": fields}, "answers": answers}
    return known | {"owner": {"name": owner.name, "email": owner.email} if owner else {}}

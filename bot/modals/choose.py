"""The form in which somebody who may read a restricted answer sees both values and chooses. Pure."""

from typing import Any

from bot.messages import blocks, differences, wording
from bot.modals import forms
from handoff.model import Handoff, Person
from handoff.rights import may_read
from handoff.workflow import Workflow

CALLBACK = "choose_value"
BLOCKS = {"kept": "kept"}

_TITLE = "Choose a value"


def build(handoff: Handoff, workflow: Workflow, place: int, person: Person, roles: tuple[str, ...]) -> dict[str, Any]:
    """The view for `views.open`; a note for whoever may not read it, or if nothing is to be chosen any more."""
    if not 0 <= place < len(handoff.differences):
        return forms.note(_TITLE, "There is nothing to choose here any more.")
    found = handoff.differences[place]
    field = differences.field_of(found, workflow)
    if not may_read(field, roles, person):
        names = blocks.cut(wording.listed(list(field.visible_to)), 500)
        return forms.note(_TITLE, f"Only {names} may see these values. Ask one of them to choose.")
    if found.kept is not None or not handoff.is_open:
        by = f"{blocks.cut(found.by.name, 100)} has chosen already." if found.by else "It is settled already."
        return forms.note(_TITLE, f"{by} Nothing is to be chosen any more.")
    top = forms.about(handoff, f"{field.ask}\nWhat you choose goes onto the brief, for those who may read it.")
    words = differences.choices(found, field, handoff)
    element = {"type": "radio_buttons", "options": forms.options(words)}
    body = [
        *top,
        *differences.both(found, handoff, workflow),
        forms.input_block("kept", "Which one is right?", element),
    ]
    return forms.form(CALLBACK, _TITLE, "Choose", f"{handoff.id}|{place}", body)

"""The form in which a reviewer decides on a flag: approve, approve with conditions, return to sales. Pure."""

from typing import Any

from bot.messages import blocks
from bot.messages.blocks import Block
from bot.modals import forms
from handoff import checklist
from handoff.model import Flag, Handoff, Status, VerdictKind
from handoff.workflow import Workflow

CALLBACK = "review"
BLOCKS = {"reason": "reason", "fields": "fields"}

_TITLES = {
    None: "Decide",
    VerdictKind.APPROVED: "Approve",
    VerdictKind.CONDITIONS: "Approve with conditions",
    VerdictKind.RETURNED: "Return to sales",
}
_ASKED = {
    None: ("Why?", "One or two sentences; with conditions, write the conditions. It goes onto the brief."),
    VerdictKind.APPROVED: ("Why is this all right?", "One sentence. It goes onto the brief."),
    VerdictKind.CONDITIONS: ("What are the conditions?", "Whoever delivers reads this on the brief, and holds to it."),
    VerdictKind.RETURNED: ("What has to change?", "Sales reads this beside the questions, as you write it."),
}


def build(handoff: Handoff, workflow: Workflow, place: int, verdict: VerdictKind | None) -> dict[str, Any]:
    """The view for `views.open`; without a verdict the form asks for it. The flag is named by its place."""
    flag = handoff.flags[place]
    label, hint = _ASKED[verdict]
    body = [*forms.about(handoff, _about(flag, handoff, workflow, verdict))]
    if verdict is None:
        titles = {kind.value: _TITLES[kind] for kind in VerdictKind}
        body.append(forms.input_block("verdict", "Your decision", _radio(titles)))
    body.append(forms.text_input("reason", label, hint=hint, multiline=True))
    if verdict in (None, VerdictKind.RETURNED):
        body.append(_fields(handoff, workflow, is_asked_last=verdict is None))
    metadata = f"{handoff.id}|{place}|{verdict or ''}"
    return forms.form(CALLBACK, _TITLES[verdict], _TITLES[verdict], metadata, body)


def parse(view: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The handoff's id, and what was submitted as `Reviewed` takes it."""
    handoff_id, _, rest = str(view.get("private_metadata", "")).partition("|")
    place, _, verdict = rest.partition("|")
    typed = forms.read(view)
    facts = {"flag": whole(place), "verdict": kind(typed.get("verdict", verdict)), "reason": typed.get("reason", "")}
    return handoff_id, {**facts, "fields": forms.chosen(view, "fields")}


def whole(text: str) -> int:
    """A place in a list; one that no list has if the text is no such number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1


def kind(text: str) -> VerdictKind:
    """The verdict a form says; a form that says none returns it to sales, and never approves."""
    return VerdictKind(text) if text in list(VerdictKind) else VerdictKind.RETURNED


def _about(flag: Flag, handoff: Handoff, workflow: Workflow, verdict: VerdictKind | None) -> str:
    note = f": {blocks.cut(flag.note, 600)}" if flag.note else "."
    said = f"{blocks.cut(flag.name, 80)}, raised by {blocks.cut(flag.by.name, 100)}{note}"
    return f"{said}\n{_what_follows(handoff, workflow, verdict)}"


def _what_follows(handoff: Handoff, workflow: Workflow, verdict: VerdictKind | None) -> str:
    if verdict is None:
        return "The first decision stands, and its reason goes onto the brief."
    if verdict is VerdictKind.RETURNED:
        return "Sales is asked for the answers you choose, with your words; then this is decided anew."
    channel, brief = workflow.delivery.channel, f"the brief goes to {workflow.delivery.channel}"
    if handoff.was_briefed:
        brief = f"delivery can take it in {channel} again"
    if handoff.status is Status.COLLECTING:
        return f"When sales has answered, {brief}, with your decision on the brief."
    if handoff.status is Status.IN_REVIEW and len(handoff.undecided) > 1:
        return f"When the other flags are decided, too, {brief}, with your decision on the brief."
    if handoff.status is Status.IN_REVIEW:
        return f"{brief[0].upper()}{brief[1:]}, with your decision on the brief."
    return f"The brief in {channel} shows your decision."


def _fields(handoff: Handoff, workflow: Workflow, *, is_asked_last: bool) -> Block:
    """What sales has to answer again; a form that could also approve does not insist on it."""
    names = {f.key: f.ask for f in checklist.applying(workflow, handoff)}
    element = {"type": "multi_static_select", "options": forms.options(names)}
    label = "Which answers are needed again?"
    hint = "Only to return it to sales." if is_asked_last else None
    return forms.input_block("fields", label, element, hint, optional=is_asked_last)


def _radio(words: dict[str, str]) -> dict[str, Any]:
    return {"type": "radio_buttons", "options": forms.options(words)}

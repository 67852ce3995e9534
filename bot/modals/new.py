"""The form that starts a handoff by hand: for teams without a CRM, from a shortcut or from a message. Pure."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.messages import blocks
from bot.messages.blocks import Block, Element
from bot.modals import forms
from handoff.checklist import complaint
from handoff.model import Person, Record, RecordRef
from handoff.workflow import ChecklistField, FieldType, Workflow

CALLBACK = "start_handoff"
WORKFLOW, NAME, LINK, REP = "new:workflow", "new:name", "new:link", "new:rep"

_MOST_NAME = 150
_LINK = re.compile(r"<(https?://[^|>\s]+)(?:\|([^>]*))?>")
_TOKEN = re.compile(r"<([^>]*)>")


@dataclass(frozen=True)
class Started:
    """What was submitted, unchecked. `id` is the same however often this one form is submitted."""

    id: str
    workflow: str
    name: str
    link: str
    rep: str


def build(
    workflows: Mapping[str, Workflow], me: str, *, name: str = "", link: str = "", at: str = ""
) -> dict[str, Any]:
    """The form. `me` is whoever opens it and hands over unless they pick somebody else; `at` is shown as its origin."""
    said = "The person you pick is asked for what the next team needs to know. Then the brief goes out."
    body: list[Block] = [blocks.rich(blocks.line(blocks.words(said)))]
    if at:
        body.append(blocks.context(blocks.escape(at, 300)))
    body.append(_which(workflows))
    typed: Element = {"type": "plain_text_input", "max_length": _MOST_NAME}
    typed |= {"initial_value": blocks.cut(name, _MOST_NAME)} if name.strip() else {}
    body.append(forms.input_block(NAME, "Which customer?", typed))
    url: Element = {"type": "url_text_input", **({"initial_value": link} if link else {})}
    body.append(forms.input_block(LINK, "Link to more about it", url, optional=True))
    person: Element = {"type": "users_select", **({"initial_user": me} if me else {})}
    body.append(forms.input_block(REP, "Who hands it over?", person))
    return forms.form(CALLBACK, "Start a handoff", "Start", "", body)


def parse(view: Mapping[str, Any], workspace: str, first: str) -> Started:
    """What was submitted in this view; `first` is the workflow where there is only one."""
    said = forms.read(view)
    id_ = hashlib.sha256(f"{workspace}:{view.get('id', '')}".encode()).hexdigest()[:32]
    name = said.get(NAME, "").strip()[:_MOST_NAME]
    return Started(id_, said.get(WORKFLOW, first), name, said.get(LINK, "").strip(), said.get(REP, ""))


def wrong(started: Started, rep: Person | None, workflows: Mapping[str, Workflow], unknown: str) -> dict[str, str]:
    """What is wrong with it: block → complaint."""
    found = {}
    if not started.name:
        found[NAME] = "Please write who the customer is."
    if started.workflow not in workflows:
        found[WORKFLOW] = "This workflow is not there any more. Open the form again."
    if rep is None or rep.is_guest:
        found[REP] = unknown
    link = ChecklistField(key="link", ask="Link", type=FieldType.LINK)
    if started.link and (problem := complaint(link, started.link, {})):
        found[LINK] = problem
    return found


def record(started: Started, workflow: Workflow) -> Record:
    """The record that no CRM has."""
    ref = RecordRef(system="manual", object=workflow.trigger.object, id=started.id)
    return Record(ref=ref, name=started.name, url=started.link or None)


def from_message(text: str) -> tuple[str, str]:
    """The name and the link that a message suggests: what its first link shows, or its first line."""
    found = _LINK.search(text)
    label = (found[2] or "") if found else ""
    first = next((line for line in text.splitlines() if line.strip()), "")
    name = label if label and not label.startswith("http") else _TOKEN.sub(_shown, first)
    return _unescaped(name).strip(" *_~:")[:_MOST_NAME], _unescaped(found[1])[:2000] if found else ""


def _which(workflows: Mapping[str, Workflow]) -> Block:
    if len(workflows) == 1:
        (only,) = workflows.values()
        return blocks.context(blocks.escape(only.title, 100))
    choices = forms.options({name: w.title for name, w in list(workflows.items())[:100]})
    return forms.input_block(WORKFLOW, "Which handoff?", {"type": "static_select", "options": choices})


def _shown(token: re.Match[str]) -> str:
    """What people see of a link, a mention or a channel in a message; nothing if that is only an id."""
    _, bar, label = token[1].partition("|")
    return label if bar else ""


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

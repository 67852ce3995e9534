"""What every form shares: how it is built, how it is read, and what Slack does with it after it was submitted. Pure.

https://docs.slack.dev/surfaces/modals
"""

from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any

from bot.messages import blocks, texts
from bot.messages.blocks import Block, Element
from handoff.decision import Reply, ReplyKind
from handoff.model import WITH_DELIVERY, Handoff

VALUE = "value"  # the action id of every element that `read` reads

_MOST_TYPED = 3000  # Slack's limit of a text input
_MOST_LABEL = 2000
_TITLES = {ReplyKind.ALREADY_COMPLETE: "Complete already", ReplyKind.TOO_OFTEN: "Snoozed often enough"}


def form(
    callback: str, title: str, submit: str | None, metadata: str, body: Sequence[Block], close: str = "Cancel"
) -> dict[str, Any]:
    """A view for `views.open`. `metadata` comes back with it: the handoff's id first. Titles have up to 24 letters.

    Without `submit` nothing can be handed in; Slack wants one as soon as there is an input.
    """
    view = {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": metadata[:_MOST_TYPED],
        "title": blocks.plain(title, 24),
        "close": blocks.plain(close, 24),
        "blocks": list(body),
    }
    return {**view, "submit": blocks.plain(submit, 24)} if submit else view


def note(title: str, text: str) -> dict[str, Any]:
    """A modal that says one thing; used where there is nothing to fill in any more."""
    body = [blocks.rich(blocks.line(blocks.words(text)))]
    return {"type": "modal", "title": blocks.plain(title, 24), "close": blocks.plain("Close", 24), "blocks": body}


def about(handoff: Handoff, text: str) -> list[Block]:
    """The top of every form: which customer it is about, and what happens when it is submitted."""
    return [
        blocks.header(handoff.record.name),
        blocks.rich(blocks.line(blocks.words(text, limit=1500))),
    ]


def input_block(
    block_id: str, label: str, element: Element, hint: str | None = None, *, optional: bool = False
) -> Block:
    """An input around any element; `read` finds its value under `block_id`."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": blocks.plain(label, _MOST_LABEL),
        "element": {**element, "action_id": VALUE},
        "optional": optional,
    }
    return {**block, "hint": blocks.plain(hint, _MOST_LABEL)} if hint else block


def text_input(
    block_id: str,
    label: str,
    hint: str | None = None,
    multiline: bool = False,  # noqa: FBT001, FBT002 -- reads well at its callers, who name it
    initial: str | None = None,
    optional: bool = False,  # noqa: FBT001, FBT002
) -> Block:
    """An input for text, with what stands in it at first."""
    element: Element = {"type": "plain_text_input", "multiline": multiline, "max_length": _MOST_TYPED}
    if initial:
        element["initial_value"] = blocks.clean(initial)[:_MOST_TYPED]
    return input_block(block_id, label, element, hint, optional=optional)


def options(choices: Mapping[str, str]) -> list[Element]:
    """The options of a menu or of checkboxes: value → what people read."""
    return [{"text": blocks.plain(text, 75), "value": value} for value, text in choices.items()]


def read(view: Mapping[str, Any]) -> dict[str, str]:
    """What was submitted: block id → text, date, id or choice; several choices are joined by a semicolon.

    What was left empty is not in it. Reads whatever it is given, because a view may be forged.
    """
    given = {}
    for block_id, actions in _values(view).items():
        found = [_text(value) for value in actions.values() if isinstance(value, Mapping)]
        if any(found):
            given[block_id] = ";".join(text for text in found if text)
    return given


def block_ids(view: Mapping[str, Any]) -> tuple[str, ...]:
    """The blocks of which something was submitted."""
    return tuple(_values(view))


def chosen(view: Mapping[str, Any], block_id: str) -> tuple[str, ...]:
    """The values that were ticked or picked in one block."""
    actions = _values(view).get(block_id, {}).values()
    return tuple(text for value in actions if isinstance(value, Mapping) for text in _several(value))


def answer(reply: Reply | None, block_ids: Mapping[str, str]) -> dict[str, Any]:
    """What Slack does with a submitted form: closes it, shows what is wrong under its blocks, or says why not.

    `block_ids` maps the key of a complaint to the block it stands under; a complaint without one stands under the
    first. No reply: it was not saved.
    """
    if reply is None:
        return {"response_action": "update", "view": note("Not saved", texts.NOT_SAVED)}
    if reply.kind is ReplyKind.WRONG_ANSWERS and block_ids:
        return {"response_action": "errors", "errors": _errors(reply.complaints, block_ids)}
    refused = refused_with(reply)
    return {"response_action": "update", "view": refused} if refused else {}


def refused_with(reply: Reply) -> dict[str, Any] | None:
    """The note that says why nothing was changed; None if it was."""
    said = texts.reply(reply)
    return note(_TITLES.get(reply.kind, "Nothing was changed"), unescape(said)) if said else None


def refusal(handoff: Handoff, *, owner_only: str | None = None) -> dict[str, Any] | None:
    """The note in place of a form about delivery's work that could only be refused; None if the form may open.

    `owner_only` is the Slack id of whoever opens a form that is for the owner alone. The rules are asked again when the
    form is submitted; this only spares people the typing.
    """
    kind: ReplyKind | None = None
    if not handoff.is_open:
        kind = ReplyKind.OVER
    elif handoff.status not in WITH_DELIVERY:
        kind = ReplyKind.NOT_READY
    elif owner_only is not None and handoff.owner is None:
        kind = ReplyKind.NOT_NOW
    elif owner_only is not None and handoff.owner is not None and handoff.owner.slack_id != owner_only:
        kind = ReplyKind.NOT_YOURS
    return refused_with(Reply(kind=kind, person=handoff.owner, status=handoff.status)) if kind else None


def _errors(complaints: Mapping[str, str], block_ids: Mapping[str, str]) -> dict[str, str]:
    first = next(iter(block_ids.values()))
    errors: dict[str, str] = {}
    for key, text in complaints.items():
        block_id = block_ids.get(key, first)
        errors[block_id] = f"{errors[block_id]} {text}" if block_id in errors else text
    return {block_id: blocks.cut(text, _MOST_LABEL) for block_id, text in errors.items()}


def _values(view: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    state = view.get("state")
    values = state.get("values") if isinstance(state, Mapping) else None
    if not isinstance(values, Mapping):  # Slack sends an empty list where there is no input
        return {}
    return {str(block): actions for block, actions in values.items() if isinstance(actions, Mapping)}


def _text(value: Mapping[str, Any]) -> str:
    """The text in a state value; Slack has another key for each element."""
    if several := _several(value):
        return ";".join(several)
    kinds = ("value", "selected_date", "selected_date_time", "selected_time", "selected_user", "selected_conversation")
    return next((str(value[kind]) for kind in kinds if value.get(kind)), "")


def _several(value: Mapping[str, Any]) -> tuple[str, ...]:
    one, many, people = (value.get(f"selected_{kind}") for kind in ("option", "options", "users"))
    picked = [one, *(many if isinstance(many, list) else [])]
    found = tuple(str(option["value"]) for option in picked if isinstance(option, Mapping) and option.get("value"))
    return found + tuple(str(user) for user in people) if isinstance(people, list) else found

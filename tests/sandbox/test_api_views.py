"""Modals and Home tabs: triggers, the stack, hashes, what stays typed."""

import json
import time
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.seed import ANA, SAM
from sandbox.slack.state import Trigger, View
from sandbox.world import Sandbox

HOME = {"type": "home", "blocks": [{"type": "divider"}]}


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def field(block_id: str, initial: str | None = None, action_id: str = "value") -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": action_id}
    if initial is not None:
        element["initial_value"] = initial
    return {"type": "input", "block_id": block_id, "label": plain("Goals"), "element": element}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    content = list(blocks) or [{"type": "divider"}]
    return {"type": "modal", "title": plain("Handoff"), "submit": plain("Save"), "blocks": content, **more}


def trigger(sandbox: Sandbox, view_id: str | None = None, seconds: float = 3.0) -> str:
    name = f"t{len(sandbox.workspace.triggers)}"
    sandbox.workspace.triggers[name] = Trigger(name, SAM, time.time() + seconds, view_id)
    return name


def stack(sandbox: Sandbox) -> list[View]:
    return sandbox.workspace.views[SAM]


def refused(slack: WebClient, method: str, **arguments: Any) -> Any:
    with pytest.raises(SlackApiError) as raised:
        slack.api_call(method, json=arguments)
    return raised.value.response


def test_open_shows_the_modal_with_its_initial_values(slack: WebClient, sandbox: Sandbox) -> None:
    blocks = (field("goals", "Faster"), field("risks"), {"type": "divider"})
    view = slack.views_open(trigger_id=trigger(sandbox), view=modal(*blocks, callback_id="checklist"))["view"]
    assert (view["callback_id"], view["root_view_id"], view["previous_view_id"]) == ("checklist", view["id"], None)
    assert view["state"]["values"]["goals"]["value"] == {"type": "plain_text_input", "value": "Faster"}
    assert view["state"]["values"]["risks"]["value"]["value"] is None
    assert view["blocks"][2]["block_id"]
    assert [held.id for held in stack(sandbox)] == [view["id"]]


def test_open_takes_the_view_as_json_text(slack: WebClient, sandbox: Sandbox) -> None:
    data = {"trigger_id": trigger(sandbox), "view": json.dumps(modal())}
    assert slack.api_call("views.open", data=data)["view"]["title"]["text"] == "Handoff"


def test_trigger_is_good_once_and_for_three_seconds(slack: WebClient, sandbox: Sandbox) -> None:
    used, late = trigger(sandbox), trigger(sandbox, seconds=-0.1)
    slack.views_open(trigger_id=used, view=modal())
    errors = [refused(slack, "views.open", trigger_id=name, view=modal())["error"] for name in (used, late, "made-up")]
    assert errors == ["exchanged_trigger_id", "expired_trigger_id", "invalid_trigger_id"]


def test_refused_view_leaves_the_trigger_unused(slack: WebClient, sandbox: Sandbox) -> None:
    name = trigger(sandbox)
    answer = refused(slack, "views.open", trigger_id=name, view=modal(title=plain("x" * 25)))
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] failed to match all allowed schemas [json-pointer:/view]",
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]",
    ]
    slack.views_open(trigger_id=name, view=modal())


@pytest.mark.parametrize("view", [None, "no json", [], 5])
def test_view_that_is_no_object_is_refused(slack: WebClient, sandbox: Sandbox, view: object) -> None:
    answer = refused(slack, "views.open", trigger_id=trigger(sandbox), view=view)
    assert answer["error"] == "invalid_arguments"


def test_home_cannot_be_opened_nor_a_modal_published(slack: WebClient, sandbox: Sandbox) -> None:
    assert refused(slack, "views.open", trigger_id=trigger(sandbox), view=HOME)["error"] == "invalid_arguments"
    assert refused(slack, "views.publish", user_id=SAM, view=modal())["error"] == "invalid_arguments"


def test_view_above_250_kilobytes_is_refused(slack: WebClient, sandbox: Sandbox) -> None:
    menu = {
        "type": "multi_static_select",
        "placeholder": plain("x"),
        "options": [{"text": plain("x" * 75), "value": f"{n}{'v' * 140}"} for n in range(100)],
    }
    blocks = [{"type": "input", "label": plain("x"), "element": menu} for _ in range(12)]
    answer = refused(slack, "views.open", trigger_id=trigger(sandbox), view=modal(*blocks))
    assert answer["error"] == "view_too_large"


def test_push_stacks_three_and_no_more(slack: WebClient, sandbox: Sandbox) -> None:
    root = slack.views_open(trigger_id=trigger(sandbox), view=modal())["view"]["id"]
    second = slack.views_push(trigger_id=trigger(sandbox, root), view=modal())["view"]
    third = slack.views_push(trigger_id=trigger(sandbox, second["id"]), view=modal())["view"]
    assert (third["previous_view_id"], third["root_view_id"]) == (second["id"], root)
    assert len(stack(sandbox)) == 3
    answer = refused(slack, "views.push", trigger_id=trigger(sandbox, third["id"]), view=modal())
    assert answer["error"] == "push_limit_reached"


def test_push_needs_a_trigger_from_inside_a_modal(slack: WebClient, sandbox: Sandbox) -> None:
    slack.views_open(trigger_id=trigger(sandbox), view=modal())
    assert refused(slack, "views.push", trigger_id=trigger(sandbox), view=modal())["error"] == "not_found"


def test_update_keeps_what_was_typed_under_the_same_ids(slack: WebClient, sandbox: Sandbox) -> None:
    opened = slack.views_open(trigger_id=trigger(sandbox), view=modal(field("goals", "Old"), field("gone")))["view"]
    stack(sandbox)[0].state["goals"]["value"]["value"] = "Typed"
    blocks = (field("goals", "New"), field("goals-2", "New"), field("gone", "New", action_id="other"))
    view = slack.views_update(view_id=opened["id"], view=modal(*blocks))["view"]
    values = view["state"]["values"]
    assert values["goals"]["value"]["value"] == "Typed"
    assert values["goals-2"]["value"]["value"] == "New"
    assert values["gone"] == {"other": {"type": "plain_text_input", "value": "New"}}
    assert view["hash"] != opened["hash"]
    assert view["id"] == opened["id"]


def test_update_with_an_old_hash_conflicts(slack: WebClient, sandbox: Sandbox) -> None:
    opened = slack.views_open(trigger_id=trigger(sandbox), view=modal())["view"]
    slack.views_update(view_id=opened["id"], hash=opened["hash"], view=modal())
    answer = refused(slack, "views.update", view_id=opened["id"], hash=opened["hash"], view=modal())
    assert answer["error"] == "hash_conflict"


def test_update_finds_by_external_id(slack: WebClient, sandbox: Sandbox) -> None:
    slack.views_open(trigger_id=trigger(sandbox), view=modal(external_id="deal-1"))
    view = slack.views_update(external_id="deal-1", view=modal(external_id="deal-1", callback_id="x"))["view"]
    assert view["callback_id"] == "x"
    assert refused(slack, "views.update", external_id="deal-2", view=modal())["error"] == "not_found"
    assert refused(slack, "views.update", view_id="V0", view=modal())["error"] == "not_found"
    assert refused(slack, "views.update", view=modal())["error"] == "invalid_arguments"


def test_external_id_is_unique_among_open_views(slack: WebClient, sandbox: Sandbox) -> None:
    slack.views_open(trigger_id=trigger(sandbox), view=modal(external_id="deal-1"))
    answer = refused(slack, "views.open", trigger_id=trigger(sandbox), view=modal(external_id="deal-1"))
    assert answer["error"] == "duplicate_external_id"


def test_publish_keeps_the_homes_id(slack: WebClient, sandbox: Sandbox) -> None:
    first = slack.views_publish(user_id=SAM, view=HOME)["view"]
    again = slack.views_publish(user_id=SAM, view=HOME, hash=first["hash"])["view"]
    other = slack.views_publish(user_id=ANA, view=HOME)["view"]
    assert again["id"] == first["id"] != other["id"]
    assert again["hash"] != first["hash"]
    answer = refused(slack, "views.publish", user_id=SAM, view=HOME, hash=first["hash"])
    assert answer["error"] == "hash_conflict"
    assert sandbox.workspace.homes[SAM].id == first["id"]


def test_publish_for_nobody_is_refused(slack: WebClient) -> None:
    assert refused(slack, "views.publish", user_id="U0NOBODY", view=HOME)["error"] == "invalid_arguments"


def test_validate_checks_without_posting(slack: WebClient, sandbox: Sandbox) -> None:
    assert slack.api_call("blocks.validate", data={"blocks": '[{"type": "divider"}]'})["ok"]
    assert slack.api_call("blocks.validate", data={"view": json.dumps(modal())})["ok"]
    with pytest.raises(SlackApiError) as raised:
        slack.api_call("blocks.validate", data={"blocks": '[{"type": "nonsense"}]'})
    assert raised.value.response["error"] == "invalid_blocks"
    assert raised.value.response["errors"][0]["pointer"].startswith("/0")
    assert refused(slack, "blocks.validate")["error"] == "invalid_arguments"
    assert sandbox.workspace.messages == {}

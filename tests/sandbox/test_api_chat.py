"""Messages: where they may be posted, what they may say, how they change."""

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.seed import DELIVERY, GENERAL, SAM
from sandbox.slack.manifest import Manifest
from sandbox.slack.state import Message
from sandbox.world import Sandbox

BLOCKS: list[dict[str, Any]] = [{"type": "section", "text": {"type": "mrkdwn", "text": "*Hello*"}}]
KEY = {"event_type": "baton_notice", "event_payload": {"key": "brief:1"}}


def refused(slack: WebClient, method: str, **arguments: Any) -> Any:
    with pytest.raises(SlackApiError) as raised:
        slack.api_call(method, json=arguments)
    return raised.value.response


def last(sandbox: Sandbox, channel: str) -> Message:
    return sandbox.workspace.messages[channel][-1]


def test_post_by_name_and_by_id_lands_in_the_channel(slack: WebClient, sandbox: Sandbox) -> None:
    first = slack.chat_postMessage(channel="#delivery", text="One")
    second = slack.chat_postMessage(channel=DELIVERY, text="Two")
    assert (first["channel"], second["channel"]) == (DELIVERY, DELIVERY)
    assert [message.text for message in sandbox.workspace.messages[DELIVERY]] == ["One", "Two"]
    assert first["ts"] < second["ts"]
    assert first["message"]["bot_id"] == "B0BATON"


def test_post_to_a_person_opens_the_direct_message(slack: WebClient, sandbox: Sandbox) -> None:
    answer = slack.chat_postMessage(channel=SAM, text="Hello")
    again = slack.chat_postMessage(channel=SAM, text="Again")
    assert answer["channel"].startswith("D")
    assert again["channel"] == answer["channel"]
    assert last(sandbox, answer["channel"]).pings == {SAM}


@pytest.mark.parametrize(
    ("channel", "error"),
    [("#nowhere", "channel_not_found"), ("U0NOBODY", "channel_not_found"), ("U0BATON", "cannot_dm_bot")],
)
def test_post_to_nowhere_is_refused(slack: WebClient, channel: str, error: str) -> None:
    assert refused(slack, "chat.postMessage", channel=channel, text="Hello")["error"] == error


def test_post_outside_its_channels_needs_the_public_scope(slack: WebClient, sandbox: Sandbox) -> None:
    slack.chat_postMessage(channel=GENERAL, text="Hello")
    sandbox.manifest = Manifest(scopes=("chat:write",))
    assert refused(slack, "chat.postMessage", channel=GENERAL, text="Hello")["error"] == "not_in_channel"


def test_private_channel_without_the_bot_is_as_if_it_were_not_there(slack: WebClient, sandbox: Sandbox) -> None:
    sandbox.workspace.channels[GENERAL].is_private = True
    assert refused(slack, "chat.postMessage", channel=GENERAL, text="Hello")["error"] == "channel_not_found"


def test_archived_channel_takes_nothing(slack: WebClient, sandbox: Sandbox) -> None:
    sandbox.workspace.channels[DELIVERY].is_archived = True
    assert refused(slack, "chat.postMessage", channel=DELIVERY, text="Hello")["error"] == "is_archived"


def test_deactivated_person_cannot_be_written_to(slack: WebClient, sandbox: Sandbox) -> None:
    sandbox.workspace.users[SAM].deleted = True
    assert refused(slack, "chat.postMessage", channel=SAM, text="Hello")["error"] == "channel_not_found"


@pytest.mark.parametrize("text", [None, "", "   "])
def test_post_without_content_is_refused(slack: WebClient, text: str | None) -> None:
    assert refused(slack, "chat.postMessage", channel=DELIVERY, text=text)["error"] == "no_text"


def test_text_above_forty_thousand_is_cut_with_a_warning(slack: WebClient, sandbox: Sandbox) -> None:
    answer = slack.chat_postMessage(channel=DELIVERY, text="x" * 40_001)
    assert len(last(sandbox, DELIVERY).text) == 40_000
    assert answer["response_metadata"]["warnings"] == ["message_truncated"]


@pytest.mark.parametrize("blocks", ["no json", "{}", {"blocks": []}])
def test_blocks_that_are_no_list_are_refused(slack: WebClient, blocks: object) -> None:
    answer = refused(slack, "chat.postMessage", channel=DELIVERY, text="x", blocks=blocks)
    assert answer["error"] == "invalid_blocks_format"


def test_bad_blocks_are_refused_line_by_line(slack: WebClient) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]
    answer = refused(slack, "chat.postMessage", channel=DELIVERY, text="x", blocks=blocks)
    line = "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"] == [line]
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {line}"]


def test_blocks_with_too_much_text_together_are_refused(slack: WebClient) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}] * 5
    answer = refused(slack, "chat.postMessage", channel=DELIVERY, text="x", blocks=blocks)
    assert answer["error"] == "msg_blocks_too_long"


def test_blocks_as_json_text_are_stored_with_ids(slack: WebClient, sandbox: Sandbox) -> None:
    slack.api_call("chat.postMessage", data={"channel": DELIVERY, "blocks": '[{"type": "divider"}]'})
    assert last(sandbox, DELIVERY).blocks[0]["block_id"]


@pytest.mark.parametrize("metadata", ["no json", [], {"event_type": 1}])
def test_bad_metadata_is_refused(slack: WebClient, metadata: object) -> None:
    answer = refused(slack, "chat.postMessage", channel=DELIVERY, text="x", metadata=metadata)
    assert answer["error"].startswith("invalid_metadata")


def test_markdown_text_excludes_text(slack: WebClient, sandbox: Sandbox) -> None:
    slack.chat_postMessage(channel=DELIVERY, markdown_text="**Hello**")
    assert last(sandbox, DELIVERY).blocks[0]["type"] == "markdown"
    answer = refused(slack, "chat.postMessage", channel=DELIVERY, text="x", markdown_text="y")
    assert answer["error"] == "markdown_text_conflict"


def test_other_author_needs_its_scope(slack: WebClient, sandbox: Sandbox) -> None:
    sandbox.manifest = Manifest(scopes=("chat:write",))
    answer = refused(slack, "chat.postMessage", channel=DELIVERY, text="x", username="Somebody")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write.customize")


def test_reply_goes_to_the_thread_even_by_a_replys_ts(slack: WebClient, sandbox: Sandbox) -> None:
    parent = slack.chat_postMessage(channel=DELIVERY, text="Parent")["ts"]
    reply = slack.chat_postMessage(channel=DELIVERY, text="One", thread_ts=parent)["ts"]
    slack.chat_postMessage(channel=DELIVERY, text="Two", thread_ts=reply)
    assert last(sandbox, DELIVERY).thread_ts == parent
    answer = refused(slack, "chat.postMessage", channel=DELIVERY, text="x", thread_ts="1.000000")
    assert answer["error"] == "cannot_reply_to_message"


def test_update_with_text_removes_blocks_and_keeps_metadata(slack: WebClient, sandbox: Sandbox) -> None:
    ts = slack.chat_postMessage(channel=DELIVERY, text="Old", blocks=BLOCKS, metadata=KEY)["ts"]
    slack.chat_update(channel=DELIVERY, ts=ts, text="New")
    message = last(sandbox, DELIVERY)
    assert (message.text, message.blocks, message.edited) == ("New", [], True)
    assert message.metadata == KEY
    slack.chat_update(channel=DELIVERY, ts=ts, text="New", metadata={})
    assert message.metadata is None


def test_update_with_blocks_keeps_text_unmarked(slack: WebClient, sandbox: Sandbox) -> None:
    ts = slack.chat_postMessage(channel=DELIVERY, text="Old")["ts"]
    slack.api_call("chat.update", json={"channel": DELIVERY, "ts": ts, "blocks": BLOCKS})
    message = last(sandbox, DELIVERY)
    assert (message.text, message.blocks[0]["type"], message.edited) == ("Old", "section", False)


def test_update_needs_the_conversations_own_id(slack: WebClient) -> None:
    posted = slack.chat_postMessage(channel=SAM, text="Hello")
    assert refused(slack, "chat.update", channel=SAM, ts=posted["ts"], text="x")["error"] == "channel_not_found"
    assert slack.chat_update(channel=posted["channel"], ts=posted["ts"], text="x")["text"] == "x"


def test_update_of_what_is_not_the_bots_is_refused(slack: WebClient, sandbox: Sandbox) -> None:
    sandbox.workspace.add_message(Message(DELIVERY, "5.000001", SAM, "Mine"))
    answer = refused(slack, "chat.update", channel=DELIVERY, ts="5.000001", text="x")
    assert answer["error"] == "cant_update_message"
    assert refused(slack, "chat.update", channel=DELIVERY, ts="6.000001", text="x")["error"] == "message_not_found"
    assert refused(slack, "chat.delete", channel=DELIVERY, ts="5.000001")["error"] == "cant_delete_message"


def test_update_counts_bytes(slack: WebClient) -> None:
    ts = slack.chat_postMessage(channel=DELIVERY, text="Old")["ts"]
    slack.chat_update(channel=DELIVERY, ts=ts, text="x" * 4000)
    assert refused(slack, "chat.update", channel=DELIVERY, ts=ts, text="é" * 2001)["error"] == "msg_too_long"
    assert refused(slack, "chat.update", channel=DELIVERY, ts=ts)["error"] == "no_text"


def test_private_note_is_for_members_and_stays_as_it_is(slack: WebClient, sandbox: Sandbox) -> None:
    ts = slack.chat_postEphemeral(channel=DELIVERY, user=SAM, text="<!channel>")["message_ts"]
    note = last(sandbox, DELIVERY)
    assert (note.ephemeral_to, note.pings) == (SAM, set())
    assert refused(slack, "chat.update", channel=DELIVERY, ts=ts, text="x")["error"] == "message_not_found"
    answer = refused(slack, "chat.postEphemeral", channel=DELIVERY, user="U0OLU", text="x")
    assert answer["error"] == "user_not_in_channel"


def test_delete_takes_the_message_away(slack: WebClient, sandbox: Sandbox) -> None:
    ts = slack.chat_postMessage(channel=DELIVERY, text="Old")["ts"]
    slack.chat_delete(channel=DELIVERY, ts=ts)
    assert sandbox.workspace.messages[DELIVERY] == []
    assert refused(slack, "chat.delete", channel=DELIVERY, ts=ts)["error"] == "message_not_found"


def test_delete_of_a_parent_leaves_a_mark(slack: WebClient) -> None:
    ts = slack.chat_postMessage(channel=DELIVERY, text="Old", blocks=BLOCKS)["ts"]
    slack.chat_postMessage(channel=DELIVERY, text="Reply", thread_ts=ts)
    slack.chat_delete(channel=DELIVERY, ts=ts)
    messages = slack.conversations_replies(channel=DELIVERY, ts=ts)["messages"]
    assert [message["text"] for message in messages] == ["This message was deleted.", "Reply"]


def test_permalink_leads_to_the_local_page(slack: WebClient, address: str) -> None:
    ts = slack.chat_postMessage(channel=DELIVERY, text="Old")["ts"]
    link = slack.chat_getPermalink(channel=DELIVERY, message_ts=ts)["permalink"]
    assert link == f"{address}/archives/{DELIVERY}/p{ts.replace('.', '')}"

"""Conversations, people and groups: lists, pages, history, direct messages."""

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.seed import ANA, DELIVERY, DELIVERY_LEADS, GENERAL, HANDOFF_OPS, PRIYA, RUI, SAM
from sandbox.slack.state import BOT_USER_ID, Message, Scheduled
from sandbox.world import Sandbox

FOREVER = 4_000_000_000


def error_of(slack: WebClient, method: str, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as raised:
        slack.api_call(method, params=arguments)
    return str(raised.value.response["error"])


def write(sandbox: Sandbox, count: int) -> None:
    for n in range(1, count + 1):
        sandbox.workspace.add_message(Message(DELIVERY, f"{n}.000000", SAM, str(n)))


def texts(answer: Any) -> list[str]:
    return [message["text"] for message in answer["messages"]]


def test_history_is_newest_first_in_pages(slack: WebClient, sandbox: Sandbox) -> None:
    write(sandbox, 5)
    pages = [(texts(page), page["has_more"]) for page in slack.conversations_history(channel=DELIVERY, limit=2)]
    assert pages == [(["5", "4"], True), (["3", "2"], True), (["1"], False)]


@pytest.mark.parametrize(
    ("bounds", "found"),
    [
        ({"oldest": "2"}, ["4", "3"]),
        ({"oldest": "2.000000", "inclusive": "1"}, ["4", "3", "2"]),
        ({"latest": "3"}, ["2", "1"]),
        ({"oldest": "1", "latest": "4", "inclusive": "true"}, ["4", "3", "2", "1"]),
    ],
)
def test_history_between_two_moments(
    slack: WebClient, sandbox: Sandbox, bounds: dict[str, str], found: list[str]
) -> None:
    write(sandbox, 4)
    assert texts(slack.api_call("conversations.history", params={"channel": DELIVERY, **bounds})) == found


def test_history_shows_metadata_only_when_asked(slack: WebClient) -> None:
    key = {"event_type": "baton_notice", "event_payload": {"key": "ask:1"}}
    slack.chat_postMessage(channel=DELIVERY, text="Hello", metadata=key)
    assert "metadata" not in slack.conversations_history(channel=DELIVERY)["messages"][0]
    shown = slack.conversations_history(channel=DELIVERY, include_all_metadata=True)["messages"][0]
    assert shown["metadata"] == key


def test_history_leaves_out_replies_and_private_notes(slack: WebClient) -> None:
    parent = slack.chat_postMessage(channel=DELIVERY, text="Parent")["ts"]
    slack.chat_postMessage(channel=DELIVERY, text="Reply", thread_ts=parent)
    slack.chat_postMessage(channel=DELIVERY, text="Loud", thread_ts=parent, reply_broadcast=True)
    slack.chat_postEphemeral(channel=DELIVERY, user=SAM, text="Note")
    messages = slack.conversations_history(channel=DELIVERY)["messages"]
    assert [message["text"] for message in messages] == ["Loud", "Parent"]
    assert (messages[1]["reply_count"], messages[1]["thread_ts"]) == (2, parent)
    thread = slack.conversations_replies(channel=DELIVERY, ts=parent)
    assert texts(thread) == ["Parent", "Reply", "Loud"]


def test_replies_lead_every_page_with_the_parent(slack: WebClient) -> None:
    parent = slack.chat_postMessage(channel=DELIVERY, text="Parent")["ts"]
    for text in "abc":
        slack.chat_postMessage(channel=DELIVERY, text=text, thread_ts=parent)
    pages = [texts(page) for page in slack.conversations_replies(channel=DELIVERY, ts=parent, limit=2)]
    assert pages == [["Parent", "a", "b"], ["Parent", "c"]]
    assert error_of(slack, "conversations.replies", channel=DELIVERY, ts="1.0") == "thread_not_found"


def test_history_is_for_members(slack: WebClient) -> None:
    assert error_of(slack, "conversations.history", channel=GENERAL) == "not_in_channel"
    slack.conversations_join(channel=GENERAL)
    assert texts(slack.conversations_history(channel=GENERAL)) == []
    assert slack.conversations_join(channel=GENERAL)["warning"] == "already_in_channel"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0NOWHERE"}, "channel_not_found"),
        ({"channel": DELIVERY, "oldest": "soon"}, "invalid_ts_oldest"),
        ({"channel": DELIVERY, "latest": "NaN"}, "invalid_ts_latest"),
        ({"channel": DELIVERY, "cursor": "no cursor"}, "invalid_cursor"),
        ({"channel": DELIVERY, "cursor": "\u0663"}, "invalid_cursor"),
        ({"channel": DELIVERY, "limit": "many"}, "invalid_limit"),
    ],
)
def test_history_refuses_what_cannot_be_meant(slack: WebClient, arguments: dict[str, str], error: str) -> None:
    assert error_of(slack, "conversations.history", **arguments) == error


def test_list_gives_the_asked_kinds(slack: WebClient, sandbox: Sandbox) -> None:
    sandbox.workspace.channels[HANDOFF_OPS].is_private = True
    sandbox.workspace.channels[GENERAL].is_archived = True
    public = slack.conversations_list(exclude_archived=True)["channels"]
    assert {channel["name"] for channel in public} == {"delivery", "deal-review", "sales"}
    private = slack.conversations_list(types="private_channel")["channels"]
    assert [(channel["name"], channel["num_members"]) for channel in private] == [("handoff-ops", 3)]
    assert error_of(slack, "conversations.list", types="secret") == "invalid_types"


def test_list_goes_through_pages(slack: WebClient) -> None:
    pages = [page["channels"] for page in slack.conversations_list(limit=2)]
    assert [len(page) for page in pages] == [2, 2, 1]


def test_info_and_members_describe_a_channel(slack: WebClient) -> None:
    channel = slack.conversations_info(channel=DELIVERY, include_num_members=True)["channel"]
    assert (channel["name"], channel["is_member"], channel["num_members"]) == ("delivery", True, 6)
    assert BOT_USER_ID in slack.conversations_members(channel=DELIVERY)["members"]


def test_open_gives_the_same_direct_message_again(slack: WebClient) -> None:
    first = slack.conversations_open(users=SAM)
    again = slack.conversations_open(users=[SAM], return_im=True)
    assert "already_open" not in first
    assert again["already_open"]
    assert again["channel"]["user"] == SAM
    assert again["channel"]["id"] == first["channel"]["id"]


def test_open_with_several_makes_a_group(slack: WebClient, sandbox: Sandbox) -> None:
    group = slack.conversations_open(users=[SAM, PRIYA])["channel"]["id"]
    assert slack.conversations_open(users=[PRIYA, SAM])["channel"]["id"] == group
    slack.chat_postMessage(channel=group, text="Hello")
    assert sandbox.workspace.messages[group][0].pings == {SAM, PRIYA}


def test_open_with_nobody_suitable_is_refused(slack: WebClient, sandbox: Sandbox) -> None:
    sandbox.workspace.users[ANA].deleted = True
    assert error_of(slack, "conversations.open", users="U0NOBODY") == "user_not_found"
    assert error_of(slack, "conversations.open", users=ANA) == "user_disabled"
    assert error_of(slack, "conversations.open") == "users_list_not_supplied"
    assert error_of(slack, "conversations.open", users=",".join([SAM] * 9)) == "too_many_users"


def test_people_are_found_by_id_and_email(slack: WebClient, sandbox: Sandbox) -> None:
    user = slack.users_lookupByEmail(email="Priya@Example.com")["user"]
    assert (user["id"], user["tz"], user["tz_offset"]) == (PRIYA, "Asia/Kolkata", 19800)
    assert slack.users_profile_get(user=PRIYA)["profile"]["title"] == "Delivery Lead"
    assert error_of(slack, "users.info", user="U0NOBODY") == "user_not_found"
    sandbox.workspace.users[PRIYA].deleted = True
    assert error_of(slack, "users.lookupByEmail", email="priya@example.com") == "users_not_found"


def test_people_come_in_pages(slack: WebClient) -> None:
    names = [user["name"] for page in slack.users_list(limit=3) for user in page["members"]]
    assert names == ["baton", "sam", "ana", "priya", "dana", "rui", "frances", "olu"]


def test_conversations_of_a_person(slack: WebClient) -> None:
    names = [channel["name"] for channel in slack.users_conversations(user=SAM)["channels"]]
    assert names == ["delivery", "sales", "general"]


def test_groups_and_their_people(slack: WebClient) -> None:
    groups = slack.usergroups_list(include_users=True)["usergroups"]
    assert [(group["handle"], group["users"]) for group in groups] == [
        ("delivery-leads", [PRIYA, RUI]),
        ("finance", ["U0OLU"]),
    ]
    assert slack.usergroups_users_list(usergroup=DELIVERY_LEADS)["users"] == [PRIYA, RUI]
    assert error_of(slack, "usergroups.users.list", usergroup="S0") == "no_such_subteam"


def test_snoozed_person_shows_in_dnd_info(slack: WebClient, sandbox: Sandbox) -> None:
    assert not slack.dnd_info(user=SAM)["dnd_enabled"]
    sandbox.workspace.users[SAM].dnd_until = FOREVER
    assert slack.dnd_info(user=SAM)["snooze_endtime"] == FOREVER


def test_reactions_and_pins_stick_once(slack: WebClient) -> None:
    ts = slack.chat_postMessage(channel=DELIVERY, text="Hello")["ts"]
    slack.reactions_add(channel=DELIVERY, name="eyes", timestamp=ts)
    slack.pins_add(channel=DELIVERY, timestamp=ts)
    assert error_of(slack, "reactions.add", channel=DELIVERY, name="eyes", timestamp=ts) == "already_reacted"
    assert error_of(slack, "pins.add", channel=DELIVERY, timestamp=ts) == "already_pinned"
    assert error_of(slack, "pins.add", channel=DELIVERY) == "no_item_specified"
    shown = slack.conversations_history(channel=DELIVERY)["messages"][0]
    assert shown["reactions"] == [{"name": "eyes", "users": [BOT_USER_ID], "count": 1}]


def test_scheduled_message_can_be_taken_back(slack: WebClient, sandbox: Sandbox) -> None:
    sandbox.workspace.scheduled["Q0"] = Scheduled("Q0", DELIVERY, 1, "late")
    assert error_of(slack, "chat.scheduleMessage", channel=DELIVERY, text="x", post_at="1") == "time_in_past"
    assert error_of(slack, "chat.scheduleMessage", channel=DELIVERY, text="x", post_at=FOREVER) == "time_too_far"
    assert error_of(slack, "chat.scheduleMessage", channel=DELIVERY, text="x", post_at="soon") == "invalid_time"
    wrong = error_of(slack, "chat.deleteScheduledMessage", channel=DELIVERY, scheduled_message_id="Q0")
    assert wrong == "invalid_scheduled_message_id"


def test_workspace_and_bot_describe_themselves(slack: WebClient) -> None:
    assert slack.team_info()["team"]["id"] == "T0BATON"
    assert slack.bots_info(bot="B0BATON")["bot"]["user_id"] == BOT_USER_ID
    assert error_of(slack, "bots.info", bot="B0") == "bot_not_found"

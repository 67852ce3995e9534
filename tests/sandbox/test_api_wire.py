"""How calls come in: tokens, scopes, body formats, unknown methods, the log."""

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.slack.manifest import Manifest, parse_manifest
from sandbox.world import Sandbox

MANIFEST = {
    "display_information": {"name": "Baton"},
    "features": {"bot_user": {"display_name": "baton"}, "app_home": {"home_tab_enabled": False}},
    "oauth_config": {"scopes": {"bot": ["chat:write", "users:read", "channels:read", "channels:history"]}},
    "settings": {"interactivity": {"is_enabled": True}, "event_subscriptions": {"bot_events": ["message.im"]}},
}


def error_of(raised: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(raised.value.response["error"])


def test_auth_test_names_the_bot(slack: WebClient) -> None:
    answer = slack.auth_test()
    assert answer["user_id"] == "U0BATON"
    assert answer["bot_id"] == "B0BATON"
    assert answer["team_id"] == "T0BATON"


@pytest.mark.parametrize(
    ("token", "error"),
    [("", "not_authed"), ("xoxb-somebody-else", "invalid_auth"), ("xapp-local", "not_allowed_token_type")],
)
def test_token_not_the_bots_is_refused(address: str, token: str, error: str) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = httpx.post(f"{address}/api/auth.test", headers=headers)
    assert answer.status_code == 200
    assert answer.json() == {"ok": False, "error": error}


def test_bot_token_does_not_open_a_socket(slack: WebClient) -> None:
    with pytest.raises(SlackApiError) as raised:
        slack.apps_connections_open(app_token="xoxb-local")
    assert error_of(raised) == "not_allowed_token_type"


def test_app_token_opens_a_socket_on_the_same_port(address: str, slack: WebClient, sandbox: Sandbox) -> None:
    url = slack.apps_connections_open(app_token="xapp-local")["url"]
    assert url.startswith(address.replace("http://", "ws://") + "/link?ticket=")
    assert len(sandbox.tickets) == 1


def test_every_body_format_is_understood(address: str) -> None:
    header = {"Authorization": "Bearer xoxb-local"}
    url = f"{address}/api/users.info"
    answers = [
        httpx.get(url, params={"user": "U0SAM"}, headers=header),
        httpx.post(url, json={"user": "U0SAM"}, headers=header),
        httpx.post(url, data={"user": "U0SAM", "token": "xoxb-local"}),
        httpx.post(url, data={"user": "U0SAM"}, files={"x": b"y"}, headers=header),
    ]
    assert [answer.json()["user"]["name"] for answer in answers] == ["sam"] * 4


@pytest.mark.parametrize(("body", "error"), [(b"{", "invalid_json"), (b"[]", "json_not_object")])
def test_broken_json_is_refused(address: str, body: bytes, error: str) -> None:
    answer = httpx.post(f"{address}/api/auth.test", content=body, headers={"Content-Type": "application/json"})
    assert answer.json()["error"] == error


def test_unknown_method_is_named(slack: WebClient) -> None:
    with pytest.raises(SlackApiError) as raised:
        slack.api_call("chat.sing")
    assert error_of(raised) == "unknown_method"
    assert raised.value.response["req_method"] == "chat.sing"


def test_scope_missing_in_the_manifest_is_named(slack: WebClient, sandbox: Sandbox) -> None:
    sandbox.manifest = parse_manifest(MANIFEST)
    with pytest.raises(SlackApiError) as raised:
        slack.users_lookupByEmail(email="sam@example.com")
    assert error_of(raised) == "missing_scope"
    assert raised.value.response["needed"] == "users:read.email"
    assert raised.value.response["provided"] == "chat:write,users:read,channels:read,channels:history"


def test_history_scope_goes_by_the_kind_of_conversation(slack: WebClient, sandbox: Sandbox) -> None:
    sandbox.manifest = parse_manifest(MANIFEST)
    slack.conversations_history(channel="C0SALES")
    direct = slack.chat_postMessage(channel="U0SAM", text="Hello")["channel"]
    with pytest.raises(SlackApiError) as raised:
        slack.conversations_history(channel=direct)
    assert raised.value.response["needed"] == "im:history"


def test_email_is_hidden_without_its_scope(slack: WebClient, sandbox: Sandbox) -> None:
    assert slack.users_info(user="U0SAM")["user"]["profile"]["email"] == "sam@example.com"
    sandbox.manifest = parse_manifest(MANIFEST)
    assert "email" not in slack.users_info(user="U0SAM")["user"]["profile"]


def test_scopes_are_in_the_headers(slack: WebClient, sandbox: Sandbox) -> None:
    sandbox.manifest = parse_manifest(MANIFEST)
    headers = slack.auth_test().headers
    assert headers["x-oauth-scopes"] == "chat:write,users:read,channels:read,channels:history"


def test_manifest_says_what_is_subscribed_and_switched_on() -> None:
    manifest = parse_manifest(MANIFEST)
    assert manifest.subscribed("message.im")
    assert not manifest.subscribed("app_mention")
    assert not manifest.home_tab
    assert Manifest().subscribed("app_mention")
    assert Manifest().grants("anything")


def test_home_tab_switched_off_cannot_be_published(slack: WebClient, sandbox: Sandbox) -> None:
    sandbox.manifest = parse_manifest(MANIFEST)
    with pytest.raises(SlackApiError) as raised:
        slack.views_publish(user_id="U0SAM", view={"type": "home", "blocks": [{"type": "divider"}]})
    assert error_of(raised) == "not_enabled"


def test_traffic_tells_each_call(slack: WebClient, sandbox: Sandbox) -> None:
    slack.chat_postMessage(channel="#delivery", text="<@U0PRIYA> look")
    with pytest.raises(SlackApiError):
        slack.chat_postMessage(channel="#nowhere", text="Hello")
    told = sandbox.traffic.since()
    assert [(entry["what"], entry["ok"], entry["error"]) for entry in told] == [
        ("chat.postMessage", True, None),
        ("chat.postMessage", False, "channel_not_found"),
    ]
    assert told[0]["pings"] == ("U0PRIYA",)
    assert sandbox.traffic.since(told[0]["n"]) == told[1:]


def test_api_test_echoes_and_fails_on_request(slack: WebClient) -> None:
    assert slack.api_test(foo="bar")["args"] == {"foo": "bar"}
    with pytest.raises(SlackApiError) as raised:
        slack.api_test(error="my_error")
    assert error_of(raised) == "my_error"

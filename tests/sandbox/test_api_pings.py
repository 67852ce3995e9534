"""Who is notified: an injected mention must show here."""

from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox.seed import ANA, DANA, DELIVERY, PRIYA, RUI, SAM
from sandbox.world import Sandbox

EVERYBODY = {PRIYA, DANA, RUI, SAM, ANA}


def section(text: str, kind: str = "mrkdwn") -> list[dict[str, Any]]:
    return [{"type": "section", "text": {"type": kind, "text": text}}]


def rich(element: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]}]


def pings(slack: WebClient, sandbox: Sandbox, **said: Any) -> set[str]:
    slack.chat_postMessage(channel=DELIVERY, **said)
    return sandbox.workspace.messages[DELIVERY][-1].pings


@pytest.mark.parametrize(
    ("text", "notified"),
    [
        ("Hello", set()),
        ("Hello <@U0PRIYA>", {PRIYA}),
        ("Hello <@U0PRIYA|priya>", {PRIYA}),
        ("<!here> <!channel>", EVERYBODY),
        ("<!everyone|everyone>", EVERYBODY),
        ("<!subteam^S0LEADS>", {PRIYA, RUI}),
        ("<!subteam^S0LEADS|@delivery-leads>", {PRIYA, RUI}),
        ("<!subteam^S0FINANCE>", set()),
        ("<@U0OLU> is not in the channel", set()),
        ("<@U0BATON> is the author", set()),
        ("&lt;!channel&gt; &lt;@U0PRIYA&gt; @channel", set()),
    ],
)
def test_text_notifies_whom_it_mentions(slack: WebClient, sandbox: Sandbox, text: str, notified: set[str]) -> None:
    assert pings(slack, sandbox, text=text) == notified
    assert pings(slack, sandbox, text="x", blocks=section(text)) == notified
    assert pings(slack, sandbox, text="x", blocks=section(text, "plain_text")) == set()


def test_text_beside_blocks_mentions_nobody(slack: WebClient, sandbox: Sandbox) -> None:
    assert pings(slack, sandbox, text="<!channel>", blocks=section("Hello")) == set()


@pytest.mark.parametrize(
    ("element", "notified"),
    [
        ({"type": "user", "user_id": "U0PRIYA"}, {PRIYA}),
        ({"type": "usergroup", "usergroup_id": "S0LEADS"}, {PRIYA, RUI}),
        ({"type": "broadcast", "range": "here"}, EVERYBODY),
        ({"type": "text", "text": "<!channel>"}, set()),
    ],
)
def test_rich_text_notifies_by_its_elements(
    slack: WebClient, sandbox: Sandbox, element: dict[str, Any], notified: set[str]
) -> None:
    assert pings(slack, sandbox, text="x", blocks=rich(element)) == notified


def test_link_names_makes_mentions_of_names(slack: WebClient, sandbox: Sandbox) -> None:
    assert pings(slack, sandbox, text="@channel", link_names=True) == EVERYBODY
    assert pings(slack, sandbox, text="@delivery-leads", parse="full") == {PRIYA, RUI}


def test_update_notifies_nobody(slack: WebClient, sandbox: Sandbox) -> None:
    ts = slack.chat_postMessage(channel=DELIVERY, text="Hello")["ts"]
    slack.chat_update(channel=DELIVERY, ts=ts, text="<!channel>")
    assert sandbox.workspace.messages[DELIVERY][-1].pings == set()


def test_deactivated_person_is_not_notified(slack: WebClient, sandbox: Sandbox) -> None:
    sandbox.workspace.users[PRIYA].deleted = True
    assert pings(slack, sandbox, text="<@U0PRIYA>") == set()

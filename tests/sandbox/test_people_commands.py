"""Commands and shortcuts, and how the bot may answer them: in the body, and through a response_url."""

import time

import httpx
import pytest
from slack_bolt import App

from sandbox.slack.manifest import Manifest
from tests.sandbox.people_rig import Json, Listen, Stage, http_stage, text


def command(kept: list[Json], **answer: object) -> Listen:
    def listen(app: App) -> None:
        @app.command("/handoff")
        def ran(ack: object, body: Json) -> None:
            kept.append(body)
            ack(**answer)  # type: ignore[operator]

    return listen


def run(stage: Stage, words: str = "/handoff status Fjordlight", channel: str = "#delivery") -> Json:
    return stage.do("command", user="sam", channel=channel, text=words)


def test_command_carries_all_form_fields() -> None:
    kept: list[Json] = []
    with http_stage(command(kept)) as stage:
        answer = run(stage)

    sent = kept[0]
    assert answer == {"outcome": "ok", "text": ""}
    assert sent.pop("trigger_id")
    assert sent.pop("token")
    assert sent.pop("response_url").startswith(stage.base + "/response/")
    assert sent == {
        "team_id": "T0BATON",
        "team_domain": "baton-local",
        "channel_id": "C0DELIVERY",
        "channel_name": "delivery",
        "user_id": "U0SAM",
        "user_name": "sam",
        "command": "/handoff",
        "text": "status Fjordlight",
        "api_app_id": "A0BATON",
        "is_enterprise_install": "false",
    }


def test_command_reply_in_the_body_is_a_private_note() -> None:
    with http_stage(command([], text="3 handoffs are open.")) as stage:
        answer = run(stage)
        mine, others = stage.messages("sam", "delivery"), stage.messages("dana", "delivery")

    assert answer == {"outcome": "ok", "text": "3 handoffs are open."}
    assert [(note["plain"], note["ephemeral"]) for note in mine] == [("3 handoffs are open.", True)]
    assert others == []


def test_command_reply_in_channel_is_seen_by_all() -> None:
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "*Open:* 3 for <@U0PRIYA>"}}
    with http_stage(command([], text="x", blocks=[block], response_type="in_channel")) as stage:
        run(stage)
        shown = stage.messages("dana", "delivery")[0]

    assert (shown["plain"], shown["ephemeral"], shown["pings"]) == ("Open: 3 for @Priya Nair", False, ["U0PRIYA"])


def test_command_in_the_direct_message_names_it_so() -> None:
    kept: list[Json] = []
    with http_stage(command(kept)) as stage:
        run(stage, channel="sam")

    assert kept[0]["channel_name"] == "directmessage"
    assert kept[0]["channel_id"].startswith("D")


def test_command_not_answered_in_time_is_an_operation_timeout() -> None:
    def listen(app: App) -> None:
        @app.command("/handoff")
        def slow() -> None:
            time.sleep(3.4)

    with http_stage(listen) as stage:
        answer = run(stage)

    assert answer["outcome"] in ("operation_timeout", "error")  # Bolt itself answers 404 at three seconds
    assert answer["text"].startswith('/handoff failed with the error "')


def test_command_the_manifest_does_not_know_is_refused_without_the_bot() -> None:
    manifest = Manifest(events=frozenset(), commands=({"command": "/handoff", "should_escape": True},))
    kept: list[Json] = []
    with http_stage(command(kept), manifest) as stage:
        unknown = run(stage, "/deploy now")
        run(stage, "/handoff assign @priya #sales @nobody")

    assert unknown == {"outcome": "error", "text": "/deploy is not a valid command."}
    assert [sent["text"] for sent in kept] == ["assign <@U0PRIYA|priya> <#C0SALES|sales> @nobody"]


def test_command_without_any_bot_fails_to_dispatch() -> None:
    with http_stage(command([])) as stage:
        stage.do("bot", url="/")
        answer = run(stage)

    assert answer == {"outcome": "error", "text": '/handoff failed with the error "dispatch_failed"'}


def test_shortcuts_carry_where_they_were_used() -> None:
    kept: list[Json] = []

    def listen(app: App) -> None:
        def seen(ack: object, body: Json) -> None:
            kept.append(body)
            ack()  # type: ignore[operator]

        app.shortcut("start")(seen)
        app.shortcut("start_here")(seen)

    with http_stage(listen) as stage:
        ts = stage.post("delivery", words="We won Fjordlight")
        stage.do("shortcut", user="sam", callback_id="start")
        stage.do("shortcut", user="sam", callback_id="start_here", channel="delivery", ts=ts)

    assert [body["type"] for body in kept] == ["shortcut", "message_action"]
    assert "response_url" not in kept[0]
    assert kept[1]["message"]["text"] == "We won Fjordlight"
    assert kept[1]["channel"]["id"] == "C0DELIVERY"
    assert kept[1]["response_url"]


def pressed(kept: list[str], *answers: Json) -> Listen:
    """A click is answered through its response_url; what Slack says to that is kept."""

    def listen(app: App) -> None:
        @app.action("claim")
        def claim(ack: object, body: Json) -> None:
            for answer in answers:
                said = httpx.post(body["response_url"], json=answer)
                kept.append(f"{said.status_code} {said.text}")
            ack()  # type: ignore[operator]

    return listen


def press(stage: Stage) -> str:
    ts = stage.button()
    stage.do("click", user="sam", channel="delivery", ts=ts, action_id="claim")
    return ts


def test_response_url_gives_a_private_note_by_default() -> None:
    kept: list[str] = []
    with http_stage(pressed(kept, {"text": "Priya took this 4 s before you."})) as stage:
        press(stage)
        shown = [(note["text"], note["ephemeral"]) for note in stage.messages("sam", "delivery")]
        others = len(stage.messages("dana", "delivery"))

    assert kept == ["200 ok"]
    assert shown == [("hello", False), ("Priya took this 4 s before you.", True)]
    assert others == 1


def test_response_url_replaces_and_deletes_the_original() -> None:
    kept: list[str] = []
    replace = {"text": "Taken", "replace_original": True, "blocks": [{"type": "section", "text": text("Taken by Sam")}]}
    with http_stage(pressed(kept, replace, {"delete_original": True})) as stage:
        channel = "delivery"
        stage.post(channel, words="first")
        press(stage)
        left = [note["plain"] for note in stage.messages("sam", channel)]

    assert kept == ["200 ok", "200 ok"]
    assert left == ["first"]


def test_response_url_writes_into_a_thread() -> None:
    with http_stage(
        pressed([], {"text": "in thread", "response_type": "in_channel", "thread_ts": "1.000001"})
    ) as stage:
        press(stage)
        thread = stage.messages("dana", "delivery", thread_ts="1.000001")

    assert [note["text"] for note in thread] == ["in thread"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [({}, "400 no_text"), ({"text": "x", "blocks": [{"type": "sectoin"}]}, "400 invalid_blocks")],
)
def test_response_url_refuses_what_cannot_be_shown(answer: Json, said: str) -> None:
    kept: list[str] = []
    with http_stage(pressed(kept, answer)) as stage:
        press(stage)

    assert kept == [said]


def test_response_url_works_five_times_for_thirty_minutes() -> None:
    with http_stage(command([])) as stage:
        run(stage)
        run(stage)
        first, second = stage.sandbox.workspace.response_urls.values()
        said = [stage.http.post("/response/" + first.token, json={"text": "x"}) for _ in range(6)]
        minutes = (second.expires - time.time()) / 60
        second.expires = time.time() - 1
        late = stage.http.post("/response/" + second.token, json={"text": "x"})

    assert [answer.status_code for answer in said] == [200] * 5 + [404]
    assert said[5].json() == late.json() == {"ok": False, "error": "expired_url"}
    assert 29 < minutes <= 30


def test_response_url_can_fail_and_is_logged() -> None:
    with http_stage(command([])) as stage:
        run(stage)
        path = "/response/" + next(iter(stage.sandbox.workspace.response_urls))
        stage.do("faults", method="response_url", kind="5xx", times=1)
        failed = stage.http.post(path, json={"text": "not said"})
        stage.do("faults", method="response_url", kind="drop", times=1)
        with pytest.raises(httpx.TransportError):
            stage.http.post(path, json={"text": "said, not answered"})
        words = [note["text"] for note in stage.messages("sam", "delivery")]
        log = [line["error"] for line in stage.see("traffic") if line["what"] == "response_url"]

    assert failed.status_code == 503
    assert words == ["said, not answered"]
    assert log == ["5xx", "drop"]

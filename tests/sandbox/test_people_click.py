"""Clicks as a person makes them, with a real Bolt app at the other end."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from slack_bolt import App

from tests.sandbox.people_rig import BUTTON, Json, Listen, field, http_stage, modal, text, wait_for

CHOICES = [{"text": text("Red"), "value": "r"}, {"text": text("Green"), "value": "g"}]


def keep(kept: list[Json], *action_ids: str) -> Listen:
    """Listeners that only remember what came."""

    def listen(app: App) -> None:
        def seen(ack: object, body: Json) -> None:
            kept.append(body)
            ack()  # type: ignore[operator]

        for action_id in action_ids:
            app.action(action_id)(seen)

    return listen


def test_click_on_a_button_in_a_message_carries_everything() -> None:
    kept: list[Json] = []
    with http_stage(keep(kept, "claim")) as stage:
        ts = stage.button()

        answer = stage.do("click", user="priya", channel="#delivery", ts=ts, action_id="claim")

    body = kept[0]
    assert answer["outcome"] == "ok"
    assert answer["status"] == 200
    assert body["type"] == "block_actions"
    assert body["user"] == {"id": "U0PRIYA", "username": "priya", "name": "priya", "team_id": "T0BATON"}
    assert body["channel"] == {"id": "C0DELIVERY", "name": "delivery"}
    assert body["container"]["message_ts"] == ts
    assert body["message"]["ts"] == ts
    assert body["state"] == {"values": {}}
    assert body["response_url"].startswith(stage.base + "/response/")
    assert body["trigger_id"]
    action = body["actions"][0]
    assert action.pop("action_ts")
    assert action == BUTTON | {"block_id": "row"}


def test_click_opens_a_modal_with_its_trigger() -> None:
    def listen(app: App) -> None:
        @app.action("claim")
        def claim(ack: object, body: Json, client: object) -> None:
            ack()  # type: ignore[operator]
            client.views_open(trigger_id=body["trigger_id"], view=modal())  # type: ignore[attr-defined]

    with http_stage(listen) as stage:
        ts = stage.button()
        stage.do("click", user="sam", channel="delivery", ts=ts, action_id="claim")

        views = wait_for(lambda: stage.views("sam"))

    assert [view["title"] for view in views] == ["Form"]


def test_menu_in_a_message_reports_choice_and_state() -> None:
    kept: list[Json] = []
    menu = {"type": "static_select", "action_id": "colour", "placeholder": text("Colour"), "options": CHOICES}
    with http_stage(keep(kept, "colour")) as stage:
        ts = stage.post("delivery", {"type": "actions", "block_id": "row", "elements": [menu]})

        stage.do("click", user="dana", channel="delivery", ts=ts, action_id="colour", value="g")

    assert kept[0]["actions"][0]["selected_option"] == CHOICES[1]
    state = kept[0]["state"]["values"]
    assert state == {"row": {"colour": {"type": "static_select", "selected_option": CHOICES[1]}}}


def test_overflow_reports_choice_without_state() -> None:
    kept: list[Json] = []
    block = {
        "type": "section",
        "text": text("More"),
        "accessory": {"type": "overflow", "action_id": "more", "options": CHOICES},
    }
    with http_stage(keep(kept, "more")) as stage:
        ts = stage.post("delivery", block)

        stage.do("click", user="dana", channel="delivery", ts=ts, action_id="more", value="r")
        refusal = stage.refuse("click", user="dana", channel="delivery", ts=ts, action_id="more", value="blue")

    assert kept[0]["actions"][0]["selected_option"] == CHOICES[0]
    assert kept[0]["state"] == {"values": {}}
    assert refusal == (400, "There is no option 'blue' here; it offers r, g.")


def test_link_button_tells_the_bot_too() -> None:
    kept: list[Json] = []
    link = BUTTON | {"url": "https://example.com/deal"}
    with http_stage(keep(kept, "claim")) as stage:
        ts = stage.post("delivery", {"type": "actions", "elements": [link]})

        stage.do("click", user="dana", channel="delivery", ts=ts, action_id="claim")

    assert kept[0]["actions"][0]["url"] == "https://example.com/deal"


def test_click_in_a_modal_carries_the_view_and_no_response_url() -> None:
    kept: list[Json] = []
    row = {"type": "actions", "block_id": "row", "elements": [BUTTON]}
    with http_stage(keep(kept, "claim")) as stage:
        view_id = stage.open(modal(field("goal", {"type": "plain_text_input"}), row))
        stage.do("fill", user="sam", view_id=view_id, values={"goal": "half an answer"})

        stage.do("click", user="sam", view_id=view_id, action_id="claim")

    body = kept[0]
    assert "response_url" not in body
    assert "channel" not in body
    assert body["container"] == {"type": "view", "view_id": view_id}
    assert body["view"]["hash"]
    assert body["view"]["state"]["values"] == {"goal": {"a": {"type": "plain_text_input", "value": "half an answer"}}}


def test_input_tells_the_bot_only_when_it_dispatches() -> None:
    kept: list[Json] = []
    quiet = field("quiet", {"type": "static_select", "options": CHOICES})
    loud = field("loud", {"type": "static_select", "options": CHOICES}, dispatch_action=True)
    with http_stage(keep(kept, "a")) as stage:
        view_id = stage.open(modal(quiet, loud))

        stage.do("click", user="sam", view_id=view_id, action_id="a", block_id="quiet", value="r")
        stage.do("click", user="sam", view_id=view_id, action_id="a", block_id="loud", value="g")

    assert [body["actions"][0]["block_id"] for body in kept] == ["loud"]
    assert kept[0]["view"]["state"]["values"]["quiet"]["a"]["selected_option"] == CHOICES[0]


def test_click_on_home_carries_the_view() -> None:
    kept: list[Json] = []
    with http_stage(keep(kept, "claim")) as stage:
        home = {"type": "home", "blocks": [{"type": "actions", "elements": [BUTTON]}]}
        stage.web.views_publish(user_id="U0SAM", view=home)

        stage.do("click", user="sam", home=True, action_id="claim")

    assert kept[0]["view"]["type"] == "home"
    assert "response_url" not in kept[0]
    assert "message" not in kept[0]


def test_click_not_answered_in_time_is_a_timeout() -> None:
    def listen(app: App) -> None:
        @app.action("claim")
        def never() -> None:
            time.sleep(3.3)

    with http_stage(listen) as stage:
        ts = stage.button()

        answer = stage.do("click", user="dana", channel="delivery", ts=ts, action_id="claim")

    assert answer["outcome"] in ("timeout", "error")  # Bolt itself answers 404 at three seconds
    assert 2.9 < answer["seconds"] < 3.3


def test_click_nobody_handles_is_an_error() -> None:
    with http_stage() as stage:
        ts = stage.button()

        answer = stage.do("click", user="dana", channel="delivery", ts=ts, action_id="claim")

    assert (answer["outcome"], answer["status"]) == ("error", 404)


def test_click_is_refused_for_who_does_not_see_the_message() -> None:
    with http_stage() as stage:
        stage.do("channels", name="board-room", members=["bot", "rui"], private=True)
        secret = stage.button("board-room")

        hidden = stage.refuse("click", user="sam", channel="board-room", ts=secret, action_id="claim")
        missing = stage.refuse("click", user="sam", channel="delivery", ts="1.2", action_id="claim")
        nothing = stage.refuse("click", user="rui", channel="board-room", ts=secret, action_id="other")
        nobody = stage.refuse("click", user="zoe", channel="delivery", ts="1.2", action_id="claim")

    assert hidden == (403, "Sam Okafor does not see board-room.")
    assert missing == (404, "There is no message 1.2 for Sam Okafor in that conversation.")
    assert nothing == (404, "There is nothing with action_id other to press there.")
    assert nobody == (404, "There is nobody called zoe.")


def test_private_note_is_clicked_without_its_content() -> None:
    kept: list[Json] = []
    with http_stage(keep(kept, "claim")) as stage:
        stage.web.chat_postEphemeral(
            channel="C0DELIVERY", user="U0SAM", text="psst", blocks=[{"type": "actions", "elements": [BUTTON]}]
        )
        note = stage.messages("sam", "delivery")[-1]

        stage.do("click", user="sam", channel="delivery", ts=note["ts"], action_id="claim")

    assert note["ephemeral"] is True
    assert kept[0]["container"]["is_ephemeral"] is True
    assert "message" not in kept[0]
    assert note["pings"] == []


def test_twenty_people_click_at_once() -> None:
    together = threading.Barrier(5, timeout=2.5)

    def listen(app: App) -> None:
        @app.action("claim")
        def claim(ack: object) -> None:
            together.wait()  # Bolt runs five listeners at a time, so this passes only if five are in flight
            ack()  # type: ignore[operator]

    with http_stage(listen) as stage:
        ts = stage.button()
        for n in range(20):
            stage.do("users", name=f"guest{n}")

        def press(n: int) -> Json:
            return stage.do("click", user=f"guest{n}", channel="delivery", ts=ts, action_id="claim")

        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(press, range(20)))

    assert [answer["outcome"] for answer in answers] == ["ok"] * 20

"""Modals as a person fills, submits and closes them, with a real Bolt app at the other end."""

import time

import pytest
from slack_bolt import App

from tests.sandbox.people_rig import Json, Listen, Stage, field, http_stage, modal, text, wait_for

TROUBLE = "We had some trouble connecting. Try again?"
CHOICES = [{"text": text("Red"), "value": "r"}, {"text": text("Green"), "value": "g"}]


def answering(kept: list[Json], **answer: object) -> Listen:
    """Every submission of `form` is kept and answered so."""

    def listen(app: App) -> None:
        @app.view("form")
        def submitted(ack: object, body: Json) -> None:
            kept.append(body)
            ack(**answer)  # type: ignore[operator]

        @app.view_closed("form")
        def closed(ack: object, body: Json) -> None:
            kept.append(body)
            ack()  # type: ignore[operator]

    return listen


def submitted(stage: Stage, goal: str = "To be ready by March") -> Json:
    stage.open(modal())
    return stage.do("submit", user="sam", values={"goal": goal})


def test_submit_closes_the_modal_and_carries_its_state() -> None:
    kept: list[Json] = []
    with http_stage(answering(kept)) as stage:
        answer = submitted(stage)
        views = stage.views("sam")

    view = kept[0]["view"]
    assert (answer["outcome"], answer["errors"], views) == ("closed", {}, [])
    assert view["state"]["values"] == {"goal": {"a": {"type": "plain_text_input", "value": "To be ready by March"}}}
    assert view["root_view_id"] == view["id"]
    assert view["previous_view_id"] is None
    assert kept[0]["response_urls"] == []
    assert kept[0]["trigger_id"]


def test_submit_shows_the_bots_errors_and_keeps_what_was_typed() -> None:
    kept: list[Json] = []
    with http_stage(answering(kept, response_action="errors", errors={"goal": "Say more."})) as stage:
        answer = submitted(stage, "N/A")
        view = stage.views("sam")[0]

    assert (answer["outcome"], answer["errors"]) == ("errors", {"goal": "Say more."})
    assert view["errors"] == {"goal": "Say more."}
    assert view["state"]["goal"]["a"]["value"] == "N/A"
    assert view["plain"] == "Goal: N/A"


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "Unknown block."}},
        {"response_action": "errors", "errors": {"note": "Not an input."}},
        {"response_action": "shout"},
    ],
)
def test_submit_answer_slack_does_not_understand_is_trouble(answer: Json) -> None:
    kept: list[Json] = []
    note = {"type": "section", "block_id": "note", "text": text("A note")}
    with http_stage(answering(kept, **answer)) as stage:
        stage.open(modal(field("goal", {"type": "plain_text_input"}), note))
        told = stage.do("submit", user="sam", values={"goal": "x"})
        view = stage.views("sam")[0]

    assert told["outcome"] == "trouble"
    assert view["banner"] == TROUBLE


def test_submit_nobody_answers_in_time_is_trouble_and_can_be_pressed_again() -> None:
    presses: list[float] = []

    def listen(app: App) -> None:
        @app.view("form")
        def slow_once(ack: object) -> None:
            presses.append(time.monotonic())
            if len(presses) == 1:
                time.sleep(3.3)
            ack()  # type: ignore[operator]

    with http_stage(listen) as stage:
        first = submitted(stage)
        banner = stage.views("sam")[0]["banner"]
        second = stage.do("submit", user="sam")

    assert (first["outcome"], banner) == ("trouble", TROUBLE)
    assert second["outcome"] == "closed"


def test_submit_without_a_bot_is_trouble() -> None:
    with http_stage() as stage:
        stage.open(modal())
        stage.do("bot", url="http://127.0.0.1:9")

        told = stage.do("submit", user="sam", values={"goal": "x"})

    assert told["outcome"] == "trouble"


def test_submit_update_keeps_typed_values_and_changes_the_hash() -> None:
    kept: list[Json] = []
    again = modal(
        field("goal", {"type": "plain_text_input", "initial_value": "ignored"}),
        field("date", {"type": "datepicker", "initial_date": "2026-12-01"}),
        title=text("Once more"),
    )
    with http_stage(answering(kept, response_action="update", view=again)) as stage:
        answer = submitted(stage)
        view = stage.views("sam")[0]

    assert answer["outcome"] == "updated"
    assert view["title"] == "Once more"
    assert view["state"]["goal"]["a"]["value"] == "To be ready by March"
    assert view["state"]["date"]["a"]["selected_date"] == "2026-12-01"
    assert view["id"] == kept[0]["view"]["id"]


def test_submit_push_goes_three_deep_and_no_further() -> None:
    kept: list[Json] = []
    with http_stage(answering(kept, response_action="push", view=modal())) as stage:
        outcomes = [submitted(stage)["outcome"]]
        outcomes += [stage.do("submit", user="sam", values={"goal": "x"})["outcome"] for _ in range(2)]
        ids = [view["id"] for view in stage.views("sam")]

    assert outcomes == ["pushed", "pushed", "trouble"]
    assert len(ids) == 3
    assert kept[2]["view"]["root_view_id"] == ids[0]
    assert kept[2]["view"]["previous_view_id"] == ids[1]


def test_submit_clear_closes_all() -> None:
    with http_stage(answering([], response_action="clear")) as stage:
        answer = submitted(stage)
        views = stage.views("sam")

    assert (answer["outcome"], views) == ("cleared", [])


def test_external_menu_asks_the_bot_for_options() -> None:
    kept: list[Json] = []

    def listen(app: App) -> None:
        answering(kept)(app)

        @app.options("a")
        def offer(ack: object, payload: Json) -> None:
            kept.append(payload)
            ack(options=[choice for choice in CHOICES if payload["value"] in choice["value"]])  # type: ignore[operator]

    with http_stage(listen) as stage:
        view_id = stage.open(modal(field("deal", {"type": "external_select"})))
        offered = stage.do("options", user="sam", view_id=view_id, action_id="a", query="r")
        told = stage.do("submit", user="sam", values={"deal": "g"})

    assert offered["options"] == [CHOICES[0]]
    assert (kept[0]["type"], kept[0]["value"], kept[0]["block_id"]) == ("block_suggestion", "r", "deal")
    assert told["outcome"] == "closed"
    assert kept[-1]["view"]["state"]["values"]["deal"]["a"]["selected_option"] == CHOICES[1]


def test_close_tells_the_bot_only_on_request_and_without_inputs() -> None:
    kept: list[Json] = []
    row = {"type": "actions", "block_id": "row", "elements": [{"type": "datepicker", "action_id": "when"}]}
    with http_stage(answering(kept)) as stage:
        stage.open(modal())
        quiet = stage.do("close", user="sam")
        stage.open(modal(field("goal", {"type": "plain_text_input"}), row, notify_on_close=True))
        stage.do("fill", user="sam", values={"goal": "lost", "when": "2026-02-01"})
        loud = stage.do("close", user="sam")

    assert (quiet, loud) == ({"outcome": "closed"}, {"outcome": "closed"})
    assert len(kept) == 1
    assert kept[0]["is_cleared"] is False
    held = {"row": {"when": {"type": "datepicker", "selected_date": "2026-02-01"}}}
    assert kept[0]["view"]["state"]["values"] == held


def test_close_of_everything_reports_the_root() -> None:
    kept: list[Json] = []
    with http_stage(answering(kept, response_action="push", view=modal(notify_on_close=True))) as stage:
        root = stage.open(modal(notify_on_close=True))
        stage.do("submit", user="sam", values={"goal": "x"})
        told = stage.do("close", user="sam", all=True)
        views = stage.views("sam")

    assert (told, views) == ({"outcome": "cleared"}, [])
    assert kept[-1]["type"] == "view_closed"
    assert kept[-1]["is_cleared"] is True
    assert kept[-1]["view"]["id"] == root


def test_submit_gives_a_response_url_for_a_chosen_conversation() -> None:
    kept: list[Json] = []
    menu = {"type": "conversations_select", "response_url_enabled": True}
    with http_stage(answering(kept)) as stage:
        stage.open(modal(field("where", menu)))
        stage.do("submit", user="sam", values={"where": "#delivery"})
        given = kept[0]["response_urls"][0]
        said = stage.http.post(given["response_url"], json={"text": "done", "response_type": "in_channel"})
        words = stage.messages("dana", "delivery")[-1]["text"]

    assert given["channel_id"] == "C0DELIVERY"
    assert (said.text, words) == ("ok", "done")


def test_trigger_of_a_submission_opens_the_next_modal() -> None:
    def listen(app: App) -> None:
        @app.view("form")
        def submitted(ack: object, body: Json, client: object) -> None:
            ack()  # type: ignore[operator]
            view = modal(title=text("Next"))
            client.views_open(trigger_id=body["trigger_id"], view=view)  # type: ignore[attr-defined]

    with http_stage(listen) as stage:
        answer = submitted(stage)
        titles = wait_for(lambda: [view["title"] for view in stage.views("sam")])

    assert answer["outcome"] == "closed"
    assert titles == ["Next"]


@pytest.mark.parametrize("action", ["update", "push"])
def test_submit_answered_with_a_view_slack_refuses_is_trouble(action: str) -> None:
    wrong = modal(title=text("A title of more than 24 characters"))
    with http_stage(answering([], response_action=action, view=wrong)) as stage:
        answer = submitted(stage)
        views = stage.views("sam")

    assert answer["outcome"] == "trouble"
    assert [(view["title"], view["banner"]) for view in views] == [("Form", TROUBLE)]

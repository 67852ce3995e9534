"""Fields of modals: what a person can enter, what Slack's own client says about it, what the bot gets."""

from collections.abc import Iterator

import pytest
from slack_bolt import App

from tests.sandbox.people_rig import BUTTON, Json, Stage, field, http_stage, modal, text

CHOICES = [{"text": text("Red"), "value": "r"}, {"text": text("Green"), "value": "g"}]


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[Stage, list[Json]]]:
    """A bot that closes every form and the submissions it got, for tests that differ only in the form."""
    kept: list[Json] = []

    def listen(app: App) -> None:
        @app.view("form")
        def submitted(ack: object, body: Json) -> None:
            kept.append(body)
            ack()  # type: ignore[operator]

    with http_stage(listen) as made:
        yield made, kept


CHECKS: list[tuple[Json, object, str]] = [
    ({"type": "plain_text_input"}, None, "Please complete this required field."),
    ({"type": "plain_text_input", "min_length": 5}, "four", "Please enter at least 5 characters."),
    ({"type": "plain_text_input", "max_length": 3}, "four", "Please enter at most 3 characters."),
    ({"type": "email_text_input"}, "nobody at home", "Please enter a valid email address."),
    ({"type": "url_text_input"}, "example", "Please enter a valid link, beginning with http:// or https://."),
    ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "Please enter a whole number."),
    ({"type": "number_input", "is_decimal_allowed": True}, "lots", "Please enter a number."),
    (
        {"type": "number_input", "is_decimal_allowed": True, "min_value": "2"},
        "1.5",
        "Please enter a number of at least 2.",
    ),
    (
        {"type": "number_input", "is_decimal_allowed": True, "max_value": "2"},
        "2.5",
        "Please enter a number of at most 2.",
    ),
    ({"type": "multi_users_select"}, [], "Please complete this required field."),
]


@pytest.mark.parametrize(("element", "value", "complaint"), CHECKS)
def test_submit_is_checked_by_slack_before_the_bot_hears(
    shared: tuple[Stage, list[Json]], element: Json, value: object, complaint: str
) -> None:
    stage, kept = shared
    heard = len(kept)
    stage.open(modal(field("goal", element)))

    told = stage.do("submit", user="sam", values={"goal": value})

    assert told == {"outcome": "errors", "errors": {"goal": complaint}}
    assert len(kept) == heard


FILLED = [
    ({"type": "plain_text_input"}, "words", {"value": "words"}),
    ({"type": "number_input", "is_decimal_allowed": True}, 12.5, {"value": "12.5"}),
    ({"type": "static_select", "options": CHOICES}, "g", {"selected_option": CHOICES[1]}),
    ({"type": "radio_buttons", "options": CHOICES}, "Red", {"selected_option": CHOICES[0]}),
    ({"type": "checkboxes", "options": CHOICES}, ["r", "g"], {"selected_options": CHOICES}),
    ({"type": "multi_static_select", "options": CHOICES}, ["g"], {"selected_options": [CHOICES[1]]}),
    ({"type": "users_select"}, "priya", {"selected_user": "U0PRIYA"}),
    ({"type": "multi_users_select"}, ["U0SAM", "dana"], {"selected_users": ["U0SAM", "U0DANA"]}),
    ({"type": "conversations_select"}, "#delivery", {"selected_conversation": "C0DELIVERY"}),
    ({"type": "channels_select"}, "sales", {"selected_channel": "C0SALES"}),
    ({"type": "datepicker"}, "2026-01-31", {"selected_date": "2026-01-31"}),
    ({"type": "timepicker", "timezone": "Asia/Kolkata"}, "09:30", {"selected_time": "09:30"}),
    ({"type": "datetimepicker"}, "2026-01-31T10:00+00:00", {"selected_date_time": 1769853600}),
    ({"type": "email_text_input"}, "lena@example.com", {"value": "lena@example.com"}),
]


@pytest.mark.parametrize(("element", "value", "held"), FILLED)
def test_fill_gives_each_element_its_own_value_shape(
    shared: tuple[Stage, list[Json]], element: Json, value: object, held: Json
) -> None:
    stage, kept = shared
    stage.open(modal(field("goal", element)))

    told = stage.do("submit", user="sam", values={"goal": value})

    assert told["outcome"] == "closed"
    sent = kept[-1]["view"]["state"]["values"]["goal"]["a"]
    assert sent.pop("type") == element["type"]
    sent.pop("timezone", None)
    assert sent == held


def test_untouched_fields_are_null_or_empty_lists(shared: tuple[Stage, list[Json]]) -> None:
    stage, kept = shared
    untouched = [
        field("one", {"type": "plain_text_input"}, optional=True),
        field("many", {"type": "multi_static_select", "options": CHOICES}, optional=True),
        {"type": "actions", "block_id": "row", "elements": [{"type": "datepicker", "action_id": "when"}, BUTTON]},
    ]
    stage.open(modal(*untouched))

    stage.do("submit", user="sam")

    assert kept[-1]["view"]["state"]["values"] == {
        "one": {"a": {"type": "plain_text_input", "value": None}},
        "many": {"a": {"type": "multi_static_select", "selected_options": []}},
        "row": {"when": {"type": "datepicker", "selected_date": None}},
    }


def test_fill_refuses_what_a_person_cannot_enter() -> None:
    with http_stage() as stage:
        stage.open(modal(field("when", {"type": "datepicker"}), field("who", {"type": "users_select"})))

        wrong_date = stage.refuse("fill", user="sam", values={"when": "soon"})
        wrong_person = stage.refuse("fill", user="sam", values={"who": "zoe"})
        wrong_field = stage.refuse("fill", user="sam", values={"what": "x"})
        nobody_there = stage.refuse("fill", user="dana", values={"when": "2026-01-01"})

    assert wrong_date[0] == 400
    assert wrong_person == (400, "a: There is no user called zoe.")
    assert wrong_field == (404, "This modal has no field what; it has when, who.")
    assert nobody_there == (404, "Dana Weiss has no modal open.")

"""Every element a bot may send, drawn with what it holds and what the script needs to press it."""

from typing import Any

import pytest

from sandbox.page.render.blocks import block
from sandbox.page.render.elements import KNOWN, element
from sandbox.slack.walk import INTERACTIVE
from tests.sandbox.page_rig import CONFIRM, FIELDS, OPTIONS, button, option
from tests.sandbox.page_scene import Json, Seen, scene
from tests.sandbox.people_rig import field, text

ROW: Json = {"type": "actions", "block_id": "row"}


def drawn(value: Json, block_id: str = "row", **more: Any) -> Seen:
    return Seen(element({"action_id": "a", **value}, ROW | {"block_id": block_id}, scene(**more)))


def test_every_interactive_element_is_known_to_the_page() -> None:
    assert INTERACTIVE <= KNOWN


@pytest.mark.parametrize("item", FIELDS[1:-1], ids=lambda item: item["element"]["type"])
def test_input_has_a_label_and_says_whose_value_it_is(item: Json) -> None:
    seen = Seen(block(item, scene("modal")))

    attributes = dict(seen.attributes)
    assert seen.text.startswith(item["label"]["text"])
    assert attributes["data-block"] == item["block_id"]
    assert attributes["data-kind"] == item["element"]["type"]
    assert "data-field" in attributes
    assert seen.traps() == []


def test_input_that_is_required_or_optional_says_so() -> None:
    needed = Seen(block(field("goal", {"type": "plain_text_input"}), scene("modal")))
    optional = Seen(block(field("goal", {"type": "plain_text_input"}, optional=True), scene("modal")))

    assert (("aria-required", "true") in needed.attributes, needed.text) == (True, "Goal")
    assert (("aria-required", "true") in optional.attributes, optional.text) == (False, "Goal (optional)")


def test_input_with_an_error_shows_it_and_points_to_it() -> None:
    item = field("goal", {"type": "plain_text_input"}, hint=text("In one line"))

    seen = Seen(block(item, scene("modal", errors={"goal": "Too <short>"})))

    attributes = dict(seen.attributes)
    assert seen.text == "GoalToo <short>In one line"
    assert attributes["aria-invalid"] == "true"
    assert str(attributes["aria-describedby"]).split() == ["f-t-goal-a-error", "f-t-goal-a-hint"]


def test_input_holds_what_was_typed_rather_than_its_initial_value() -> None:
    item = field("goal", {"type": "plain_text_input", "initial_value": "first"})
    state = {"goal": {"a": {"type": "plain_text_input", "value": 'say "hi"'}}}

    assert ("value", "first") in Seen(block(item, scene("modal"))).attributes
    assert ("value", 'say "hi"') in Seen(block(item, scene("modal", state=state))).attributes


def test_text_area_keeps_a_leading_line_break() -> None:
    item = field("goal", {"type": "plain_text_input", "multiline": True, "initial_value": "\n</textarea><b>"})

    # HTML drops the first line break of a text area, so one more is written.
    assert "\n\n&lt;/textarea&gt;&lt;b&gt;</textarea>" in block(item, scene("modal"))


def test_button_styles_and_label() -> None:
    seen = drawn(button("own", "Take :eyes:", style="primary", accessibility_label="Take it"))

    assert (seen.text, ("class", "btn btn-primary") in seen.attributes) == ("Take 👀", True)
    assert ("aria-label", "Take it") in seen.attributes


def test_button_with_an_address_is_a_link_only_for_the_web() -> None:
    assert drawn(button("go", "Go", url="https://example.com/x")).links() == ["https://example.com/x"]
    assert drawn(button("go", "Go", url="javascript:alert(1)")).links() == []


def test_button_carries_its_confirmation() -> None:
    attributes = dict(drawn(button("back", "Back", confirm=CONFIRM)).attributes)

    assert attributes["data-confirm"] == (
        '{"title": "Release it?", "text": "Nobody will own this handoff.", '
        '"confirm": "Release", "deny": "Keep", "style": "primary"}'
    )


def test_overflow_lists_its_options() -> None:
    seen = drawn({"type": "overflow", "options": [option("history"), option("out", "Open", url="https://example.com")]})

    assert (seen.text, seen.links()) == ("HistoryOpen", ["https://example.com"])
    assert [value for name, value in seen.attributes if name == "data-value"] == ["history", "out"]


def test_select_marks_the_chosen_option_inside_its_group() -> None:
    groups = [{"label": text("Warm"), "options": OPTIONS[:1]}, {"label": text("Cold"), "options": OPTIONS[1:]}]
    state = {"row": {"a": {"type": "static_select", "selected_option": OPTIONS[2]}}}

    seen = drawn({"type": "static_select", "option_groups": groups}, state=state)

    assert seen.tags == ["select", "option", "optgroup", "option", "optgroup", "option", "option"]
    assert seen.attributes[-2:] == [("value", "blue"), ("selected", None)]


def test_people_menu_offers_people_who_are_here_and_no_bots() -> None:
    place = scene()
    place.workspace.users["U0DANA"].deleted = True

    seen = Seen(element({"type": "users_select", "action_id": "a"}, ROW, place))

    assert "Priya Nair" in seen.text
    assert "Dana Weiss" not in seen.text
    assert "Baton" not in seen.text


def test_channel_menus_hide_what_the_person_does_not_see() -> None:
    outsider = drawn({"type": "conversations_select"})
    insider = drawn({"type": "conversations_select"}, viewer="U0SAM")

    assert ("#secret" in outsider.text, "#secret" in insider.text) == (False, True)
    assert "#secret" not in drawn({"type": "channels_select"}, viewer="U0SAM").text


def test_menu_of_several_shows_chips_and_its_limit() -> None:
    state = {"row": {"a": {"type": "multi_static_select", "selected_options": OPTIONS[:2]}}}

    seen = drawn({"type": "multi_static_select", "options": OPTIONS, "max_selected_items": 2}, state=state)

    assert seen.text == "RedGreen" + "RedGreenBlue"
    assert ("data-most", "2") in seen.attributes
    assert [name for name, _ in seen.attributes].count("checked") == 2


def test_external_menu_keeps_the_whole_option_it_holds() -> None:
    state = {"row": {"a": {"type": "external_select", "selected_option": OPTIONS[0]}}}

    seen = drawn({"type": "external_select", "min_query_length": 2}, state=state)

    assert ("data-least", "2") in seen.attributes
    assert ("value", '{"text": {"type": "plain_text", "text": "Red"}, "value": "red"}') in seen.attributes


def test_datetime_is_shown_in_the_zone_of_the_person() -> None:
    state = {"row": {"a": {"type": "datetimepicker", "selected_date_time": 1795510800}}}

    seen = drawn({"type": "datetimepicker"}, state=state)

    assert {("value", "2026-11-24T14:30"), ("data-zone", "Asia/Kolkata")} <= set(seen.attributes)


def test_icon_button_is_there_only_for_whom_it_is_meant() -> None:
    bin_for_sam = {"type": "icon_button", "icon": "trash", "text": text("Delete"), "visible_to_user_ids": ["U0SAM"]}

    assert (drawn(bin_for_sam).tags, drawn(bin_for_sam, viewer="U0SAM").tags[0]) == ([], "button")


def test_unknown_element_is_named() -> None:
    assert drawn({"type": "lever"}).text == "This page cannot show the element “lever”."

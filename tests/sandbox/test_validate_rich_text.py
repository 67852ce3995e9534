"""Rich text: what may stand in it."""

import pytest

from tests.sandbox.validate_rig import URL, Json, line, rich, said_of, said_of_message


@pytest.mark.parametrize(
    ("element", "said"),
    [
        ({"type": "text", "text": "a", "style": {"bold": True, "code": True}}, None),
        ({"type": "link", "url": URL, "text": "Deal", "unsafe": True, "style": {"italic": True}}, None),
        ({"type": "user", "user_id": "U0ANA", "style": {"highlight": True}}, None),
        ({"type": "usergroup", "usergroup_id": "S0SALES"}, None),
        ({"type": "team", "team_id": "T0TEAM"}, None),
        ({"type": "channel", "channel_id": "C0DEALS"}, None),
        ({"type": "emoji", "name": "wave", "skin_tone": 3, "unicode": "1f44b"}, None),
        ({"type": "broadcast", "range": "here"}, None),
        ({"type": "color", "value": "#1264A3"}, None),
        ({"type": "date", "timestamp": 1790000000, "format": "{date_short}", "fallback": "in autumn"}, None),
        ({"type": "text", "text": ""}, "must be more than 0 characters [json-pointer:/text]"),
        ({"type": "text"}, "missing required field: text [json-pointer:]"),
        ({"type": "link", "url": "deal"}, "failed to match schema [json-pointer:/url]"),
        ({"type": "user", "user_id": "ana"}, "failed to match schema [json-pointer:/user_id]"),
        ({"type": "broadcast", "range": "all"}, "must be a valid enum value [json-pointer:/range]"),
        ({"type": "color", "value": "blue"}, "failed to match schema [json-pointer:/value]"),
        (
            {"type": "text", "text": "a", "style": {"big": True}},
            "invalid additional property: big [json-pointer:/style]",
        ),
        ({"type": "mrkdwn", "text": "a"}, "unsupported type: mrkdwn [json-pointer:/type]"),
    ],
)
@pytest.mark.parametrize("kind", ["rich_text_section", "rich_text_quote", "rich_text_preformatted"])
def test_rich_text_element(kind: str, element: Json, said: str | None) -> None:
    found = said_of(rich({"type": kind, "elements": [element]}))

    assert [one.replace("/elements/0/elements/0", "") for one in found] == ([said] if said else [])


def test_rich_text_list_holds_sections() -> None:
    quote = {"type": "rich_text_quote", "elements": []}

    assert said_of_message(rich({"type": "rich_text_list", "style": "bullet", "elements": [line(), quote]})) == [
        "unsupported type: rich_text_quote [json-pointer:/blocks/0/elements/0/elements/1/type]"
    ]

"""Every text is accepted at its limit and refused one past it. The numbers are those of slackblocks,
an independent reading of Slack's documentation.
"""

from collections.abc import Callable

import pytest
from slackblocks import _limits as limits

from tests.sandbox.validate_rig import (
    URL,
    Json,
    actions,
    bin_button,
    button,
    card,
    cell,
    chart,
    confirm,
    container,
    data_table,
    element,
    feedback,
    image,
    menu,
    mrkdwn,
    option,
    options,
    pie,
    plain,
    said_of,
    section,
    table,
    video,
    workflow,
)


def link(words: str) -> str:
    """As long as `words`, and an address."""
    return URL + words[len(URL) :]


CHARACTERS: list[tuple[int, Callable[[str], Json], str]] = [
    (limits.BLOCK_ID_MAX_LENGTH, lambda w: section(block_id=w), "/block_id"),
    (limits.ACTION_ID_MAX_LENGTH, lambda w: actions(button(action_id=w)), "/elements/0/action_id"),
    (limits.SECTION_TEXT_MAX_LENGTH, lambda w: section(text=mrkdwn(w)), "/text/text"),
    (limits.SECTION_FIELDS_ITEM_MAX_LENGTH, lambda w: section(fields=[plain(w)]), "/fields/0/text"),
    (limits.TEXT_MAX_LENGTH, lambda w: {"type": "context", "elements": [mrkdwn(w)]}, "/elements/0/text"),
    (limits.HEADER_TEXT_MAX_LENGTH, lambda w: {"type": "header", "text": plain(w)}, "/text/text"),
    (limits.MARKDOWN_TEXT_MAX_LENGTH, lambda w: {"type": "markdown", "text": w}, "/text"),
    (limits.ALERT_TEXT_MAX_LENGTH, lambda w: {"type": "alert", "text": plain(w)}, "/text/text"),
    (limits.IMAGE_ALT_TEXT_MAX_LENGTH, lambda w: image(alt_text=w), "/alt_text"),
    (limits.IMAGE_IMAGE_URL_MAX_LENGTH, lambda w: image(image_url=link(w)), "/image_url"),
    (limits.IMAGE_TITLE_MAX_LENGTH, lambda w: image(title=plain(w)), "/title/text"),
    (limits.IMAGE_ELEMENT_ALT_TEXT_MAX_LENGTH, lambda w: section(accessory=image(alt_text=w)), "/accessory/alt_text"),
    (
        limits.IMAGE_ELEMENT_IMAGE_URL_MAX_LENGTH,
        lambda w: section(accessory=image(image_url=link(w))),
        "/accessory/image_url",
    ),
    (limits.INPUT_LABEL_MAX_LENGTH, lambda w: {**element("datepicker"), "label": plain(w)}, "/label/text"),
    (limits.INPUT_HINT_MAX_LENGTH, lambda w: {**element("datepicker"), "hint": plain(w)}, "/hint/text"),
    (limits.VIDEO_TITLE_MAX_LENGTH, lambda w: video(title=plain(w)), "/title/text"),
    (limits.VIDEO_DESCRIPTION_MAX_LENGTH, lambda w: video(description=plain(w)), "/description/text"),
    (limits.VIDEO_ALT_TEXT_MAX_LENGTH, lambda w: video(alt_text=w), "/alt_text"),
    (limits.VIDEO_AUTHOR_NAME_MAX_LENGTH, lambda w: video(author_name=w), "/author_name"),
    (limits.VIDEO_PROVIDER_NAME_MAX_LENGTH, lambda w: video(provider_name=w), "/provider_name"),
    (limits.VIDEO_THUMBNAIL_URL_MAX_LENGTH, lambda w: video(thumbnail_url=link(w)), "/thumbnail_url"),
    (limits.VIDEO_VIDEO_URL_MAX_LENGTH, lambda w: video(video_url=link(w)), "/video_url"),
    (limits.VIDEO_TITLE_URL_MAX_LENGTH, lambda w: video(title_url=link(w)), "/title_url"),
    (limits.VIDEO_PROVIDER_ICON_URL_MAX_LENGTH, lambda w: video(provider_icon_url=link(w)), "/provider_icon_url"),
    (limits.BUTTON_TEXT_MAX_LENGTH, lambda w: actions(button(text=plain(w))), "/elements/0/text/text"),
    (limits.BUTTON_VALUE_MAX_LENGTH, lambda w: actions(button(value=w)), "/elements/0/value"),
    (limits.BUTTON_URL_MAX_LENGTH, lambda w: actions(button(url=link(w))), "/elements/0/url"),
    (
        limits.BUTTON_ACCESSIBILITY_LABEL_MAX_LENGTH,
        lambda w: actions(button(accessibility_label=w)),
        "/elements/0/accessibility_label",
    ),
    (limits.BUTTON_AGENT_PROMPT_MAX_LENGTH, lambda w: actions(button(agent_prompt=w)), "/elements/0/agent_prompt"),
    (limits.WORKFLOW_BUTTON_TEXT_MAX_LENGTH, lambda w: workflow(text=plain(w)), "/elements/0/text/text"),
    (
        limits.WORKFLOW_BUTTON_ACCESSIBILITY_LABEL_MAX_LENGTH,
        lambda w: workflow(accessibility_label=w),
        "/elements/0/accessibility_label",
    ),
    (
        limits.FEEDBACK_BUTTON_TEXT_MAX_LENGTH,
        lambda w: feedback(text=plain(w)),
        "/elements/0/positive_button/text/text",
    ),
    (limits.FEEDBACK_BUTTON_VALUE_MAX_LENGTH, lambda w: feedback(value=w), "/elements/0/positive_button/value"),
    (
        limits.FEEDBACK_BUTTON_ACCESSIBILITY_LABEL_MAX_LENGTH,
        lambda w: feedback(accessibility_label=w),
        "/elements/0/positive_button/accessibility_label",
    ),
    (
        limits.ICON_BUTTON_ACCESSIBILITY_LABEL_MAX_LENGTH,
        lambda w: bin_button(accessibility_label=w),
        "/elements/0/accessibility_label",
    ),
    (limits.ICON_BUTTON_VALUE_MAX_LENGTH, lambda w: bin_button(value=w), "/elements/0/value"),
    (
        limits.CONFIRMATION_TITLE_MAX_LENGTH,
        lambda w: actions(button(confirm=confirm(title=plain(w)))),
        "/elements/0/confirm/title/text",
    ),
    (
        limits.CONFIRMATION_TEXT_MAX_LENGTH,
        lambda w: actions(button(confirm=confirm(text=mrkdwn(w)))),
        "/elements/0/confirm/text/text",
    ),
    (
        limits.CONFIRMATION_CONFIRM_MAX_LENGTH,
        lambda w: actions(button(confirm=confirm(confirm=plain(w)))),
        "/elements/0/confirm/confirm/text",
    ),
    (
        limits.CONFIRMATION_DENY_MAX_LENGTH,
        lambda w: actions(button(confirm=confirm(deny=plain(w)))),
        "/elements/0/confirm/deny/text",
    ),
    (limits.OPTION_TEXT_MAX_LENGTH, lambda w: menu(options=[option(text=plain(w))]), "/accessory/options/0/text/text"),
    (limits.OPTION_VALUE_MAX_LENGTH, lambda w: menu(options=[option(w, text=plain())]), "/accessory/options/0/value"),
    (
        limits.OPTION_DESCRIPTION_MAX_LENGTH,
        lambda w: menu("checkboxes", options=[option(description=mrkdwn(w))]),
        "/accessory/options/0/description/text",
    ),
    (
        limits.OPTION_URL_MAX_LENGTH,
        lambda w: menu("overflow", options=[option(url=link(w))]),
        "/accessory/options/0/url",
    ),
    (
        limits.OPTION_GROUP_LABEL_MAX_LENGTH,
        lambda w: menu(option_groups=[{"label": plain(w), "options": options(1)}]),
        "/accessory/option_groups/0/label/text",
    ),
    (
        limits.SELECT_PLACEHOLDER_MAX_LENGTH,
        lambda w: menu("users_select", placeholder=plain(w)),
        "/accessory/placeholder/text",
    ),
    (
        limits.PLAIN_TEXT_INPUT_MAX_LENGTH_MAX,
        lambda w: element("plain_text_input", initial_value=w),
        "/element/initial_value",
    ),
    (limits.CARD_TITLE_MAX_LENGTH, lambda w: card(title=plain(w)), "/title/text"),
    (limits.CARD_SUBTITLE_MAX_LENGTH, lambda w: card(subtitle=plain(w)), "/subtitle/text"),
    (limits.CARD_BODY_MAX_LENGTH, lambda w: card(body=mrkdwn(w)), "/body/text"),
    (limits.CARD_SUBTEXT_MAX_LENGTH, lambda w: card(subtext=mrkdwn(w)), "/subtext/text"),
    (limits.CONTAINER_TITLE_MAX_LENGTH, lambda w: container(title=plain(w)), "/title/text"),
    (limits.CONTAINER_SUBTITLE_MAX_LENGTH, lambda w: container(subtitle=plain(w)), "/subtitle/text"),
    (limits.DATA_VISUALIZATION_TITLE_MAX_LENGTH, lambda w: {**pie(), "title": w}, "/title"),
    (limits.DATA_VISUALIZATION_SEGMENT_LABEL_MAX_LENGTH, pie, "/chart/segments/0/label"),
    (limits.DATA_VISUALIZATION_SERIES_NAME_MAX_LENGTH, lambda w: chart(name=w), "/chart/series/0/name"),
    (limits.DATA_VISUALIZATION_AXIS_LABEL_MAX_LENGTH, lambda w: chart(x_label=w), "/chart/axis_config/x_label"),
    (limits.DATA_VISUALIZATION_AXIS_LABEL_MAX_LENGTH, lambda w: chart(y_label=w), "/chart/axis_config/y_label"),
    (
        limits.DATA_TABLE_CONTENT_MAX_LENGTH,
        lambda w: data_table(rows=2) | {"rows": [[cell("T")], [cell(w[1:])]]},
        "/rows",
    ),
    (10_000, lambda w: table() | {"rows": [[cell(w)]]}, "/rows"),
]


@pytest.mark.parametrize(
    ("most", "build", "pointer"), CHARACTERS, ids=lambda value: "" if callable(value) else str(value)[:60]
)
def test_text_at_and_past_its_limit(most: int, build: Callable[[str], Json], pointer: str) -> None:
    assert said_of(build("w" * most)) == []
    assert said_of(build("w" * (most + 1))) == [f"must be less than {most + 1} characters [json-pointer:{pointer}]"]


@pytest.mark.parametrize(
    ("kind", "most", "keys"),
    [
        ("plain_text_input", limits.PLAIN_TEXT_INPUT_PLACEHOLDER_MAX_LENGTH, {}),
        ("email_text_input", limits.EMAIL_INPUT_PLACEHOLDER_MAX_LENGTH, {}),
        ("url_text_input", limits.URL_INPUT_PLACEHOLDER_MAX_LENGTH, {}),
        ("number_input", limits.NUMBER_INPUT_PLACEHOLDER_MAX_LENGTH, {"is_decimal_allowed": True}),
        ("datepicker", limits.DATE_PICKER_PLACEHOLDER_MAX_LENGTH, {}),
        ("timepicker", limits.TIME_PICKER_PLACEHOLDER_MAX_LENGTH, {}),
        ("rich_text_input", limits.RICH_TEXT_INPUT_PLACEHOLDER_MAX_LENGTH, {"action_id": "a"}),
    ],
)
def test_placeholder_at_and_past_its_limit(kind: str, most: int, keys: Json) -> None:
    assert said_of(element(kind, placeholder=plain("w" * most), **keys)) == []
    assert said_of(element(kind, placeholder=plain("w" * (most + 1)), **keys)) == [
        f"must be less than {most + 1} characters [json-pointer:/element/placeholder/text]"
    ]

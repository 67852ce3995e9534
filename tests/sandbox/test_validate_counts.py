"""Every list is accepted at its limit and refused one past it. The numbers are those of slackblocks,
an independent reading of Slack's documentation.
"""

from collections.abc import Callable

import pytest
from slackblocks import _limits as limits

from tests.sandbox.validate_rig import (
    Json,
    actions,
    bin_button,
    button,
    card,
    chart,
    container,
    data_table,
    menu,
    options,
    pie,
    plain,
    plan,
    said_of,
    section,
    table,
)

ITEMS: list[tuple[int, Callable[[int], Json], str]] = [
    (limits.SECTION_FIELDS_MAX_ITEMS, lambda n: section(fields=[plain()] * n), "/fields"),
    (limits.CONTEXT_ELEMENTS_MAX_ITEMS, lambda n: {"type": "context", "elements": [plain()] * n}, "/elements"),
    (limits.ACTIONS_ELEMENTS_MAX_ITEMS, lambda n: actions(*[button()] * n), "/elements"),
    (
        limits.CONTEXT_ACTIONS_ELEMENTS_MAX_ITEMS,
        lambda n: {"type": "context_actions", "elements": bin_button()["elements"] * n},
        "/elements",
    ),
    (
        limits.ICON_BUTTON_VISIBLE_TO_USER_IDS_MAX_ITEMS,
        lambda n: bin_button(visible_to_user_ids=["U1"] * n),
        "/elements/0/visible_to_user_ids",
    ),
    (limits.SELECT_OPTIONS_MAX_ITEMS, lambda n: menu(options=options(n)), "/accessory/options"),
    (
        limits.SELECT_OPTION_GROUPS_MAX_ITEMS,
        lambda n: menu(option_groups=[{"label": plain(), "options": options(1)}] * n),
        "/accessory/option_groups",
    ),
    (
        limits.OPTION_GROUP_OPTIONS_MAX_ITEMS,
        lambda n: menu(option_groups=[{"label": plain(), "options": options(n)}]),
        "/accessory/option_groups/0/options",
    ),
    (limits.OVERFLOW_OPTIONS_MAX_ITEMS, lambda n: menu("overflow", options=options(n)), "/accessory/options"),
    (limits.CHECKBOXES_OPTIONS_MAX_ITEMS, lambda n: menu("checkboxes", options=options(n)), "/accessory/options"),
    (limits.RADIO_BUTTONS_OPTIONS_MAX_ITEMS, lambda n: menu("radio_buttons", options=options(n)), "/accessory/options"),
    (limits.TABLE_ROWS_MAX_ITEMS, table, "/rows"),
    (limits.TABLE_COLUMNS_MAX_ITEMS, lambda n: table(1, n), "/rows/0"),
    (limits.TABLE_COLUMN_SETTINGS_MAX_ITEMS, lambda n: table(column_settings=[None] * n), "/column_settings"),
    (limits.DATA_TABLE_ROWS_MAX_ITEMS, data_table, "/rows"),
    (limits.CARD_ACTIONS_MAX_ITEMS, lambda n: card(actions=[button()] * n), "/actions"),
    (limits.CAROUSEL_ELEMENTS_MAX_ITEMS, lambda n: {"type": "carousel", "elements": [card()] * n}, "/elements"),
    (limits.CONTAINER_CHILD_BLOCKS_MAX_ITEMS, lambda n: container(child_blocks=[section()] * n), "/child_blocks"),
    (limits.PLAN_TASKS_MAX_ITEMS, plan, "/tasks"),
    (limits.DATA_VISUALIZATION_SEGMENTS_MAX_ITEMS, lambda n: pie(count=n), "/chart/segments"),
    (limits.DATA_VISUALIZATION_SERIES_MAX_ITEMS, lambda n: chart(series=n), "/chart/series"),
]


@pytest.mark.parametrize(
    ("most", "build", "pointer"), ITEMS, ids=lambda value: "" if callable(value) else str(value)[:60]
)
def test_list_at_and_past_its_limit(most: int, build: Callable[[int], Json], pointer: str) -> None:
    assert said_of(build(most)) == []
    assert said_of(build(most + 1)) == [f"no more than {most} items allowed [json-pointer:{pointer}]"]


@pytest.mark.parametrize(
    ("most", "build", "pointer"), ITEMS, ids=lambda value: "" if callable(value) else str(value)[:60]
)
def test_list_with_nothing_in_it(most: int, build: Callable[[int], Json], pointer: str) -> None:
    may_be_empty = pointer in ("/column_settings", "/tasks", "/elements/0/visible_to_user_ids")
    least = limits.DATA_TABLE_ROWS_MIN_ITEMS if most == limits.DATA_TABLE_ROWS_MAX_ITEMS else 1

    refused = [] if may_be_empty else [f"no fewer than {least} items allowed [json-pointer:{pointer}]"]
    assert said_of(build(0)) == refused


@pytest.mark.parametrize(
    ("most", "pointer"),
    [
        (limits.DATA_VISUALIZATION_POINT_LABEL_MAX_LENGTH, "/chart/series/0/data/0/label"),
        (limits.DATA_VISUALIZATION_CATEGORY_LABEL_MAX_LENGTH, "/chart/axis_config/categories/0"),
    ],
)
def test_chart_labels_at_and_past_their_limit(most: int, pointer: str) -> None:
    assert said_of(chart(label="w" * most)) == []
    assert f"must be less than {most + 1} characters [json-pointer:{pointer}]" in said_of(chart(label="w" * (most + 1)))


@pytest.mark.parametrize(
    ("most", "pointer"),
    [
        (limits.DATA_VISUALIZATION_DATA_MAX_ITEMS, "/chart/series/0/data"),
        (limits.DATA_VISUALIZATION_CATEGORIES_MAX_ITEMS, "/chart/axis_config/categories"),
    ],
)
def test_chart_points_at_and_past_their_limit(most: int, pointer: str) -> None:
    assert said_of(chart(points=most)) == []
    assert f"no more than {most} items allowed [json-pointer:{pointer}]" in said_of(chart(points=most + 1))


def test_data_table_columns_at_and_past_their_limit() -> None:
    most = limits.DATA_TABLE_COLUMNS_MAX_ITEMS

    assert said_of(data_table(columns=most)) == []
    assert said_of(data_table(columns=most + 1)) == [
        f"no more than {most} items allowed [json-pointer:/rows/{row}]" for row in (0, 1)
    ]

"""Composition objects: texts, options, confirmation dialogs. https://docs.slack.dev/reference/block-kit/composition-objects."""

from collections.abc import Iterator
from typing import Any

from sandbox.slack.validate.schema import At, Problem, Rule, array, by_type, choice, either, flag, shape, string, typed


def plain(most: int) -> Rule:
    """A plain_text object of 1 to `most` characters."""
    return by_type({"plain_text": _plain(most)})


def any_text(most: int) -> Rule:
    """A plain_text or mrkdwn object of 1 to `most` characters."""
    return by_type({"plain_text": _plain(most), "mrkdwn": _mrkdwn(most)})


def _plain(most: int) -> Rule:
    return typed({"text": string(most, 1)}, {"emoji": flag})


def _mrkdwn(most: int) -> Rule:
    return typed({"text": string(most, 1)}, {"verbatim": flag})


def link(most: int = 3000) -> Rule:
    """An absolute address of any scheme, up to `most` characters."""
    return string(most, 1, r"[A-Za-z][A-Za-z0-9+.-]*:\S+")


def _include_something(value: Any, at: At) -> Iterator[Problem]:
    # Wording assumed.
    if not value:
        yield at.says("must define at least one filter")


def option(text: Rule, **more: Rule) -> Rule:
    """An option whose text and description follow `text`."""
    return shape({"text": text, "value": string(150, 1)}, {"description": text, **more})


ACTION_ID = string(255, 1)
# Empty is an id like any other, only not twice: https://github.com/slack-go/slack/issues/823.
BLOCK_ID = string(255)

BUTTON_STYLE = choice("primary", "danger")
CONFIRM = shape(
    {"title": plain(100), "text": any_text(300), "confirm": plain(30), "deny": plain(30)}, {"style": BUTTON_STYLE}
)
DISPATCH_CONFIG = shape({"trigger_actions_on": array(choice("on_enter_pressed", "on_character_entered"), 2, 1)})
FILTER = shape(
    {},
    {
        "include": array(choice("im", "mpim", "private", "public"), least=1),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
    _include_something,
)
MENU_OPTION = option(plain(75))
BOX_OPTION = option(any_text(75))
OVERFLOW_OPTION = option(plain(75), url=link())
OPTION_GROUP = shape({"label": plain(75), "options": array(MENU_OPTION, 100, 1)})


def _one_way_to_a_file(value: Any, at: At) -> Iterator[Problem]:
    if len(value) != 1:
        yield at.says("invalid slack file")


SLACK_FILE = shape({}, {"id": string(least=1), "url": link()}, _one_way_to_a_file)

# Slack fetches the picture when a message is posted; here only an address no one could fetch is refused.
IMAGE_URL = string(3000, 1, r"https?://\S+", "downloading image failed")
_PICTURE = {"image_url": IMAGE_URL, "slack_file": SLACK_FILE}


def image(**more: Rule) -> Rule:
    """A picture, block or element: where it lies and words in its place. `more` are the keys only one of them has."""
    return typed({"alt_text": string(2000, 1)}, {**_PICTURE, **more}, either("image_url", "slack_file"))

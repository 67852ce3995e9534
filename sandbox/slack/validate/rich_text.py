"""Rich text: a block of sections, lists, quotes and code, made of words, links and mentions.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block. An empty list of elements is accepted, except as
the items of a list.
"""

from sandbox.slack.validate.objects import BLOCK_ID, link
from sandbox.slack.validate.schema import Rule, array, by_type, choice, flag, shape, string, typed, whole

STYLE = shape(
    {},
    dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"),
        flag,
    ),
)
_STYLED: dict[str, Rule] = {"style": STYLE}


def _id(letters: str) -> Rule:
    return string(least=1, pattern=f"[{letters}][A-Z0-9]+")


ELEMENT = by_type(
    {
        "text": typed({"text": string(least=1)}, _STYLED),
        "link": typed({"url": link()}, {"text": string(), "unsafe": flag, **_STYLED}),
        "user": typed({"user_id": _id("UW")}, _STYLED),
        "usergroup": typed({"usergroup_id": _id("S")}, _STYLED),
        "team": typed({"team_id": _id("TE")}, _STYLED),
        "channel": typed({"channel_id": _id("CGD")}, _STYLED),
        "emoji": typed({"name": string(least=1)}, {"skin_tone": whole(1, 6), "unicode": string(least=1), **_STYLED}),
        "broadcast": typed({"range": choice("here", "channel", "everyone")}, _STYLED),
        "color": typed({"value": string(pattern="#?[0-9A-Fa-f]{6}")}, _STYLED),
        "date": typed(
            {"timestamp": whole(0), "format": string(least=1)}, {"url": link(), "fallback": string(), **_STYLED}
        ),
    }
)
_LINE = {"elements": array(ELEMENT)}
_BORDER: dict[str, Rule] = {"border": whole(0, 1)}
SECTION = typed(_LINE)
LIST = typed(
    {"style": choice("bullet", "ordered"), "elements": array(by_type({"rich_text_section": SECTION}), least=1)},
    {"indent": whole(0, 8), "offset": whole(0), **_BORDER},
)

_PARTS = {
    "rich_text_section": SECTION,
    "rich_text_list": LIST,
    "rich_text_preformatted": typed(_LINE, {"language": string(least=1), **_BORDER}),
    "rich_text_quote": typed(_LINE, _BORDER),
}
RICH_TEXT_BLOCK = typed({"elements": array(by_type(_PARTS))}, {"block_id": BLOCK_ID})
RICH_TEXT = by_type({"rich_text": RICH_TEXT_BLOCK})
